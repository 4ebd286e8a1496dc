"""Mail that came in: the list with what each became, and a page per mail to give it to somebody, let it become something or drop it.

For who leads the organisation of the mailbox. Each opening of a mail, and all that is done with it, stands in the trail
under the number of the mail; nothing of its content does.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.accounts.viewer import viewer_of
from regio.audit.actions import record, record_view
from regio.audit.queries import events_about
from regio.shared import inbound
from regio.shared.errors import UserError
from regio.shared.models import InboundMail

from .rules import mail_of

SHOWN = 100
GROUPS = {
    "Nog niet begrepen": lambda mail: mail.state == InboundMail.State.NEW and mail.problem != "",
    "Wacht": lambda mail: mail.state == InboundMail.State.NEW and mail.problem == "",
    "Verwerkt of weggelegd": lambda mail: mail.state != InboundMail.State.NEW,
}  # fmt: skip
Does = Callable[[HttpRequest, InboundMail], None]


@require_safe
def post(request: HttpRequest) -> HttpResponse:
    """The newest mails of the mailboxes of who asks: what is not understood, what waits, what became of the rest."""
    rows = list(mail_of(viewer_of(request)).order_by("-received_at", "-pk")[:SHOWN])
    groups = [(title, list(filter(belongs, rows))) for title, belongs in GROUPS.items()]
    return render(request, "site/post.html", {"groups": groups, "number": len(rows), "here": ""})


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, mail: int) -> HttpResponse:
    """One mail: read it, and do one of the things that can be done with it."""
    found, error = get_object_or_404(InboundMail, pk=mail), ""
    if request.method == "POST":
        does = DOES.get(request.POST.get("doe", ""))
        if does is None:
            raise Http404
        try:
            does(request, found)
            return redirect("letter", mail)
        except UserError as refused:
            error = str(refused)
            found.refresh_from_db()
    _note(found, "mail_seen", "Mail gelezen", is_view=True)
    context = {
        "mail": found, "outcomes": inbound.outcomes(), "error": error, "me": viewer_of(request).actor, "trail": events_about(_subject(found))[:20],
        "crumbs": [("Post", reverse("post")), (f"Mail {found.pk}", "")], "here": "",
    }  # fmt: skip
    return render(request, "site/letter.html", context, status=409 if error else 200)


def _subject(mail: InboundMail) -> str:
    return f"post:{mail.pk}"


def _note(mail: InboundMail, code: str, heading: str, *, is_view: bool = False) -> None:
    told: dict[str, Any] = {"subject": _subject(mail), "heading": heading, "now": timezone.now(), "organisation": mail.organisation}  # fmt: skip
    (record_view if is_view else record)(f"site.{code}", **told)


def _assign(request: HttpRequest, mail: InboundMail) -> None:
    who = "" if mail.assigned_to == viewer_of(request).actor else viewer_of(request).actor
    inbound.assign(mail.pk, who)
    _note(mail, "mail_assigned", f"Mail gegeven aan {who}" if who else "Mail aan niemand gegeven")


def _become(request: HttpRequest, mail: InboundMail) -> None:
    code = request.POST.get("wordt", "")
    if code not in {one.code for one in inbound.outcomes()}:
        raise Http404
    try:
        made = inbound.make_of(mail.pk, code, now=timezone.now())
    except UserError:
        _note(mail, "mail_failed", f"Mail kon geen {code} worden")
        raise
    _note(mail, "mail_became", f"Mail werd {made.became}")


def _drop(request: HttpRequest, mail: InboundMail) -> None:
    inbound.drop(mail.pk, now=timezone.now())
    _note(mail, "mail_dropped", "Mail weggelegd")


def _put_back(request: HttpRequest, mail: InboundMail) -> None:
    inbound.put_back(mail.pk)
    _note(mail, "mail_put_back", "Mail teruggezet in de lijst")


DOES: dict[str, Does] = {"geef": _assign, "wordt": _become, "leg_weg": _drop, "zet_terug": _put_back}
