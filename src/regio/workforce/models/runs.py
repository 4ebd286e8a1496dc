"""Runs of the forecast and their values. Results are never changed: a new run makes new rows."""

from django.db import models

from regio.regions.enums import Sector
from regio.shared.models import Job
from regio.workforce.enums import Measure, ScopeKind, StaffFlow


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


class ForecastFlow(models.Model):
    """What one cause adds to the staff or the need of a scope and position in one year; means add up [fte]."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="flows")
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope_code = models.CharField(max_length=60)
    sector = models.CharField(max_length=3, choices=Sector)
    item = models.CharField(max_length=60)  # position code, "vak:…" or "alle"
    flow = models.CharField(max_length=20, choices=StaffFlow)
    count_year = models.PositiveSmallIntegerField()  # the flow between 1 October of the year before and of this year
    mean_fte = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["run", "scope_kind", "scope_code"])]

    def __str__(self) -> str:
        return f"{self.scope_code} {self.item} {self.flow} {self.count_year}: {self.mean_fte:.1f}"


class StaffAgeGroup(models.Model):
    """Teachers of a scope per age band and year, the mean over the draws [persons]."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="staff_ages")
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope_code = models.CharField(max_length=60)
    sector = models.CharField(max_length=3, choices=Sector)
    youngest = models.PositiveSmallIntegerField()  # ages youngest … oldest, both included
    oldest = models.PositiveSmallIntegerField()
    count_year = models.PositiveSmallIntegerField()
    mean_persons = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["run", "scope_kind", "scope_code"])]

    def __str__(self) -> str:
        return f"{self.scope_code} {self.youngest}-{self.oldest} {self.count_year}: {self.mean_persons:.1f}"


class ForecastSpread(models.Model):
    """The whole spread of the shortage of a scope and item in one year, for the chance above a number [fte]."""

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="spreads")
    scope_kind = models.CharField(max_length=10, choices=ScopeKind)
    scope_code = models.CharField(max_length=60)
    sector = models.CharField(max_length=3, choices=Sector)
    item = models.CharField(max_length=60)
    measure = models.CharField(max_length=20, choices=Measure)
    count_year = models.PositiveSmallIntegerField()
    quantiles = models.JSONField()  # 0, 5, 10 … 100 %: 21 values

    class Meta:
        indexes = [models.Index(fields=["run", "scope_kind", "scope_code"])]

    def __str__(self) -> str:
        return f"{self.scope_code} {self.item} {self.measure} {self.count_year}"


class RunDifference(models.Model):
    """Why a figure of a region differs from that of an earlier run or of a published forecast: steps that add up.

    `steps` is a list of {"woorden": why, "bedrag": what it adds [persons or fte], "niet_te_splitsen": bool}; `before` plus
    all amounts is `after`.
    """

    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="differences")
    against = models.ForeignKey(ForecastRun, null=True, on_delete=models.CASCADE, related_name="+")  # null: published
    published = models.CharField(max_length=80, blank=True)  # "DUO 2026": publisher and edition
    sector = models.CharField(max_length=3, choices=Sector)
    measure = models.CharField(max_length=20, choices=Measure)
    count_year = models.PositiveSmallIntegerField()
    before = models.FloatField()
    after = models.FloatField()
    steps = models.JSONField(default=list)
    is_recomputed = models.BooleanField(default=False)  # inputs were put back one by one, not only compared

    class Meta:
        indexes = [models.Index(fields=["run", "against"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(against__isnull=False, published="")
                | (models.Q(against__isnull=True) & ~models.Q(published="")),
                name="difference_is_with_one_other",
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.sector} {self.count_year}: {self.before:.1f} → {self.after:.1f}"
