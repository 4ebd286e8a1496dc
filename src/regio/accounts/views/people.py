"""People and their roles, for who may give them."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from regio.accounts.actions import end_role as end
from regio.accounts.actions import give_role, make_entry_link
from regio.accounts.enums import OrganisationKind, Role
from regio.accounts.forms import GiveRoleForm
from regio.accounts.mail import send
from regio.accounts.models import Membership
from regio.accounts.queries import members_of
from regio.accounts.rules import can_give
from regio.accounts.viewer import Viewer, viewer_of
from regio.shared.errors import UserError


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who has which role, and the form that gives one."""
    viewer = viewer_of(request)
    _require_giver(viewer)
    form = GiveRoleForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid() and _give(request, form):
        return redirect("people")
    rows = [(row, can_give(viewer, Role(row.role), row.organisation)) for row in members_of(_organisations_of(viewer))]
    context = {"form": form, "rows": rows, "here": "mensen"}
    return render(request, "accounts/people.html", context, status=422 if form.errors else 200)


def _give(request: HttpRequest, form: GiveRoleForm) -> bool:
    given = form.cleaned_data
    try:
        membership = give_role(
            email=given["email"], role=given["role"], organisation=form.organisation, now=timezone.now()
        )
    except UserError as refused:
        form.add_error("email", str(refused))
        return False
    invite(request, membership)
    return True


def invite(request: HttpRequest, membership: Membership) -> None:
    """Mail somebody the link with which they come in for the first time."""
    token = make_entry_link(membership.person, target_path=str(settings.LOGIN_REDIRECT_URL), now=timezone.now())
    address = request.build_absolute_uri(reverse("entry_link", args=[token]))
    context = {"address": address, "role": membership.get_role_display()}
    send("invitation", to=membership.person.email, subject="U krijgt toegang", context=context)


@require_POST
def end_role(request: HttpRequest, membership: int) -> HttpResponse:
    """End a role; nobody ends their own, so that no organisation locks itself out."""
    viewer, held = viewer_of(request), get_object_or_404(Membership, pk=membership)
    if held.person_id == viewer.person_id or not can_give(viewer, Role(held.role), held.organisation):
        raise Http404
    end(held, now=timezone.now())
    return redirect("people")


def _require_giver(viewer: Viewer) -> None:
    if viewer.support_id is not None or not viewer.has(Role.REGION_ADMIN, Role.BOARD_EXECUTIVE):
        raise Http404


def _organisations_of(viewer: Viewer) -> list[str] | None:
    """Return the organisations whose people the viewer may see, None for all."""
    if viewer.has(Role.REGION_ADMIN, organisation=f"{OrganisationKind.INSTALLATION}:"):
        return None
    return [one.organisation for one in viewer.held if one.role in (Role.REGION_ADMIN, Role.BOARD_EXECUTIVE)]
