"""A desk, its candidates and their cases, and everything that was said and done for them.

The guarantee of the desk stands in the table itself: an open case has an owner, a next step and a date. Name and address of
a candidate are those of the account (`accounts.Person`), and so is consent: they are kept once.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .enums import CaseType, Channel, HolidayArea, Phase, Source, Visibility
from .errors import OwnsOpenCases

PERSON = settings.AUTH_USER_MODEL


def leave_closed_cases(collector: Any, field: Any, rows: Any, using: str) -> None:
    """What happens when an owner is erased: closed cases lose the name, open ones must be handed over first.

    Raises:
        OwnsOpenCases: somebody is erased who still holds open cases, since no colleague may.
    """
    if rows.filter(closed_at=None).exists():
        raise OwnsOpenCases
    models.SET_NULL(collector, field, rows, using)


class Desk(models.Model):
    """How the desk of a region works."""

    region_key = models.CharField(max_length=40, unique=True)
    holiday_area = models.CharField(max_length=8, choices=HolidayArea, default=HolidayArea.MIDDLE)
    promise_days = models.PositiveSmallIntegerField(default=3)  # working days until the first contact
    is_closed_in_holidays = models.BooleanField(default=True)
    keeper = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")  # gets what nobody took
    mail_address = models.EmailField(blank=True)  # loket@regio.example; a case has loket+CODE@regio.example

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(promise_days__gte=1), name="promise_is_a_day_or_more")]

    def __str__(self) -> str:
        return f"loket {self.region_key}"


class Candidate(models.Model):
    """Somebody who came to the desk; as little as the desk needs."""

    person = models.OneToOneField(PERSON, on_delete=models.CASCADE, related_name="candidate")
    region_key = models.CharField(max_length=40)
    phone = models.CharField(max_length=30, blank=True)
    name_key = models.CharField(
        max_length=120, blank=True
    )  # name without accents, capitals and spaces, to find doubles
    phone_key = models.CharField(max_length=15, blank=True)  # the last nine digits
    merged_into = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="merged")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["region_key", "name_key"]),
            models.Index(fields=["region_key", "phone_key"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="not_merged_into_itself"
            )
        ]

    def __str__(self) -> str:
        return f"kandidaat:{self.pk}"  # never the name: this goes into logs


class Case(models.Model):
    """What the desk does for a candidate, from question to guidance."""

    region_key = models.CharField(max_length=40)
    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="cases")
    type = models.CharField(max_length=20, choices=CaseType)
    source = models.CharField(max_length=20, choices=Source)
    employer_board = models.CharField(max_length=10, blank=True)  # of a sitting teacher; its people never see the case
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.NEW)
    owner = models.ForeignKey(PERSON, null=True, on_delete=leave_closed_cases, related_name="cases")
    next_step = models.CharField(max_length=200, blank=True)
    next_on = models.DateField(null=True)
    opened_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)  # when somebody took it, or it was given to somebody
    seen_at = models.DateTimeField(null=True)  # when the present owner first opened it
    promised_on = models.DateField()  # the last day on which the first contact keeps the promise
    first_contact_at = models.DateTimeField(null=True)
    told_of_delay_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)  # something was heard from the candidate
    closed_at = models.DateTimeField(null=True)
    exit_reason = models.CharField(max_length=40, blank=True)  # code of uitstroom.yaml, which holds its group
    ask_again_on = models.DateField(null=True)  # when to ask where somebody is
    asked_again = models.PositiveSmallIntegerField(default=0)  # how often that was done
    mail_code = models.CharField(max_length=12, unique=True)
    version = models.PositiveIntegerField(default=1)  # goes up with every change of what two people may both edit
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["region_key", "closed_at", "next_on"]),
            models.Index(fields=["owner", "closed_at", "next_on"]),
            models.Index(fields=["region_key", "opened_at"]),
            models.Index(fields=["ask_again_on"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False)
                | (Q(owner__isnull=False) & ~Q(next_step="") & Q(next_on__isnull=False)),
                name="open_case_has_owner_step_and_date",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, exit_reason="") | (Q(closed_at__isnull=False) & ~Q(exit_reason="")),
                name="closed_case_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | ~Q(phase=Phase.LEFT), name="who_left_has_no_open_case"
            ),
            models.CheckConstraint(
                condition=~Q(type=CaseType.MOBILITY) | ~Q(employer_board=""), name="mobility_names_the_employer"
            ),
            models.UniqueConstraint(
                fields=["candidate", "type"], condition=Q(closed_at=None), name="one_open_case_per_type"
            ),
        ]

    def __str__(self) -> str:
        return f"zaak:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether work goes on."""
        return self.closed_at is None


class PhaseChange(models.Model):
    """When a case came in a phase; the same phase may come back."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="phases")
    phase = models.CharField(max_length=20, choices=Phase)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "at"])]

    def __str__(self) -> str:
        return f"zaak:{self.case_id} {self.phase}"


class Contact(models.Model):
    """One moment of contact, or an attempt at it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    at = models.DateTimeField()
    channel = models.CharField(max_length=12, choices=Channel)
    is_incoming = models.BooleanField(default=False)  # the candidate took the initiative
    is_reached = models.BooleanField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    is_confidential = models.BooleanField(default=False)  # for the owner of the case and who wrote it
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "at"])]
        constraints = [models.CheckConstraint(condition=~Q(subject=""), name="contact_says_what_about")]

    def __str__(self) -> str:
        return f"contact {self.pk} van zaak:{self.case_id}"


class Note(models.Model):
    """What somebody wrote about a case, and who may read it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    visibility = models.CharField(max_length=12, choices=Visibility, default=Visibility.TEAM)
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "at"])]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]

    def __str__(self) -> str:
        return f"notitie {self.pk} bij zaak:{self.case_id}"


class StepTemplate(models.Model):
    """A step that the desk usually takes, which a form fills in beforehand; a region changes them itself."""

    region_key = models.CharField(max_length=40)
    case_type = models.CharField(max_length=20, choices=CaseType)
    phase = models.CharField(max_length=20, choices=Phase)
    words = models.CharField(max_length=200)
    days = models.PositiveSmallIntegerField()  # working days from the moment that it is chosen
    position = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)  # the last day

    class Meta:
        indexes = [models.Index(fields=["region_key", "case_type", "phase", "position"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="template_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="template_says_what_to_do"),
        ]

    def __str__(self) -> str:
        return self.words


class Absence(models.Model):
    """Days on which an adviser is away, and who does the work meanwhile."""

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="absences")
    region_key = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day
    cover = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    moved = models.JSONField(default=list)  # [case, to whom] of each case that moved
    moved_at = models.DateTimeField()
    moved_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"afwezigheid {self.pk}"


class Merge(models.Model):
    """Two candidates who turned out to be one person, with everything that is needed to take them apart again."""

    kept = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    gone = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField(default=dict)  # table → ids, and what a closed case was before
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at=None), name="gone_once"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"samenvoeging {self.pk}"


class Outcome(models.Model):
    """How a case ended, kept as a count after the case itself is gone; says nothing of anybody."""

    region_key = models.CharField(max_length=40)
    case_type = models.CharField(max_length=20, choices=CaseType)
    source = models.CharField(max_length=20, choices=Source)
    exit_reason = models.CharField(max_length=40)
    closed_month = models.DateField()  # the first day of the month
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region_key", "case_type", "source", "exit_reason", "closed_month"],
                name="one_count_per_outcome",
            )
        ]

    def __str__(self) -> str:
        return f"{self.exit_reason}: {self.number}"
