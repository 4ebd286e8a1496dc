"""What a run with own files keeps from who may not read them, whichever sector a page is of."""

import pytest

from tests.factories import closed, forecasts, regions
from tests.workforce.words import text

pytestmark = pytest.mark.django_db


def test_seed_and_outcome_of_a_run_with_own_files_are_hidden_on_the_page_of_any_sector(client, frozen_clock, settings):
    """Own files of vo; the page of po says nothing either that confirms a guess at them."""
    settings.OPEN = False
    made = closed.installation().run
    regions.location(5, sector="po", name="De Brug")
    forecasts.line(made, kind="regio", code="rpa:90", sector="po", start=500)
    page = text(client, "/regio/rpa:90/analist/", sector="po")
    assert "Primair onderwijs".lower() in page.lower()
    assert str(made.seed) not in page
    assert made.result_sha256 not in page
    settings.OPEN = True
    assert str(made.seed) in text(client, "/regio/rpa:90/analist/", sector="po")


def test_the_page_of_small_sections_says_of_how_many_locations_it_does_not_speak(client, frozen_clock, settings):
    """Staff that may not be read is not staff that was not loaded."""
    settings.OPEN = False
    closed.installation()
    said = text(client, "/regio/rpa:90/kleine-secties/")
    assert "tellen de secties hier niet mee" in said
    assert "Bezetting niet geladen" not in said
    settings.OPEN = True
    assert "tellen de secties hier niet mee" not in text(client, "/regio/rpa:90/kleine-secties/")
