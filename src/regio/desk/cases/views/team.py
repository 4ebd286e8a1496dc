"""What the team keeps in order: who is away, doubles, the usual steps, and mail that waits for a case."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regio.accounts.viewer import viewer_of
from regio.audit.actions import record_view
from regio.desk.cases import queries
from regio.desk.cases.actions import handing_over, merging, usual_steps
from regio.desk.cases.actions.mail import assign, case_of
from regio.desk.cases.enums import OPEN_PHASES, CaseType
from regio.desk.cases.forms import AbsenceForm, MailForm, StepsForm
from regio.desk.cases.models import Absence, Candidate, Merge
from regio.desk.cases.rules import team_of, visible_candidates, visible_cases
from regio.shared.errors import UserError
from regio.shared.inbound import drop

from .lists import desks_of, said

FORM = ["GET", "HEAD", "POST"]


def told(name: str, words: str) -> HttpResponse:
    """Lead to a page that says what was done."""
    return redirect(f"{reverse(name)}?gezegd={words}")


def chosen_desk(request: HttpRequest) -> str:
    """Return the region of the desk that the address names, else the first of the reader's."""
    keys = [key for key, _ in desks_of(request)]
    asked = request.POST.get("region") or request.GET.get("regio", "")
    if not keys or (asked and asked not in keys):
        raise Http404
    return asked or keys[0]


@require_http_methods(FORM)
def absences(request: HttpRequest) -> HttpResponse:
    """Show who is away; everything of an adviser that is due moves in one action."""
    context: dict[str, Any] = {"absences": queries.absences(viewer_of(request)), "said": said(request), "tab": "afwezig", "here": "zaken"}  # fmt: skip
    if not desks_of(request) and request.method != "POST":
        return render(request, "cases/absences.html", context)
    key = chosen_desk(request)
    team, today = team_of(key, today=timezone.localdate()), timezone.localdate()
    form = AbsenceForm(
        request.POST or None, team=team, initial={"region": key, "person": viewer_of(request).person_id, "first": today}
    )
    if request.method == "POST" and form.is_valid() and _cover(request, form, key):
        return told("absences", "over")
    return render(request, "cases/absences.html", context | {"form": form}, status=422 if form.errors else 200)


def _cover(request: HttpRequest, form: AbsenceForm, key: str) -> bool:
    given = form.cleaned_data
    try:
        handing_over.cover_absence(
            given["person"], region_key=key, first=given["first"], last=given["last"], cover=given["cover"],
            now=timezone.now(), by=viewer_of(request).person_id,
        )  # fmt: skip
    except UserError as refused:
        form.add_error("person", str(refused))
        return False
    return True


@require_POST
def end_absence(request: HttpRequest, absence: int) -> HttpResponse:
    """Move back what still lies with who took over."""
    handing_over.end_absence(
        get_object_or_404(Absence, pk=absence).pk, now=timezone.now(), by=viewer_of(request).person_id
    )
    return told("absences", "terug")


@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Return candidates who look like one person, and what was merged lately."""
    viewer = viewer_of(request)
    context = {"groups": queries.doubles(viewer), "merges": queries.recent_merges(viewer), "said": said(request), "tab": "dubbel", "here": "zaken"}  # fmt: skip
    return render(request, "cases/doubles.html", context)


@require_http_methods(FORM)
def merge(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Show two candidates side by side, and make them one: the first is kept."""
    seen = visible_candidates(viewer_of(request)).filter(merged_into=None).select_related("person")
    pair = [get_object_or_404(seen, pk=number) for number in (one, other)]
    problem = ""
    if request.method == "POST":
        try:
            merging.merge(one, other, now=timezone.now(), by=viewer_of(request).person_id)
            return told("doubles", "samen")
        except UserError as refused:
            problem = str(refused)
    sides = [(candidate, _cases_of(request, candidate)) for candidate in pair]
    with transaction.atomic():
        for candidate in pair:
            record_view(
                "cases.candidate_seen",
                subject=f"kandidaat:{candidate.pk}",
                heading="Kandidaat bekeken",
                now=timezone.now(),
            )
    crumbs = [("Zaken", reverse("cases")), ("Dubbelen", reverse("doubles")), ("Samenvoegen", "")]
    context = {"sides": sides, "one": pair[0], "other": pair[1], "problem": problem, "here": "zaken", "crumbs": crumbs}
    return render(request, "cases/merge.html", context, status=409 if problem else 200)


