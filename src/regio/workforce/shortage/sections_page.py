"""The page of small sections: which there are, what they rest on, and who could combine."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regio.regions.enums import Sector
from regio.regions.models import SchoolLocation
from regio.shared.figures import Cell, Figure, Row, Table
from regio.shared.formatting import fte, number, place_name

from ..enums import SUBJECT_PREFIX
from ..outlook import Outlook
from . import queries
from .small_sections import Combination, Section, combinations_of, is_small
from .staffing import item_name

REACH_KM = 15
MOST_KM = 60
SHOWN = 15
NEED, STAFF = "formatie (nodig)", "bezetting (in dienst)"
Amounts = dict[tuple[str, str], tuple[float, float]]  # (location, item) -> need and staff


@dataclass(frozen=True)
class Found:
    """What the page says."""

    sections: list[Section]
    jobs: list[Combination]
    reach_km: int
    subject: str
    subjects: list[tuple[str, str, int]]  # item, name, number of small sections
    figure: Figure | None
    has_sector: bool
    private_places: int = 0

    @property
    def without_place(self) -> int:
        """How many sections have no coordinates, so no distance."""
        return sum(section.place is None for section in self.sections)

    @property
    def alone(self) -> int:
        """How many have nobody within reach to make a job with."""
        combined = sum(len(job.sections) for job in self.jobs)
        return len(self.sections) - combined - self.without_place

    @property
    def across_boards(self) -> int:
        """How many jobs cross a board."""
        return sum(len(job.boards) > 1 for job in self.jobs)

    @property
    def counted(self) -> int:
        """How many sections are the staff of a board's own file; the others are the need."""
        return sum(section.is_counted for section in self.sections)

    @property
    def left_out(self) -> int:
        """How many jobs the table leaves to the CSV."""
        return max(len(self.jobs) - SHOWN, 0)


def build(outlook: Outlook, *, reach_km: int = REACH_KM, subject: str = "") -> Found:
    """Return small sections and jobs of one sector of a region; only vo has subjects per location."""
    reach = min(max(reach_km, 1), MOST_KM)
    if outlook.sector != Sector.VO:
        return Found([], [], reach, "", [], None, has_sector=False)
    places = queries.places_of(outlook.region.key, sector=outlook.sector)
    every = sections_of(outlook, places)
    numbers = Counter(section.subject for section in every)
    subjects = sorted(((item, item_name(item, outlook.positions), n) for item, n in numbers.items()), key=lambda s: s[1].lower())  # fmt: skip
    chosen = subject if subject in numbers else ""
    sections = [section for section in every if chosen in ("", section.subject)]
    jobs = combinations_of(sections, reach_km=reach)
    private = queries.private_places(outlook.run, places, sector=outlook.sector)
    return Found(
        sections, jobs, reach, chosen, subjects, _figure(outlook, jobs), has_sector=True, private_places=private
    )


def figure_of(outlook: Outlook) -> Figure | None:
    """Return the figure of all subjects within the usual reach, as its permanent link shows it."""
    return build(outlook).figure


def sections_of(outlook: Outlook, places: Mapping[str, SchoolLocation]) -> list[Section]:
    """Return every small section of a region: the staff where a board counted its own, else the need."""
    years = (outlook.base_year, outlook.change.target_year if outlook.change else outlook.base_year)
    now, then = (
        _per_subject(queries.needs_of_locations(outlook.run, sector=outlook.sector, year=year)) for year in years
    )
    counted = {location for (location, _), (_, staff) in now.items() if staff > 0}
    found = [
        _section(places[location], item, location in counted, amount, then.get((location, item), (0.0, 0.0)))
        for (location, item), amount in now.items()
        if location in places
    ]
    return sorted(filter(lambda section: is_small(section.fte), found), key=lambda s: (s.subject, s.location))


def _per_subject(amounts: Amounts) -> Amounts:
    """Return need and staff per subject; staff is kept per grade at a location, and one teacher may give both."""
    found: Amounts = {key: amount for key, amount in amounts.items() if key[1].startswith(SUBJECT_PREFIX)}
    for (location, item), (_, staff) in amounts.items():
        subject = SUBJECT_PREFIX + item.split(":")[1] if item.count(":") == 2 else ""
        if (location, subject) in found:
            need, so_far = found[location, subject]
            found[location, subject] = (need, so_far + staff)
    return found


def _section(
    place: SchoolLocation, item: str, is_counted: bool, now: tuple[float, float], then: tuple[float, float]
) -> Section:
    at = (place.lat, place.lon) if place.lat is not None and place.lon is not None else None
    name = f"{place}, {place_name(place.place)}" if place.place else str(place)
    return Section(
        subject=item, location=place.code, name=name, board=str(place.board or ""), fte=now[is_counted],
        fte_then=then[is_counted], place=at, is_counted=is_counted,
    )  # fmt: skip


def _figure(outlook: Outlook, jobs: list[Combination]) -> Figure | None:
    if not jobs:
        return None
    slug = f"secties-{outlook.sector}"
    target = outlook.change.target_year if outlook.change else outlook.base_year
    columns = [
        Cell("Vak"), Cell("Vestigingen", "words"), Cell(f"Samen {outlook.base_year}, fte"), Cell(f"Samen {target}, fte"),
        Cell("Verst uit elkaar, km"), Cell("Besturen"),
    ]  # fmt: skip
    table = Table(
        "Secties die samen hoogstens 1 fte zijn, de grootste combinatie bovenaan",
        columns,
        [_row(outlook, job) for job in jobs[:SHOWN]],
    )
    return Figure(
        slug=slug, title="", label="kleine secties die samen een baan maken", unit="fte op 1 oktober; km hemelsbreed", source=outlook.ground.source,
        reference_date=outlook.ground.base_date, table=table, records=list(_records(outlook, jobs)),
        address=outlook.ground.address(slug), note="Verwachte gemiddelden. Afstand hemelsbreed: er is geen bron voor reistijd.",
    )  # fmt: skip


def _row(outlook: Outlook, job: Combination) -> Row:
    name = item_name(job.sections[0].subject, outlook.positions)
    places = "; ".join(f"{section.name} ({fte(section.fte)})" for section in job.sections)
    return Row(
        Cell(name[:1].upper() + name[1:]),
        [Cell(places, "words"), Cell(fte(job.fte)), Cell(fte(job.fte_then)), Cell(number(job.furthest_km, 1)), Cell(number(len(job.boards)))],
    )  # fmt: skip


def _records(outlook: Outlook, jobs: list[Combination]) -> Iterable[dict[str, object]]:
    for index, job in enumerate(jobs, 1):
        for section in job.sections:
            yield {
                "voor": outlook.scope.name, "baan": index, "vak": item_name(section.subject, outlook.positions), "vestiging": section.location,
                "naam": section.name, "bestuur": section.board, "fte": section.fte, "fte later": section.fte_then,
                "gebaseerd op": STAFF if section.is_counted else NEED, "samen fte": job.fte, "verst km": job.furthest_km,
            }  # fmt: skip
