"""The evidence page: what it says first, own locations with their reason, sampling error, noise, bands, England, the register."""

import csv
import io
import re
from datetime import date

import pytest
import yaml

from regio.regions.models import LocationLink, SchoolLocation
from regio.workforce.evidence import mechanisms, noise
from regio.workforce.evidence import tables as evidence
from regio.workforce.models import ForecastRun
from regio.workforce.verdicts import rivals_of
from tests.factories import forecasts, regions, shortages
from tests.helpers import CHECKOUT
from tests.rekenregels.test_pagina import REGELS
from tests.workforce.words import plain, text

PAGE = "/terugblik/"
VAN_NODIG_NAAR_TEKORT = REGELS[0]
on_database = pytest.mark.django_db


@on_database
def test_the_first_line_says_what_does_not_exist(client):
    lead = re.search(r'<p class="lead">(.*?)</p>', text(client, PAGE)).group(1)
    assert lead.startswith("Er bestaat nog geen terugblik op Nederlandse personeelscijfers.")


# ---------------------------------------------------------------------------------------------------- own locations
@on_database
def test_the_misses_of_the_own_region_come_first_with_what_is_known_of_them(client, frozen_clock):
    forecasts.region_with_forecast()
    regions.location(9, name="Elders", brin="90ZZ")
    SchoolLocation.objects.filter(code="90ZZ00").update(
        municipality=regions.municipality("9009", "Verweg", rpa_code="99")
    )
    places = {place.code: place for place in SchoolLocation.objects.all()}
    score = forecasts.score()
    for code, said in (("90AA00", 100), ("90AA01", 120), ("90ZZ00", 10)):
        forecasts.cell(score, scope_code=code, location=places[code], said_p50=said, happened=130)
    LocationLink.objects.create(
        old=places["90AA00"], new=places["90AA01"], kind="fusie", since=date(2020, 8, 1), source="test"
    )
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, PAGE))
    assert "Wat wij zeiden, wat het werd in Voorbeeld" in words
    first, second = words.index("Noordpolder College 90AA00"), words.index("Noordpolder Zuid 90AA01")
    assert first < second
    assert "gefuseerd 1-8-2020" in words[first:second]
    assert "ontstaan: gefuseerd 1-8-2020" in words[second:]
    assert "Elders" not in words


@on_database
def test_a_region_without_kept_misses_sees_those_of_all(client, frozen_clock):
    forecasts.region_with_forecast()
    forecasts.cell(forecasts.score(), scope_code="90XX00")
    words = plain(text(client, PAGE))
    assert "90XX00" in words
    assert "in Voorbeeld" not in words.split("Tegen eenvoudige regels")[0]


# -------------------------------------------------------------------------------------------------- sampling error
@on_database
@pytest.mark.parametrize(
    ("simple", "margin", "verdict"),
    [(0.10, 0.02, "geen verschil"), (0.11, 0.02, "wij beter"), (0.06, 0.02, "wij slechter"), (0.0855, None, "geen verschil"), (0.09, None, "wij beter")],
)  # fmt: skip
def test_a_difference_within_the_sampling_error_is_no_difference(simple, margin, verdict):
    score = forecasts.score(persistence_wape_share=simple, persistence_margin_share=margin, mean3_wape_share=None)
    (rival,) = rivals_of(score)
    assert rival.verdict(score) == verdict


@on_database
def test_the_margin_stands_beside_the_verdict_and_only_sure_losses_are_named(client):
    forecasts.score(persistence_wape_share=0.08, persistence_margin_share=0.01, mean3_wape_share=0.07, mean3_margin_share=0.005)  # fmt: skip
    words = plain(text(client, PAGE))
    assert "8,0 % geen verschil (± 1,0)" in words
    assert "7,0 % wij slechter (± 0,5)" in words
    assert "wij 8,4 %, het gemiddelde van 3 jaar 7,0 %" in words
    assert "zit er 8,0 % naast: geen verschil." in words
    assert "In 0 van de 1 vergelijkingen waren wij beter dan het laatste aantal; in 1 was er geen verschil." in words


