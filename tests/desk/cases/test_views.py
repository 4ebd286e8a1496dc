"""L8-L15, L22, L38: the pages of a desk, who sees what on them, and how many queries a list costs."""

import pytest
from django.urls import reverse

from regio.desk.cases.models import Case, Contact, Merge, Note
from regio.regions.models import Board
from tests.factories import cases, people
from tests.factories.cases import EMPLOYER

pytestmark = pytest.mark.django_db
PAGES = ("desk_todo", "desk_changes", "cases", "cases_file", "response_times", "new_case", "absences", "doubles", "step_templates", "desk_mail")  # fmt: skip


def text_of(answer):
    return answer.content.decode()


def signed_in(client, someone):
    return people.sign_in(client, someone)


def base(client, number):
    """Return the hidden field of the form of a case, as a browser would send it back."""
    import re

    return re.search(r'name="base" value="([^"]+)"', text_of(client.get(reverse("case", args=[number]))))[1]


def state(client, made, **changes):
    return {"base": base(client, made.pk), "phase": made.phase, "owner": made.owner_id, "next_step": made.next_step, "next_on": f"{made.next_on}"} | changes  # fmt: skip


@pytest.fixture
def desk():
    return cases.desk()[1]


@pytest.mark.parametrize("name", PAGES)
def test_an_adviser_opens_every_page_and_a_visitor_none(client, desk, name):
    cases.case(owner=desk[0])
    assert client.get(reverse(name)).status_code == 302
    assert signed_in(client, desk[0]).get(reverse(name)).status_code == 200


def test_the_own_list_stands_by_urgency(client, desk, frozen_clock):
    today = cases.TODAY
    cases.case(1, owner=desk[0], name="Anke Laat", next_on=today.replace(day=1), first_contact_at=cases.NOW)
    cases.case(2, owner=desk[0], name="Bas Nu", next_on=today, first_contact_at=cases.NOW)
    cases.case(3, owner=desk[0], name="Cor Belofte", promised_on=today.replace(day=2))
    cases.case(4, owner=desk[1], name="Dirk Ander")
    page = text_of(signed_in(client, desk[0]).get(reverse("desk_todo")))
    places = [
        page.index(words) for words in ("Belofte gemist", "Cor Belofte", "Te laat", "Anke Laat", "Vandaag <", "Bas Nu")
    ]
    assert places == sorted(places)
    assert "Dirk Ander" not in page
    assert "3 open zaken" in page


@pytest.mark.parametrize(("name", "queries"), [("desk_todo", 4), ("cases", 14), ("desk_changes", 5)])
@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_for_one_case_and_three(client, desk, query_count, name, queries, number):
    for one in range(number):
        cases.case(one, owner=desk[0])
    signed_in(client, desk[0])
    with query_count() as seen:
        client.get(reverse(name))
    assert len(seen) == queries


def test_a_case_is_one_page_with_everything(client, desk, query_count):
    made = cases.case(owner=desk[0], name="Noor Vlinder")
    cases.tried(made, days_ago=2)
    Note.objects.create(case=made, text="Wil graag in Vaartdorp", at=cases.NOW)
    signed_in(client, desk[0])
    page = text_of(client.get(reverse("case", args=[made.pk])))
    for words in ("Noor Vlinder", "Bel voor een eerste gesprek", "24 november 2026", "Persoon 1", "Telefoon, niet bereikt: Poging", "Wil graag in Vaartdorp", "alleen het team", "Fase: nieuw"):  # fmt: skip
        assert words in page
    made.refresh_from_db()
    assert made.seen_at == cases.NOW


def test_phase_owner_step_and_day_are_set_together(client, desk):
    made = cases.case(owner=desk[0])
    signed_in(client, desk[0])
    wanted = state(client, made, phase="matchen", owner=desk[1].pk, next_step="Bel de school", next_on="2026-12-01")
    assert client.post(reverse("case", args=[made.pk]), wanted).status_code == 302
    made.refresh_from_db()
    assert (made.phase, made.owner_id, made.next_step, f"{made.next_on}", made.seen_at) == ("matchen", desk[1].pk, "Bel de school", "2026-12-01", None)  # fmt: skip
    assert list(made.phases.order_by("pk").values_list("phase", flat=True)) == ["nieuw", "matchen"]


@pytest.mark.parametrize("missing", ["next_step", "next_on"])
def test_a_step_and_a_day_are_asked(client, desk, missing):
    made = cases.case(owner=desk[0])
    signed_in(client, desk[0])
    assert client.post(reverse("case", args=[made.pk]), state(client, made, **{missing: ""})).status_code == 422


