"""The demo is ready in one command, and does nothing twice."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from regio.regions.models import LocationLink, School
from regio.shared.models import ImportBatch
from regio.site import actions
from regio.workforce.models import ForecastRun, LearnerCount

THE_DAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def lines():
    """Collect what is said."""
    return []


def load(home, lines, *, seed=7):
    return actions.load_example_region(home, seed=seed, as_of=THE_DAY.date(), say=lines.append)


def test_the_demo_is_loaded_once_and_links_old_codes_to_new_ones(transactional_db, tmp_path, lines):
    assert load(tmp_path, lines)
    links = LocationLink.objects.order_by("since", "old__code").values_list("kind", "old__code", "new__code", "share")
    codes = json.loads((tmp_path / "voorbeeld" / "waarheid.json").read_text())["codes"]
    assert sorted((link[1], link[2]) for link in links) == sorted((change["oud"], change["nieuw"]) for change in codes)
    said = list(lines)
    assert not load(tmp_path, lines)
    assert lines == said
    assert_another_seed_leaves_nothing_of_the_old_one(tmp_path, lines)


def assert_another_seed_leaves_nothing_of_the_old_one(tmp_path, lines):
    before = LearnerCount.objects.count()
    assert load(tmp_path, lines, seed=1)
    assert ImportBatch.objects.filter(superseded_at=None).count() == ImportBatch.objects.count()
    assert LearnerCount.objects.count() == pytest.approx(before, rel=0.05)


def test_a_home_with_real_schools_is_left_alone(db, tmp_path, lines):
    School.objects.create(brin="00AA", name="Een echte school")
    with pytest.raises(actions.RealFilesHere):
        load(tmp_path, lines)
    assert School.objects.count() == 1
    assert lines == []


def test_the_command_prepares_a_demo_and_has_nothing_to_do_the_second_time(
    transactional_db, settings, tmp_path, capsys
):
    """Without a transaction around it: the job beats its heart from a thread of its own."""
    settings.HOME = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.ASSETS = tmp_path / "assets"
    settings.STATICFILES_DIRS = [settings.ASSETS]
    call_command("prepare_demo", "--as-of=2026-11-20", "--draws=40")
    assert ForecastRun.objects.get().finished_at is not None
    assert "bestanden worden ingelezen" in capsys.readouterr().out
    call_command("prepare_demo", "--as-of=2026-11-20", "--draws=40")
    assert [line.split("s  ")[1] for line in capsys.readouterr().out.splitlines()] == ["De demo staat klaar."]