@on_database
def test_a_published_forecast_is_held_beside_ours(client):
    forecasts.score(publisher="DUO", published_wape_share=0.12, published_margin_share=0.01)
    words = plain(text(client, PAGE))
    assert "Gemiddelde van 3 jaar DUO Te hoog of te laag" in words
    assert "12,0 % wij beter (± 1,0)" in words


# ------------------------------------------------------------------------------------------------------ noise floor
def test_the_noise_floor_is_that_of_a_binomial_count():
    """Three teachers who each leave with chance ½: 0, 1, 2, 3 leavers in 1, 3, 3, 1 of 8; mean distance to 1.5 is 0.75."""
    assert noise.mean_distance(3, 0.5) == pytest.approx(0.75)
    of_ten = noise.floor_of(200)
    assert (round(of_ten.leavers), round(of_ten.sd, 1), round(of_ten.wape, 2)) == (14, 3.6, 0.20)


@on_database
def test_the_page_says_what_nobody_can_avoid(client):
    assert "20 kleine sectie 1,4 1,1 67 %" in plain(text(client, PAGE))
    assert "1.500 onderwijsregio 105,0 9,9 8 %" in plain(text(client, PAGE))


# ------------------------------------------------------------------------------------------------- where bands come from
@on_database
def test_the_band_of_the_shortage_is_split_and_the_best_upload_named(client, frozen_clock):
    """Variance 9 by parameters and 16 by chance; the band of the base year is 5.126 wide, so its variance is 4."""
    run = shortages.region_with_staff()
    run.facts["bezetting"]["vo"]["spreiding"] = {"2031": {"parameter_sd": 3.0, "process_sd": 4.0, "parameter_share": 0.36, "parameter_share_error": 0.05}}  # fmt: skip
    run.save()
    run.values.filter(scope_kind="regio", measure="tekort", item="alle", count_year=2026).update(p10=6 - 2.5631, p90=6 + 2.5631)  # fmt: skip
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, PAGE))
    assert "Toeval: wie er precies gaat en komt 64 % Niets" in words
    assert "De kansen: hoeveel er gemiddeld gaan en komen 20 % Het eigen personeelsbestand" in words
    assert "De beginstand: hoeveel er nu te kort is 16 % Een eigen meting" in words
    assert "Van wat u kunt laden, maakt dit de band het smalst. Het eigen personeelsbestand" in words


@on_database
def test_without_staff_the_band_of_the_need_is_split(client, frozen_clock):
    """In 2031 the level lies 57 ± 3 and the change −3 ± 1.5: a quarter of the variance is the course."""
    forecasts.region_with_forecast()
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, PAGE))
    assert "Waar de band van de formatie vandaan komt" in words
    assert "Het niveau: hoeveel leerlingen op één fte (aanname) 75 % De eigen formatie of lessentabel" in words
    assert "Het verloop: leerlingen en de verhouding door de jaren 25 %" in words


# ------------------------------------------------------------------------------------------------------ by hand
@on_database
def test_the_case_by_hand_sums_and_equals_the_page(client, frozen_clock):
    shortages.region_with_staff()
    forecasts_need = 30.0  # mathematics: half of the staff of the factory
    from regio.workforce.models import ForecastValue

    ForecastValue.objects.filter(scope_code="rpa:90", measure="formatie", item="vak:wiskunde", count_year=2026).update(mean=forecasts_need)  # fmt: skip
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, PAGE))
    for step, fte in VAN_NODIG_NAAR_TEKORT.uitkomst.rijen:  # the case that the manual works out by hand
        assert re.search(rf"{re.escape(step)} [+−]?{f'{abs(fte):.2f}'.replace('.', ',')}", words), step
    assert "Op 1 oktober 2026 was dat 3,0 fte" in plain(text(client, "/regio/rpa:90/positie/vak:wiskunde/"))


@on_database
def test_where_not_every_board_is_loaded_the_case_is_of_an_own_board(client, frozen_clock):
    run = shortages.region_with_staff()
    run.facts["bezetting"]["vo"]["besturen"]["90002"] = "geen"
    run.save()
    run.values.filter(scope_kind="bestuur", measure="formatie", item="vak:wiskunde", count_year=2026).update(mean=30)
    client.cookies["regio"] = "rpa:90"
    words = plain(text(client, PAGE))
    assert "Zo wordt het tekort voor wiskunde bij Stichting Noordpolder opgeteld." in words
    assert "Tekort in 2026 3,00" in words


