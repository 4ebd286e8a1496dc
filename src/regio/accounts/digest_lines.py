"""Lines that wait for somebody's next digest; apart, since what adds them stands below what sends them."""

from datetime import datetime

from .models import DigestLine, Person


def add_line(person: Person, *, words: str, path: str, now: datetime) -> None:
    """Let somebody hear of something in the next digest; the same line twice is one.

    Args:
        person: who hears it.
        words: about the work, in Dutch; never about another person.
        path: where it is on this site.
        now: when.
    """
    DigestLine.objects.get_or_create(
        person=person, words=words[:200], path=path, digest=None, defaults={"added_at": now}
    )