def test_the_second_of_two_editors_is_told_and_shown_the_difference(client, desk):
    made = cases.case(owner=desk[0])
    signed_in(client, desk[1])
    mine = state(client, made, next_step="Stuur een folder")
    first = people.sign_in(type(client)(), desk[0])
    first.post(reverse("case", args=[made.pk]), state(first, made, phase="orienteren", next_on="2026-12-09"))
    answer = client.post(reverse("case", args=[made.pk]), mine)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Persoon 1 bewaarde" in page
    assert "<b>Stuur een folder</b>" in page
    assert "<b>9 december 2026</b>" in page
    again = state(client, made, next_step="Stuur een folder", phase="orienteren", next_on="2026-12-09")
    assert client.post(reverse("case", args=[made.pk]), again).status_code == 302
    made.refresh_from_db()
    assert (made.next_step, made.phase, f"{made.next_on}") == ("Stuur een folder", "orienteren", "2026-12-09")


def test_contact_is_logged_and_leads_to_the_next_step(client, desk):
    made = cases.case(owner=desk[0])
    signed_in(client, desk[0])
    address = reverse("case_contact", args=[made.pk])
    client.post(address, {"base": base(client, made.pk), "subject": "Wil weten wat een dag meelopen is", "how": "niet-bereikt"})  # fmt: skip
    made.refresh_from_db()
    assert (made.next_step, f"{made.next_on}", made.first_contact_at) == (
        "Bel voor een eerste gesprek",
        "2026-11-24",
        None,
    )
    client.post(address, {"base": base(client, made.pk), "subject": "Gesprek", "how": "gesproken"})
    made.refresh_from_db()
    assert (made.next_step, made.first_contact_at) == ("Stuur een mail met een voorstel voor een gesprek", cases.NOW)
    assert Contact.objects.count() == 2


def test_a_contact_is_kept_when_a_colleague_was_first_and_the_colleagues_step_stays(client, desk):
    made = cases.case(owner=desk[0])
    signed_in(client, desk[0])
    old = base(client, made.pk)
    client.post(reverse("case", args=[made.pk]), state(client, made, next_step="Wacht op diploma"))
    answer = client.post(reverse("case_contact", args=[made.pk]), {"base": old, "subject": "Belde zelf", "how": "gesproken"}, follow=True)  # fmt: skip
    made.refresh_from_db()
    assert "een collega intussen anders" in text_of(answer)
    assert (made.next_step, made.contacts.count()) == ("Wacht op diploma", 1)


def test_what_is_confidential_is_for_the_owner_and_who_wrote_it(client, desk):
    made = cases.case(owner=desk[0])
    Contact.objects.create(case=made, at=cases.NOW, channel="telefoon", is_reached=True, subject="Geheim onderwerp", text="Geheime woorden", is_confidential=True)  # fmt: skip
    address = reverse("case", args=[made.pk])
    assert "Geheime woorden" in text_of(signed_in(client, desk[0]).get(address))
    page = text_of(signed_in(client, desk[1]).get(address))
    assert "Geheim" not in page
    assert "vertrouwelijk" in page


def test_every_look_at_a_case_is_in_the_trail(client, desk):
    from regio.audit.models import Event

    made = cases.case(owner=desk[0])
    signed_in(client, desk[1]).get(reverse("case", args=[made.pk]))
    seen = Event.objects.get(kind="cases.case_seen")
    assert (seen.subject, seen.actor, seen.is_view) == (f"zaak:{made.pk}", f"persoon:{desk[1].pk}", True)


# ------------------------------------------------------------------------------------------------- the employer never sees
@pytest.fixture
def hidden(desk):
    Board.objects.get_or_create(code=EMPLOYER, defaults={"name": "Stichting Noordpolder"})
    made = cases.sitting_teacher(7, owner=desk[0])
    type(made.candidate.person).objects.filter(pk=made.candidate.person_id).update(name="Zwaantje Verborgen")
    cases.case(8, owner=desk[0], name="Open Boek")
    return made


@pytest.mark.parametrize("name", PAGES)
def test_l38_nobody_of_the_employer_sees_a_sitting_teacher_on_any_page_or_in_any_count(client, desk, hidden, name):
    own = cases.adviser(20, boards=(EMPLOYER,))
    page = text_of(signed_in(client, own).get(f"{reverse(name)}?zoek=Zwaantje" if name == "cases" else reverse(name)))
    assert "Verborgen" not in page
    assert "kandidaat7" not in page
    assert f"/zaken/{hidden.pk}/" not in page
    listed = text_of(client.get(reverse("cases")))
    assert "alle open zaken (1)" in listed
    assert "alle open zaken (2)" in text_of(signed_in(client, desk[1]).get(reverse("cases")))


