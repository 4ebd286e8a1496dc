"""What pages of the site read that belongs to no single app: jobs, loaded files and their findings."""

from django.db.models import Count, Max, Q, QuerySet

from regio.shared.models import ImportBatch, ImportFinding, Job


def live_batches() -> list[ImportBatch]:
    """Return the files in force with the number of their open findings, by publisher, dataset and date."""
    rows = ImportBatch.objects.filter(superseded_at=None)
    rows = rows.annotate(open_findings=Count("findings", filter=Q(findings__resolved_at=None)))
    return list(rows.order_by("publisher", "dataset_label", "-reference_date", "file_name"))


def findings_of(batch: ImportBatch) -> list[tuple[str, str, int, list[ImportFinding]]]:
    """Return the open findings of a file per code: (code, severity, number, the first ten)."""
    rows = batch.findings.filter(resolved_at=None)
    counts = rows.values_list("code", "severity").annotate(number=Count("pk")).order_by("severity", "-number")
    first: dict[str, list[ImportFinding]] = {}
    for finding in rows.order_by("pk")[:2000]:
        shown = first.setdefault(finding.code, [])
        if len(shown) < 10:
            shown.append(finding)
    return [(code, severity, number, first.get(code, [])) for code, severity, number in counts]


def sources_stamp() -> str:
    """Return a text that changes when the page of sources may have changed."""
    batches = ImportBatch.objects.aggregate(newest=Max("pk"), live=Count("pk", filter=Q(superseded_at=None)))
    findings = ImportFinding.objects.aggregate(newest=Max("pk"), open=Count("pk", filter=Q(resolved_at=None)))
    return str((batches, findings))


def recent_jobs() -> QuerySet[Job]:
    """Return the newest fifty jobs."""
    return Job.objects.order_by("-pk")[:50]
