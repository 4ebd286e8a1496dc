"""The page that says why a forecast differs: reasons that add up, what cannot be split, and asking to compute it."""

import csv
import io

import pytest

from regio.shared.models import Job
from regio.workforce.models import RunDifference
from tests.factories import forecasts
from tests.workforce.words import plain, text

pytestmark = pytest.mark.django_db
PAGE = "/regio/rpa:90/verschil/"


@pytest.fixture
def runs(frozen_clock):
    older = forecasts.region_with_forecast()
    newer = forecasts.run()
    forecasts.full_scope(newer, kind="regio", code="rpa:90")
    return older, newer


def difference(
    run,
    older=None,
    *,
    published="",
    measure="tekort",
    steps=(("een andere versie van het model", 4.0, False),),
    before=10.0,
    year=2031,
):
    """Store one difference; its steps add up."""
    return RunDifference.objects.create(
        run=run, against=older, published=published, sector="vo", measure=measure, count_year=year, before=before,
        after=before + sum(amount for _, amount, _ in steps),
        steps=[{"woorden": words, "bedrag": amount, "niet_te_splitsen": whole} for words, amount, whole in steps],
    )  # fmt: skip


def test_without_another_forecast_the_page_says_what_will_be_here(client, runs):
    assert "Nog niets om mee te vergelijken Hier komt waarom deze prognose anders is" in plain(text(client, PAGE))


def test_the_difference_with_the_run_before_is_said_in_a_sentence(client, runs):
    older, newer = runs
    steps = (("andere regels voor de formatie", -1.5, False), ("een andere versie van het model", 4.0, False))
    difference(newer, older, steps=steps)
    words = plain(text(client, PAGE))
    assert f"Vergeleken met prognose {older.pk}, van 1 november 2026 Tekort in 2031" in words
    assert f"Deze prognose zegt 12,5 fte tekort in 2031; prognose {older.pk} zei 10,0 fte." in words
    assert (
        "Dat komt door andere regels voor de formatie (−1,5 fte) en een andere versie van het model (+4,0 fte)."
        in words
    )
    assert "Reken uit wat elk deel doet" not in words


def test_the_steps_of_the_file_add_up(client, runs):
    older, newer = runs
    difference(
        newer,
        older,
        steps=(("andere regels voor de formatie", -1.5, False), ("een andere versie van het model", 4.0, False)),
    )
    answer = client.get(f"/cijfer/{newer.pk}/regio/rpa:90/verschil-vo~tekort.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    amounts = [float(row["bedrag"].replace(",", ".")) for row in rows]
    assert sum(amounts[:-1]) == amounts[-1] == 12.5
    drawn = client.get(f"/cijfer/{newer.pk}/regio/rpa:90/verschil-vo~tekort.svg").content.decode()
    assert ">Samen<" in drawn
    assert ">+2,5<" in drawn
    assert client.get(f"/cijfer/{newer.pk}/regio/rpa:90/verschil-vo~tekort/").status_code == 200
    assert client.get(f"/cijfer/{older.pk}/regio/rpa:90/verschil-vo~tekort/").status_code == 404


def test_what_cannot_be_split_is_said_and_can_be_computed(client, runs):
    older, newer = runs
    difference(newer, older, steps=(("nieuwe bestanden en een andere versie van het model", 4.0, True),))
    words = plain(text(client, PAGE))
    assert "een andere versie van het model (+4,0 fte, niet te splitsen)." in words
    answer = client.post(PAGE, {"met": older.pk})
    job = Job.objects.get()
    assert (answer["Location"], job.kind) == (f"/taken/{job.pk}/", "verschil")
    assert job.arguments == {"run": newer.pk, "against": older.pk}
    assert client.post(PAGE, {"met": 999}).status_code == 404
    assert client.post(PAGE, {"met": "x"}).status_code == 404


def test_a_published_forecast_has_its_own_words_and_whole_numbers(client, runs):
    _, newer = runs
    difference(
        newer, published="DUO 2026", measure="leerlingen", before=900.0, steps=(("andere groei na 2026", 50.0, False),)
    )
    words = plain(text(client, PAGE))
    assert "DUO 2026 Leerlingen in 2031" in words
    assert (
        "Deze prognose zegt 950 leerlingen in 2031; DUO 2026 zei 900. Dat komt door andere groei na 2026 (+50)."
        in words
    )
    assert client.get(f"/cijfer/{newer.pk}/regio/rpa:90/gepubliceerd-vo~leerlingen.csv").status_code == 200


def test_the_same_outcome_needs_no_reason(client, runs):
    older, newer = runs
    difference(newer, older, steps=(("rest door afronden", 0.001, False),))
    assert "Dat is afgerond hetzelfde." in plain(text(client, PAGE))


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_many_questions(client, runs, django_assert_num_queries, number):
    older, newer = runs
    for measure in ("tekort", "formatie", "leerlingen")[:number]:
        difference(newer, older, measure=measure)
    with django_assert_num_queries(6):
        client.get(PAGE)
