"""Who is asking: the person behind a request and what that person may do for whom, read once per request."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from .enums import OrganisationKind, Role
from .models import Membership


@dataclass(frozen=True)
class Held:
    """A role for an organisation ("bestuur:41234"), in force today."""

    role: Role
    organisation: str


@dataclass(frozen=True)
class Viewer:
    """Who is asking.

    Attributes:
        person_id: None for a visitor who has not signed in.
        held: roles in force today.
        is_local: an open installation on this computer alone, where whoever sits at it may do everything.
    """

    person_id: int | None = None
    held: tuple[Held, ...] = ()
    is_local: bool = False

    @property
    def actor(self) -> str:
        """As whom the trail names this viewer."""
        return f"persoon:{self.person_id}" if self.person_id else "bezoeker"

    def has(self, *roles: Role, organisation: str | None = None) -> bool:
        """Tell whether the viewer holds one of these roles, for this organisation or (None) for any."""
        return self.is_local or any(
            one.role in roles and (organisation is None or one.organisation == organisation) for one in self.held
        )

    def organisations(self, kind: OrganisationKind) -> set[str]:
        """Return the codes of the organisations of this kind for which the viewer holds a role."""
        return {code for prefix, _, code in (one.organisation.partition(":") for one in self.held) if prefix == kind}


VISITOR = Viewer()
LOCAL = Viewer(is_local=True)


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who is asking; one query for who has signed in, none for a visitor. Kept on the request."""
    found: Viewer | None = getattr(request, "viewer", None)
    if found is None:
        found = _read(request)
        request.viewer = found  # type: ignore[attr-defined]
    return found


def _read(request: HttpRequest) -> Viewer:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return Viewer(person_id=user.pk, held=roles_of(user.pk, timezone.localdate()))
    return LOCAL if settings.OPEN else VISITOR


def roles_of(person_id: int, today: date) -> tuple[Held, ...]:
    """Return what this person does for whom on this day."""
    rows = Membership.objects.filter(person_id=person_id).order_by("pk")
    return tuple(Held(Role(row.role), row.organisation) for row in rows if row.is_in_force(today))
