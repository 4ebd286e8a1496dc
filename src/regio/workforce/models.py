"""Counts, rules and results of the forecast: learners, exams, positions, need rules, personnel, runs and their values.

Counts point at the import batch they came from. A masked count (`<5`) is stored as the value the publisher's rule
allows to assume, with `masked` true. Results of a run are never changed: a new run makes new rows.
"""

from django.db import models
from django.db.models import F, Q

from regio.regions.enums import Sector
from regio.regions.models import Board, School, SchoolLocation
from regio.shared.models import ImportBatch, Job

from .enums import ExamType, FunctionGroup, Grade, Level, Measure, ScopeKind, StageKind


class Programme(models.Model):
    """What a learner follows in the publisher's own code (vo: ELEMENTCODE; mbo: crebo)."""

    scheme = models.CharField(max_length=20)  # "elementcode", "crebo"
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    level = models.CharField(max_length=15, choices=Level)
    profile = models.CharField(max_length=80, blank=True)  # AFDELING of vmbo, profile of havo/vwo

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="one_programme_per_code")]

    def __str__(self) -> str:
        return self.name


class LearnerCount(models.Model):
    """Learners of one location in one programme and stage on one date [persons]."""

    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="learner_counts")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT)
    level = models.CharField(max_length=15, choices=Level)
    stage_kind = models.CharField(max_length=10, choices=StageKind)
    stage = models.PositiveSmallIntegerField(default=0)  # year of study, age or group; 0 with StageKind.ALL
    count = models.PositiveIntegerField()
    masked = models.BooleanField(default=False)
    reference_date = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [
            models.Index(fields=["location", "reference_date"]),
            models.Index(fields=["reference_date", "level"]),
        ]

    def __str__(self) -> str:
        return f"{self.location_id} {self.level} {self.stage}: {self.count}"


class LearnerOrigin(models.Model):
    """Learners of one location by home postcode and stage on one date [persons]."""

    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="learner_origins")
    pc4 = models.CharField(max_length=4)  # "0020"/"0030" style codes of the publisher mean abroad
    level = models.CharField(max_length=15, choices=Level)
    stage_kind = models.CharField(max_length=10, choices=StageKind)
    stage = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField()
    reference_date = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["reference_date", "location"])]

    def __str__(self) -> str:
        return f"{self.pc4} → {self.location_id}: {self.count}"


class ExamCount(models.Model):
    """Exam candidates and passes of one location, type and programme in one school year [persons]."""

    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="exam_counts")
    exam_type = models.CharField(max_length=4, choices=ExamType)
    programme = models.CharField(max_length=80)  # OPLEIDINGSNAAM: "HAVO - N&T", "VMBO K - techniek"
    school_year = models.PositiveSmallIntegerField()  # start year
    candidates = models.PositiveIntegerField()
    candidates_masked = models.BooleanField(default=False)
    passed = models.PositiveIntegerField(null=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["school_year", "location"])]

    def __str__(self) -> str:
        return f"{self.location_id} {self.programme} {self.school_year}: {self.candidates}"


class SubjectExamCount(models.Model):
    """School exams with a mark per location, type and subject in one school year: a proxy for pupils per subject."""

    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="subject_exam_counts")
    exam_type = models.CharField(max_length=4, choices=ExamType)
    subject_code = models.CharField(max_length=8)  # VAKCODE of the publisher
    subject_name = models.CharField(max_length=80)
    school_year = models.PositiveSmallIntegerField()
    candidates = models.PositiveIntegerField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["location", "school_year"])]

    def __str__(self) -> str:
        return f"{self.location_id} {self.subject_name}: {self.candidates}"


class DepartmentExamCount(models.Model):
    """Exam candidates per location and vmbo AFDELING or havo/vwo profile, with marks [persons, mark 1-10]."""

    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="department_exam_counts")
    exam_type = models.CharField(max_length=4, choices=ExamType)
    track = models.CharField(max_length=40, blank=True)  # LEERWEG VMBO
    vmbo_sector = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=80)
    school_year = models.PositiveSmallIntegerField()
    candidates = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()
    mean_mark = models.FloatField(null=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["location", "school_year"])]

    def __str__(self) -> str:
        return f"{self.location_id} {self.department}: {self.candidates}"


class LocationFact(models.Model):
    """A measured property of a location that is not a count of learners (mean home-school distance, test score)."""

    location = models.ForeignKey(SchoolLocation, on_delete=models.CASCADE, related_name="facts")
    name = models.CharField(max_length=60)
    value = models.FloatField()
    unit = models.CharField(max_length=20)
    reference_date = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["location", "name"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.value} {self.unit}"


class PublishedForecast(models.Model):
    """Somebody else's forecast of learners (DUO prognosis) for a school or location [persons]."""

    publisher = models.CharField(max_length=60)
    made_on_year = models.PositiveSmallIntegerField()  # first forecast year of the edition
    school = models.ForeignKey(School, null=True, on_delete=models.CASCADE)
    location = models.ForeignKey(SchoolLocation, null=True, on_delete=models.CASCADE)
    level = models.CharField(max_length=15, choices=Level)
    count_year = models.PositiveSmallIntegerField()
    learners = models.FloatField()
    is_actual = models.BooleanField(default=False)
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE)

    class Meta:
        indexes = [models.Index(fields=["count_year", "school"])]

    def __str__(self) -> str:
        return f"{self.publisher} {self.made_on_year}: {self.count_year} {self.learners}"


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


