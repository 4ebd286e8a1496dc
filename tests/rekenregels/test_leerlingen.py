"""Rekenregels: leerlingen in de komende jaren."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from regio_engine.pupils.draws import Chance, draw_blocks
from regio_engine.pupils.intake import Cohorts, catchment_index
from regio_engine.pupils.levels import LAST_STAGE, LEVELS, STAGES, TYPES, level_index
from regio_engine.pupils.links import Link, with_links
from regio_engine.pupils.national import national_steps
from regio_engine.pupils.plan import NEVER, NO_SOURCE, Cells, FlowPlan, expected_course
from regio_engine.pupils.progression import rates_across, shrunk_rates
from regio_engine.pupils.split import split_mixed
from tests.rekenregels.rekenregel import Rekenregel, Row, Rows, Tabel

TITEL = "Leerlingen: wie zit er straks in welke klas"
VOLGORDE = 20
INLEIDING = """Het model schuift elke klas een leerjaar op. Niet iedereen gaat mee: sommigen blijven zitten, stromen op of af,
of verhuizen. Dat zit samen in één doorstroomcijfer per leerjaar en niveau. In leerjaar 1 komen nieuwe leerlingen uit de
omgeving binnen.

De voorbeelden laten zien wat het model verwacht, zonder toeval. De band om de verwachting heen ontstaat doordat het
model de toekomst honderden keren trekt. Elke trekking bestaat uit hele leerlingen."""

JAAR = 2026


def plan(klassen: list[float], *, cijfers: list[float], instroom: list[float], code: str = "90AA00") -> FlowPlan:
    """A plan of one location with havo classes, the rate into each next class and the intake per year ahead."""
    size, years = len(klassen), len(instroom)
    return FlowPlan(
        codes=(code,), markets=("M",), cells=Cells(np.zeros(size, np.int64), ("havo",) * size, np.arange(1, size + 1)),
        base=np.array(klassen, float), sources=(np.arange(size) - 1)[:, None] if size else np.zeros((0, 1), np.int64),
        rates=np.array([0.0, *cijfers])[:, None], intake=np.vstack([instroom, np.zeros((size - 1, years))]),
        factor=np.ones((1, years)), known=np.full((size, years), np.nan), phi=np.zeros(size), cv=np.zeros(size),
        rate_cv=np.zeros(size), slot=np.arange(size), gone_from=np.array([NEVER]),
    )  # fmt: skip


def opschuiven(rijen: Sequence[Row]) -> Rows:
    nu = [float(leerlingen) for _, leerlingen, _ in rijen]
    cijfers = [float(cijfer) for _, _, cijfer in rijen if cijfer != "-"]
    straks = expected_course(plan(nu, cijfers=cijfers, instroom=[110.0]))[:, 0]
    return [(rij[0], uit) for rij, uit in zip(rijen, straks.tolist(), strict=True)]


def gemengd(rijen: Sequence[Row]) -> Rows:
    counts = {"havo": np.zeros((1, STAGES), np.int64), "vwo": np.zeros((1, STAGES), np.int64)}
    names = {"havo": "havo", "vwo": "vwo"}
    mixed = 0
    for klas, leerlingen in rijen:
        level, _, year = str(klas).partition(" leerjaar ")
        if level in names:
            counts[level][0, int(year) - 1] = int(leerlingen)
        else:
            mixed = int(leerlingen)
    counts["havo_vwo"] = np.array([[mixed, 0, 0, 0, 0, 0]])
    split = split_mixed(counts, locations=1, prior_pupils=0.0)[0, :, 0]
    return [(level, int(split[level_index(level)])) for level in names]


def lenen(rijen: Sequence[Row]) -> Rows:
    counted = np.array([[float(nu)] for _, nu, _ in rijen] + [[950.0]] * 60)
    exposure = np.array([[float(toen)] for _, _, toen in rijen] + [[1000.0]] * 60)
    found = shrunk_rates(counted, exposure, parents=[np.zeros(len(counted), np.int64)]).rate
    return [
        (rij[0], float(rij[1]) / float(rij[2]), rate) for rij, rate in zip(rijen, found[:, 0].tolist(), strict=False)
    ]


def een_telling(rijen: Sequence[Row]) -> Rows:
    base = np.zeros((1, len(LEVELS), STAGES))
    for leerjaar, leerlingen, _ in rijen:
        base[0, level_index("havo"), int(leerjaar) - 1] = float(leerlingen)
    cohorts = np.ones(STAGES)
    for leerjaar, _, geboren in rijen:
        cohorts[int(leerjaar) - 1] = float(geboren)
    steps = len(LEVELS), STAGES - 1
    rates = rates_across(base, cohorts, own_share=np.zeros(steps), prior_pupils=5.0).rate[0, level_index("havo")]
    last = LAST_STAGE["havo"]
    return [(f"van {step} naar {step + 1}", rates[step - 1]) for step in range(1, min(len(rijen), last))]


def instroom(rijen: Sequence[Row]) -> Rows:
    position = np.array([[float(km), 0.0] for _, km, _, _ in rijen])
    children = np.array([[float(nu), float(straks)] for _, _, nu, straks in rijen])
    index = catchment_index(np.zeros((1, 2)), Cohorts(position, children), km=8.0, share=1.0)[0, 1]
    return [("kinderen straks tegen nu", index), ("leerjaar 1, nu 100", 100 * index)]


def opvolger(rijen: Sequence[Row]) -> Rows:
    oud = plan([float(rijen[0][1])], cijfers=[], instroom=[float(rijen[0][1])] * 3)
    two = replace(
        oud, codes=("90AA00", "90AB00"), markets=("M", "M"), cells=Cells(np.array([0, 1]), ("havo",) * 2, np.array([1, 1])),
        base=np.array([float(leerlingen) for _, leerlingen in rijen]), sources=np.full((2, 1), NO_SOURCE),
        rates=np.zeros((2, 1)), intake=np.array([[float(leerlingen)] * 3 for _, leerlingen in rijen]),
        factor=np.ones((2, 3)), known=np.full((2, 3), np.nan), phi=np.zeros(2), cv=np.zeros(2), rate_cv=np.zeros(2),
        slot=np.zeros(2, np.int64), gone_from=np.full(2, NEVER),
    )  # fmt: skip
    course = expected_course(with_links(two, (Link(old=0, new=1, share=1.0, year=1),)))
    return [(code, *line) for (code, _), line in zip(rijen, course.tolist(), strict=True)]


def landelijk(rijen: Sequence[Row]) -> Rows:
    factors = {int(jaar): float(factor) for jaar, factor in rijen if factor != "-"}
    years = len(rijen)
    steps = national_steps(sector="vo", first_year=JAAR, years=years, draws=1, seed=1, yearly_sd=0.0, factors=factors)
    chance = Chance(
        seed=1, first_year=JAAR, size_floors=(0.0,), location_steps=np.ones((1, 4096)), market_sd=0.0, national=steps
    )
    assert len(steps) == len(TYPES)
    flat = plan([1000.0], cijfers=[], instroom=[1000.0] * years)
    drawn = next(draw_blocks(flat, chance)).draws[0, :, 0]
    return [(jaar, int(aantal)) for (jaar, _), aantal in zip(rijen, drawn, strict=True)]


REGELS = [
    Rekenregel(
        titel="Elke klas schuift een leerjaar op",
        uitleg="Het doorstroomcijfer zegt hoeveel leerlingen u een jaar later in het volgende leerjaar telt. Boven 1 kan ook: dan komen er meer leerlingen bij dan er gaan.",
        gegeven=Tabel(("leerjaar havo", "leerlingen nu", "doorstroom naar dit leerjaar"), ((1, 100, "-"), (2, 90, 0.98), (3, 80, 1.02), (4, 120, 1.2), (5, 95, 0.9))),
        narekenen="Leerjaar 1 krijgt de verwachte instroom, hier 110. Leerjaar 2: 100 × 0,98 = 98. Leerjaar 3: 90 × 1,02 = 91,8. Leerjaar 4: 80 × 1,2 = 96. Leerjaar 5: 120 × 0,9 = 108.",
        uitkomst=Tabel(("leerjaar havo", "leerlingen over een jaar"), ((1, 110.0), (2, 98.0), (3, 91.8), (4, 96.0), (5, 108.0))),
        bereken=opschuiven,
        decimalen=1,
    ),
    Rekenregel(
        titel="Een gemengde klas wordt verdeeld zoals de bovenbouw",
        uitleg="In een havo/vwo-brugklas staat het niveau nog open. Het model verdeelt de klas zoals de leerjaren 3 en 4 van dezelfde vestiging. Het blijven hele leerlingen.",
        gegeven=Tabel(("klas", "leerlingen"), (("havo leerjaar 3", 70), ("havo leerjaar 4", 80), ("vwo leerjaar 3", 50), ("vwo leerjaar 4", 50), ("havo/vwo leerjaar 1", 40))),
        narekenen="Leerjaar 3 en 4 samen: 150 havo en 100 vwo, dus 60 % havo. Van de 40 brugklassers: 24 havo en 16 vwo.",
        uitkomst=Tabel(("niveau", "leerlingen in leerjaar 1"), (("havo", 24), ("vwo", 16))),
        bereken=gemengd,
    ),
    Rekenregel(
        titel="Een kleine vestiging leent van de anderen",
        uitleg="Bij weinig leerlingen is het eigen doorstroomcijfer vooral toeval. Het model trekt het naar het cijfer van alle vestigingen, hoe kleiner hoe sterker. De uitkomst ligt dus tussen het eigen cijfer en 0,95, het cijfer van de 60 andere vestigingen in dit voorbeeld.",
        gegeven=Tabel(("vestiging", "een jaar later geteld", "eerder geteld"), (("klein", 16, 20), ("groot", 4000, 5000))),
        narekenen="Zelf hebben beide 0,80. De andere vestigingen lijken zo op elkaar dat hun cijfer weegt als 1.280 leerlingen. Klein: de anderen samen hebben 0,938, dus (16 + 1.280 × 0,938) : (20 + 1.280) = 0,94. Groot: de anderen hebben 0,95, dus (4.000 + 1.280 × 0,95) : (5.000 + 1.280) = 0,83.",
        uitkomst=Tabel(("vestiging", "eigen cijfer", "cijfer in het model"), (("klein", 0.8, 0.94), ("groot", 0.8, 0.83))),
        bereken=lenen,
        decimalen=2,
    ),
    Rekenregel(
        titel="Met één telling leest het model de doorstroom dwars door de leerjaren",
        uitleg="Is er maar één telling, dan is geen klas twee keer geteld. Het model vergelijkt dan de leerjaren van die telling met elkaar. Het corrigeert voor grote en kleine geboortejaren.",
        gegeven=Tabel(("leerjaar", "leerlingen havo", "geboren in dat jaar (× 1.000)"), ((1, 90, 180), (2, 99, 190), (3, 105, 200))),
        narekenen="Leerjaar 1: 90 : 180 = 0,5. Leerjaar 2: 99 : 190 = 0,521. Leerjaar 3: 105 : 200 = 0,525. Van 1 naar 2 dus 0,521 : 0,5 = 1,042 en van 2 naar 3 0,525 : 0,521 = 1,008.",
        uitkomst=Tabel(("stap", "doorstroomcijfer"), (("van 1 naar 2", 1.042), ("van 2 naar 3", 1.008))),
        bereken=een_telling,
        decimalen=3,
    ),
    Rekenregel(
        titel="De instroom volgt de kinderen in de omgeving",
        uitleg="Kinderen dichtbij tellen zwaarder dan kinderen ver weg: op 8 km telt een kind voor 37 % mee. De vestiging houdt haar aandeel.",
        gegeven=Tabel(("postcode", "afstand in km", "kinderen nu", "kinderen straks"), (("dichtbij", 0, 100, 80), ("verder weg", 8, 100, 110))),
        narekenen="Nu: 100 + 37 % van 100 = 136,8. Straks: 80 + 37 % van 110 = 120,5. Dat is 0,8807 keer zoveel.",
        uitkomst=Tabel(("wat", "uitkomst"), (("kinderen straks tegen nu", 0.88), ("leerjaar 1, nu 100", 88.07))),
        bereken=instroom,
    ),
    Rekenregel(
        titel="Bij een fusie gaan de leerlingen mee naar de nieuwe code",
        uitleg="Legt u vast dat vestiging 90AA00 na een jaar opgaat in 90AB00, dan telt het model haar leerlingen vanaf dat jaar daar. In het totaal verdwijnt niemand.",
        gegeven=Tabel(("vestiging", "leerlingen nu"), (("90AA00", 60), ("90AB00", 140))),
        narekenen="Het eerste jaar verandert er niets. Vanaf het tweede jaar: 140 + 60 = 200.",
        uitkomst=Tabel(("vestiging", "over 1 jaar", "over 2 jaar", "over 3 jaar"), (("90AA00", 60, 0, 0), ("90AB00", 140, 200, 200))),
        bereken=opvolger,
    ),
    Rekenregel(
        titel="U kunt het landelijke beeld bijstellen",
        uitleg="Verwacht u landelijk meer of minder leerlingen, dan vermenigvuldigt het model zijn verwachting met uw factor. De factor blijft gelden tot u een andere opgeeft.",
        gegeven=Tabel(("jaar", "uw factor"), ((2026, "-"), (2027, 1.03), (2028, "-"))),
        narekenen="Zonder factor verwacht deze vestiging elk jaar 1.000 leerlingen. Vanaf 2027: 1.000 × 1,03 = 1.030.",
        uitkomst=Tabel(("jaar", "leerlingen"), ((2026, 1000), (2027, 1030), (2028, 1030))),
        bereken=landelijk,
    ),
]  # fmt: skip


@pytest.mark.parametrize("regel", REGELS, ids=lambda regel: regel.titel)
def test_rekenregel(regel: Rekenregel) -> None:
    regel.check()
