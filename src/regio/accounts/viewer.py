"""Who is asking: the person behind a request and what that person may do for whom, read once per request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from regio.audit.acting import Acting

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
        support_id: who works as this person for support, None when it is the person.
        reason: why support does so.
    """

    person_id: int | None = None
    held: tuple[Held, ...] = ()
    is_local: bool = False
    support_id: int | None = None
    reason: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Tell whether it is somebody with an account."""
        return self.person_id is not None

    @property
    def actor(self) -> str:
        """As whom the trail names this viewer: the one who really sits there."""
        someone = self.support_id or self.person_id
        return f"persoon:{someone}" if someone else "bezoeker"

    def acting(self, request_id: str) -> Acting:
        """Return how events of this viewer are signed."""
        on_behalf_of = f"persoon:{self.person_id}" if self.support_id else ""
        return Acting(actor=self.actor, on_behalf_of=on_behalf_of, reason=self.reason, request_id=request_id)

    def has(self, *roles: Role, organisation: str | None = None) -> bool:
        """Tell whether the viewer holds one of these roles, for this organisation or (None) for any."""
        return self.is_local or any(
            one.role in roles and (organisation is None or one.organisation == organisation) for one in self.held
        )

    def organisations(self, kind: OrganisationKind) -> set[str]:
        """Return the codes of the organisations of this kind for which the viewer holds a role."""
        return {code for prefix, _, code in (one.organisation.partition(":") for one in self.held) if prefix == kind}


WATCHING = "regio_watching"  # where the session keeps as whom support works
VISITOR = Viewer()
LOCAL = Viewer(is_local=True)

_now: ContextVar[Viewer] = ContextVar("viewer", default=LOCAL)  # outside a request: the command line and the worker


def viewer_now() -> Viewer:
    """Return for whom is read now; queries ask it, so that no page can forget to."""
    return _now.get()


@contextmanager
def seen_by(viewer: Viewer) -> Iterator[None]:
    """Let everything inside be read for this viewer."""
    token = _now.set(viewer)
    try:
        yield
    finally:
        _now.reset(token)


def viewer_of(request: HttpRequest) -> Viewer:
    """Return who is asking; a query for the person and one for the roles, none for a visitor. Kept on the request."""
    found: Viewer | None = getattr(request, "viewer", None)
    if found is None:
        found = _read(request)
        request.viewer = found  # type: ignore[attr-defined]
    return found


def _read(request: HttpRequest) -> Viewer:
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return _signed_in(request, user.pk)
    return LOCAL if settings.OPEN else VISITOR


def _signed_in(request: HttpRequest, person_id: int) -> Viewer:
    today, held = timezone.localdate(), roles_of(person_id, timezone.localdate())
    watching = watched_now(request)
    if watching is None or not any(one.role == Role.SUPPORT for one in held):
        return Viewer(person_id=person_id, held=held)
    watched = watching["person"]
    return Viewer(
        person_id=watched, held=roles_of(watched, today), support_id=person_id, reason=watching["reason"]
    )  # fmt: skip


def watched_now(request: HttpRequest) -> dict[str, Any] | None:
    """Return as whom this session works for support (`person`, `reason`, `until` in epoch seconds), None when over."""
    watching: dict[str, Any] | None = request.session.get(WATCHING)
    return watching if watching and timezone.now().timestamp() < watching["until"] else None


def roles_of(person_id: int, today: date) -> tuple[Held, ...]:
    """Return what this person does for whom on this day."""
    rows = Membership.objects.filter(person_id=person_id).order_by("pk")
    return tuple(Held(Role(row.role), row.organisation) for row in rows if row.is_in_force(today))