@pytest.mark.parametrize("kind", ["bestuur", "school", "vestiging"])
def test_l38_a_role_at_a_board_a_school_or_a_location_of_the_employer_is_enough(client, desk, hidden, kind):
    from tests.factories import regions

    place = regions.location(0, of_board=Board.objects.get(code=EMPLOYER))
    code = {"bestuur": EMPLOYER, "school": place.school_id, "vestiging": place.code}[kind]
    code = place.school.brin if kind == "school" else code
    own = cases.adviser(21)
    people.member(own, role="school_contact", organisation=f"{kind}:{code}")
    signed_in(client, own)
    for name in ("case", "case_contact", "case_close"):
        assert client.get(reverse(name, args=[hidden.pk])).status_code == 404
        assert client.post(reverse(name, args=[hidden.pk])).status_code == 404


def test_l38_who_works_for_the_employer_does_not_learn_that_a_case_exists(client, desk, hidden):
    own = cases.adviser(22, boards=("90002", EMPLOYER))
    Board.objects.create(code="90002", name="Stichting Zuiderdijk")
    signed_in(client, own)
    asked = {
        "name": "X",
        "type": "mobiliteit",
        "employer": "90002",
        "source": "telefoon",
        "region": cases.REGION,
        "agrees": "on",
    }
    answers = [client.post(reverse("new_case"), asked | {"email": mail}) for mail in ("kandidaat7@voorbeeld.example", "nieuw@voorbeeld.example")]  # fmt: skip
    assert [answer.headers["Location"] for answer in answers] == [f"{reverse('cases')}?gezegd=collega"] * 2


def test_l38_a_hidden_case_is_never_given_to_somebody_of_the_employer(client, desk, hidden):
    own = cases.adviser(23, boards=(EMPLOYER,))
    signed_in(client, desk[0])
    assert client.post(reverse("case", args=[hidden.pk]), state(client, hidden, owner=own.pk)).status_code == 422
    hidden.refresh_from_db()
    assert hidden.owner_id == desk[0].pk


def test_an_adviser_of_another_region_gets_404_and_no_count(client, desk):
    made = cases.case(owner=desk[0])
    other = cases.adviser(30, region=cases.ELSEWHERE)
    signed_in(client, other)
    assert client.get(reverse("case", args=[made.pk])).status_code == 404
    assert "alle open zaken (0)" in text_of(client.get(reverse("cases")))


def test_an_adviser_does_not_see_the_own_case(client, desk):
    from regio.desk.cases.models import Candidate

    made = cases.case(owner=desk[0])
    Candidate.objects.filter(pk=made.candidate_id).update(person=desk[1])
    assert signed_in(client, desk[1]).get(reverse("case", args=[made.pk])).status_code == 404


@pytest.mark.parametrize("role", ["board_planner", "board_executive", "hr", "programme_manager", "privacy_officer", "school_contact"])  # fmt: skip
def test_who_is_not_of_the_desk_sees_no_case(client, desk, role):
    made = cases.case(owner=desk[0])
    signed_in(client, people.person(40, role=role, organisation=f"regio:{cases.REGION}"))
    for address in (reverse("cases"), reverse("case", args=[made.pk]), reverse("cases_file")):
        assert client.get(address).status_code == 404


# ------------------------------------------------------------------------------------------------------------ the team
def test_everything_of_who_is_away_moves_in_one_action_and_back(client, desk):
    mine = [cases.case(number, owner=desk[0]) for number in range(3)]
    later = cases.case(9, owner=desk[0], next_on="2027-02-01")
    signed_in(client, desk[1])
    asked = {
        "person": desk[0].pk,
        "cover": desk[1].pk,
        "first": "2026-11-20",
        "last": "2026-12-04",
        "region": cases.REGION,
    }
    assert client.post(reverse("absences"), asked).status_code == 302
    assert {case.owner_id for case in Case.objects.filter(pk__in=[one.pk for one in mine])} == {desk[1].pk}
    assert Case.objects.get(pk=later.pk).owner_id == desk[0].pk
    page = text_of(client.get(reverse("absences")))
    assert "3 zaken bij Persoon 2" in page
    client.post(reverse("end_absence", args=[1]) if False else page.split('action="')[1].split('"')[0])
    assert {case.owner_id for case in Case.objects.all()} == {desk[0].pk}


