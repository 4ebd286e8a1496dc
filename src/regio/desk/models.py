"""What a region's desk shows: editions of its route advice and of its page, each kept as it was.

An edition is never changed once it is published, so that an advice can be shown again as it was given. A region without
an edition of its own uses the national one (empty region key), that comes with the product.
"""

from django.db import models
from django.db.models import F, Q

from .enums import EditionKind


class Edition(models.Model):
    """One version of the rules of the advice, or of name, colour and texts: a draft, in force, or replaced."""

    kind = models.CharField(max_length=6, choices=EditionKind)
    region_key = models.CharField(max_length=60, blank=True)  # empty = national
    number = models.PositiveIntegerField()
    content = models.JSONField()
    outcome = models.JSONField(null=True)  # of the walk through all answers; null = not walked since the last change
    revision = models.PositiveIntegerField(default=0)  # of a draft: goes up with each change
    origin = models.CharField(max_length=80)  # which edition it was made from, in Dutch
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "region_key", "number"], name="one_edition_per_number"),
            models.UniqueConstraint(fields=["kind", "region_key"], condition=Q(published_at=None), name="one_draft"),
            models.UniqueConstraint(
                fields=["kind", "region_key"], condition=Q(published_at__isnull=False, replaced_at=None),
                name="one_edition_in_force",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(replaced_at__gte=F("published_at")), name="replaced_after_published"
            ),
            models.CheckConstraint(condition=Q(kind__in=EditionKind.values), name="known_kind_of_edition"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.region_key or 'landelijk'} {self.number}"

    @property
    def is_draft(self) -> bool:
        """Tell whether it was not published yet."""
        return self.published_at is None
