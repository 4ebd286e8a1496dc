"""Choosing a region: the lists, and an own set that works by plain posts."""

import pytest
from django.urls import reverse

from regio.regions.models import Region
from tests.factories import regions
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


def test_without_registers_the_page_says_what_comes_here(client):
    assert "Die zijn nog niet geladen" in client.get(reverse("regions")).content.decode()


def test_a_person_searches_ticks_names_and_keeps_a_region(client, places):
    address = reverse("own_region")
    page = client.post(address, {"words": "School", "zoek": "1"}).content.decode()
    assert page.count('name="location"') == 3
    ticked = [places[0].pk, places[2].pk]
    page = client.post(address, {"words": "vaartdorp", "location": ticked, "zoek": "1"}).content.decode()
    assert page.count(" checked>") == 2
    kept = client.post(address, {"location": ticked, "name": "Kust", "bewaar": "1"})
    assert kept["Location"] == "/regio/set:kust/"
    assert set(Region.objects.get().locations.all()) == {places[0], places[2]}


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": "Kust"}, "Kies minstens één vestiging."),
        ({"name": ""}, "Geef uw regio een naam."),
        ({"name": "bestaat al"}, "Er is al een eigen regio met deze naam."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, places, given, error):
    Region.objects.create(code="bestaat", name="Bestaat al", created_at=NOW)
    ticked = [] if given["name"] == "Kust" else [places[0].pk]
    answer = client.post(reverse("own_region"), given | {"location": ticked, "bewaar": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert error in page
    assert page.count(" checked>") == len(ticked)
    assert Region.objects.count() == 1


def test_a_made_up_location_is_not_kept(client, places):
    answer = client.post(reverse("own_region"), {"name": "Kust", "location": ["99999", "x"], "bewaar": "1"})
    assert answer.status_code == 422
    assert Region.objects.count() == 0


def test_names_from_files_are_shown_as_text(client):
    regions.area(name="<b>Voorbeeld</b>")
    page = client.get(reverse("regions")).content.decode()
    assert "&lt;b&gt;Voorbeeld&lt;/b&gt;" in page


def test_opening_a_region_is_remembered_for_the_start_page(client, places):
    client.get(reverse("region", args=["rpa:90"]))
    assert client.cookies["regio"].value == "rpa:90"
    assert '<a href="/regio/rpa:90/">Regio</a>' in client.get(reverse("start")).content.decode()
