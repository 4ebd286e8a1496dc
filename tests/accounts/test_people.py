"""People and what they do for whom: rights follow role, organisation and day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from regio.accounts.enums import OrganisationKind, Purpose, Role
from regio.accounts.models import Consent, Membership, Person
from regio.accounts.viewer import LOCAL, VISITOR, Held, Viewer, roles_of

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def planner(db):
    return Person.objects.create_user("Planner@Voorbeeld.example", name="Puck Planner")


def member(person, *, role=Role.BOARD_PLANNER, code="90001", starts_on=TODAY, ends_on=None):
    return Membership.objects.create(
        person=person, role=role, organisation_kind=OrganisationKind.BOARD, organisation_code=code, starts_on=starts_on,
        ends_on=ends_on,
    )  # fmt: skip


def test_an_address_is_one_person_whatever_its_capitals(planner):
    assert planner.email == "planner@voorbeeld.example"
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create_user("PLANNER@voorbeeld.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=planner.pk).update(email="Planner@voorbeeld.example")
    assert Person.objects.get_by_natural_key("PLANNER@Voorbeeld.example") == planner


def test_a_person_is_a_number_in_logs(planner):
    assert str(planner) == f"persoon:{planner.pk}"
    assert not planner.has_usable_password()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "counts"),
    [
        (TODAY, None, True),
        (TODAY - 9 * DAY, TODAY, True),
        (TODAY - 9 * DAY, TODAY - DAY, False),
        (TODAY + DAY, None, False),
    ],
)
def test_a_role_counts_from_its_first_day_to_its_last(planner, starts_on, ends_on, counts):
    member(planner, starts_on=starts_on, ends_on=ends_on)
    expected = (Held(Role.BOARD_PLANNER, "bestuur:90001"),) if counts else ()
    assert roles_of(planner.pk, TODAY) == expected


def test_a_membership_keeps_its_promises(planner):
    member(planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        member(planner)
    with pytest.raises(IntegrityError), transaction.atomic():
        member(planner, code="90002", ends_on=TODAY - DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        member(planner, code="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(
            person=planner, role=Role.SUPPORT, organisation_kind=OrganisationKind.INSTALLATION, organisation_code="x",
            starts_on=TODAY,
        )  # fmt: skip


def test_a_consent_is_open_once_and_ends_after_it_began(planner):
    asked = {"person": planner, "purpose": Purpose.JOINT_PLANNING, "organisation": "bestuur:90001", "channel": "scherm"}
    first = Consent.objects.create(**asked, text_version="1", given_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(**asked, text_version="1", given_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.filter(pk=first.pk).update(withdrawn_at=NOW - DAY)
    Consent.objects.filter(pk=first.pk).update(withdrawn_at=NOW)
    Consent.objects.create(**asked, text_version="2", given_at=NOW)


def test_a_right_is_for_one_organisation():
    viewer = Viewer(person_id=1, held=(Held(Role.BOARD_PLANNER, "bestuur:90001"), Held(Role.SUPPORT, "installatie:")))
    assert viewer.has(Role.BOARD_PLANNER, organisation="bestuur:90001")
    assert not viewer.has(Role.BOARD_PLANNER, organisation="bestuur:90002")
    assert viewer.has(Role.SUPPORT)
    assert not viewer.has(Role.BOARD_EXECUTIVE)
    assert viewer.organisations(OrganisationKind.BOARD) == {"90001"}
    assert viewer.actor == "persoon:1"


def test_a_visitor_has_no_role_and_an_open_installation_all():
    assert not VISITOR.has(*Role)
    assert VISITOR.actor == "bezoeker"
    assert LOCAL.has(Role.BOARD_PLANNER, organisation="bestuur:90002")
