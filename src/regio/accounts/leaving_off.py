"""What somebody hears of, and leaving it off: by choice on the own page, or by the link under a mail, without an account.

The link is signed, counts sixty days, and switches one kind off for one person; it can do nothing else. Pressed twice it
does the same.
"""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from regio.shared.mail import address_of_page

from .enums import How, HowOften
from .mail_kinds import mail_kind
from .models import MailChoice, MailPreference, Person

COUNTS_FOR = timedelta(days=60)
SALT = "regio.accounts.mail_off"
EVERY_DIGEST = "bericht_van_de_dag"  # the link under a digest leaves off all of them


def choose(person: Person, code: str, how: How) -> None:
    """Keep how somebody wants to hear of a kind; what cannot be switched off stays as it is."""
    if how in mail_kind(code).ways:
        MailChoice.objects.update_or_create(person=person, kind=code, defaults={"how": how})


def choose_often(person: Person, often: HowOften, *, weekday: int) -> None:
    """Keep how often somebody wants the digest, and on which day where that is once a week (0 = Monday)."""
    MailPreference.objects.update_or_create(person=person, defaults={"often": often, "weekday": weekday})


def leave_off(person: Person, code: str) -> None:
    """Switch off one kind, or every digest."""
    if code == EVERY_DIGEST:
        MailPreference.objects.update_or_create(person=person, defaults={"often": HowOften.NEVER})
    else:
        choose(person, code, How.NEVER)


def words_for(code: str) -> str:
    """Return what a link leaves off, in Dutch."""
    return "het bericht van de dag" if code == EVERY_DIGEST else mail_kind(code).words


def off_address(person: Person, code: str) -> str:
    """Return the address of the page that switches one kind off for one person."""
    return address_of_page(reverse("mail_off", args=[signing.dumps([person.pk, code], salt=SALT)]))


def off_headers(person: Person, code: str) -> dict[str, str]:
    """Return the headers with which a mail program offers to leave it off by one press (RFC 8058)."""
    return {"List-Unsubscribe": f"<{off_address(person, code)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def whose(token: str) -> tuple[Person, str] | None:
    """Return the person and the kind of a link under a mail; None where it is forged, too old or of nobody."""
    try:
        number, code = signing.loads(token, salt=SALT, max_age=COUNTS_FOR)
        words_for(code)
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None
    person = Person.objects.filter(pk=number).first()
    return (person, code) if person else None
