"""Learners and exams as they were counted, and what others foretold about them."""

from django.db import models

from regio.regions.models import School, SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce.enums import ExamType, Level, StageKind


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
    masked = models.BooleanField(default=False)
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
    candidates_masked = models.BooleanField(default=False)
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
    candidates_masked = models.BooleanField(default=False)
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
