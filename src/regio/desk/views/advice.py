"""The route advice: a question per page, a check of the answers, the result, and a sheet for the talk.

Nothing is stored: the answers travel signed in the address (`tokens`), so back, resume and keep are links. An answer is
sent by an ordinary GET form, since it changes nothing here.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from .. import presenting, queries, tokens
from ..advice.expressions import UNKNOWN
from ..advice.judging import Advice, advise
from ..advice.rules import RuleSet
from ..advice.walking import Conversation, converse
from ..enums import EditionKind
from ..models import Edition
from .frame import Frame, of_a_desk

QUESTIONS_BEFORE_SKIPPING = 3


@require_safe
@of_a_desk
def advice(request: HttpRequest, frame: Frame) -> HttpResponse:
    """Begin: lead to the first question under the rules of now."""
    draft = queries.draft_of(EditionKind.ADVICE, frame.key) if frame.tries else None
    edition = draft or queries.edition_in_force(EditionKind.ADVICE, frame.key)
    if edition is None:
        raise Http404
    return redirect(_at(frame, "advice_question", tokens.Told(edition.pk, timezone.localdate(), {})))


def _at(frame: Frame, name: str, told: tokens.Told) -> str:
    return frame.address(name, token=tokens.written(told))


def _told(frame: Frame, token: str) -> tuple[tokens.Told, Edition, RuleSet]:
    told = tokens.read(token)
    edition = queries.edition_by_pk(told.edition, with_drafts=frame.may_try) if told else None
    if told is None or edition is None or edition.region_key not in ("", frame.key):
        raise Http404("Deze link klopt niet. Begin opnieuw met het advies.")
    return told, edition, queries.rules_of(edition)


@require_safe
@of_a_desk
def advice_question(request: HttpRequest, frame: Frame, token: str) -> HttpResponse:
    """Ask the next question that still matters; with an answer, lead on to the one after it."""
    told, _, rules = _told(frame, token)
    talk = converse(rules, told.answers)
    if talk.asks is None:
        return redirect(frame.address("advice_check", token=token))
    answer = request.GET.get("antwoord")
    if answer in {UNKNOWN, *(one.code for one in talk.offers)}:
        return redirect(_at(frame, "advice_question", told.with_answer(talk.asks.code, str(answer))))
    return frame.render(request, "desk/question.html", _asking(frame, told, talk) | {"is_missing": "verder" in request.GET}, crumb=frame.words["your_advice"])  # fmt: skip


def _asking(frame: Frame, told: tokens.Told, talk: Conversation) -> dict[str, Any]:
    asked = talk.asks
    assert asked is not None
    last = talk.told[-1][0].code if talk.told else None
    return {
        "question": {"text": asked.text[frame.language], "help": asked.help[frame.language]}, "number": len(talk.told) + 1,
        "answers": [(one.code, one.text[frame.language]) for one in talk.offers], "unknown": UNKNOWN,
        "back": _at(frame, "advice_question", told.without(last)) if last else frame.address("desk"),
        "skip": _at(frame, "advice_result", told) if len(talk.told) >= QUESTIONS_BEFORE_SKIPPING else "",
    }  # fmt: skip


@require_safe
@of_a_desk
def advice_check(request: HttpRequest, frame: Frame, token: str) -> HttpResponse:
    """Show the answers with a way to change each; later answers are kept where they still matter."""
    told, _, rules = _told(frame, token)
    talk = converse(rules, told.answers)
    if talk.asks is not None:
        return redirect(frame.address("advice_question", token=token))
    rows = [
        row | {"address": _at(frame, "advice_question", told.without(row["fact"]))}
        for row in presenting.told_view(talk.told, frame.language)
    ]
    context = {"rows": rows, "result": frame.address("advice_result", token=token)}
    return frame.render(request, "desk/check.html", context, crumb=frame.words["your_advice"])


@require_safe
@of_a_desk
def advice_result(request: HttpRequest, frame: Frame, token: str) -> HttpResponse:
    """The advice under the edition it was asked with; where a newer one is in force, a way to that."""
    context, _ = _result(frame, token)
    return frame.render(request, "desk/result.html", context, crumb=frame.words["your_advice"])


@require_safe
@of_a_desk
def advice_sheet(request: HttpRequest, frame: Frame, token: str) -> HttpResponse:
    """The same on one A4, for the talk."""
    context, found = _result(frame, token)
    sources = {one["title"]: one for route in context["cards"][:3] for one in route["sources"]}
    unknown = {one.action: one for judged in found.shown[:3] for one in judged.open if one.is_unknown}
    extra = {"sources": list(sources.values())[:6], "to_ask": list(unknown)[:4], "result": frame.address("advice_result", token=token)}  # fmt: skip
    return frame.render(request, "desk/sheet.html", context | extra, crumb=frame.words["sheet_title"])


def _result(frame: Frame, token: str) -> tuple[dict[str, Any], Advice]:
    told, edition, rules = _told(frame, token)
    found = advise(rules, told.answers, language=frame.language)
    language, today = frame.language, told.on
    shown = [presenting.judged_view(rules, one, language=language, today=today) for one in found.shown]
    in_force = queries.edition_in_force(EditionKind.ADVICE, frame.key)
    is_old = in_force is not None and in_force.pk != edition.pk and not edition.is_draft
    anew = tokens.Told(in_force.pk, timezone.localdate(), told.answers) if in_force and is_old else None
    linked = [one | {"address": frame.address("desk_route", code=one["code"])} for one in shown]
    cards = [one for one in linked if one["is_meant"]] or linked[:1]
    possible = [one for one in linked if one not in cards]
    context = {
        "cards": cards, "possible": possible, "rest": [*cards[3:], *possible], "edition": edition,
        "refused": [presenting.judged_view(rules, one, language=language, today=today) for one in found.refused],
        "told": presenting.told_view(found.told, language), "on": told.on,
        "renewed": _at(frame, "advice_check", anew) if anew else "", "sheet": frame.address("advice_sheet", token=token),
        "check": frame.address("advice_check", token=token),
    }  # fmt: skip
    return context, found
