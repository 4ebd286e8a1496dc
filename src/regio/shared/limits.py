"""Limits on how often: per computer wide, since 150 schools share addresses, per person and per key narrow.

What is counted lives in the database, so that all workers of a server count together; one statement counts and reads, so
two requests at once are two. A count belongs to a fixed stretch of time (a minute, an hour), under a name that is hashed
with the key of the installation. Who is over a limit waits until the stretch ends, however often it is tried.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from .models import RateCount

KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most so many times in so many seconds."""

    times: int
    seconds: int


def within(name: str, limits: Iterable[Limit], *, now: datetime) -> int:
    """Count one time under this name; return 0 where all limits allow it, else how long to wait [s]."""
    for limit in limits:
        start = int(now.timestamp()) // limit.seconds * limit.seconds
        if _count(_hashed(f"{limit.seconds}:{name}"), start) > limit.times:
            return max(1, start + limit.seconds - int(now.timestamp()))
    return 0


def _count(name: str, start: int) -> int:
    """Add one and return the sum, in one statement that both databases know."""
    table = connection.ops.quote_name(RateCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (name, starts_at, number) VALUES (%s, %s, 1) "  # noqa: S608 - our own table  # nosec B608
            f"ON CONFLICT (name, starts_at) DO UPDATE SET number = {table}.number + 1 RETURNING number",
            [name, start],
        )
        return int(cursor.fetchone()[0])


def _hashed(name: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"limits:{name}".encode(), "sha256").hexdigest()


def old_counts(*, now: datetime) -> int:
    """Throw away what no limit looks at any more; return how many rows."""
    return RateCount.objects.filter(starts_at__lt=int((now - KEPT).timestamp())).delete()[0]