def _cases_of(request: HttpRequest, candidate: Candidate) -> list[Any]:
    return list(visible_cases(viewer_of(request)).filter(candidate=candidate).order_by("-opened_at"))


@require_POST
def undo_merge(request: HttpRequest, merge: int) -> HttpResponse:
    """Take two candidates apart again."""
    try:
        merging.undo_merge(get_object_or_404(Merge, pk=merge).pk, now=timezone.now(), by=viewer_of(request).person_id)
    except UserError:
        return told("doubles", "kanniet")
    return told("doubles", "apart")


@require_http_methods(FORM)
def step_templates(request: HttpRequest) -> HttpResponse:
    """Show and change the usual steps of one type and phase; no code is needed for it."""
    desks, now = desks_of(request), timezone.now()
    case_type, phase = _type_and_phase(request)
    key = chosen_desk(request) if desks else ""
    present = usual_steps.usual_steps(key, case_type=case_type, phase=phase, today=timezone.localdate(now))
    initial = {"lines": "\n".join(f"{one.words}; {one.days}" for one in present)}
    form = StepsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        steps = [usual_steps.UsualStep(words, days) for words, days in form.cleaned_data["lines"]]
        usual_steps.change_usual_steps(
            key or chosen_desk(request), case_type=case_type, phase=phase, steps=steps, now=now
        )
        return redirect(f"{reverse('step_templates')}?soort={case_type}&fase={phase}&regio={key}&gezegd=stappen")
    context = {"form": form, "type": case_type, "phase": phase, "types": CaseType, "phases": OPEN_PHASES, "region": key, "said": said(request), "tab": "stappen", "here": "zaken"}  # fmt: skip
    return render(request, "cases/steps.html", context, status=422 if form.errors else 200)


def _type_and_phase(request: HttpRequest) -> tuple[str, str]:
    asked, phase = request.GET.get("soort", ""), request.GET.get("fase", "")
    return (asked if asked in CaseType.values else CaseType.INFLOW), (phase if phase in OPEN_PHASES else OPEN_PHASES[0])


@require_http_methods(FORM)
def desk_mail(request: HttpRequest) -> HttpResponse:
    """Show mail that waits for a case; somebody says which, or that it belongs to none."""
    viewer = viewer_of(request)
    waiting = queries.waiting_mail(viewer)
    form = MailForm(request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        problem = _handle(request, form.cleaned_data, {mail.pk for mail in waiting})
        if not problem:
            return told("desk_mail", "post")
    rows = [(mail, _proposal(request, mail)) for mail in waiting]
    if rows:
        with transaction.atomic():
            record_view(
                "cases.mail_seen", subject="loket:", heading=f"{len(rows)} wachtende mails bekeken", now=timezone.now()
            )
    context = {"rows": rows, "problem": problem, "said": said(request), "tab": "post", "here": "zaken"}
    return render(request, "cases/mail.html", context, status=422 if problem or form.errors else 200)


def _handle(request: HttpRequest, given: dict[str, Any], known: set[int]) -> str:
    """Do what was asked with a mail; return what is wrong, "" for nothing."""
    if given["mail"] not in known:
        return "Deze mail is al verwerkt. Ververs de lijst."
    if "drop" in request.POST:
        drop(given["mail"], now=timezone.now())
        return ""
    case = visible_cases(viewer_of(request)).select_related("candidate").filter(pk=given["case"] or 0).first()
    if case is None:
        return "Deze zaak kennen wij niet. Kijk of het nummer klopt."
    assign(given["mail"], case, now=timezone.now())
    return ""


def _proposal(request: HttpRequest, mail: Any) -> int | None:
    """Return the case that a mail names, or the only open case of who sent it."""
    named = case_of(mail)
    seen = visible_cases(viewer_of(request))
    if named is not None:
        return named.pk if seen.filter(pk=named.pk).exists() else None
    own = list(
        seen.filter(candidate__person__email=mail.sender.lower(), closed_at=None).values_list("pk", flat=True)[:2]
    )
    return own[0] if len(own) == 1 else None
