"""What the pupil forecast reads: one dataset per date, cohorts from the count in which they were whole, known codes."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from regio.regions.models import LocationLink, Postcode, School, SchoolLocation
from regio.shared.models import ImportBatch
from regio.workforce import actions
from regio.workforce.model_runs import pupil_inputs as inputs
from regio.workforce.model_runs import pupil_plans, pupil_spread
from regio.workforce.model_runs.pupils import NoCounts, forecast_pupils, national_factors_from, summarise
from regio.workforce.models import LearnerCount, LearnerOrigin

pytestmark = pytest.mark.django_db


def batch(dataset: str, on: date = date(2025, 10, 1)) -> ImportBatch:
    return ImportBatch.objects.create(
        dataset=dataset, dataset_label=dataset, file_name=f"{dataset}-{on}.csv", sha256=f"{dataset}{on}"[:64], size_bytes=1,
        publisher="DUO", licence="-", reference_date=on, loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def location(code: str, sector: str = "vo") -> SchoolLocation:
    school, _ = School.objects.get_or_create(brin=code[:4])
    return SchoolLocation.objects.create(code=code, sector=sector, school=school, in_register=True, lat=52.0, lon=5.0)


def counts(
    place: SchoolLocation, level: str, pupils: list[int], *, source: ImportBatch, kind: str = "leerjaar", first: int = 1
):
    on = source.reference_date
    LearnerCount.objects.bulk_create(
        LearnerCount(
            location=place, level=level, stage_kind=kind, stage=first + n, count=number, reference_date=on, batch=source
        )
        for n, number in enumerate(pupils)
    )


def test_two_datasets_of_one_date_are_not_added_up():
    place = location("90AA00")
    counts(place, "havo", [30, 30, 30, 30, 30], source=batch("leerlingen-vo"))
    counts(place, "brugjaar", [30, 30], source=batch("leerlingen-vo-vijf-jaar"))
    assert sum(row[3] for row in inputs.vo_counts()[2025]) == 150


def test_files_per_municipality_of_one_date_complete_each_other():
    for number, code in enumerate(("90PA00", "90PB00"), start=1):
        source = batch(f"leerlingen-po-postcode-900{number}")
        counts(location(code, "po"), "bo", [20, 20], source=source, kind="leeftijd", first=4)
    found = inputs.counts_by_year(["bo"], "leeftijd")
    assert {row[0] for row in found[2025]} == {"90PA00", "90PB00"}


def test_a_cohort_is_taken_from_the_newest_count_in_which_it_was_whole():
    assert inputs._count_and_age([2021, 2023, 2025], 2025) == (2023, 10)
    assert inputs._count_and_age([2021, 2023, 2025], 2028) == (2025, 9)
    assert inputs._count_and_age([2017], 2019) == (2017, 10)
    assert inputs._count_and_age([2025], 2025) == (2025, 10)


def test_children_by_home_postcode_arrive_when_they_are_twelve():
    source = batch("leerlingen-po-postcode", date(2023, 10, 1))
    place = location("90PA00", "po")
    Postcode.objects.create(pc4="9000", lat=52.0, lon=5.0, batch=source)
    LearnerOrigin.objects.bulk_create(
        LearnerOrigin(
            location=place, pc4="9000", level="bo", stage_kind="leeftijd", stage=age, count=100 + age,
            reference_date=source.reference_date, batch=source,
        )
        for age in range(4, 12)
    )  # fmt: skip
    found = inputs.entry_cohorts(2025, 3)
    assert found is not None
    assert found.children.tolist() == [[110, 109, 108, 107]]
    earlier = inputs.entry_cohorts(2025, 1, back=2)
    assert earlier is not None
    assert np.isnan(earlier.children[0, 0])  # came in 2023, was never counted while whole
    assert earlier.children[0, 1:].tolist() == [110, 110, 109]


def test_overlapping_files_by_home_postcode_of_one_date_are_not_added_up():
    on, place = date(2023, 10, 1), location("90PA00", "po")
    for dataset in ("leerlingen-po-postcode-9001", "leerlingen-po-postcode-9002", "popostcode4"):
        source = batch(dataset, on)
        LearnerOrigin.objects.bulk_create(
            LearnerOrigin(
                location=place,
                pc4=pc4,
                level="bo",
                stage_kind="leeftijd",
                stage=9,
                count=40,
                reference_date=on,
                batch=source,
            )
            for pc4 in (["9001", "9002"] if dataset == "popostcode4" else [dataset[-4:]])
        )
    assert inputs._postcode_ages({2023}) == {2023: [("9001", 9, 40), ("9002", 9, 40)]}
    year, ages = inputs.origin_ages()
    assert (year, {pc4: own[9] for pc4, own in ages.items()}) == (2023, {"9001": 40, "9002": 40})


def test_a_code_in_a_later_register_is_known_to_be_there_until_then():
    location("90AA00")
    gone = location("90AB00")
    LocationLink.objects.create(old=gone, new=None, kind="sluiting", since=date(2027, 8, 1), source="register")
    batch("schoollocaties", date(2027, 11, 1))
    assert inputs.known_alive(["90AA00", "90AB00", "90AC00"], 2025).tolist() == [2, 0, 0]


def test_the_register_of_spring_tells_of_the_count_before():
    location("90AA00")
    batch("schoollocaties", date(2027, 5, 1))
    assert inputs.known_alive(["90AA00"], 2025).tolist() == [1]


def test_a_forecast_of_one_school_starts_from_its_newest_count():
    place = location("90AA00")
    for year in (2023, 2024, 2025):
        counts(place, "havo", [100] * 5, source=batch("leerlingen-vo", date(year, 10, 1)))
    forecast = forecast_pupils(sector="vo", years=2, draws=200, seed=1)
    assert forecast.base_year == 2025
    assert forecast.base.sum() == 500
    rows = summarise(forecast, by="location")
    assert [(row[0], row[1]) for row in rows] == [("90AA00", 2026), ("90AA00", 2027)]
    assert rows[0][4] == pytest.approx(500, rel=0.1)
    assert np.all(forecast.draws >= 0)


def test_national_factors_of_a_run_are_read_per_year_and_per_type_as_settings_keep_them():
    kept = {"national_factors": {"2027": 1.03, "2028": {"alle": 1, "havo": "0.98"}}}
    assert national_factors_from(kept) == {2027: 1.03, 2028: {"alle": 1.0, "havo": 0.98}}
    assert national_factors_from({}) == {}


def test_a_national_factor_of_havo_lifts_the_havo_of_a_school_alone():
    place = location("90AA00")
    source = batch("leerlingen-vo")
    for level, classes in (("havo", 5), ("vwo", 6)):
        counts(place, level, [100] * classes, source=source)

    def means(factors):
        told = forecast_pupils(sector="vo", years=1, draws=100, seed=1, national_factors=factors)
        return {row[0]: row[4] for row in summarise(told, by="level")}

    plain, lifted = means(None), means(national_factors_from({"national_factors": {"2026": {"havo": 1.1}}}))
    assert lifted["havo"] / plain["havo"] == pytest.approx(1.1, abs=0.005)
    assert lifted["vwo"] == plain["vwo"]


def test_a_sector_without_counts_gives_no_forecast():
    with pytest.raises(NoCounts):
        forecast_pupils(sector="mbo", years=1, draws=10, seed=1)


def test_a_code_change_that_was_told_is_known_by_location_and_year_and_four_counts_tell_their_own_spread():
    old, new = location("90AA00"), location("90AB00")
    for year in (2022, 2023, 2024, 2025):
        source = batch("leerlingen-vo", date(year, 10, 1))
        if year < 2024:
            counts(old, "havo", [100] * 5, source=source)
        counts(new, "havo", [100 if year < 2024 else 200] * 5, source=source)
    LocationLink.objects.create(old=old, new=new, kind="fusie", since=date(2024, 8, 1), source="gebruiker")
    known, _ = pupil_plans.vo_known(1)
    assert set(known.told_changes) == {(0, 2024), (1, 2024)}
    spread = pupil_spread.vo_spread(known)
    assert spread is not None
    assert spread.scale.tolist() == [1.0] * 4  # one location alone in its market tells nothing
    assert pupil_spread.vo_spread(pupil_plans.vo_known(1, until=2024)[0]) is None


def test_primary_schools_and_mbo_show_their_own_spread_from_four_and_six_counts():
    for sector, level, kind in (("po", "bo", "leeftijd"), ("mbo", "mbo_4", "alle")):
        places = [location(f"90{sector[0].upper()}{letter}00", sector) for letter in "ABCDEFGHIJ"]
        for year in range(2020, 2026):
            source = batch(f"leerlingen-{sector}", date(year, 10, 1))
            for place in places:
                counts(place, level, [25] * 8 if sector == "po" else [800], source=source, kind=kind, first=4)
    po = pupil_plans.stage_known("po", 1)
    assert [known.newest_year for known in po.history] == list(range(2020, 2026))
    spread = pupil_spread.stage_spread(po, "po")
    assert spread is not None
    assert spread.class_scale < 0.6  # nothing ever strays
    mbo = pupil_plans.stage_known("mbo", 1)
    assert pupil_spread.stage_spread(mbo, "mbo") is not None
    short = replace(mbo, history=mbo.history[1:])
    assert pupil_spread.stage_spread(short, "mbo") is None


def test_a_newer_total_without_ages_is_the_last_known_count():
    place = location("90PA00", "po")
    for year in (2024, 2025):
        counts(place, "bo", [25] * 8, source=batch("leerlingen-po", date(year, 10, 1)), kind="leeftijd", first=4)
    counts(place, "bo", [220], source=batch("leerlingen-po-totaal", date(2026, 10, 1)), kind="alle", first=0)
    known = pupil_plans.stage_known("po", 1)
    assert [one.newest_year for one in known.history] == [2024, 2025, 2026]
    assert pupil_plans.stage_plan(known, "po", 1).base.sum() == pytest.approx(220)


def test_the_data_of_a_run_are_others_once_a_newer_file_takes_over_a_year_of_a_file():
    source = batch("examenkandidaten")
    source.periods = ["2019", "2020"]
    source.save()
    before, parts = actions.data_vintage(), actions.data_parts()
    source.periods = ["2019"]
    source.save()
    assert actions.data_vintage() != before
    changed = {name for name, part in actions.data_parts().items() if parts[name] != part}
    assert changed == {"bestand examenkandidaten"}