class Position(models.Model):
    """What is needed or short: sector × function group, with a specialism (vo: vak or vmbo profile) and a grade."""

    code = models.CharField(max_length=60, primary_key=True)  # "vo:wiskunde:eerstegraads", "po:groepsleraar"
    sector = models.CharField(max_length=3, choices=Sector)
    function_group = models.CharField(max_length=10, choices=FunctionGroup)
    specialism = models.CharField(max_length=60, blank=True)
    is_vmbo_profile = models.BooleanField(default=False)
    grade = models.CharField(max_length=12, choices=Grade, default=Grade.NONE)
    name = models.CharField(max_length=100)  # Dutch, for the screen

    def __str__(self) -> str:
        return self.name


class DemandRule(models.Model):
    """How learners become need in one sector; a board or location may have its own. Values are dated and sourced."""

    sector = models.CharField(max_length=3, choices=Sector)
    board = models.ForeignKey(Board, null=True, on_delete=models.CASCADE)
    location = models.ForeignKey(SchoolLocation, null=True, on_delete=models.CASCADE)
    learners_per_fte = models.FloatField()
    learners_per_fte_low = models.FloatField()
    learners_per_fte_high = models.FloatField()
    base_fte = models.FloatField(default=0)  # fixed per location, whatever its size
    lesson_table = models.JSONField(null=True)  # null = the shipped default table
    source = models.CharField(max_length=300)
    is_assumption = models.BooleanField(default=True)
    valid_from = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    learners_per_fte_low__gt=0,
                    learners_per_fte__gte=F("learners_per_fte_low"),
                    learners_per_fte_high__gte=F("learners_per_fte"),
                ),
                name="demand_rule_range_is_ordered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sector}: {self.learners_per_fte} leerlingen per fte"


class ForecastRun(models.Model):
    """One forecast for one region: what went in, so that it can be repeated byte for byte."""

    region_key = models.CharField(max_length=60)
    years = models.PositiveSmallIntegerField()
    draws = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    settings = models.JSONField(default=dict)  # national factor and other inputs the user changed
    model_version = models.CharField(max_length=40)
    data_vintage = models.CharField(max_length=64)  # hash over the checksums of the batches used
    result_sha256 = models.CharField(max_length=64, blank=True)
    base_date = models.DateField(null=True)  # reference date of the newest count used
    facts = models.JSONField(default=dict)  # share of assumption, share of vanished codes, notes per sector
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["region_key", "data_vintage", "model_version"])]

    def __str__(self) -> str:
        return f"{self.region_key} ({self.created_at:%Y-%m-%d})"


class ForecastValue(models.Model):
    """Mean and quantiles of one quantity in one year, past counts included (then all four are equal)."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="values")
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope_code = models.CharField(max_length=60)
    measure = models.CharField(max_length=20, choices=Measure)
    sector = models.CharField(max_length=3, choices=Sector)
    item = models.CharField(max_length=60)  # level (learners), position code (need), exam type; "alle" = total
    count_year = models.PositiveSmallIntegerField()  # 1 October of this year; exams: end of school year
    mean = models.FloatField()
    p10 = models.FloatField()
    p50 = models.FloatField()
    p90 = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["run", "scope_kind", "scope_code", "measure"])]

    def __str__(self) -> str:
        return f"{self.scope_code} {self.measure} {self.item} {self.count_year}: {self.mean:.1f}"


class BacktestScore(models.Model):
    """How good such forecasts were: one line of a scorecard."""

    subject = models.CharField(max_length=20, choices=Measure)
    grain = models.CharField(max_length=20)  # vestiging, brin, rpa, rmc, landelijk
    horizon_years = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=120)  # what was known, such as "examens tot 2019-2020"
    target = models.CharField(max_length=60)
    group = models.CharField(max_length=40, default="alle")  # exam type or size class
    cells = models.PositiveIntegerField()
    wape_share = models.FloatField()
    bias_share = models.FloatField()
    coverage_share = models.FloatField(null=True)
    crps_skill_share = models.FloatField(null=True)
    persistence_wape_share = models.FloatField(null=True)
    mean3_wape_share = models.FloatField(null=True)
    model_version = models.CharField(max_length=40)
    choice_commit = models.CharField(max_length=40, blank=True)
    data_vintage = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} {self.grain} {self.target}: {self.wape_share:.1%}"


class BacktestCell(models.Model):
    """What was said and what happened for one cell, kept for the worst and for own locations."""

    score = models.ForeignKey(BacktestScore, on_delete=models.CASCADE, related_name="worst_cells")
    location = models.ForeignKey(SchoolLocation, null=True, on_delete=models.CASCADE)
    scope_code = models.CharField(max_length=60)
    item = models.CharField(max_length=60)
    said_p50 = models.FloatField()
    said_p10 = models.FloatField()
    said_p90 = models.FloatField()
    happened = models.FloatField()
    last_known = models.FloatField()

    def __str__(self) -> str:
        return f"{self.scope_code} {self.item}: {self.said_p50:.0f} / {self.happened:.0f}"
