"""How good forecasts were: lines of the scorecard with their worst cells."""

from django.db import models

from regio.regions.models import SchoolLocation
from regio.workforce.enums import Measure


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
    persistence_margin_share = models.FloatField(null=True)  # 95 % margin of the difference between the two errors
    mean3_wape_share = models.FloatField(null=True)
    mean3_margin_share = models.FloatField(null=True)
    publisher = models.CharField(max_length=60, blank=True)  # whose forecast is scored beside ours, on the same cells
    published_wape_share = models.FloatField(null=True)
    published_margin_share = models.FloatField(null=True)  # 95 % margin of the difference between the two errors
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
