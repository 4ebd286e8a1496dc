"""Codes that a newer register no longer has get a link: closed, moved or split; a code that comes back loses it."""

from datetime import UTC, date, datetime

import pytest

from regio.regions.models import LocationLink, School, SchoolLocation
from regio.regions.sources.closures import note_codes_gone
from regio.shared.models import ImportBatch

pytestmark = pytest.mark.django_db


def register(on: date) -> ImportBatch:
    return ImportBatch.objects.create(
        dataset="schoollocaties", dataset_label="Vestigingen", file_name=f"{on}.csv", sha256=on.isoformat() * 4,
        size_bytes=1, publisher="DUO", licence="-", reference_date=on, loaded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def location(code: str, *, batch=None, postcode: str = "9000AA", known: bool = True) -> SchoolLocation:
    school, _ = School.objects.get_or_create(brin=code[:4])
    return SchoolLocation.objects.create(
        code=code, sector="vo", school=school, postcode=postcode, in_register=known, batch=batch
    )


def links() -> list[tuple[str, str | None, str, date, float]]:
    rows = LocationLink.objects.order_by("old__code", "new__code")
    return list(rows.values_list("old__code", "new__code", "kind", "since", "share"))


def test_a_code_that_is_missing_is_closed_halfway_between_two_registers():
    location("90AA00"), location("90AB00", postcode="9000AB")
    register(date(2022, 5, 1))
    later = register(date(2024, 5, 1))
    assert note_codes_gone({"90AA00"}, on=date(2024, 5, 1), batch=later) == 1
    assert links() == [("90AB00", None, "sluiting", date(2023, 5, 1), 1.0)]


def test_a_new_code_at_the_same_postcode_takes_over():
    location("90AA00")
    batch = register(date(2024, 5, 1))
    location("90AC00", batch=batch, known=False)
    note_codes_gone({"90AC00"}, on=date(2024, 5, 1), batch=batch)
    assert links() == [("90AA00", "90AC00", "verhuizing", date(2024, 5, 1), 1.0)]


def test_two_new_codes_at_the_same_postcode_share():
    location("90AA00")
    batch = register(date(2024, 5, 1))
    location("90AC00", batch=batch, known=False), location("90AC01", batch=batch, known=False)
    note_codes_gone({"90AC00", "90AC01"}, on=date(2024, 5, 1), batch=batch)
    assert [(new, kind, share) for _, new, kind, _, share in links()] == [
        ("90AC00", "splitsing", 0.5), ("90AC01", "splitsing", 0.5),
    ]  # fmt: skip


def test_a_code_that_comes_back_loses_its_link():
    location("90AA00")
    note_codes_gone(set(), on=date(2022, 5, 1), batch=register(date(2022, 5, 1)))
    note_codes_gone({"90AA00"}, on=date(2024, 5, 1), batch=register(date(2024, 5, 1)))
    assert links() == []


def test_an_older_register_says_nothing_when_a_newer_one_is_loaded():
    location("90AA00")
    register(date(2024, 5, 1))
    assert note_codes_gone(set(), on=date(2022, 5, 1), batch=register(date(2022, 5, 1))) == 0
