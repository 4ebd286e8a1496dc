"""The whole invented region of one seed and day, ready to be written to files."""

from dataclasses import dataclass
from datetime import date

from .chance import Chance
from .geography import Municipality, municipalities
from .primary import Primary, simulate_primary
from .schools import Schools, build_schools
from .secondary import Secondary, simulate_secondary
from .timeline import Timeline
from .truth import Truth
from .vocational import Vocational, simulate_vocational


@dataclass(frozen=True)
class ExampleRegion:
    """Land, schools and learners, with the truth behind them."""

    seed: int
    as_of: date
    timeline: Timeline
    truth: Truth
    chance: Chance
    land: tuple[Municipality, ...]
    schools: Schools
    primary: Primary
    secondary: Secondary
    vocational: Vocational


def build_region(*, seed: int, as_of: date) -> ExampleRegion:
    """Return Regio Voorbeeld; the same seed and day give the same region."""
    truth, chance, land, schools = Truth(), Chance(seed), municipalities(), build_schools()
    primary = simulate_primary(truth, chance, po=schools.po, so=schools.so, land=land)
    secondary = simulate_secondary(truth, chance, primary=primary, vo=schools.vo, land=land)
    vocational = simulate_vocational(truth, chance, secondary=secondary, mbo=schools.mbo)
    return ExampleRegion(
        seed, as_of, Timeline.as_of(as_of), truth, chance, land, schools, primary, secondary, vocational
    )
