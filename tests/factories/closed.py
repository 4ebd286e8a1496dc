"""A closed installation with something planted that only some may read: own staff, sums with it, an own file, a person, a job.

Board 90001 has an own file: its need and staff are 7,349,157 fte everywhere, now and in every year. Board 90002 rests on public
files. Sums of the region are 5,823,761: numbers that no drawing has by chance.
"""

from dataclasses import dataclass, field

from regio.accounts.enums import Role
from regio.accounts.models import PrivacyRequest
from regio.regions.models import Board, Region, RegionDraft
from regio.shared.models import ImportFinding, Job
from regio.workforce.models import (
    ForecastFlow,
    ForecastRun,
    ForecastSpread,
    ForecastValue,
    JointContribution,
    JointRound,
    JointSnapshot,
    RunDifference,
    StaffAgeGroup,
)

from . import cases, forecasts, people, regions, shortages

OWN, OTHER = "90001", "90002"
STAFF, SUM, FILE, NAME, ADDRESS, TASK, JOINT = (
    "7349157", "5823761", "geplantbestand", "Zwaantje", "zwaantje.geplant", "Geplante taak", "6194583",
)  # fmt: skip
OF_BOARD = (Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE)
ACTORS = {  # name: role, organisation
    "bezoeker": None,
    "planner van het bestuur": (Role.BOARD_PLANNER, f"bestuur:{OWN}"),
    "planner van een ander bestuur": (Role.BOARD_PLANNER, f"bestuur:{OTHER}"),
    "bestuurder van het bestuur": (Role.BOARD_EXECUTIVE, f"bestuur:{OWN}"),
    "bestuurder van een ander bestuur": (Role.BOARD_EXECUTIVE, f"bestuur:{OTHER}"),
    "programmamanager": (Role.PROGRAMME_MANAGER, "regio:rpa:90"),
    "beheerder": (Role.REGION_ADMIN, "regio:rpa:90"),
    "beheerder van een andere regio": (Role.REGION_ADMIN, "regio:rpa:91"),
    "functionaris": (Role.PRIVACY_OFFICER, "regio:rpa:90"),
    "technisch beheer": (Role.SUPPORT, "installatie:"),
    "adviseur": (Role.DESK_ADVISER, "regio:rpa:90"),
    "adviseur die bij de werkgever werkt": (Role.DESK_ADVISER, "regio:rpa:90"),
}
IS_OF_BOARD = {name for name, held in ACTORS.items() if held and held[1] == f"bestuur:{OWN}"}
SEES_JOBS = {"technisch beheer"}  # whoever leads another region sees nothing of this one
IS_OF_OTHER = {name for name, held in ACTORS.items() if held and held[1] == f"bestuur:{OTHER}"}
# What is planted, and who may read it; the joint figure is of a snapshot that only the other board is in.
PLANTED = {
    STAFF: IS_OF_BOARD, SUM: set(), FILE: IS_OF_BOARD, NAME: set(), ADDRESS: set(), TASK: SEES_JOBS,
    JOINT: {"programmamanager", "beheerder"} | IS_OF_OTHER,
    cases.NAME: {"adviseur", "adviseur die bij de werkgever werkt"}, cases.HIDDEN_NAME: {"adviseur"},
}  # fmt: skip


@dataclass
class Closed:
    """What the addresses of the test name."""

    run: ForecastRun
    region: Region
    removed: Region
    draft: RegionDraft
    jobs: dict[str, int]
    batches: dict[str, int]
    planted: object
    round: JointRound
    people: dict[str, object] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    desk: dict[str, int] = field(default_factory=dict)


def installation() -> Closed:
    """Return the whole of it."""
    run = _run()
    planted = people.person(90, role=Role.BOARD_PLANNER, organisation="bestuur:91999", name=f"{NAME} Geplant", email=f"{ADDRESS}@voorbeeld.example")  # fmt: skip
    actors = {
        name: people.person(number, role=held[0], organisation=held[1])
        for number, (name, held) in enumerate(ACTORS.items(), 1)
        if held
    }
    own = Region.objects.create(code="noord", name="Noord", created_at=forecasts.NOW)
    gone = Region.objects.create(code="weg", name="Weg", created_at=forecasts.NOW, removed_at=forecasts.NOW)
    draft = RegionDraft.objects.create(code="abcdefgh12345678", started_at=forecasts.NOW)
    jobs = {
        "foreign": _job(TASK, str(planted)), "planner": _job("Eigen taak", str(actors["planner van het bestuur"])),
    }  # fmt: skip
    public = forecasts.batch(7)
    private = forecasts.batch(
        8, dataset=f"eigen-personeel-bestuur-{OWN}", dataset_label="Eigen personeelsbestand", file_name=f"{FILE}.csv",
        publisher=f"Bestuur {OWN}", licence="niet openbaar",
    )  # fmt: skip
    ImportFinding.objects.create(batch=private, code="R-118", severity="fout", line=3, value=FILE, message=f"{FILE} klopt niet.")  # fmt: skip
    asked = {
        "foreign": _request(planted, f"Vraag van {NAME}"), "planner": _request(actors["planner van het bestuur"], "Vraag"),
    }  # fmt: skip
    found = {"public": public.pk, "own": private.pk}
    return Closed(run, own, gone, draft, jobs, found, planted, _round(run), actors, requests=asked, desk=cases.planted(actors["adviseur"], actors["adviseur die bij de werkgever werkt"]))  # fmt: skip