# ----------------------------------------------------------------------------------------------- measured elsewhere
@on_database
def test_england_is_shown_with_command_and_date(client):
    words = plain(text(client, PAGE))
    assert "dit model 0,93 % 2,47 %" in words
    assert "Gemeten op 20 november 2026." in words
    folded = re.search(r"<details[^>]*><summary>Zo meet u het na.*?</details>", text(client, PAGE), re.S).group(0)
    assert (
        "python benchmarks/workforce_england.py --train-until 2014" in folded
    )  # a command is for who runs the program
    assert words.count("benchmarks/") == 1
    assert 'href="/zo-rekent-het-model/"' in text(client, PAGE)


@pytest.mark.realdata
def test_england_is_what_the_benchmark_gives(real_data, tmp_path, capsys):
    from benchmarks import workforce_england

    folder = real_data("england-dfe", "data_leavers_2011-2015.csv").parent
    workforce_england.main(["--train-until", "2014", "--data", str(folder), "--out", str(tmp_path / "stock.csv")])
    printed = capsys.readouterr().out
    rows = yaml.safe_load(evidence.RESULTS.read_text())["england"]["rows"]
    found = [tuple(map(float, errors)) for errors in re.findall(r"2015: ([\d.]+) %, 2016: ([\d.]+) %", printed)]
    assert found == [tuple(row["errors"]) for row in rows]


def test_every_mechanism_of_the_document_has_a_dutch_name():
    written = (CHECKOUT / mechanisms.DOCUMENT).read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", written, re.M)) == set(mechanisms.NAMES)


def test_the_gain_of_a_mechanism_is_that_of_the_shortage():
    written = "Made by `python3 run.py bench mechanisms`; x\n\n| mechanism | what | steady |\n|---|---|---|\n| `HOURS` | x | **+0.38 ± 0.07** · -0.30 ± 0.06 |\n"
    found = mechanisms.read(written)
    assert found.command == "python3 run.py bench mechanisms"
    assert [(row.head.text, row.cells[0].text, row.cells[0].note, row.cells[0].tone) for row in found.table.rows] == [
        ("Meer of minder uren werken", "−0,30", "± 0,06", "past")
    ]
    assert mechanisms.read("# Nothing here") is None


# ---------------------------------------------------------------------------------------------------- the register
@on_database
def test_the_register_holds_every_forecast_with_its_whole_hash(client, frozen_clock):
    first, second = forecasts.run(), forecasts.run("rpa:91")
    forecasts.run(is_finished=False)
    ForecastRun.objects.filter(pk=first.pk).update(result_sha256="a" * 64)
    words = plain(text(client, PAGE))
    assert f"Prognose {first.pk} rpa:90 1-11-2026 1-10-2026 2032 {'a' * 12}…" in words
    answer = client.get("/terugblik/register.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["prognose"] for row in rows] == [str(second.pk), str(first.pk)]
    assert rows[1]["uitkomst"] == "a" * 64
    assert rows[1]["gemaakt"].startswith("2026-11-01T")


@on_database
def test_without_forecasts_there_is_no_register(client):
    assert client.get("/terugblik/register.csv").status_code == 404
    assert "Nog geen prognose Hier komt elke prognose met datum en controlegetal." in plain(text(client, PAGE))


# -------------------------------------------------------------------------------------------------------- questions
@on_database
@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_a_region_with_staff_asks_as_many_questions(
    client, frozen_clock, django_assert_num_queries, number
):
    shortages.region_with_staff()
    places = list(SchoolLocation.objects.all())
    for index in range(number):
        score = forecasts.score(target=f"{2018 + index}-{2019 + index}")
        forecasts.cell(score, scope_code=places[0].code, location=places[0])
    for _ in range(1, number):
        forecasts.run("rpa:91")
    client.cookies["regio"] = "rpa:90"
    with django_assert_num_queries(11):
        client.get(PAGE)
