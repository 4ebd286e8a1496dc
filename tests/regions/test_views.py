"""Choosing a region: the lists, and an own set that works by plain posts."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from regio.regions.models import LocationLink, Region, RegionDraft, SchoolLocation
from regio.regions.queries import own_regions
from regio.regions.views import RESULTS_SHOWN
from tests.factories import forecasts, regions
from tests.factories.forecasts import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    regions.area(name="Voorbeeld")
    return [regions.location(i, name=f"School {i}") for i in range(3)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_regions_takes_three_queries(client, django_assert_num_queries, number):
    for i in range(number):
        regions.area(f"9{i}", f"Gebied {i}")
        regions.location(i)
    with django_assert_num_queries(3):
        page = client.get(reverse("regions"))
    assert page.status_code == 200


def test_a_search_narrows_the_lists_without_javascript(client, places):
    regions.area("91", "Aan Zee")
    page = client.get(reverse("regions"), {"zoek": "zee"}).content.decode()
    assert "Aan Zee" in page
    assert "Vaartdorp" not in page


def test_a_search_without_a_hit_says_what_to_do(client, places):
    assert "Geen gebied met “atlantis”" in client.get(reverse("regions"), {"zoek": "atlantis"}).content.decode()


def test_every_kind_says_in_a_line_what_it_is(client, places):
    for kind in ("rmc", "corop"):
        regions.area("92", "Oost", kind=kind)
    page = client.get(reverse("regions")).content.decode()
    for words in (
        "arbeidsmarkt van het onderwijs",
        "voortijdig schoolverlaten",
        "Indeling van het CBS",
        "aantal vestigingen",
    ):
        assert words in page


def test_municipalities_are_folded_per_province_and_open_under_a_search(client, places):
    regions.area("29", "Waterland", kind="provincie")
    regions.municipality("9002", "Duinstad")
    regions.municipality("9001").__class__.objects.filter(code="9001").update(province_code="29")
    page = client.get(reverse("regions")).content.decode()
    assert "<summary>Waterland <small>1</small></summary>" in page
    assert "<summary>Provincie niet bekend <small>1</small></summary>" in page
    assert "<details" in page
    assert " open>" not in page
    found = client.get(reverse("regions"), {"zoek": "vaart"}).content.decode()
    assert '<details class="fold" open><summary>Waterland <small>1</small></summary>' in found
    assert "Duinstad" not in found


def test_without_registers_the_page_says_what_comes_here(client):
    assert "Die zijn nog niet geladen" in client.get(reverse("regions")).content.decode()


# ---------------------------------------------------------------------------------------------------- own region
def compose(client, address="", **given):
    """Press a button of the page of an own region; return the address of the draft it leads to."""
    answer = client.post(address or reverse("own_region"), given)
    assert answer.status_code == 302
    return answer["Location"].partition("?")[0]


def chosen(address):
    return set(RegionDraft.objects.get(code=address.split("/")[-2]).locations.all())


def test_a_person_searches_ticks_names_and_keeps_a_region(client, places):
    page = client.get(reverse("own_region"), {"words": "School"}).content.decode()
    assert page.count('name="location"') == 3
    draft = compose(client, words="School", location=[places[0].pk, places[2].pk], erbij="1")
    page = client.get(draft, {"words": "School", "verschil": "2"}).content.decode()
    assert "2 toegevoegd; nu 2 gekozen." in page
    assert "3 vestigingen gevonden, waarvan 1 nog niet gekozen" in page
    kept = client.post(draft, {"name": "Kust", "bewaar": "1"})
    assert kept["Location"] == "/regio/set:kust/"
    assert set(Region.objects.get().locations.all()) == {places[0], places[2]}


def test_a_region_kept_twice_by_a_double_press_is_one_region(client, places):
    draft = compose(client, words="School", alles_erbij="1")
    for _ in range(2):
        assert client.post(draft, {"name": "Kust", "bewaar": "1"})["Location"] == "/regio/set:kust/"
    assert client.get(draft)["Location"] == "/regio/set:kust/"
    assert Region.objects.count() == 1


def test_all_that_a_search_found_is_added_at_once_also_what_is_not_shown(client):
    everything = {regions.location(i, sector="po" if i < 2 else "vo") for i in range(RESULTS_SHOWN + 5)}
    draft = compose(client, words="vaartdorp", alles_erbij="1")
    assert chosen(draft) == everything
    compose(client, draft, alles_eruit="1")
    compose(client, draft, words="vaartdorp", in_sector="po", alles_erbij="1")
    assert {place.sector for place in chosen(draft)} == {"po"}


@pytest.mark.parametrize("key", ["rpa:90", "gemeente:9001", "bestuur:90001"])
def test_a_whole_area_or_board_is_added_at_once_per_sector_and_without_closed_locations(client, places, key):
    primary = regions.location(5, sector="po")
    SchoolLocation.objects.filter(pk=places[0].pk).update(in_register=False)
    assert chosen(compose(client, groep_erbij=key)) == {places[1], places[2], primary}
    assert chosen(compose(client, groep_erbij=key, in_sector="po")) == {primary}


def test_the_search_offers_areas_and_boards_with_their_number_in_the_chosen_sector(client, places):
    regions.location(5, sector="po")
    page = client.get(reverse("own_region"), {"words": "Vaart", "in_sector": "po"}).content.decode()
    assert 'value="gemeente:9001"' in page
    assert "gemeente, 1 vestiging" in page
    page = client.get(reverse("own_region"), {"words": "noordpolder"}).content.decode()
    assert 'value="bestuur:90001"' in page
    assert "bestuur, 4 vestigingen" in page


def test_one_some_of_a_municipality_or_all_can_be_taken_out(client, places):
    elsewhere = regions.location(7)
    SchoolLocation.objects.filter(pk=elsewhere.pk).update(municipality=regions.municipality("9002", "Duinstad"))
    draft = compose(client, words="vaartdorp", alles_erbij="1")
    compose(client, draft, location=[places[0].pk], eruit="1")
    assert chosen(draft) == {places[1], places[2], elsewhere}
    compose(client, draft, gemeente_eruit="9002")
    assert chosen(draft) == {places[1], places[2]}
    compose(client, draft, alles_eruit="1")
    assert chosen(draft) == set()


def test_two_people_compose_at_once_without_touching_each_other(client, places):
    one, other = compose(client, location=[places[0].pk]), compose(client, location=[places[1].pk])
    assert (chosen(one), chosen(other)) == ({places[0]}, {places[1]})


@pytest.mark.parametrize("wrong", ["²", "9223372036854775808", "1" * 23, "x", "-1", "99999"])
def test_a_made_up_location_is_left_out(client, places, wrong):
    assert client.get(reverse("own_region"), {"location": wrong}).status_code == 200
    assert chosen(compose(client, location=[wrong])) == set()


@pytest.mark.parametrize("words", ["\x00", "x" * 200, "²", "%", "'"])
def test_a_search_that_cannot_be_one_finds_nothing(client, places, words):
    assert client.get(reverse("own_region"), {"words": words, "in_sector": "niets"}).status_code == 200
    assert chosen(compose(client, words=words, alles_erbij="1", groep_erbij=words)) == set()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": "Kust", "location": []}, "Kies minstens één vestiging."),
        ({"name": ""}, "Geef uw regio een naam."),
        ({"name": "bestaat al"}, "Er is al een eigen regio met deze naam."),
        ({"name": "voorbeeld"}, "Er is al een RPA-gebied met deze naam."),
        ({"name": "Vaartdorp"}, "Er is al een gemeente met deze naam."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, places, given, error):
    Region.objects.create(code="bestaat", name="Bestaat al", created_at=NOW)
    ticked = given.get("location", [places[0].pk])
    draft = compose(client, location=ticked)
    answer = client.post(draft, {"name": given["name"], "words": "School", "bewaar": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert error in page
    assert "<title>Fout: " in page
    assert f'value="{given["name"]}"' in page
    assert "3 vestigingen gevonden" in page
    assert len(chosen(draft)) == len(ticked)
    assert Region.objects.count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_an_own_region_takes_eight_queries(client, django_assert_num_queries, number):
    regions.area(name="Voorbeeld")
    for i in range(number):
        regions.location(i, of_board=regions.board(f"9000{i}", f"Bestuur Vaart {i}"))
    draft = compose(client, words="vaartdorp", alles_erbij="1")
    for i in range(number):
        regions.location(10 + i)
    with django_assert_num_queries(8):
        assert client.get(draft, {"words": "vaart"}).status_code == 200


def test_a_choice_of_two_thousand_locations_stays_a_light_page(client, django_assert_num_queries):
    school = regions.location(0).school
    SchoolLocation.objects.bulk_create(
        SchoolLocation(code=f"90ZZ{i:04d}", sector="po", school=school, board=school.board, name=f"School {i}",
            place="Vaartdorp", municipality=regions.municipality(), in_register=True)
        for i in range(2000)
    )  # fmt: skip
    draft = compose(client, words="vaartdorp", alles_erbij="1")
    page = client.get(draft).content
    assert len(chosen(draft)) == 2001
    assert len(page) < 12_000
    assert b"Bekijk de vestigingen in Vaartdorp" in page
    client.post(draft, {"name": "Groot", "bewaar": "1"})
    assert Region.objects.get().locations.count() == 2001


def test_more_fields_than_a_page_sends_get_an_answer_in_dutch(client):
    answer = client.post(reverse("own_region"), {"location": [str(i) for i in range(1500)]})
    assert answer.status_code == 400
    assert "Deze vraag kon niet worden gelezen." in answer.content.decode()


def test_a_draft_that_is_gone_is_not_found_and_old_drafts_go(client, places, frozen_clock):
    draft = compose(client, location=[places[0].pk])
    frozen_clock.move(days=31)
    compose(client, location=[places[0].pk])
    assert client.get(draft).status_code == 404
    assert RegionDraft.objects.count() == 1


# ------------------------------------------------------------------------------------------- change and removal
@pytest.fixture
def coast(places):
    made = Region.objects.create(code="kust", name="Kust", created_at=NOW)
    made.locations.set(places[:2])
    return made


def test_an_own_region_is_changed_in_a_draft_and_the_old_one_leads_to_the_new(client, places, coast):
    for address in (reverse("regions"), "/regio/set:kust/"):
        assert reverse("manage_region", args=["kust"]) in client.get(address).content.decode()
    assert client.get(reverse("manage_region", args=["kust"])).status_code == 200
    draft = client.post(reverse("manage_region", args=["kust"]))["Location"]
    compose(client, draft, location=[places[2].pk])
    assert coast.locations.count() == 2
    assert client.post(draft, {"name": "Kust", "bewaar": "1"})["Location"] == "/regio/set:kust-2/"
    old = client.get("/regio/set:kust/")
    assert old.status_code == 410
    assert "/regio/set:kust-2/" in old.content.decode()
    assert [row.key for row in own_regions()] == ["set:kust-2"]


def test_of_two_people_who_change_one_region_the_second_is_told(client, places, coast):
    drafts = [client.post(reverse("manage_region", args=["kust"]))["Location"] for _ in range(2)]
    client.post(drafts[0], {"name": "Kust", "bewaar": "1"})
    answer = client.post(drafts[1], {"name": "Kust", "bewaar": "1"})
    assert answer.status_code == 422
    assert "Er is al een eigen regio met deze naam." in answer.content.decode()
    assert client.post(drafts[1], {"name": "Kust B", "bewaar": "1"})["Location"] == "/regio/set:kust-b/"
    assert Region.objects.filter(removed_at=None).count() == 2


def test_an_own_region_is_removed_after_a_question_and_says_so_from_then_on(client, coast):
    client.cookies["regio"] = "set:kust"
    question = reverse("remove_region", args=["kust"])
    assert "Kust verwijderen?" in client.get(question).content.decode()
    assert client.get("/regio/set:kust/").status_code == 200
    assert client.post(question)["Location"] == reverse("regions")
    page = client.get("/regio/set:kust/")
    assert page.status_code == 410
    assert "verwijderd" in page.content.decode()
    assert client.cookies["regio"].value == ""
    assert client.get(question).status_code == client.get(reverse("manage_region", args=["kust"])).status_code == 410
    assert "Kust" not in client.get(reverse("regions")).content.decode()


def test_forecasts_of_a_removed_region_stay_on_their_permanent_address(client, coast):
    forecasts.batch()
    forecasts.some_positions()
    made = forecasts.run("set:kust")
    forecasts.full_scope(made, kind="regio", code="set:kust")
    page = client.get("/regio/set:kust/").content.decode()
    assert reverse("manage_region", args=["kust"]) in page
    client.post(reverse("remove_region", args=["kust"]))
    page = client.get(f"/cijfer/{made.pk}/regio/set:kust/leerlingen-vo/")
    assert page.status_code == client.get(f"/prognose/{made.pk}/").status_code == 200
    assert "Kust" in page.content.decode()
    assert client.get("/regio/set:kust/").status_code == 410


def test_a_code_is_never_used_again_so_that_old_forecasts_keep_their_region(client, places, coast):
    client.post(reverse("remove_region", args=["kust"]))
    draft = compose(client, location=[places[2].pk])
    assert client.post(draft, {"name": "Kust", "bewaar": "1"})["Location"] == "/regio/set:kust-2/"


def test_the_database_holds_no_replaced_region_that_is_still_in_the_lists(coast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.create(code="fout", name="Fout", created_at=NOW, replaced_by=coast)


@pytest.mark.parametrize(
    ("typed", "ours"),
    [
        ("/regio/RPA:90/?sector=vo", "/regio/rpa:90/?sector=vo"),
        ("/regio/Rpa:90/prognose/", "/regio/rpa:90/prognose/"),
        ("/regio/set:Kust/", "/regio/set:kust/"),
        ("/regio/rpa:90/vestiging/90aa00/?sector=vo", "/regio/rpa:90/vestiging/90AA00/?sector=vo"),
        ("/regio/rpa:90/school/90aA/", "/regio/rpa:90/school/90AA/"),
        ("/cijfer/1/vestiging/90aa00/leerlingen-vo/", "/cijfer/1/vestiging/90AA00/leerlingen-vo/"),
    ],
)
def test_an_address_in_other_letters_leads_to_ours(client, coast, typed, ours):
    answer = client.get(typed)
    assert (answer.status_code, answer["Location"]) == (301, ours)


def test_an_unknown_region_in_capitals_is_not_found(client):
    assert client.get("/regio/RPA:77/").status_code == 404


def test_names_from_files_are_shown_as_text(client):
    regions.area(name="<b>Voorbeeld</b>")
    page = client.get(reverse("regions")).content.decode()
    assert "&lt;b&gt;Voorbeeld&lt;/b&gt;" in page


def test_opening_a_region_is_remembered_for_the_start_page(client, places):
    client.get(reverse("region", args=["rpa:90"]))
    assert client.cookies["regio"].value == "rpa:90"
    assert '<a href="/regio/rpa:90/">Regio</a>' in client.get(reverse("start")).content.decode()


# -------------------------------------------------------------------------------------------- what became of a location
FUSION = {"kind": "fusie", "new_code": "90AB00", "since": "2026-08-01", "percent": "100"}


@pytest.fixture
def old(places):
    return SchoolLocation.objects.get(code="90AA00")


def test_what_became_of_a_location_is_recorded_and_taken_back(client, old):
    address = reverse("what_became", args=["90AA00"])
    assert "Niets: voor de prognose gaat deze vestiging gewoon door." in client.get(address).content.decode()
    assert client.post(address, FUSION)["Location"] == f"{address}?klaar=1#stand"
    page = client.get(address).content.decode()
    assert "Fusie op 1 augustus 2026: 100\u00a0% naar" in page
    assert "Bron: eigen opgave" in page
    assert client.post(address, {"weg": "90AB00"}).status_code == 302
    assert not old.links_onward.exists()
    assert client.post(address, {"weg": "90AB00"}).status_code == 302  # somebody else was first


@pytest.mark.parametrize(("changes", "words"), [
    ({"new_code": "90ZZ00"}, "hier niet geladen"), ({"new_code": ""}, "elke andere verandering heeft er een"),
    ({"new_code": "90AA00"}, "kan niet in zichzelf overgaan"), ({"since": "gisteren"}, "Schrijf de dag als 2026-08-01."),
    ({"percent": "0"}, "Vul een heel getal in van 1 tot en met 100."), ({"kind": "brand"}, "Er klopt iets nog niet"),
])  # fmt: skip
def test_what_cannot_be_true_of_a_location_is_explained(client, old, changes, words):
    answer = client.post(reverse("what_became", args=["90AA00"]), FUSION | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not old.links_onward.exists()


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_what_became_takes_two_queries(client, old, django_assert_num_queries, number):
    for i in range(number):
        LocationLink.objects.create(old=old, new=regions.location(i + 20), kind="splitsing", share=1 / 3, source="x")
    with django_assert_num_queries(2):
        client.get(reverse("what_became", args=["90AA00"]))
