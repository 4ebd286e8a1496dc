"""Where a region edits its desk: drafts of its routes and of its page, what a draft changes, publish, and go back."""

import copy
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from regio.regions.queries import RegionChoice, region_by_key

from .. import actions, drafts, queries
from ..enums import EditionKind
from ..errors import BadRules, NotPublishable, Overtaken
from ..forms.advice import ConditionForm, QuestionForm, RouteForm
from ..forms.money import MoneyForm, SourceForm
from ..forms.page import PageForm
from ..models import Edition

OVERTAKEN = (
    "Iemand anders heeft dit intussen gewijzigd of gepubliceerd. U ziet nu de laatste stand; doe uw wijziging opnieuw."
)
NEW = "nieuw"
FORMS: dict[str, Any] = {
    "routes": RouteForm, "vragen": QuestionForm, "eisen": ConditionForm, "geld": MoneyForm, "bronnen": SourceForm,
}  # fmt: skip
EMPTY: dict[str, dict[str, Any]] = {
    "geld": {
        "naam": {"nl": "", "en": ""}, "wie": {"nl": "", "en": ""}, "per": {"nl": "", "en": ""}, "van": None, "tot": None, "vanaf": None,
        "tot_en_met": None, "bron": "aanname", "merk": "U",
    },
    "bronnen": {"titel": "", "jaar": "", "opgenomen": None, "merk": "U"},
}  # fmt: skip
NEW_TITLES = {"geld": "Nieuwe regeling", "bronnen": "Nieuwe bron"}


def _region(key: str) -> RegionChoice:
    region = region_by_key(key)
    if region is None:
        raise Http404(f"De regio {key} bestaat hier niet.")
    return region


def _page(request: HttpRequest, template: str, region: RegionChoice, context: Mapping[str, Any], *, title: str = "", status: int = 200) -> HttpResponse:  # fmt: skip
    manage = reverse("desk_manage", kwargs={"key": region.key})
    crumbs = [("Loket", reverse("desk", kwargs={"key": region.key})), ("Bewerken", manage if title else "")]
    common = {
        "region": region,
        "key": region.key,
        "here": "loket",
        "crumbs": [*crumbs, (title, "")] if title else crumbs,
    }
    return render(request, template, common | dict(context), status=status)


@require_safe
def desk_manage(request: HttpRequest, key: str) -> HttpResponse:
    """Both things a region edits: what is in force, the draft, and the editions before."""
    region = _region(key)
    kinds = [
        {
            "kind": kind, "label": kind.label, "in_force": queries.edition_in_force(kind, key), "draft": queries.draft_of(kind, key),
            "editions": queries.editions_of(kind, key), "is_behind": queries.is_behind(kind, key),
        }
        for kind in EditionKind
    ]  # fmt: skip
    return _page(request, "desk/manage.html", region, {"kinds": kinds})


