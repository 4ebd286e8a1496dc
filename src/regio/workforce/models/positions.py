"""What can be short, and how learners become need."""

from django.db import models
from django.db.models import F, Q

from regio.regions.enums import Sector
from regio.regions.models import Board, SchoolLocation
from regio.workforce.enums import FunctionGroup, Grade


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
