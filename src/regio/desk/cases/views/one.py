"""One case on one page: where somebody is, what comes next, who helps, and everything that was said."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from regio.accounts.viewer import Viewer, viewer_of
from regio.audit.actions import record_view
from regio.desk.cases import queries
from regio.desk.cases.actions import closing, opening, working
from regio.desk.cases.actions.changing import Step
from regio.desk.cases.actions.mail import address_of
from regio.desk.cases.actions.usual_steps import step_after
from regio.desk.cases.enums import CaseType, Source
from regio.desk.cases.errors import OpenAlready, Overtaken
from regio.desk.cases.forms import (
    WAYS,
    CloseForm,
    ContactForm,
    NewCaseForm,
    NoteForm,
    StateForm,
    base_of,
    read_base,
    words_of_phase,
)
from regio.desk.cases.models import Case, Desk
from regio.desk.cases.rules import Team, boards_of, team_of, visible_cases
from regio.shared.errors import UserError
from regio.shared.formatting import long_date

from .lists import desks_of, said


def found_case(request: HttpRequest, number: int) -> Case:
    """Return a case that the reader may see, else 404."""
    return get_object_or_404(
        visible_cases(viewer_of(request)).select_related("candidate__person", "owner", "changed_by"), pk=number
    )


def back_to(case_id: int, words: str) -> HttpResponse:
    """Lead to the page of a case, which says what was done."""
    return redirect(f"{reverse('case', args=[case_id])}?gezegd={words}")


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case: int) -> HttpResponse:
    """Show a case, or set its phase, owner, step and date; every look is in the trail."""
    found, viewer, now = found_case(request, case), viewer_of(request), timezone.now()
    team = team_of(found.region_key, today=timezone.localdate(now))
    form = StateForm(request.POST or None, initial=_initial(found), team=team, case=found)
    if request.method == "POST" and found.is_open and form.is_valid():
        return _update(request, found, form, team)
    with transaction.atomic():
        record_view("cases.case_seen", subject=f"zaak:{found.pk}", heading="Zaak bekeken", now=now)
        working.mark_seen(found, by=viewer.person_id, now=now)
    return render(request, "cases/case.html", _context(request, found, form, team), status=422 if form.errors else 200)


def _initial(case: Case) -> dict[str, Any]:
    return {
        "phase": case.phase,
        "owner": case.owner_id,
        "next_step": case.next_step,
        "next_on": case.next_on,
        "base": base_of(case),
    }


def _context(request: HttpRequest, case: Case, form: StateForm, team: Team) -> dict[str, Any]:
    viewer, today = viewer_of(request), timezone.localdate()
    return {
        "case": case, "candidate": case.candidate, "form": form, "note_form": NoteForm(), "history": queries.history(case, viewer),
        "may_take": _may_take(case, team, viewer.person_id),
        "consent": queries.file_consent(case),
        "others": queries.other_cases(case, viewer), "exit": queries.exit_words(case), "today": today, "said": said(request),
        "address": address_of(case, Desk.objects.filter(region_key=case.region_key).first()), "is_late": bool(case.next_on and case.next_on < today),
        "is_away": any(one.is_away for one in team.advisers.values() if one.person_id == case.owner_id), "here": "zaken",
        "crumbs": [("Zaken", reverse("cases")), (f"Zaak {case.pk}", "")],
    }  # fmt: skip


def _may_take(case: Case, team: Team, me: int | None) -> bool:
    """Tell whether the reader can take a case: nobody chose it yet, or its owner is away."""
    is_free = case.assigned_at is None or any(
        one.is_away for one in team.advisers.values() if one.person_id == case.owner_id
    )
    return (
        case.is_open
        and is_free
        and me is not None
        and team.may_hold(me, case)
        and (me != case.owner_id or case.assigned_at is None)
    )


def _update(request: HttpRequest, case: Case, form: StateForm, team: Team) -> HttpResponse:
    given = form.cleaned_data
    wanted = working.State(given["phase"], given["owner"], given["next_step"], given["next_on"])
    try:
        working.update_case(case.pk, wanted, version=form.version, now=timezone.now(), by=viewer_of(request).person_id)
    except Overtaken as overtaken:
        if _is_as_it_was(given["base"], overtaken.case):  # something was added, and nothing of what this form is about
            working.update_case(case.pk, wanted, version=overtaken.case.version, now=timezone.now(), by=viewer_of(request).person_id)  # fmt: skip
            return back_to(case.pk, "bewaard")
        return _show_difference(request, overtaken.case.pk, wanted, base=given["base"], team=team)
    except UserError as refused:
        form.add_error(None, str(refused))
        return render(request, "cases/case.html", _context(request, case, form, team), status=422)
    return back_to(case.pk, "bewaard")


def _is_as_it_was(base: str, case: Case) -> bool:
    told = read_base(base)
    return told is not None and told[1:] == [case.phase, case.owner_id, case.next_step, f"{case.next_on or ''}"]


def _show_difference(
    request: HttpRequest, number: int, wanted: working.State, *, base: str, team: Team
) -> HttpResponse:
    """Show what another changed meanwhile beside what this reader wants; nothing of either is lost."""
    case = found_case(request, number)
    told = read_base(base)
    now = working.state_of(case)
    before = working.State(told[1], told[2], told[3], date.fromisoformat(told[4]) if told[4] else None) if told else now
    both = working.State(*(mine if mine != was else theirs for mine, was, theirs in zip(_values(wanted), _values(before), _values(now), strict=True)))  # fmt: skip
    initial = _initial(case) | {
        "phase": both.phase,
        "owner": both.owner_id,
        "next_step": both.next_step,
        "next_on": both.next_on,
    }
    lines = [
        queries.Difference(label, *(_shown(value, label, team) for value in values))
        for label, *values in zip(("Fase", "Adviseur", "Volgende stap", "Op"), _values(before), _values(now), _values(wanted), strict=True)
    ]  # fmt: skip
    context = {"case": case, "lines": lines, "form": StateForm(initial=initial, team=team, case=case), "here": "zaken", "crumbs": [("Zaken", reverse("cases")), (f"Zaak {case.pk}", reverse("case", args=[case.pk])), ("Intussen veranderd", "")]}  # fmt: skip
    return render(request, "cases/difference.html", context, status=409)


def _values(state: working.State) -> tuple[Any, ...]:
    return (state.phase, state.owner_id, state.next_step, state.next_on)


def _shown(value: Any, label: str, team: Team) -> str:
    if label == "Fase":
        return words_of_phase(value)
    if label == "Adviseur":
        return team.advisers[value].name if value in team.advisers else "werkt niet meer bij het loket"
    return long_date(value) if isinstance(value, date) else str(value or "–")


@require_POST
def case_take(request: HttpRequest, case: int) -> HttpResponse:
    """Take a case that nobody took yet, or that lies with a colleague who is away."""
    found, me = found_case(request, case), viewer_of(request).person_id
    try:
        if me is not None:
            working.take_case(found.pk, now=timezone.now(), by=me)
    except UserError:
        return back_to(found.pk, "")
    return back_to(found.pk, "bewaard")


@require_http_methods(["GET", "HEAD", "POST"])
def case_contact(request: HttpRequest, case: int) -> HttpResponse:
    """Log a moment of contact: what about, and one button that says how; the next step follows by itself."""
    found, today = found_case(request, case), timezone.localdate()
    form = ContactForm(request.POST or None, initial={"base": base_of(found)})
    if request.method == "POST" and form.is_valid():
        way = request.POST.get("how", "")
        return _log(request, found, form, way if way in WAYS else "gesproken")
    proposals = (
        [(step_after(found, is_reached=reached, today=today), reached) for reached in (True, False)]
        if found.is_open
        else []
    )
    context = {
        "case": found, "candidate": found.candidate, "form": form, "ways": [(code, words) for code, (words, _, _) in WAYS.items()],
        "proposals": proposals, "here": "zaken", "crumbs": [("Zaken", reverse("cases")), (f"Zaak {found.pk}", reverse("case", args=[found.pk])), ("Contact vastleggen", "")],
    }  # fmt: skip
    return render(request, "cases/contact.html", context, status=422 if form.errors else 200)


def _log(request: HttpRequest, case: Case, form: ContactForm, way: str) -> HttpResponse:
    given, (_, channel, is_reached) = form.cleaned_data, WAYS[way]
    usual = step_after(case, is_reached=is_reached, today=timezone.localdate())
    step = Step(given["next_step"] or usual.words, given["next_on"] or usual.on) if case.is_open else None
    talk = working.Talk(
        channel=channel, subject=given["subject"], text=given["text"], is_reached=is_reached, is_incoming=way == "antwoord",
        is_confidential=given["is_confidential"],
    )  # fmt: skip
    _, is_overtaken = working.log_contact(
        case.pk, talk, step=step, version=form.version, now=timezone.now(), by=viewer_of(request).person_id
    )
    return back_to(case.pk, "ingehaald" if is_overtaken else "contact")


@require_POST
def case_note(request: HttpRequest, case: int) -> HttpResponse:
    """Keep a note."""
    found, form = found_case(request, case), NoteForm(request.POST)
    if form.is_valid():
        working.write_note(found.pk, form.cleaned_data["text"], visibility=form.cleaned_data["visibility"], now=timezone.now(), by=viewer_of(request).person_id)  # fmt: skip
        return back_to(found.pk, "notitie")
    team = team_of(found.region_key, today=timezone.localdate())
    context = _context(request, found, StateForm(initial=_initial(found), team=team, case=found), team)
    return render(request, "cases/case.html", context | {"note_form": form, "wrong": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def case_close(request: HttpRequest, case: int) -> HttpResponse:
    """Close a case with a reason; for silence only after enough attempts."""
    found, now = found_case(request, case), timezone.now()
    form = CloseForm(request.POST or None, initial={"base": base_of(found)})
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_case(found.pk, form.cleaned_data["reason"], version=form.version, now=now, by=viewer_of(request).person_id)  # fmt: skip
            return back_to(found.pk, "gesloten")
        except Overtaken:
            form.add_error(None, "Een collega wijzigde deze zaak intussen. Kijk eerst op de pagina van de zaak.")
        except UserError as refused:
            form.add_error("reason", str(refused))
    crumbs = [("Zaken", reverse("cases")), (f"Zaak {found.pk}", reverse("case", args=[found.pk])), ("Sluiten", "")]
    context = {
        "case": found,
        "form": form,
        "silence": closing.silence_now(found, now=now),
        "here": "zaken",
        "crumbs": crumbs,
    }
    return render(request, "cases/close.html", context, status=422 if form.errors else 200)


@require_POST
def case_reopen(request: HttpRequest, case: int) -> HttpResponse:
    """Open a closed case again; where another one is open already, lead there."""
    found = found_case(request, case)
    try:
        closing.reopen_case(found.pk, now=timezone.now(), by=viewer_of(request).person_id)
    except OpenAlready as other:
        return back_to(other.case_id, "bestaat")
    except UserError:
        return back_to(found.pk, "")
    return back_to(found.pk, "open")


@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: HttpRequest) -> HttpResponse:
    """Open a case for somebody who calls or mails; who is known goes on in the same record."""
    viewer, form = viewer_of(request), NewCaseForm(request.POST or None, regions=desks_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _open(viewer, form.cleaned_data)
        except UserError as refused:
            form.add_error("employer" if "bestuur" in str(refused) else None, str(refused))
    return render(
        request, "cases/new.html", {"form": form, "tab": "nieuw", "here": "zaken"}, status=422 if form.errors else 200
    )


def _open(viewer: Viewer, given: dict[str, Any]) -> HttpResponse:
    """Open a case and lead to it. Whether a sitting teacher has one already, somebody with a role at a board never learns."""
    is_inflow, now = given["type"] == CaseType.INFLOW, timezone.now()
    must_not_learn = not is_inflow and bool(boards_of(one.organisation for one in viewer.held))
    try:
        with transaction.atomic():
            newcomer = opening.Newcomer(given["name"], given["email"], given["phone"])
            candidate = opening.register_candidate(newcomer, region_key=given["region"], now=now)
            opened = opening.open_case(
                candidate, case_type=given["type"], source=given["source"], now=now, by=viewer.person_id,
                employer_board="" if is_inflow else given["employer"], owner=None if must_not_learn else viewer.person_id, agreed="telefoon" if given["source"] == Source.PHONE else "papier",
            )  # fmt: skip
        number, words = opened.pk, "nieuw"
    except OpenAlready as known:
        number, words = known.case_id, "bestaat"
    is_seen = not must_not_learn and visible_cases(viewer).filter(pk=number).exists()
    return back_to(number, words) if is_seen else redirect(f"{reverse('cases')}?gezegd=collega")
