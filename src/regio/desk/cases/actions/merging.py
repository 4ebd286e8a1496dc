"""Two candidates who are one person: joined without losing anything, and taken apart again.

Everything that was said and done goes to who is kept. Of two open cases of one type the younger is closed with a reason of
its own. The other candidate stays as a trace, so that the old address leads to who is kept. Consent goes along, unless the
kept person took the same consent back later; then it stays with the trace and counts for nobody.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from regio.accounts.models import Consent
from regio.audit.actions import record
from regio.desk.cases.errors import MayNotMerge, MayNotUndo
from regio.desk.cases.models import Candidate, Case, Contact, Merge, Note
from regio.desk.cases.reasons import MERGED

from .changing import Step, enter_phase, find_holder, give_to, put_step, save, team_at
from .closing import end


def merge(kept_id: int, gone_id: int, *, now: datetime, by: int | None) -> Merge:
    """Make two candidates one.

    Raises:
        MayNotMerge: the same one, of two regions, or merged already.
    """
    with transaction.atomic():
        both = {one.pk: one for one in Candidate.objects.select_for_update().filter(pk__in=[kept_id, gone_id])}
        if len(both) != 2 or any(one.merged_into_id for one in both.values()):
            raise MayNotMerge
        kept, gone = both[kept_id], both[gone_id]
        if kept.region_key != gone.region_key:
            raise MayNotMerge
        moved: dict[str, Any] = {
            "joined": _join_open_cases(kept, gone, now=now, by=by), "cases": _move_cases(kept, gone),
            "consents": _move_consents(kept, gone), "followers": _move_followers(kept, gone),
        }  # fmt: skip
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        _keep_holders(moved["cases"], now=now, by=by)
        made = Merge.objects.create(kept=kept, gone=gone, moved=moved, at=now, by_id=by)
        _record("merged", made, "Dubbele kandidaat samengevoegd", now=now)
    return made


def _join_open_cases(kept: Candidate, gone: Candidate, *, now: datetime, by: int | None) -> list[dict[str, Any]]:
    """Bring what was said in an open case of who goes to the open case of the same type of who stays, and close it."""
    held = Case.objects.select_for_update(of=("self",)).filter(closed_at=None)
    mine = {case.type: case for case in held.filter(candidate=kept)}
    joined = []
    for case in held.filter(candidate=gone, type__in=mine).select_related("candidate"):
        target = mine[case.type]
        told = {
            "case": case.pk, "into": target.pk, "phase": case.phase, "step": case.next_step, "on": f"{case.next_on}",
            "contacts": list(case.contacts.values_list("pk", flat=True)), "notes": list(case.notes.values_list("pk", flat=True)),
        }  # fmt: skip
        Contact.objects.filter(case=case).update(case=target)
        Note.objects.filter(case=case).update(case=target)
        end(case, MERGED, now=now, by=by)
        save(target, now=now, by=by)
        joined.append(told)
    return joined


def _move_cases(kept: Candidate, gone: Candidate) -> list[int]:
    cases = list(Case.objects.filter(candidate=gone).values_list("pk", flat=True))
    Case.objects.filter(pk__in=cases).update(candidate=kept)
    return cases


def _keep_holders(cases: list[int], *, now: datetime, by: int | None) -> None:
    """Give an open case to another where its owner turns out to be the candidate, or has left since."""
    held = Case.objects.select_for_update(of=("self",)).select_related("candidate").filter(pk__in=cases, closed_at=None)
    for case in held:
        team = team_at(case.region_key, now=now)
        if not team.may_hold(case.owner_id, case):
            give_to(case, find_holder(case, team), now=now, is_chosen=False)
            save(case, now=now, by=by)


def _move_consents(kept: Candidate, gone: Candidate) -> list[int]:
    """Give who is kept every consent that does not stand in the way of a newer word of theirs."""
    moved = []
    for consent in Consent.objects.filter(person_id=gone.person_id):
        same = Consent.objects.filter(
            person_id=kept.person_id, purpose=consent.purpose, organisation=consent.organisation
        )
        is_open = consent.withdrawn_at is None
        stands = same.filter(withdrawn_at=None).exists() or same.filter(withdrawn_at__gt=consent.given_at).exists()
        if not (is_open and stands):
            Consent.objects.filter(pk=consent.pk).update(person_id=kept.person_id)
            moved.append(consent.pk)
    return moved


def _move_followers(kept: Candidate, gone: Candidate) -> list[int]:
    """Let who was merged into the one that goes now lead to who is kept."""
    followers = list(Candidate.objects.filter(merged_into=gone).values_list("pk", flat=True))
    Candidate.objects.filter(pk__in=followers).update(merged_into=kept)
    return followers


def undo_merge(merge_id: int, *, now: datetime, by: int | None) -> Merge:
    """Take two candidates apart: each gets back what was theirs; what was added since stays with who was kept.

    Raises:
        MayNotUndo: undone already, or one of the two was merged again since.
    """
    with transaction.atomic():
        made = Merge.objects.select_for_update().select_related("kept", "gone").get(pk=merge_id)
        later = Merge.objects.filter(undone_at=None, pk__gt=made.pk, gone=made.kept)
        if made.undone_at is not None or later.exists():
            raise MayNotUndo
        moved, gone = made.moved, made.gone
        if _blocks(made):
            raise MayNotUndo
        Candidate.objects.filter(pk=gone.pk).update(merged_into=None)
        Candidate.objects.filter(pk__in=moved["followers"]).update(merged_into=gone)
        Case.objects.filter(pk__in=moved["cases"]).update(candidate=gone)
        Consent.objects.filter(pk__in=moved["consents"]).update(person_id=gone.person_id)
        for told in moved["joined"]:
            _open_again(told, now=now, by=by)
        _keep_holders(moved["cases"], now=now, by=by)
        made.undone_at = now
        made.save(update_fields=["undone_at"])
        _record("merge_undone", made, "Samenvoeging ongedaan gemaakt", now=now)
    return made


def _blocks(made: Merge) -> bool:
    """Tell whether somebody who was taken apart would have two open cases of one type, or a consent twice."""
    cases = Case.objects.filter(closed_at=None)
    types = set(cases.filter(candidate=made.gone).values_list("type", flat=True))
    back = [told["case"] for told in made.moved["joined"]]
    returning = cases.filter(pk__in=made.moved["cases"]) | Case.objects.filter(pk__in=back)
    if types & set(returning.values_list("type", flat=True)):
        return True
    moved = Consent.objects.filter(pk__in=made.moved["consents"], withdrawn_at=None).values_list(
        "purpose", "organisation"
    )
    there = Consent.objects.filter(person_id=made.gone.person_id, withdrawn_at=None).values_list(
        "purpose", "organisation"
    )
    return bool(set(moved) & set(there))


def _open_again(told: dict[str, Any], *, now: datetime, by: int | None) -> None:
    """Give a case that was joined its contacts and notes back, and its owner, step and date."""

    case = Case.objects.select_for_update(of=("self",)).get(pk=told["case"])
    Contact.objects.filter(pk__in=told["contacts"], case_id=told["into"]).update(case=case)
    Note.objects.filter(pk__in=told["notes"], case_id=told["into"]).update(case=case)
    if case.is_open or case.exit_reason != MERGED:
        return
    case.closed_at, case.exit_reason, case.ask_again_on = None, "", None
    enter_phase(case, told["phase"], now=now, by=by)
    put_step(case, Step(told["step"], date.fromisoformat(told["on"])))
    save(case, now=now, by=by)


def _record(kind: str, made: Merge, heading: str, *, now: datetime) -> None:
    record(
        f"cases.{kind}", subject=f"kandidaat:{made.kept_id}", heading=heading, now=now, region=made.kept.region_key,
        details={"gone": made.gone_id, "moved": {name: len(ids) for name, ids in made.moved.items()}},
    )  # fmt: skip
