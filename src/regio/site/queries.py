"""What pages of the site read that belongs to no single app: jobs, loaded files and their findings."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Count, F, Max, Q, Sum

from regio.accounts.viewer import viewer_now
from regio.regions.models import Area, Municipality, SchoolLocation
from regio.shared.models import ImportBatch, ImportFinding, Job
from regio.workforce.models import DepartmentExamCount, ExamCount, LearnerCount, LearnerOrigin, SubjectExamCount
from regio.workforce.rules import sees_file
from regio.workforce.staff_loaded import staff_loaded

from .rules import jobs_of, sees_every_job

GRAVEST_FIRST = ("fout", "let_op", "info")
FINDINGS_SHOWN = 10
JOBS_SHOWN, LOOKS_THROUGH = 50, 500
MOST_FINDINGS_READ = 2000


def live_batches() -> dict[tuple[str, str], list[ImportBatch]]:
    """Return the files in force that are for who reads now, with their number of open findings, per (publisher, licence)."""
    rows = ImportBatch.objects.filter(superseded_at=None)
    rows = rows.annotate(open_findings=Count("findings", filter=Q(findings__resolved_at=None)))
    grouped: dict[tuple[str, str], list[ImportBatch]] = {}
    for row in rows.order_by("publisher", "licence", "dataset_label", "-reference_date", "file_name"):
        if sees_file(row.dataset):
            grouped.setdefault((row.publisher, row.licence), []).append(row)
    return grouped


@dataclass(frozen=True)
class FindingGroup:
    """What a load noticed of one kind: how often, and the first few."""

    code: str
    severity: str
    number: int
    findings: list[ImportFinding]


def findings_of(batch: ImportBatch) -> list[FindingGroup]:
    """Return the open findings of a file per code, the gravest first."""
    rows = batch.findings.filter(resolved_at=None)
    counts = rows.values_list("code", "severity").annotate(number=Count("pk")).order_by("-number", "code")
    first: dict[str, list[ImportFinding]] = {}
    for finding in rows.order_by("pk")[:MOST_FINDINGS_READ]:
        shown = first.setdefault(finding.code, [])
        if len(shown) < FINDINGS_SHOWN:
            shown.append(finding)
    groups = [FindingGroup(code, severity, number, first.get(code, [])) for code, severity, number in counts]
    return sorted(
        groups, key=lambda group: GRAVEST_FIRST.index(group.severity) if group.severity in GRAVEST_FIRST else 9
    )


def sources_stamp() -> str:
    """Return a text that changes when the page of sources may have changed."""
    batches = ImportBatch.objects.aggregate(newest=Max("pk"), live=Count("pk", filter=Q(superseded_at=None)))
    findings = ImportFinding.objects.aggregate(newest=Max("pk"), open=Count("pk", filter=Q(resolved_at=None)))
    return str((batches, findings))


def recent_jobs() -> list[Job]:
    """Return the newest fifty jobs that who reads now may see, of the newest five hundred."""
    viewer, newest = viewer_now(), Job.objects.order_by("-pk")[:LOOKS_THROUGH]
    return list(islice(newest if sees_every_job(viewer) else jobs_of(viewer, newest), JOBS_SHOWN))


# -------------------------------------------------------------------------------------------------- what is loaded
def loaded_data() -> dict[str, Any]:
    """Return all that `regio status` prints, ready for JSON."""
    registered = SchoolLocation.objects.filter(in_register=True)
    by_sector = registered.values_list("sector").annotate(places=Count("pk"), boards=Count("board", distinct=True))
    sectors = {sector: (places, boards) for sector, places, boards in by_sector.order_by("sector")}
    return {
        "learners": _learners_loaded(),
        "exam_candidates": _exams_loaded(),
        "registered_locations": {sector: places for sector, (places, _) in sectors.items()},
        "locations_outside_registers": SchoolLocation.objects.filter(in_register=False).count(),
        "boards": {sector: boards for sector, (_, boards) in sectors.items()},
        "municipalities": Municipality.objects.filter(successor=None).count(),
        "areas": dict(Area.objects.values_list("kind").annotate(number=Count("pk")).order_by("kind")),
        "masked_cells": _masked_cells(),
        "staff": staff_loaded(),
        "open_findings": _findings_loaded(),
        "batches": _batches_loaded(),
    }


def _learners_loaded() -> list[dict[str, Any]]:
    """Return learners and locations per dataset and count date; datasets of one date overlap and are not added up."""
    rows = LearnerCount.objects.values(
        "reference_date", dataset=F("batch__dataset"), label=F("batch__dataset_label"), sector=F("location__sector")
    )
    rows = rows.annotate(
        learners=Sum("count"),
        locations=Count("location", distinct=True),
        masked_cells=Count("pk", filter=Q(masked=True)),
    )
    return [
        {**row, "count_year": row["reference_date"].year, "reference_date": row["reference_date"].isoformat()}
        for row in rows.order_by("sector", "reference_date", "dataset")
    ]


def _exams_loaded() -> list[dict[str, Any]]:
    """Return exam candidates per school year and type; a masked count is in it as 2."""
    rows = ExamCount.objects.values("school_year", "exam_type").annotate(
        candidates=Sum("candidates"), locations=Count("location", distinct=True),
        masked_cells=Count("pk", filter=Q(candidates_masked=True)),
    )  # fmt: skip
    return [
        {**row, "school_year": f"{row['school_year']}-{row['school_year'] + 1}"}
        for row in rows.order_by("school_year", "exam_type")
    ]


def _masked_cells() -> dict[str, int]:
    """Return per table how many counts a publisher hid (`<5`): these are in the figures as 2."""
    return {
        "learners": LearnerCount.objects.filter(masked=True).count(),
        "learner_origins": LearnerOrigin.objects.filter(masked=True).count(),
        "exam_candidates": ExamCount.objects.filter(candidates_masked=True).count(),
        "exam_candidates_per_subject": SubjectExamCount.objects.filter(candidates_masked=True).count(),
        "exam_candidates_per_department": DepartmentExamCount.objects.filter(candidates_masked=True).count(),
    }


def _findings_loaded() -> list[dict[str, Any]]:
    live = ImportFinding.objects.filter(resolved_at=None, batch__superseded_at=None)
    return [dict(row) for row in live.values("code", "severity").annotate(number=Count("pk")).order_by("code")]


def _batches_loaded() -> list[dict[str, Any]]:
    rows = ImportBatch.objects.filter(superseded_at=None).order_by("dataset", "reference_date", "pk")
    return [
        {
            "dataset": row.dataset, "label": row.dataset_label, "file": row.file_name, "sha256": row.sha256,
            "publisher": row.publisher, "licence": row.licence, "reference": row.reference_label,
            "reference_date": row.reference_date.isoformat() if row.reference_date else None,
            "rows_read": row.rows_read, "rows_refused": row.rows_refused, "totals": row.totals,
            "loaded_at": row.loaded_at.isoformat(timespec="seconds"),
        }
        for row in rows
    ]  # fmt: skip
