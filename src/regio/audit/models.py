"""The trail: what happened, by whom, when, to what; and who looked at something sensitive.

No foreign keys: labels and ids are text, so that the trail never blocks an erasure and outlives what it speaks of. No
names, mail addresses or contents of records either: a person is an id. Each event carries the hash of the one before.
"""

from django.db import models


class Event(models.Model):
    """One thing that happened; never changed and never removed one by one."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=60)  # "regions.region_made", registered by the app (see `kinds`)
    actor = models.CharField(max_length=60)  # "persoon:12", "opdracht" (command line), "bezoeker", "werker"
    on_behalf_of = models.CharField(max_length=60, blank=True)  # support that works as somebody else
    reason = models.CharField(max_length=300, blank=True)  # why, where a reason was asked
    organisation = models.CharField(max_length=80, blank=True)  # "bestuur:41234"
    region = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=120)  # "prognose:17", "bestand:4"
    heading = models.CharField(max_length=300)  # Dutch, complete sentence, without names of persons
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=40, blank=True)
    is_view = models.BooleanField(default=False)  # somebody looked, nothing changed
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"]),
            models.Index(fields=["actor", "at"]),
            models.Index(fields=["organisation", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.heading}"


class ChainHead(models.Model):
    """Both ends of the trail: how many events there were and the hash of the last. One row, locked by each new event.

    Events that are older than their term go from the beginning; how many went and the hash of the last of them stay, so that
    the rest can be read as a chain.
    """

    events = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
    dropped = models.PositiveBigIntegerField(default=0)
    start_hash = models.CharField(max_length=64, blank=True)  # of the last event that went; "" where none did

    def __str__(self) -> str:
        return f"{self.events}: {self.hash[:8]}"
