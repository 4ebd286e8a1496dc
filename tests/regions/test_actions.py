"""What became of a location: recorded once, refused when it cannot be true, followed by the forecast."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from regio.regions.actions import link_location
from regio.regions.enums import LinkKind
from regio.regions.errors import UnknownLocation, WrongLink
from regio.regions.models import Board, LocationLink, School, SchoolLocation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def locations():
    board = Board.objects.create(code="90001", name="Stichting Duin")
    for code, own in (("90AA00", None), ("90AB00", board), ("90AC00", board)):
        School.objects.create(brin=code[:4])
        SchoolLocation.objects.create(code=code, school_id=code[:4], sector="vo", board=own)


def link(old="90AA00", new="90AB00", *, kind=LinkKind.MERGER, share=1.0):
    return link_location(old_code=old, new_code=new, kind=kind, since=date(2026, 8, 1), share=share, source="Ada")


def test_a_merged_location_is_recorded_once_and_counts_with_the_board_it_went_to():
    assert link().pk == link().pk
    assert LocationLink.objects.count() == 1
    assert SchoolLocation.objects.get(code="90AA00").board_id == "90001"


def test_a_split_may_not_hand_out_more_learners_than_there_are():
    link(kind=LinkKind.SPLIT, share=0.6)
    with pytest.raises(WrongLink, match="meer dan 100 %"):
        link(new="90AC00", kind=LinkKind.SPLIT, share=0.5)
    link(new="90AC00", kind=LinkKind.SPLIT, share=0.4)
    assert LocationLink.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"old": "90ZZ00"}, UnknownLocation),
        ({"new": "90ZZ00"}, UnknownLocation),
        ({"new": None}, WrongLink),
        ({"kind": LinkKind.CLOSURE}, WrongLink),
        ({"new": "90AA00"}, WrongLink),
        ({"new": "90aa00"}, WrongLink),
        ({"share": 0.0}, WrongLink),
        ({"share": 1.2}, WrongLink),
    ],
)
def test_what_cannot_be_true_is_refused(arguments, error):
    with pytest.raises(error):
        link(**arguments)
    assert not LocationLink.objects.exists()


def test_the_database_itself_refuses_a_closure_with_a_new_location():
    old, new = SchoolLocation.objects.order_by("code")[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        LocationLink.objects.create(old=old, new=new, kind=LinkKind.CLOSURE, source="x")


def guess(new=None, *, kind="sluiting", share=1.0):
    old, others = SchoolLocation.objects.get(code="90AA00"), SchoolLocation.objects.filter(code=new)
    source = "niet meer in het register van 2026-05"
    return LocationLink.objects.create(old=old, new=others.first(), kind=kind, share=share, source=source)


def test_what_somebody_tells_takes_the_place_of_what_a_register_made_likely():
    guess("90AC00", kind="splitsing", share=0.5), guess("90AB00", kind="splitsing", share=0.5)
    link(new="90AC00", kind=LinkKind.SPLIT, share=0.7)
    link(new="90AB00", kind=LinkKind.SPLIT, share=0.3)  # what somebody told before stays
    kept = LocationLink.objects.order_by("new__code").values_list("new__code", "share", "source")
    assert list(kept) == [("90AB00", 0.3, "Ada"), ("90AC00", 0.7, "Ada")]


def test_a_link_that_is_refused_leaves_the_guess():
    guess()
    with pytest.raises(WrongLink):
        link(new="90AA00")
    assert LocationLink.objects.count() == 1


@pytest.mark.parametrize(("new", "words"), [
    ("90ab00", "Weggehaald: 90AA00 in 90AB00, fusie per 01-08-2026.\n"), (None, "Weggehaald: 90AA00, sluiting.\n"),
])  # fmt: skip
def test_a_link_is_taken_back(new, words):
    link() if new else guess()
    out = StringIO()
    call_command("link", *filter(None, ("90aa00", new)), undo=True, stdout=out)
    assert out.getvalue() == words
    assert not LocationLink.objects.exists()


def test_of_several_links_the_one_that_is_named_is_taken_back():
    link(kind=LinkKind.SPLIT, share=0.6), link(new="90AC00", kind=LinkKind.SPLIT, share=0.4)
    with pytest.raises(CommandError, match=r"Van 90AA00 staat vast: 90AA00 90AB00, 90AA00 90AC00\."):
        call_command("link", "90AA00", undo=True)
    call_command("link", "90AA00", "90AC00", undo=True, stdout=StringIO())
    assert [kept.new.code for kept in LocationLink.objects.all()] == ["90AB00"]
    call_command("link", "90AA00", undo=True, stdout=StringIO())  # the only one that is left
    with pytest.raises(CommandError, match=r"staat vast: niets\."):
        call_command("link", "90AA00", undo=True)


def test_a_link_needs_a_day():
    with pytest.raises(CommandError, match="Sinds wanneer"):
        call_command("link", "90AA00", "90AB00")


def test_the_command_says_what_it_kept_or_why_not():
    out = StringIO()
    call_command("link", "90AA00", "90AB00", since=date(2026, 8, 1), stdout=out)
    assert out.getvalue() == "Vastgelegd: 90AA00 in 90AB00, fusie per 01-08-2026.\n"
    with pytest.raises(CommandError, match="niet geladen"):
        call_command("link", "90ZZ00", "90AB00", since=date(2026, 8, 1))
