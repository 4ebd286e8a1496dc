"""The chain: the hash of an event is taken over the event and the hash of the one before."""

import hashlib
import json

from .models import Event

START = "0" * 64
CHAINED = (
    "at", "kind", "actor", "on_behalf_of", "reason", "organisation", "region", "subject", "heading", "details",
    "request_id", "is_view",
)  # fmt: skip


def chained_hash(previous: str, event: Event) -> str:
    """Return the hash of an event on top of the one before."""
    values = {name: getattr(event, name) for name in CHAINED}
    values["at"] = int(event.at.timestamp() * 1_000_000)
    written = json.dumps([previous, values], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
