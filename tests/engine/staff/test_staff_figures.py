"""Every figure has value, range, unit, population, date, source, mark and use; weak ones have a range of a third."""

import pytest

from regio_engine.errors import ImplausibleInput, MissingInput
from regio_engine.parameters.staff_figures import StaffFigure, load_staff_parameters
from tests.engine.staff.staff_parameters import parameters, texts

ABOUT = {"unit": "deel", "population": "leraren", "date": "2026", "source": "aanname", "use": "toets"}
SECTORS = ("vo", "po", "so", "mbo")


def figure(value=0.5, low=0.3, high=0.7, mark="P", **more):
    return StaffFigure("deel", "all", value, low, high, mark=mark, **ABOUT, **more)


@pytest.mark.parametrize("one", [*parameters().figures.values()], ids=lambda one: f"{one.sector}-{one.name}")
def test_a_figure_says_all_that_is_known_of_it(one):
    assert one.low <= one.value <= one.high
    assert all((one.unit, one.population, one.date, one.source, one.use))
    if one.mark == "U" or one.is_weak:
        assert one.value - one.low >= 0.32 * one.value


def test_what_is_not_verified_needs_a_range_of_a_third():
    figure(low=0.33, high=0.67, mark="U")
    with pytest.raises(ImplausibleInput, match="range of a third"):
        figure(low=0.45, high=0.55, mark="U")
    with pytest.raises(ImplausibleInput, match="range of a third"):
        figure(low=0.45, high=0.55, mark="V", is_weak=True)


def test_a_value_outside_its_range_and_an_unknown_mark_are_refused():
    with pytest.raises(ImplausibleInput, match="between low and high"):
        figure(value=0.9)
    with pytest.raises(ImplausibleInput, match="mark"):
        figure(mark="Z")


def test_a_figure_without_a_source_is_refused():
    broken = texts() | {"pay": texts()["pay"].replace('source: "personeelslasten', 'sorce: "personeelslasten')}
    with pytest.raises(MissingInput, match="cost_per_fte"):
        load_staff_parameters(broken)


def test_every_sector_has_every_figure_that_a_simulation_asks():
    asked = {name for sector, name in parameters().figures if sector in ("all", "mbo")}
    for sector in SECTORS:
        for name in asked:
            assert parameters().figure(sector, name).name == name
    with pytest.raises(MissingInput, match="no staff figure"):
        parameters().figure("vo", "onbekend")


def test_a_sector_has_its_own_figure_before_that_of_all():
    assert parameters().figure("vo", "mean_fte").value == 0.80
    assert parameters().figure("po", "qualified_starter_leaves").sector == "all"


def test_the_published_shortages_are_taken_over_exactly():
    table = parameters().table("vo", "shortage_by_position").rows
    assert (table["nederlands"], table["informatica"], table["geschiedenis"]) == (0.096, 0.10, 0.022)
    regions = parameters().table("vo", "shortage_by_region").rows
    assert len(regions) == 40
    assert (regions["Achterhoek"], regions["Rijk van Nijmegen"]) == (0.13, 0.017)


def test_parts_of_a_whole_are_a_whole():
    for sector in SECTORS:
        assert sum(parameters().table(sector, "hours_classes").rows.values()) == pytest.approx(1.0)
        assert sum(parameters().table(sector, "scale_shares").rows.values()) == pytest.approx(1.0)


def test_the_usual_contracts_give_the_usual_mean():
    for sector in SECTORS:
        rows = parameters().table(sector, "hours_classes").rows
        mean = sum(float(hours) * share for hours, share in rows.items())
        assert mean == pytest.approx(parameters().figure(sector, "mean_fte").value, abs=0.025)


def test_the_aow_age_is_the_mean_of_the_years_of_a_run():
    law = parameters().retirement
    assert law.mean(2026, 2027) == 67.0
    assert law.mean(2027, 2028) == 67.125
    assert law.mean(2030, 2040) == 67.25


def test_subjects_belong_to_one_group_and_profiles_to_the_vocational_one():
    members = [subject for group in parameters().subject_groups.values() for subject in group]
    assert len(members) == len(set(members))
    assert parameters().group_of("profiel_pie") == "beroepsgericht"
    assert parameters().group_of("wiskunde") == "exact"
