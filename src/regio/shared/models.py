"""Technical tables that every app may use: jobs, import batches and their findings. No domain tables.

An import batch is one accepted file: who published it, its date, checksum and licence. Every public figure points at
its batch, so a screen can always say where a number comes from.
"""

from django.db import models
from django.db.models import Q


class ImportBatch(models.Model):
    """One public or own file as it was loaded; the latest batch of a dataset and date is the one in force."""

    dataset = models.CharField(max_length=60)  # reader id, such as "leerlingen-vo"
    dataset_label = models.CharField(max_length=120)  # what people call it, Dutch
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    publisher = models.CharField(max_length=60)
    licence = models.CharField(max_length=200)
    reference_date = models.DateField(null=True)  # the date the counts speak of; first date when there are several
    reference_label = models.CharField(max_length=80, blank=True)  # e.g. "schooljaren 2014-2015 tot en met 2018-2019"
    periods = models.JSONField(default=list)  # dates ("2019-10-01") or school years ("2018") of which rows are in force
    rows_read = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict)  # name -> number, compared with the next load
    loaded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "sha256"], condition=Q(superseded_at=None), name="one_live_batch_per_file"
            )
        ]
        indexes = [models.Index(fields=["dataset", "reference_date"])]

    def __str__(self) -> str:
        return f"{self.dataset_label} ({self.file_name})"


class ImportFinding(models.Model):
    """What a load noticed: a fixed code, where, and what to do; never a silent repair."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=10)  # such as "R-201"
    severity = models.CharField(max_length=10)  # "fout", "let_op", "info"
    line = models.PositiveIntegerField(null=True)
    column = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=120, blank=True)
    message = models.CharField(max_length=300)  # Dutch, complete sentence
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["code"])]

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Job(models.Model):
    """Long work that a person or the schedule asked for: progress to show, a wish to cancel, and how it ended."""

    class Priority(models.IntegerChoices):
        WAITED_FOR = 1, "iemand wacht erop"
        ASKED = 5, "gevraagd"
        BY_ITSELF = 9, "vanzelf"

    class State(models.TextChoices):
        WAITING = "wacht", "wacht"
        RUNNING = "loopt", "loopt"
        DONE = "klaar", "klaar"
        CANCELLED = "gestopt", "gestopt"
        FAILED = "mislukt", "mislukt"

    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    owner = models.CharField(max_length=100, blank=True)  # text, so a job outlives an account
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    progress_share = models.FloatField(default=0)
    progress_text = models.CharField(max_length=200, blank=True)
    result_path = models.CharField(max_length=200, blank=True)  # where on the site the result is
    message = models.CharField(max_length=500, blank=True)  # Dutch, when it failed or stopped
    cancel_asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # claims by a worker
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.ASKED)  # the lowest goes first
    failures = models.PositiveSmallIntegerField(default=0)  # of those claims: ended in trouble that may pass
    not_before = models.DateTimeField(null=True)  # a next try waits for this moment
    planned_at = models.DateTimeField(null=True)  # for which moment of the schedule this is

    class Meta:
        indexes = [
            models.Index(fields=["state", "priority", "created_at"]),
            models.Index(fields=["kind", "created_at"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "planned_at"], name="planned_once"),
            models.CheckConstraint(
                condition=Q(progress_share__gte=0, progress_share__lte=1), name="progress_between_0_and_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.state})"


class Worker(models.Model):
    """A process that does jobs, and when it last gave a sign of life; gone when it ends as it should."""

    name = models.CharField(max_length=120, unique=True)  # computer and process number
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class RateCount(models.Model):
    """How often something was done in one stretch of time; under a hashed name, so that it tells of nobody."""

    name = models.CharField(max_length=64)
    starts_at = models.BigIntegerField()  # seconds since 1970
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "starts_at"], name="one_count_per_stretch")]
        indexes = [models.Index(fields=["starts_at"])]

    def __str__(self) -> str:
        return f"{self.number} since {self.starts_at}"


class PolicyReport(models.Model):
    """What a browser refused to load on our pages, counted per day."""

    on = models.DateField()
    directive = models.CharField(max_length=60)  # such as "script-src-elem"
    blocked = models.CharField(max_length=120)  # "inline", "eval", or kind and host of an address
    number = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "directive", "blocked"], name="one_report_per_day")]

    def __str__(self) -> str:
        return f"{self.directive}: {self.blocked}"


class InboundMail(models.Model):
    """A mail that came in, until somebody or something knows what it becomes."""

    class State(models.TextChoices):
        NEW = "nieuw", "nieuw"
        DONE = "verwerkt", "verwerkt"
        DROPPED = "weg", "niet nodig"

    message_hash = models.CharField(max_length=64, unique=True)  # of the Message-ID, or of the whole where it has none
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=254, blank=True)
    recipients = models.CharField(max_length=500, blank=True)  # to, copies and where the server delivered it
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)  # text alone; attachments are not kept
    attachments = models.PositiveSmallIntegerField(default=0)  # how many there were
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    became = models.CharField(max_length=100, blank=True)  # what it became, as text: "vraag:12"
    organisation = models.CharField(max_length=80, default="installatie:")  # for whom it came in: "regio:rpa:03"
    assigned_to = models.CharField(max_length=40, blank=True)  # who looks at it: "persoon:12"
    problem = models.CharField(max_length=300, blank=True)  # why it could not become what was tried, in Dutch
    handled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "received_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="nieuw", handled_at=None) | (~Q(state="nieuw") & Q(handled_at__isnull=False)),
                name="handled_mail_says_when",
            )
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"  # never the sender: this goes into logs