@require_http_methods(["GET", "HEAD", "POST"])
def desk_draft(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """A draft: what it changes and where people end up. A post begins, publishes, throws away, or goes back."""
    region, which = _region(key), EditionKind(kind)
    if request.method == "POST":
        return _change(request, region, which)
    draft = queries.draft_of(which, key)
    return _draft_page(request, region, draft) if draft else redirect("desk_manage", key)


def _change(request: HttpRequest, region: RegionChoice, kind: EditionKind) -> HttpResponse:
    now, draft = timezone.now(), queries.draft_of(kind, region.key)
    try:
        if "begin" in request.POST:
            actions.start_draft(kind, region.key, now=now)
            return (
                redirect("edit_page", region.key)
                if kind == EditionKind.PAGE
                else redirect("desk_draft", region.key, kind)
            )
        if "landelijk" in request.POST:
            actions.follow_national(kind, region.key, now=now)
        elif "terug" in request.POST:
            actions.go_back(kind, region.key, number=_whole(request.POST["terug"]), now=now)
        elif draft is None:
            raise Overtaken
        elif "weg" in request.POST:
            actions.throw_away(draft, now=now)
        elif "publiceer" in request.POST:
            actions.publish(draft, revision=_whole(request.POST["publiceer"]), now=now)
    except Overtaken:
        again = queries.draft_of(kind, region.key)
        return (
            _draft_page(request, region, again, said=OVERTAKEN, status=409)
            if again
            else redirect("desk_manage", region.key)
        )
    except NotPublishable:
        assert draft is not None
        return _draft_page(request, region, draft, status=422)
    return redirect("desk_manage", region.key)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _draft_page(request: HttpRequest, region: RegionChoice, draft: Edition, *, said: str = "", status: int = 200) -> HttpResponse:  # fmt: skip
    in_force = queries.edition_in_force(EditionKind(draft.kind), region.key)
    context: dict[str, Any] = {
        "draft": draft,
        "in_force": in_force,
        "said": said,
        "lines": drafts.changes(in_force, draft),
    }
    if draft.kind == EditionKind.ADVICE:
        outcome = actions.walk_draft(draft)
        before = actions.walk_draft(in_force) if in_force else None
        context |= {
            "outcome": outcome, "problems": outcome["problems"], "firsts": drafts.firsts(draft, outcome, before),
            "people": drafts.people(in_force, draft), "parts": drafts.parts(draft),
        }  # fmt: skip
    return _page(request, "desk/draft.html", region, context, title="Ontwerp", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_row(request: HttpRequest, key: str, part: str, code: str) -> HttpResponse:
    """Change one route, question, condition, grant or source of the draft, or add a grant or source (`nieuw`)."""
    region, draft = _region(key), _draft(EditionKind.ADVICE, key)
    is_new = code == NEW and part in EMPTY
    row = {"code": drafts.free_code(draft.content[part]), **EMPTY[part]} if is_new else _row(draft, part, code)
    form = FORMS[part](request.POST if request.method == "POST" else None, row=row, tree=draft.content)
    title = NEW_TITLES[part] if is_new else drafts.name_of(row)
    return _edit(request, region, draft, form, part=part, code=row["code"], title=title)


def _draft(kind: EditionKind, key: str) -> Edition:
    draft = queries.draft_of(kind, key)
    if draft is None:
        raise Http404("Er is geen ontwerp. Begin er een.")
    return draft


def _row(draft: Edition, part: str, code: str) -> Mapping[str, Any]:
    found = next((row for row in draft.content[part] if row["code"] == code), None)
    if found is None:
        raise Http404
    return found


def _edit(request: HttpRequest, region: RegionChoice, draft: Edition, form: Any, *, part: str, code: str, title: str) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        content = copy.deepcopy(draft.content)
        rows = content[part]
        at = next((i for i, row in enumerate(rows) if row["code"] == code), len(rows))
        rows[at : at + 1] = [form.changed()]
        if _kept(draft, content, request, form, words=f"{title} gewijzigd in het ontwerp"):
            return redirect("desk_draft", region.key, draft.kind)
    context = {"form": form, "draft": draft, "title": title, "revision": request.POST.get("revision", draft.revision)}
    return _page(request, "desk/edit.html", region, context, title=title, status=422 if form.errors else 200)


def _kept(draft: Edition, content: Mapping[str, Any], request: HttpRequest, form: Any, *, words: str) -> bool:
    """Keep a change; say at the form why it was not kept."""
    try:
        revision = _whole(request.POST.get("revision", ""))
        actions.change_draft(draft, content, revision=revision, words=words[:200], now=timezone.now())
    except Overtaken:
        form.add_error(None, OVERTAKEN)
    except BadRules as error:
        form.add_error(None, f"Zo kan het niet worden bewaard: {error}.")
    return not form.errors


@require_http_methods(["GET", "HEAD", "POST"])
def edit_page(request: HttpRequest, key: str) -> HttpResponse:
    """Change name, colour, contact and texts in the draft."""
    region, draft = _region(key), _draft(EditionKind.PAGE, key)
    form = PageForm(request.POST if request.method == "POST" else None, page=draft.content)
    words = "Teksten van het loket gewijzigd in het ontwerp"
    if request.method == "POST" and form.is_valid() and _kept(draft, form.changed(), request, form, words=words):
        return redirect("desk_draft", key, draft.kind)
    context = {
        "form": form,
        "draft": draft,
        "title": "Naam, kleur en teksten",
        "revision": request.POST.get("revision", draft.revision),
    }
    return _page(request, "desk/edit.html", region, context, title="Teksten", status=422 if form.errors else 200)
