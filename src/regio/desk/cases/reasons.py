"""Why a case stops, on two levels; read from data."""

from dataclasses import dataclass
from functools import cache

from .data import read

SILENCE, MERGED, WITHDRAWN, ON_REQUEST = "geen_reactie", "samengevoegd", "toestemming", "op_verzoek"
NOT_CHOSEN = (MERGED, WITHDRAWN)  # these come about by themselves


@dataclass(frozen=True)
class Reason:
    """One reason: its code, words, group, and whether the desk asks later where somebody is."""

    code: str
    words: str
    group: str
    group_words: str
    asks_again: bool


@cache
def reasons() -> dict[str, Reason]:
    """Return every reason by its code, in the order of the file."""
    return {
        code: Reason(code, words, group, told["name"], told["asks_again"])
        for group, told in read("uitstroom").items()
        for code, words in told["reasons"].items()
    }


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what somebody may choose, per group, for a form."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for reason in reasons().values():
        if reason.code not in NOT_CHOSEN:
            groups.setdefault(reason.group_words, []).append((reason.code, reason.words))
    return list(groups.items())


def words_of(code: str) -> str:
    """Return a reason with its group: "Gelukt: aan het werk in het onderwijs"."""
    reason = reasons().get(code)
    return f"{reason.group_words}: {reason.words}" if reason else code
