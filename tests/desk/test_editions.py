"""L6: a region edits in a draft; what is published is kept, can be gone back to, and is refused where somebody would get stuck."""

import copy
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from regio.audit.models import Event
from regio.desk import actions, drafts, queries
from regio.desk.enums import EditionKind
from regio.desk.errors import BadRules, NotPublishable, Overtaken
from regio.desk.models import Edition
from regio.desk.starting_set import invented_people, national_tree

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
KEY = "rpa:90"
ADVICE, PAGE = EditionKind.ADVICE, EditionKind.PAGE


@pytest.fixture
def draft():
    return actions.start_draft(ADVICE, KEY, now=NOW)


def with_change(draft, change):
    content = copy.deepcopy(draft.content)
    change(content)
    return actions.change_draft(draft, content, revision=draft.revision, words="Gewijzigd", now=NOW)


def shorter(content):
    content["routes"][0]["naam"]["nl"] = "Solliciteer"


def test_the_national_edition_comes_with_the_product_and_once():
    held = queries.edition_in_force(ADVICE, KEY)
    assert (held.region_key, held.content) == ("", national_tree())
    assert actions.publish_national(now=NOW) is None
    assert not Event.objects.exists()


def test_the_people_the_region_sees_are_those_of_the_tests(people):
    assert invented_people() == people


def test_a_texts_comma_did_not_cut_it_off():
    """In a YAML map on one line a comma without quotes begins another key; such a key has a space."""
    keys = set()

    def walk(value):
        if isinstance(value, dict):
            keys.update(value)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(one)

    walk(national_tree())
    assert [key for key in keys if " " in key] == []


def test_a_draft_is_published_with_an_event_and_replaces_the_edition_of_the_region(draft):
    draft = with_change(draft, shorter)
    assert queries.edition_in_force(ADVICE, KEY).region_key == ""  # visitors see nothing of a draft
    actions.publish(draft, revision=1, now=NOW)
    held = queries.edition_in_force(ADVICE, KEY)
    assert (held.region_key, held.number) == (KEY, 1)
    assert queries.edition_in_force(ADVICE, "rpa:91").region_key == ""
    events = Event.objects.order_by("pk").values_list("kind", "region")
    assert list(events) == [(f"desk.{kind}", KEY) for kind in ("draft_started", "draft_changed", "edition_published")]


def test_going_back_publishes_the_old_content_as_a_new_edition(draft):
    actions.publish(draft, revision=0, now=NOW)
    second = with_change(actions.start_draft(ADVICE, KEY, now=NOW), shorter)
    actions.publish(second, revision=1, now=NOW + timedelta(days=1))
    again = actions.go_back(ADVICE, KEY, number=1, now=NOW + timedelta(days=2))
    assert (again.number, again.content) == (3, national_tree())
    assert [(one.number, one.replaced_at is None) for one in queries.editions_of(ADVICE, KEY)] == [
        (3, True), (2, False), (1, False),
    ]  # fmt: skip
    actions.follow_national(ADVICE, KEY, now=NOW + timedelta(days=3))
    assert queries.edition_in_force(ADVICE, KEY).region_key == ""
    assert len(queries.editions_of(ADVICE, KEY)) == 3
    assert Event.objects.filter(kind="desk.national_followed", region=KEY).count() == 1


def test_what_would_leave_somebody_stuck_is_not_published(draft):
    draft = with_change(draft, lambda content: content["routes"][0].update(voor="niet altijd"))
    with pytest.raises(NotPublishable) as refused:
        actions.publish(draft, revision=1, now=NOW)
    assert "Wees: niemand krijgt route R20 (Meteen solliciteren: u bent al bevoegd) te zien." in refused.value.problems
    assert queries.edition_in_force(ADVICE, KEY).region_key == ""


def test_what_cannot_be_read_is_not_kept(draft):
    with pytest.raises(BadRules, match="route R20"):
        with_change(draft, lambda content: content["routes"][0].update(voor="rol is"))
    draft.refresh_from_db()
    assert (draft.revision, draft.content) == (0, national_tree())


def test_the_second_who_changes_the_same_draft_is_told(draft):
    mine = Edition.objects.get(pk=draft.pk)
    with_change(draft, shorter)
    with pytest.raises(Overtaken):
        with_change(mine, shorter)
    with pytest.raises(Overtaken):  # looked at the draft before the change
        actions.publish(mine, revision=0, now=NOW)


def test_who_publishes_sees_what_changes_and_who_hears_something_else(draft):
    draft = with_change(
        draft, lambda content: next(one for one in content["routes"] if one["code"] == "R12").update(uit=True)
    )
    held = queries.edition_in_force(ADVICE, KEY)
    assert [(one.row, one.field, one.before, one.after) for one in drafts.changes(held, draft)] == [
        ("Zij-instroom eerstegraads", "niet aangeboden", "(niets)", "ja")
    ]
    others = [one for one in drafts.people(held, draft) if one["is_other"]]
    assert [(one["now"], one["then"]) for one in others] == [("Zij-instroom eerstegraads", "Zij-instroom tweedegraads")]
    first = drafts.firsts(draft, actions.walk_draft(draft), actions.walk_draft(held))
    gone = next(one for one in first if one["name"] == "Zij-instroom eerstegraads")
    assert (gone["now"], gone["then"]) == (1836, 0)
    assert sum(one["then"] for one in first) == draft.outcome["ways"]


def test_a_region_has_one_draft_and_one_edition_in_force(draft):
    assert actions.start_draft(ADVICE, KEY, now=NOW).pk == draft.pk
    for fields in ({"published_at": None}, {"published_at": NOW, "region_key": ""}):
        row = {"kind": ADVICE, "region_key": KEY, "number": 9, "content": {}, "origin": "", "changed_at": NOW} | fields
        with pytest.raises(IntegrityError), transaction.atomic():
            Edition.objects.create(**row)


def test_a_draft_that_is_thrown_away_changes_nothing(draft):
    actions.throw_away(draft, now=NOW)
    assert queries.draft_of(ADVICE, KEY) is None
    assert Event.objects.filter(kind="desk.draft_thrown_away").count() == 1


def test_an_empty_text_of_a_desk_is_the_general_one():
    draft = actions.start_draft(PAGE, KEY, now=NOW)
    page = {"naam": "Werken op Noord", "kleur": "", "contact": {}, "teksten": {"nl": {"intro": "Kom kijken."}}}
    actions.publish(actions.change_draft(draft, page, revision=0, words="x", now=NOW), revision=1, now=NOW)
    shown, general = queries.page_of(KEY), queries.page_of("rpa:91")
    assert (shown["naam"], shown["teksten"]["nl"]["intro"]) == ("Werken op Noord", "Kom kijken.")
    assert shown["kleur"] == general["kleur"] == "#00566b"
    assert shown["teksten"]["nl"]["wel"] == general["teksten"]["nl"]["wel"] != ""
