"""Looking up regions, their parts and locations."""

import pytest

from regio.regions import queries
from regio.regions.actions import make_region, remove_region
from regio.regions.enums import AreaKind
from tests.factories import regions
from tests.factories.forecasts import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return regions.area(name="Voorbeeld")


def test_a_preset_region_follows_the_municipality_of_a_location(area):
    inside = regions.location(1)
    outside = regions.location(2)
    outside.municipality = regions.municipality("9002", "Elders", rpa_code="91")
    outside.save()
    assert list(queries.locations_in("rpa:90")) == [inside]
    assert list(queries.locations_in("gemeente:9002")) == [outside]


def test_an_own_region_is_its_list_of_locations(area):
    first, second = regions.location(1), regions.location(2)
    made = make_region(name="Kust en Vaart", location_ids=[second.pk], now=NOW)
    assert made.key == "set:kust-en-vaart"
    assert list(queries.locations_in(made.key)) == [second]
    found = queries.region_by_key(made.key)
    assert found is not None
    assert found.name == "Kust en Vaart"
    assert first not in queries.locations_in(made.key)


def test_two_own_regions_of_one_stem_get_different_codes(area):
    place = regions.location(1)
    codes = [make_region(name=name, location_ids=[place.pk], now=NOW).code for name in ("Kust", "Kust!", "***")]
    assert codes == ["kust", "kust-2", "regio"]


@pytest.mark.parametrize("key", ["rpa:99", "iets:90", "rpa", "", "set:weg", "gemeente:1"])
def test_an_unknown_key_is_no_region(area, key):
    assert queries.region_by_key(key) is None
    assert list(queries.locations_in(key)) == []


def test_the_list_of_presets_counts_registered_locations(area):
    regions.area("91", "Aan Zee")
    regions.location(1)
    closed = regions.location(2)
    closed.in_register = False
    closed.save()
    assert [(row.key, row.name, row.locations) for row in queries.preset_regions()[AreaKind.RPA]] == [
        ("rpa:91", "Aan Zee", 0),
        ("rpa:90", "Voorbeeld", 1),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_lists_of_parts_take_one_query(area, django_assert_num_queries, number):
    for i in range(number):
        owner = regions.board(f"9000{i}", f"Bestuur {i}")
        regions.location(i, of_board=owner)
    with django_assert_num_queries(1):
        assert len(queries.boards_in("rpa:90", sector="vo")) == number
    with django_assert_num_queries(1):
        assert len(queries.schools_in("rpa:90", sector="vo", board="90000")) == 1
    with django_assert_num_queries(1):
        assert len(queries.locations_of_school("rpa:90", sector="vo", brin="90AA")) == 1
    with django_assert_num_queries(1):
        assert queries.sectors_in("rpa:90") == {"vo": (number, number)}


def test_search_wants_every_word_somewhere(area):
    regions.location(1, name="Noordpolder College")
    regions.location(2, name="Lyceum aan de Vaart", of_board=regions.board("90002", "Vereniging De Brug"))

    def names(words, sector=""):
        return [str(row) for row in queries.found_locations(words=words, sector=sector)]

    assert names("noordpolder") == ["Noordpolder College"]
    assert names("brug vaart") == ["Lyceum aan de Vaart"]
    assert names("brug noordpolder") == []
    assert names("vaartdorp") == ["Lyceum aan de Vaart", "Noordpolder College"]
    assert names("vaartdorp", "po") == []


def test_a_search_without_words_finds_nothing(area):
    regions.location(1)
    assert list(queries.found_locations(words=" ", sector="")) == []
    assert queries.found_groups(words=" ", sector="") == []


def test_groups_of_a_search_count_registered_locations_of_the_sector(area):
    regions.area("91", "Voorbeeld aan Zee")  # without locations: nothing to add
    regions.location(1)
    regions.location(2, sector="po")
    found = [(group.key, group.label, group.locations) for group in queries.found_groups(words="voorbeeld", sector="")]
    assert found == [("rpa:90", "RPA-gebied", 2)]
    assert [group.locations for group in queries.found_groups(words="voorbeeld", sector="po")] == [1]
    assert [group.key for group in queries.found_groups(words="NOORDPOLDER", sector="")] == ["bestuur:90001"]


def test_a_removed_region_keeps_its_name_for_its_forecasts_only(area):
    made = make_region(name="Kust", location_ids=[regions.location(1).pk], now=NOW)
    remove_region(made, now=NOW)
    assert queries.region_by_key(made.key) is None
    assert queries.region_by_key(made.key, with_removed=True).name == "Kust"
    assert queries.name_is_taken("kust", besides=None) == ""
