"""L11, A2: no way leaves an open case without owner, next step and date. Random ways are tried, and the table itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from regio.accounts.actions import end_role
from regio.accounts.enums import Role
from regio.accounts.models import Membership
from regio.desk.cases import nightly, old_rows
from regio.desk.cases.actions import closing, handing_over, merging, opening, working
from regio.desk.cases.actions.changing import Step
from regio.desk.cases.errors import Overtaken
from regio.desk.cases.models import Absence, Candidate, Case, Merge
from regio.desk.cases.reasons import reasons
from regio.desk.cases.rules import team_of
from regio.shared.errors import UserError
from regio.shared.retention import terms
from tests.factories import cases, people

pytestmark = pytest.mark.django_db
NUMBERS = st.integers(min_value=0, max_value=1000)


class Desk(RuleBasedStateMachine):
    """A desk of four advisers where anything may happen in any order; one of them also works for a board."""

    def __init__(self):
        super().__init__()
        self.point = transaction.savepoint()
        self.clock.set(cases.NOW)
        self.done, self.refused, self.next_number = 0, 0, 100
        cases.desk(advisers=3)
        cases.adviser(4, boards=(cases.EMPLOYER,))
        self.team = list(Membership.objects.filter(role=Role.DESK_ADVISER).order_by("pk").values_list("person_id", flat=True))  # fmt: skip

    def teardown(self):
        transaction.savepoint_rollback(self.point)

    @property
    def now(self):
        return self.clock.now

    # ------------------------------------------------------------------------------------------------- choosing
    def pick(self, model, number, **having):
        """Return one of the rows, None where there is none."""
        rows = list(model.objects.filter(**having).order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def person(self, number):
        return self.team[number % len(self.team)]

    def attempt(self, act):
        """Do something; what is refused for a reason changes nothing."""
        try:
            with transaction.atomic():
                act()
            self.done += 1
        except (UserError, Overtaken):
            self.refused += 1

    # --------------------------------------------------------------------------------------------------- what happens
    @initialize()
    def begin(self):
        for _ in range(3):
            self.comes(type="instroom", again=None)

    @rule(type=st.sampled_from(["instroom", "mobiliteit", "professionalisering"]), again=st.one_of(st.none(), NUMBERS))
    def comes(self, type, again):
        self.next_number += 1
        known = self.pick(Candidate, again) if again is not None else None
        someone = known or cases.candidate(self.next_number, now=self.now)
        self.attempt(lambda: opening.open_case(someone, case_type=type, source="intake", now=self.now, by=None, employer_board=cases.EMPLOYER if type != "instroom" else ""))  # fmt: skip

    @rule(number=NUMBERS, good=st.booleans())
    def is_imported(self, number, good):
        row = {
            "naam": "Rij",
            "mail": f"rij{number % 7}@voorbeeld.example" if good else "geen adres",
            "soort": "instroom",
        }
        told = opening.import_rows([row, row], region_key=cases.REGION, now=self.now, by=None)
        assert [one.case_id is None for one in told] == [one.problem != "" for one in told]

    @rule(number=NUMBERS, who=NUMBERS, phase=st.sampled_from(["nieuw", "matchen", "werkzaam", "uitgestroomd"]), words=st.sampled_from(["", " ", "Bel"]), days=st.one_of(st.none(), st.integers(-5, 30)), stale=st.booleans())  # fmt: skip
    def is_edited(self, number, who, phase, words, days, stale):
        if (case := self.pick(Case, number)) is None:
            return
        on = None if days is None else self.now.date() + timedelta(days=days)
        wanted = working.State(phase, self.person(who), words, on)
        self.attempt(lambda: working.update_case(case.pk, wanted, version=case.version - stale, now=self.now, by=None))

    @rule(number=NUMBERS, reached=st.booleans(), channel=st.sampled_from(["telefoon", "mail"]), words=st.sampled_from([None, "", "Stuur informatie"]))  # fmt: skip
    def has_contact(self, number, reached, channel, words):
        if (case := self.pick(Case, number)) is None:
            return
        step = None if words is None else Step(words, self.now.date())
        talk = working.Talk(channel=channel, subject="Gesprek", is_reached=reached)
        self.attempt(lambda: working.log_contact(case.pk, talk, step=step, version=case.version, now=self.now, by=None))

    @rule(number=NUMBERS, reason=st.sampled_from([*reasons(), "bestaat_niet"]))
    def is_closed(self, number, reason):
        if (case := self.pick(Case, number)) is None:
            return
        self.attempt(lambda: closing.close_case(case.pk, reason, version=case.version, now=self.now, by=None))

    @rule(number=NUMBERS)
    def comes_back(self, number):
        if (case := self.pick(Case, number)) is None:
            return
        self.attempt(lambda: closing.reopen_case(case.pk, now=self.now, by=None))

    @rule(number=NUMBERS, is_consent=st.booleans())
    def takes_consent_back(self, number, is_consent):
        closing.withdraw(self.pick(Candidate, number), now=self.now, is_consent=is_consent)

    @rule(number=NUMBERS, other=NUMBERS)
    def is_merged(self, number, other):
        one, two = self.pick(Candidate, number), self.pick(Candidate, other)
        self.attempt(lambda: merging.merge(one.pk, two.pk, now=self.now, by=None))

    @precondition(lambda self: Merge.objects.exists())
    @rule(number=NUMBERS)
    def is_taken_apart(self, number):
        made = self.pick(Merge, number)
        self.attempt(lambda: merging.undo_merge(made.pk, now=self.now, by=None))

    @rule(who=NUMBERS, cover=NUMBERS, days=st.integers(0, 20))
    def is_away(self, who, cover, days):
        first = self.now.date()
        self.attempt(lambda: handing_over.cover_absence(self.person(who), region_key=cases.REGION, first=first, last=first + timedelta(days=days), cover=self.person(cover), now=self.now, by=None))  # fmt: skip

    @precondition(lambda self: Absence.objects.exists())
    @rule(number=NUMBERS)
    def is_back(self, number):
        absence = self.pick(Absence, number)
        self.attempt(lambda: handing_over.end_absence(absence.pk, now=self.now, by=None))

    @rule(who=NUMBERS)
    def leaves(self, who):
        held = Membership.objects.filter(role=Role.DESK_ADVISER, ends_on=None, person_id=self.person(who)).first()
        if held is not None and Membership.objects.filter(role=Role.DESK_ADVISER, ends_on=None).exclude(pk=held.pk).exclude(person_id=self.team[3]).exists():  # fmt: skip
            end_role(held, now=self.now)

    @rule(who=NUMBERS)
    def starts_again(self, who):
        if not Membership.objects.filter(role=Role.DESK_ADVISER, ends_on=None, person_id=self.person(who)).exists():
            people.member(people.Person.objects.get(pk=self.person(who)), role=Role.DESK_ADVISER, organisation=f"regio:{cases.REGION}")  # fmt: skip

    @rule(days=st.integers(1, 200))
    def time_passes(self, days):
        self.clock.move(days=days)
        nightly.end_absences(now=self.now)
        nightly.tell_delays(now=self.now)
        nightly.ask_again(now=self.now)
        for term, rows in (
            ("zaak_gelukt", old_rows.done),
            ("zaak_stil", old_rows.silent),
            ("zaak_gestopt", old_rows.stopped),
        ):
            old_rows.end_cases(rows(terms()[term].began_before(self.now)), now=self.now)

    # -------------------------------------------------------------------------------------------------- always true
    @invariant()
    def every_open_case_has_an_owner_a_step_and_a_date(self):
        team = team_of(cases.REGION, today=self.now.date())
        for case in Case.objects.filter(closed_at=None).select_related("candidate"):
            assert case.next_step.strip()
            assert case.next_on
            assert team.may_hold(case.owner_id, case), "the owner is of the desk and may see the case"
        assert nightly.breaches(self.now).count() == 0
        assert not Case.objects.filter(closed_at__isnull=False, exit_reason="").exists()


def test_no_way_leaves_a_case_without_owner_step_and_date(monkeypatch, settings_of_mail, frozen_clock):
    monkeypatch.setattr(Desk, "clock", frozen_clock, raising=False)
    outcome = {"done": 0, "refused": 0, "runs": 0}
    teardown = Desk.teardown

    def counting(self):
        outcome["done"] += self.done
        outcome["refused"] += self.refused
        outcome["runs"] += 1
        teardown(self)

    monkeypatch.setattr(Desk, "teardown", counting)
    run_state_machine_as_test(
        Desk, settings=settings(max_examples=12, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate]),
    )  # fmt: skip
    print(outcome)
    assert outcome["done"] > 100
    assert outcome["refused"] > 50


@pytest.fixture
def settings_of_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.mark.parametrize(
    "broken",
    [
        {"owner": None}, {"next_step": ""}, {"next_on": None}, {"phase": "uitgestroomd"}, {"exit_reason": "baan"},
        {"closed_at": cases.NOW}, {"type": "mobiliteit"},
    ],
)  # fmt: skip
def test_the_table_refuses_what_breaks_the_guarantee(broken):
    cases.desk()
    made = cases.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=made.pk).update(**broken)


def test_the_table_refuses_two_open_cases_of_one_type():
    cases.desk()
    made = cases.case()
    made.pk, made.mail_code, made._state.adding = None, "anders", True
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_where_nobody_else_may_hold_a_case_it_stays_and_counts_as_a_breach():
    _, (only,) = cases.desk(advisers=1)
    made = cases.case(owner=only)
    end_role(Membership.objects.get(person=only, role=Role.DESK_ADVISER), now=cases.NOW)
    made.refresh_from_db()
    assert (made.owner_id, nightly.report_breaches(now=cases.NOW)) == (only.pk, 1)
    new = cases.adviser(7)
    assert nightly.move_from_leavers(now=cases.NOW) == 1
    made.refresh_from_db()
    assert (made.owner_id, nightly.report_breaches(now=cases.NOW)) == (new.pk, 0)
