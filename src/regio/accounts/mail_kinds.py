"""The kinds of mail there are, which of them somebody can switch off, and how each may be heard of. Parts add their own."""

from dataclasses import dataclass

from .enums import How


@dataclass(frozen=True)
class MailKind:
    """One kind of news.

    Attributes:
        code: short, kept in the choice of a person.
        words: what it is about, in Dutch.
        ways: how it may be heard of, the usual way first; one way alone cannot be switched off.
        because: why it cannot be switched off, where that is so.
    """

    code: str
    words: str
    ways: tuple[How, ...]
    because: str = ""

    @property
    def usual(self) -> How:
        """How somebody hears of it who chose nothing."""
        return self.ways[0]


SIGN_IN, ASKED, WAITS, CHANGED, OF_REGION = "inloggen", "gevraagd", "wacht", "veranderd", "regio"
_kinds: dict[str, MailKind] = {}


def register_mail_kind(kind: MailKind) -> None:
    """Make a kind of mail known; apps do so when they start."""
    _kinds[kind.code] = kind


def mail_kinds() -> list[MailKind]:
    """Return every kind, those that cannot be switched off last."""
    return sorted(_kinds.values(), key=lambda kind: len(kind.ways) == 1)


def mail_kind(code: str) -> MailKind:
    """Return one kind.

    Raises:
        KeyError: no part registered it.
    """
    return _kinds[code]


def register_own_kinds() -> None:
    """Make known what everybody may hear of."""
    for kind in (
        MailKind(WAITS, "wat op u wacht, afloopt of niet goed gaat (de regels van Vandaag)", (How.DIGEST, How.NEVER)),
        MailKind(CHANGED, "wat er veranderde, zoals een nieuwe prognose", (How.DIGEST, How.NEVER)),
        MailKind(ASKED, "werk dat u vroeg en dat klaar of mislukt is", (How.DIGEST, How.AT_ONCE, How.NEVER)),
        MailKind(OF_REGION, "berichten van de regio aan velen, waarvoor u toestemming gaf", (How.AT_ONCE, How.NEVER)),
        MailKind(SIGN_IN, "codes, links en de tweede stap bij het inloggen", (How.AT_ONCE,), "Zonder deze mail komt u niet binnen, of ziet u niet dat een ander het probeert."),
    ):  # fmt: skip
        register_mail_kind(kind)