def test_doubles_are_listed_merged_and_taken_apart(client, desk):
    one, other = cases.case(1, owner=desk[0], name="Jan de Wit"), cases.case(2, owner=desk[1], name="jan de wít")
    cases.tried(other, days_ago=3)
    signed_in(client, desk[0])
    assert "Jan de Wit" in text_of(client.get(reverse("doubles")))
    pair = [one.candidate_id, other.candidate_id]
    assert client.get(reverse("merge", args=pair)).status_code == 200
    client.post(reverse("merge", args=pair))
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.contacts.count(), other.contacts.count(), other.exit_reason, other.candidate_id) == (1, 0, "samengevoegd", pair[0])  # fmt: skip
    client.post(reverse("undo_merge", args=[Merge.objects.get().pk]))
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.contacts.count(), other.contacts.count(), other.is_open, other.candidate_id) == (0, 1, True, pair[1])
    assert (other.next_step, f"{other.next_on}") == ("Bel voor een eerste gesprek", "2026-11-24")


def test_usual_steps_change_without_code(client, desk):
    signed_in(client, desk[0])
    address = f"{reverse('step_templates')}?soort=instroom&fase=nieuw&regio={cases.REGION}"
    assert "Bel voor een eerste gesprek; 2" in text_of(client.get(address))
    assert client.post(address, {"lines": "Zonder dagen"}).status_code == 422
    client.post(address, {"lines": "App binnen een dag; 1\nBel daarna; 3"})
    assert (cases.case(5).next_step, cases.case(6, type="professionalisering").next_step) == ("App binnen een dag", "Bel voor een eerste gesprek")  # fmt: skip


def test_filters_stay_in_the_address(client, desk):
    for number in range(2):
        cases.case(number, owner=desk[0])
    page = text_of(signed_in(client, desk[0]).get(f"{reverse('cases')}?fase=nieuw&lijst=mijn&zoek=Kandidaat"))
    assert "?zoek=Kandidaat&amp;lijst=mijn&amp;fase=orienteren" in page
    assert "2 zaken in deze lijst" in page


def test_a_case_is_opened_with_consent_and_taking_it_back_closes_it_at_once(client, desk):
    from regio.accounts.consent import withdraw_consent
    from regio.accounts.enums import Purpose

    signed_in(client, desk[0])
    asked = {"name": "Nieuw Gezicht", "email": "nieuw@voorbeeld.example", "type": "instroom", "source": "telefoon", "region": cases.REGION}  # fmt: skip
    assert client.post(reverse("new_case"), asked).status_code == 422
    opened = client.post(reverse("new_case"), asked | {"agrees": "on"}, follow=True)
    assert "toestemming sinds 20 november 2026 (telefoon)" in text_of(opened)
    again = client.post(reverse("new_case"), asked | {"agrees": "on"}, follow=True)
    assert "al een open zaak" in text_of(again)
    made = Case.objects.get()
    withdraw_consent(
        made.candidate.person, purpose=Purpose.DESK_FILE, organisation=f"regio:{cases.REGION}", now=cases.NOW
    )
    made.refresh_from_db()
    assert (made.is_open, made.exit_reason) == (False, "toestemming")


def test_a_note_or_a_contact_of_a_colleague_does_not_stand_in_the_way_of_an_edit(client, desk):
    made = cases.case(owner=desk[0])
    signed_in(client, desk[0])
    mine = state(client, made, phase="matchen")
    client.post(reverse("case_note", args=[made.pk]), {"text": "Belde net", "visibility": "team"})
    cases.tried(made, days_ago=0)
    Case.objects.filter(pk=made.pk).update(version=made.version + 3)  # as a contact without another step does
    assert client.post(reverse("case", args=[made.pk]), mine).status_code == 302
    made.refresh_from_db()
    assert made.phase == "matchen"


def test_a_case_of_nobody_is_taken_by_one_press(client, desk):
    made = cases.case()
    assert (made.owner_id, made.assigned_at) == (desk[0].pk, None)
    signed_in(client, desk[1])
    assert "Neem deze zaak" in text_of(client.get(reverse("case", args=[made.pk])))
    client.post(reverse("case_take", args=[made.pk]))
    made.refresh_from_db()
    assert (made.owner_id, made.assigned_at) == (desk[1].pk, cases.NOW)
    assert "Neem deze zaak" not in text_of(client.get(reverse("case", args=[made.pk])))
