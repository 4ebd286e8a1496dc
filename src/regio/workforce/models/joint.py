"""A joint round: what boards of a region give in, and the snapshots in which no board's own figures can be found.

What a board gives in is its own until it takes it back; nobody else reads it. Pages and files of the round read snapshots
alone. The key is the secret behind the deviations: it stays in this table and goes when the last round of the region closes.
"""

from django.db import models
from django.db.models import Q

from regio.regions.enums import Sector
from regio.regions.models import Board
from regio.workforce.enums import JointMode

from .runs import ForecastRun


class JointKey(models.Model):
    """The secret of one region: 32 bytes behind every deviation of its rounds."""

    region_key = models.CharField(max_length=60, unique=True)
    secret = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.region_key  # never the secret: this goes into logs


class JointRound(models.Model):
    """One round: a region, a sector and the count that all boards start from; there is never a second of the same.

    `sizes` is {board: {group: [fte, persons]}} from public files, told once: it decides which groups may be shown and how
    far the deviations go, for every snapshot of the round.
    """

    region_key = models.CharField(max_length=60)
    sector = models.CharField(max_length=3, choices=Sector)
    reference_date = models.DateField()
    mode = models.CharField(max_length=10, choices=JointMode, default=JointMode.NOISE)
    sizes = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region_key", "sector", "reference_date"], name="one_round_per_count"),
            models.CheckConstraint(condition=Q(mode__in=JointMode.values), name="known_joint_mode"),
        ]

    def __str__(self) -> str:
        return f"{self.region_key} {self.sector} {self.reference_date:%Y}"

    @property
    def is_open(self) -> bool:
        """Whether boards may still give in."""
        return self.closed_at is None


class JointContribution(models.Model):
    """What one board gave in: {group: {year: [expected, low, high]}} in thousandths of fte, from one forecast."""

    round = models.ForeignKey(JointRound, on_delete=models.CASCADE, related_name="contributions")
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(ForecastRun, on_delete=models.CASCADE, related_name="+")
    figures = models.JSONField()
    agrees_to_exact = models.BooleanField(default=False)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "board"], name="one_contribution_per_board")]

    def __str__(self) -> str:
        return f"{self.board_id} in ronde {self.round_id}"


class JointSnapshot(models.Model):
    """What everybody who takes part may see, as it was at one moment.

    `parts` is a list of {"groups", "shown", "why", "deviation_fte", "years": {year: [expected, low, high]}} in whole fte,
    without years where it is not shown. `marks` tells per board a keyed hash of what it gave in: whether it changed, not what.
    """

    round = models.ForeignKey(JointRound, on_delete=models.CASCADE, related_name="snapshots")
    boards = models.JSONField()
    marks = models.JSONField()
    parts = models.JSONField()
    is_exact = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"momentopname {self.pk} van ronde {self.round_id}"
