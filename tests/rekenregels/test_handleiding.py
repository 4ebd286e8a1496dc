"""The manual on disk is the one that the rules give."""

import pytest

from tests.rekenregels.handleiding import MANUAL, chapters, render
from tests.rekenregels.rekenregel import Rekenregel, Tabel, dutch


def test_the_manual_is_up_to_date(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--schrijf-handleiding", default=False):
        MANUAL.parent.mkdir(parents=True, exist_ok=True)
        MANUAL.write_text(render(), encoding="utf-8")
    advice = "run: python -m pytest tests/rekenregels --schrijf-handleiding"
    assert MANUAL.read_text(encoding="utf-8") == render(), advice


def test_every_rule_has_a_title_of_its_own() -> None:
    titles = [rule.titel for chapter in chapters() for rule in chapter.REGELS]
    assert len(titles) == len(set(titles))


def test_a_rule_that_the_engine_does_not_follow_is_refused() -> None:
    rule = Rekenregel(
        titel="Twee keer twee",
        uitleg="",
        gegeven=Tabel(("getal",), ((2,),)),
        narekenen="",
        uitkomst=Tabel(("uitkomst",), ((5,),)),
        bereken=lambda rows: [(int(rows[0][0]) * 2,)],
    )
    with pytest.raises(AssertionError):
        rule.check()


@pytest.mark.parametrize(("value", "text"), [(1234.5, "1.234,5"), (0.25, "0,25"), (12000, "12.000"), ("2022", "2022")])
def test_numbers_read_as_dutch(value: str | int | float, text: str) -> None:
    assert dutch(value) == text
