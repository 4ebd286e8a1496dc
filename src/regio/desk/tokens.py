"""Answers in an address: signed, so that an advice can be kept and shown again as it was given; nothing is stored here.

The address holds which edition of the rules, the day, and the answers. It says nothing about who gave them, and the log of
the server writes names of pages only, never addresses.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.core import signing

SALT = "regio.desk.advice"
LONGEST = 600


@dataclass(frozen=True)
class Told:
    """What somebody answered, under which edition, on which day."""

    edition: int
    on: date
    answers: dict[str, str]

    def without(self, *facts: str) -> "Told":
        """Return this without the answers to these questions."""
        return replace(self, answers={fact: one for fact, one in self.answers.items() if fact not in facts})

    def with_answer(self, fact: str, answer: str) -> "Told":
        """Return this with one more answer."""
        return replace(self, answers=self.answers | {fact: answer})


def written(told: Told) -> str:
    """Return the text for in an address."""
    content = [told.edition, told.on.isoformat(), "-".join(f"{fact}.{one}" for fact, one in told.answers.items())]
    return signing.dumps(content, salt=SALT, compress=True)


def read(text: str) -> Told | None:
    """Return what an address tells, None when it was not made here."""
    try:
        edition, on, answers = signing.loads(text[:LONGEST], salt=SALT)
        pairs = [one.split(".") for one in answers.split("-") if one]
        return Told(int(edition), date.fromisoformat(on), dict(pairs))
    except (signing.BadSignature, ValueError, TypeError):
        return None
