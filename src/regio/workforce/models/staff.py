"""Staff, as the publisher counts it or as a board loads it itself, with money and training beside it.

Rows of `StaffMember` are personal: pseudonymous, of one board, read only through `model_runs`.
"""

from django.db import models
from django.db.models import F, Q

from regio.regions.enums import Sector
from regio.regions.models import Board, School, SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.enums import FunctionGroup

from .positions import Position

KEPT_DATES = 2  # of a board's own file, the newest: two dates tell how many leave


class PersonnelCount(models.Model):
    """Personnel of a board or school per function group on 1 October; null = suppressed by the publisher, never 0."""

    sector = models.CharField(max_length=3, choices=Sector)
    board = models.ForeignKey(Board, null=True, on_delete=models.CASCADE)
    school = models.ForeignKey(School, null=True, on_delete=models.CASCADE)  # null = bovenschools
    education_type = models.CharField(max_length=60, blank=True)
    function_group = models.CharField(max_length=10, choices=FunctionGroup)
    breakdown = models.JSONField(default=dict)  # further columns of the sheet: gender, age class, contract
    year = models.PositiveSmallIntegerField()
    persons = models.FloatField(null=True)
    fte = models.FloatField(null=True)
    mean_age_years = models.FloatField(null=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["sector", "year", "board"])]

    def __str__(self) -> str:
        return f"{self.board_id}/{self.school_id} {self.function_group} {self.year}"


class StaffMember(models.Model):
    """One employment of a board's own staff file, pseudonymous; only that board's people may ever see rows.

    Purpose: strategic staff planning of the board. The files of the newest two dates are kept, since two dates tell how
    many leave; older ones go when a newer one comes, all of them when the board takes its data out.
    """

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="staff_members")
    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="staff_members")
    person = models.CharField(max_length=32)  # keyed hash of the employee number: the same person in the next file
    position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT)  # null = not told by the file
    function_group = models.CharField(max_length=10, choices=FunctionGroup)
    birth_year = models.PositiveSmallIntegerField()
    gender = models.CharField(max_length=10, blank=True)
    milli_fte = models.PositiveIntegerField()  # thousandths of fte
    in_service_since = models.PositiveSmallIntegerField(null=True)  # year
    is_permanent = models.BooleanField(null=True)
    scale = models.CharField(max_length=6, blank=True)  # LB, LC, LD …
    qualification = models.CharField(max_length=12, blank=True)  # bevoegd, benoembaar, onbevoegd; empty = not told
    term_ends_on = models.DateField(null=True)  # legal term of who is benoembaar
    second_position = models.ForeignKey(Position, null=True, on_delete=models.PROTECT, related_name="+")
    reference_date = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["board", "reference_date"])]
        constraints = [
            models.CheckConstraint(condition=Q(milli_fte__gt=0, milli_fte__lte=2000), name="staff_fte_is_plausible")
        ]

    def __str__(self) -> str:
        return f"{self.person[:6]} {self.position_id} {self.milli_fte}"


class LessonSheetLine(models.Model):
    """Lessons given at one location in one position, as a board's own lesson sheet tells [weekly lessons]."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="lesson_sheet_lines")
    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="lesson_sheet_lines")
    position = models.ForeignKey(Position, on_delete=models.PROTECT)
    lessons = models.FloatField()
    qualified_lessons = models.FloatField(null=True)  # given by who is bevoegd; null = not told
    appointable_lessons = models.FloatField(null=True)  # given by who is benoembaar
    reference_date = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["board", "reference_date"])]

    def __str__(self) -> str:
        return f"{self.location_id} {self.position_id}: {self.lessons}"


class MeasuredShortage(models.Model):
    """A measured shortage, open and hidden together, of a board or location in one position, with its own error [fte]."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE)
    location = models.ForeignKey(SchoolLocation, null=True, on_delete=models.CASCADE)
    position = models.ForeignKey(Position, on_delete=models.PROTECT)
    shortage_fte = models.FloatField()
    low_fte = models.FloatField()
    high_fte = models.FloatField()
    reference_date = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(low_fte__gte=0, shortage_fte__gte=F("low_fte"), high_fte__gte=F("shortage_fte")),
                name="measured_shortage_range_is_ordered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.position_id}: {self.shortage_fte}"


class BoardFinance(models.Model):
    """One line of a board's annual accounts [euro]."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="finances")
    sector = models.CharField(max_length=5)  # publisher's grouping, higher education included
    year = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=80)
    amount_eur = models.BigIntegerField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["board", "year", "item"])]

    def __str__(self) -> str:
        return f"{self.board_id} {self.year} {self.item}"


class TrainingEnrolment(models.Model):
    """Students enrolled in a programme of higher education on 1 October [persons]."""

    institution_code = models.CharField(max_length=8)
    institution_name = models.CharField(max_length=120)
    municipality_code = models.CharField(max_length=4, blank=True)
    programme_code = models.CharField(max_length=12)
    programme_name = models.CharField(max_length=160)
    field = models.CharField(max_length=60)  # ONDERDEEL
    form = models.CharField(max_length=20)
    gender = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    students = models.PositiveIntegerField()
    masked = models.BooleanField(default=False)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["field", "year"])]

    def __str__(self) -> str:
        return f"{self.programme_name} {self.year}: {self.students}"
