"""People who sign in, what they do for whom and how long, and what they agreed to.

An organisation is a kind and a code as text: this app stands below the regions and boards that it speaks of.
"""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from .enums import How, HowOften, OrganisationKind, Purpose, Role


class PersonManager(BaseUserManager["Person"]):
    """Makes people; addresses are kept in small letters, so that one address is one person."""

    def create_user(self, email: str, name: str = "", password: str | None = None) -> "Person":
        """Make a person; without a password only a code, a link, a passkey or the school's own account lets them in."""
        person = self.model(email=email.strip().lower(), name=name)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find by address, whatever its capitals."""
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody with an account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="email_in_small_letters")]

    def __str__(self) -> str:
        return f"persoon:{self.pk}"  # never the address: this goes into logs


class Membership(models.Model):
    """What a person does for an organisation, from a day until a day; the rights follow from it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    organisation_kind = models.CharField(max_length=12, choices=OrganisationKind)
    organisation_code = models.CharField(max_length=60, blank=True)  # empty for the whole installation
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day, None = open

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "organisation_kind", "organisation_code"],
                condition=Q(ends_on=None),
                name="one_open_membership",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(organisation_kind=OrganisationKind.INSTALLATION) ^ ~Q(organisation_code=""),
                name="membership_names_its_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation}"

    @property
    def organisation(self) -> str:
        """The organisation as one text: "bestuur:41234"."""
        return f"{self.organisation_kind}:{self.organisation_code}"

    def is_in_force(self, today: date) -> bool:
        """Tell whether it counts on this day."""
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)


class Consent(models.Model):
    """A person's agreement to one purpose for one organisation, with the text that was shown."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30, choices=Purpose)
    organisation = models.CharField(max_length=80)  # "bestuur:41234"
    text_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)  # "scherm", "telefoon", "papier"
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "organisation"], condition=Q(withdrawn_at=None), name="one_open_consent"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.purpose} {self.organisation}"


class EntryLink(models.Model):
    """A link in a mail that lets one person in once; the link itself is not kept, only its hash."""

    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="entry_links")
    target_path = models.CharField(max_length=500)  # where the link leads to, on this site
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="entry_link_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(target_path__startswith="/") & ~Q(target_path__startswith="//"),
                name="entry_link_stays_on_this_site",
            ),
        ]

    def __str__(self) -> str:
        return f"link voor persoon:{self.person_id}"


class Throttle(models.Model):
    """Counts of attempts to sign in, shared by all processes: the table of Django's database cache.

    Keys are hashes (`regio.accounts.throttling`), so no address of a computer or of a person is in it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_throttle"


class MailPreference(models.Model):
    """How often a person wants to hear; without a row: every day at most."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="mail_preference")
    often = models.CharField(max_length=5, choices=HowOften, default=HowOften.DAY)
    weekday = models.PositiveSmallIntegerField(default=0)  # of a weekly digest; 0 = Monday

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_exists"),
            models.CheckConstraint(condition=Q(often__in=HowOften.values), name="known_how_often"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.often}"


class MailChoice(models.Model):
    """How a person wants to hear of one kind of news; without a row: as the kind says (`mail_kinds`)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=20)
    how = models.CharField(max_length=6, choices=How)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_choice_per_kind_of_mail"),
            models.CheckConstraint(condition=Q(how__in=How.values), name="known_how"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.how}"


class TeamAddress(models.Model):
    """A mail address of an organisation that belongs to no person; it gets a link at most once a day, after it was confirmed."""

    organisation = models.CharField(max_length=80, unique=True)  # "bestuur:41234"
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)  # of the link with which the address is confirmed
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    sent_on = models.DateField(null=True)  # the last day that something went there
    told = models.JSONField(default=list)  # marks of the lines that were there then

    def __str__(self) -> str:
        return f"teamadres van {self.organisation}"


class Digest(models.Model):
    """The one mail of a day to one person: taken before it goes out, so that no second one follows."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests")
    on = models.DateField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "on"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.on}"


class DigestLine(models.Model):
    """One line that waits for somebody's next digest."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digest_lines")
    words = models.CharField(max_length=200)  # about the work, never about another person
    path = models.CharField(max_length=300)  # on this site
    added_at = models.DateTimeField()
    digest = models.ForeignKey(Digest, null=True, on_delete=models.SET_NULL, related_name="lines")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"), name="digest_line_stays_on_this_site"
            ),
            models.UniqueConstraint(
                fields=["person", "words", "path"], condition=Q(digest=None), name="one_waiting_line_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"regel voor persoon:{self.person_id}"


class BulkMailReceipt(models.Model):
    """That one mail to many went to this person: who runs it again after a break mails nobody twice."""

    code = models.CharField(max_length=12)  # of the text and the people, as the dry run printed it
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bulk_mails")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "person"], name="one_bulk_mail_each")]

    def __str__(self) -> str:
        return f"{self.code} {self.person_id}"


class PrivacyRequest(models.Model):
    """What somebody asks about the own data that they cannot do themselves; the privacy officer answers within a month."""

    class Kind(models.TextChoices):
        CORRECT = "correctie", "iets klopt niet"
        ERASE = "verwijderen", "mijn gegevens verwijderen"
        RESTRICT = "beperken", "mijn gegevens even niet gebruiken"

    class State(models.TextChoices):
        OPEN = "open", "wacht op antwoord"
        DONE = "gedaan", "gedaan"
        REFUSED = "geweigerd", "niet gedaan"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="privacy_requests")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.TextField(max_length=2000)  # what is wrong, in the words of the person
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=60, blank=True)  # "persoon:12"

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None) | (~Q(state="open") & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answered_request_says_what_and_when",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="open", kind="verwijderen"), name="one_open_wish_to_be_erased"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"verzoek {self.pk}"  # never who or what: this goes into logs


class BoardExit(models.Model):
    """A board that leaves: its data are out of the tables and lie sealed in one file until the last day, then that goes."""

    class State(models.TextChoices):
        GRACE = "bedenktijd", "bedenktijd"
        UNDONE = "teruggedraaid", "teruggedraaid"
        GONE = "weg", "weg"

    board = models.CharField(max_length=60)  # code
    state = models.CharField(max_length=14, choices=State, default=State.GRACE)
    asked_by = models.CharField(max_length=60)  # "persoon:12" or "opdracht"
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # then it cannot be undone any more
    ended_at = models.DateTimeField(null=True)
    sealed = models.CharField(max_length=80)  # name of the file in REGIO_HOME/vertrek
    sha256 = models.CharField(max_length=64)  # of what is inside
    rows = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board"], condition=Q(state="bedenktijd"), name="a_board_leaves_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(state="bedenktijd", ended_at=None) | (~Q(state="bedenktijd") & Q(ended_at__isnull=False)),
                name="an_exit_that_ended_says_when",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"vertrek van bestuur {self.board}"