def _request(person, words) -> int:
    asked = PrivacyRequest.objects.create(person=person, kind="verwijderen", words=words, asked_at=forecasts.NOW)
    return asked.pk


def _round(run: ForecastRun) -> JointRound:
    """Return an open round: both boards gave in, the planted figure of one, and a snapshot of the other."""
    sizes = {code: {"talen": [40.0, 50.0], "exact": [40.0, 50.0]} for code in (OWN, OTHER)}
    made = JointRound.objects.create(region_key="rpa:90", sector="vo", reference_date=run.base_date, sizes=sizes, opened_at=forecasts.NOW)  # fmt: skip
    for code, milli in ((OWN, int(STAFF) * 1000), (OTHER, 9000)):
        figures = {group: {str(year): [milli] * 3 for year in (2026, 2031)} for group in ("talen", "exact")}
        JointContribution.objects.create(round=made, board_id=code, run=run, figures=figures, given_at=forecasts.NOW)
    parts = [
        {"groups": [group], "shown": True, "why": "", "deviation_fte": 3.0, "years": {"2026": [int(JOINT)] * 3, "2031": [int(JOINT)] * 3}}
        for group in ("talen", "exact")
    ]  # fmt: skip
    JointSnapshot.objects.create(round=made, boards=[OTHER], marks={}, parts=parts, made_at=forecasts.NOW)
    return made


def _job(label: str, owner: str) -> int:
    job = Job.objects.create(kind="prognose", label=label, owner=owner, created_at=forecasts.NOW)
    return job.pk


def _run() -> ForecastRun:
    run = forecasts.region_with_forecast()
    other = Board.objects.create(code=OTHER, name="Stichting Zuiderdijk")
    regions.location(1, of_board=other, name="Zuiderdijk Lyceum", brin="90BB")
    for kind, code in (("bestuur", OTHER), ("school", "90BB"), ("vestiging", "90BB00")):
        forecasts.full_scope(run, kind=kind, code=code)
    run.facts = {
        "bezetting": {
            "vo": {"besturen": {OWN: "eigen", OTHER: "openbaar"}, "own_share": 0.5, "context_sha256": f"a{STAFF}b"}
        }
    }
    run.seed, run.result_sha256 = int(f"9{STAFF}9"), f"c{SUM}d"
    run.save()
    shortages.staff(run, kind="regio", code="rpa:90")
    for kind, code in (("bestuur", OWN), ("school", "90AA"), ("vestiging", "90AA00"), ("vestiging", "90AA01")):
        shortages.staff(run, kind=kind, code=code)
        _plant(run, kind, code, int(STAFF))
    shortages.staff(run, kind="bestuur", code=OTHER, items={"alle": 1.0})
    _plant(run, "regio", "rpa:90", int(SUM))
    older = ForecastRun.objects.create(
        region_key="rpa:90", years=6, draws=1000, seed=8, model_version="test", data_vintage="1" * 64, facts=run.facts,
        base_date=run.base_date, created_at=forecasts.NOW,
    )  # fmt: skip
    for measure in ("tekort", "formatie", "leerlingen"):
        planted = 1000.0 if measure == "leerlingen" else float(SUM)
        RunDifference.objects.create(run=run, against=older, sector="vo", measure=measure, count_year=2031, before=planted, after=planted, steps=[])  # fmt: skip
    return run


def _plant(run: ForecastRun, kind: str, code: str, value: float) -> None:
    """Make everything of a scope that rests on staff the same value, in all years."""
    of = {"run": run, "scope_kind": kind, "scope_code": code}
    rows = ForecastValue.objects.filter(**of).exclude(measure__in=["leerlingen", "examenkandidaten"])
    rows.update(mean=value, p10=value, p50=value, p90=value)
    ForecastFlow.objects.filter(**of).update(mean_fte=value)
    StaffAgeGroup.objects.filter(**of).update(mean_persons=value)
    ForecastSpread.objects.filter(**of).update(quantiles=[value] * 21)
