"""What surrounds the staff of a region: students in teacher training, and the label under which its shortage was measured."""

import re
from collections import Counter
from collections.abc import Iterable

from django.db.models import Max, Sum

from regio.regions.enums import AreaKind
from regio.regions.models import Area, SchoolLocation
from regio.workforce.models import TrainingEnrolment
from regio_engine.parameters.staff_figures import StaffParameters
from regio_engine.staff.supply import Enrolments

SECOND_GRADE = re.compile(r"tweede graad in (?:het )?(.+)$")
MASTER = re.compile(r"^M Leraar (.+)$")
PRIMARY = re.compile(r"leraar basisonderwijs", re.IGNORECASE)
# Names of programmes → our specialisms; a programme for several is divided evenly.
SPECIALISMS = {
    "aardrijkskunde": ("aardrijkskunde",),
    "algemene economie": ("economie",),
    "bedrijfseconomie": ("economie",),
    "economie": ("economie",),
    "biologie": ("biologie",),
    "consumptieve techniek i en ii": ("profiel_hbr",),
    "duits": ("duits",),
    "engels": ("engels",),
    "frans": ("frans",),
    "geschiedenis": ("geschiedenis",),
    "gezondheidszorg en welzijn": ("profiel_zw", "zorg_welzijn"),
    "godsdienst": ("levensbeschouwing",),
    "islamgodsdienst": ("levensbeschouwing",),
    "maatschappijleer": ("maatschappijleer",),
    "mens en technologie": ("techniek",),
    "natuurkunde": ("natuurkunde", "nask"),
    "nederlands": ("nederlands",),
    "scheikunde": ("scheikunde", "nask"),
    "techniek": ("techniek",),
    "technisch beroepsonderwijs": ("profiel_pie", "profiel_bwi", "profiel_mt"),
    "wiskunde": ("wiskunde",),
    "omgangskunde": ("overig",),
    "pedagogiek": ("overig",),
}
STARTING = {
    "lichamelijke_opvoeding": ("B Opleiding tot Leraar van de eerste graad in Lichamelijke Opvoeding",),
    "kunst": ("B Docent Beeldende Kunst en Vormgeving", "B Docent Muziek", "B Docent Dans", "B Docent Theater"),
}


def enrolments() -> Enrolments:
    """Return students per subject of the newest year that is loaded; empty where no file is."""
    rows = TrainingEnrolment.objects.filter(field__iexact="onderwijs")
    year = rows.aggregate(newest=Max("year"))["newest"]
    second: dict[str, float] = {}
    first: dict[str, float] = {}
    primary = 0.0
    for name, students in (
        rows.filter(year=year)
        .values_list("programme_name")
        .annotate(students=Sum("students"))
        .order_by("programme_name")
    ):
        if PRIMARY.search(name):
            primary += students
        elif match := SECOND_GRADE.search(name):
            _share(second, match[1], students)
        elif match := MASTER.search(name):
            _share(first, match[1], students)
        for subject in (subject for subject, names in STARTING.items() if name in names):
            first[subject] = first.get(subject, 0.0) + students
    return Enrolments(second, first, frozenset(STARTING) & frozenset(first), primary)


def _share(found: dict[str, float], name: str, students: int) -> None:
    specialisms = SPECIALISMS.get(name.strip().lower(), ())
    for specialism in specialisms:
        found[specialism] = found.get(specialism, 0.0) + students / len(specialisms)


def region_label(sector: str, location_codes: Iterable[str], parameters: StaffParameters) -> str:
    """Return the label under which the shortage of most of these locations was measured, empty where it was not."""
    if sector != "vo":
        return ""
    places = SchoolLocation.objects.filter(code__in=list(location_codes), sector=sector)
    areas = Counter(places.values_list("municipality__rpa_code", flat=True))
    known = Area.objects.filter(kind=AreaKind.RPA, code__in=[code for code in areas if code])
    names = dict(known.values_list("code", "name"))
    labels = {_plain(label): label for label in parameters.table(sector, "shortage_by_region").rows}
    found: Counter[str] = Counter()
    for code, number in areas.items():
        found[labels.get(_plain(names.get(code, "")), "")] += number
    label, number = max(found.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return label if number * 2 > sum(areas.values()) else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower().removeprefix("regio "))
