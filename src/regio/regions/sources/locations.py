"""Locations by code: find them, and make the ones that no register knows (closed or new) with what a file tells.

So that sums over a region include vanished and new codes, a location of a count file always gets a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import polars as pl
from django.db.models import OuterRef, Subquery

from regio.regions.enums import LocationScheme, Sector
from regio.regions.models import Board, LocationLink, School, SchoolLocation
from regio.shared.bulk import update_rows
from regio.shared.importing.contract import RowFinding
from regio.shared.models import ImportBatch

from .municipalities import MunicipalityFinder, add_unknown, municipality_code

PLACE_COLUMNS = ("name", "place", "postcode", "gem_code", "gem_name", "board", "structure", "denomination")


def board_code(text: str | None) -> str:
    """Return a board number without leading zeros."""
    return (text or "").strip().lstrip("0")[:10]


def location_ids(
    frame: pl.DataFrame, batch: ImportBatch, *, sector: str | None = None, scheme: str = LocationScheme.DUO
) -> tuple[pl.DataFrame, list[RowFinding]]:
    """Return the frame with `location_id`, making locations that are not there yet, and what was noticed.

    Args:
        frame: rows with `code`, and of PLACE_COLUMNS what the file has; `sector` per row or as argument.
        batch: the load that brings the locations.
        sector: sector for all rows, when the frame has no such column.
        scheme: who gave the codes.
    """
    wanted = [name for name in (*PLACE_COLUMNS, "sector") if name in frame.columns]
    unique = frame.select("code", *wanted).unique("code", keep="first", maintain_order=True)
    seen = {row["code"]: row for row in unique.iter_rows(named=True)}
    unregistered, nowhere = add_missing(seen, batch, sector=sector, scheme=scheme)
    ids = dict(SchoolLocation.objects.filter(scheme=scheme).values_list("code", "id"))
    key = pl.DataFrame({"code": list(seen), "location_id": [ids[code] for code in seen]})
    findings = [RowFinding("R-305", detail=f"{unregistered} vestigingen")] if unregistered else []
    findings += [RowFinding("R-302", detail=f"{nowhere} vestigingen")] if nowhere else []
    return frame.drop(wanted).join(key, on="code", how="left", maintain_order="left").drop("code"), findings


class Known(NamedTuple):
    """What is kept of a location that has a row already."""

    id: int
    code: str
    in_register: bool
    municipality_id: str | None
    board_id: str | None
    name: str
    place: str
    postcode: str


def add_missing(
    seen: dict[str, dict[str, Any]], batch: ImportBatch, *, sector: str | None, scheme: str
) -> tuple[int, int]:
    """Make rows for new codes, fill gaps of known ones; return how many are in no register, and in no municipality."""
    rows = SchoolLocation.objects.filter(scheme=scheme).values_list(*Known._fields)
    known = {row[1]: Known(*row) for row in rows.iterator()}
    new = {code: row for code, row in seen.items() if code not in known}
    finder = MunicipalityFinder()
    _fill_gaps([(known[code], row) for code, row in seen.items() if code in known], finder)
    nowhere = _save_new(new, batch, sector=sector, scheme=scheme, finder=finder)
    return len(new) + sum(not known[code].in_register for code in seen if code in known), nowhere


def _save_new(
    new: dict[str, dict[str, Any]], batch: ImportBatch, *, sector: str | None, scheme: str, finder: MunicipalityFinder
) -> int:
    """Save new boards, schools and locations; return how many locations have no municipality."""
    add_boards((row.get("board"), "") for row in new.values())
    School.objects.bulk_create(
        [School(brin=code[:4], name=(row.get("name") or "")[:200]) for code, row in new.items()], ignore_conflicts=True
    )
    found = {code: _municipality(row, finder, brin=code[:4]) for code, row in new.items()}
    add_unknown(
        (place, new[code].get("gem_name") or "") for code, place in found.items() if place and place not in finder.known
    )
    SchoolLocation.objects.bulk_create([
        SchoolLocation(
            code=code, scheme=scheme, sector=row.get("sector") or sector or Sector.VO, school_id=code[:4],
            board_id=board_code(row.get("board")) or None, name=(row.get("name") or "")[:200],
            place=(row.get("place") or "")[:80], postcode=(row.get("postcode") or "").replace(" ", "")[:6],
            municipality_id=found[code], denomination=(row.get("denomination") or "")[:80],
            structure=(row.get("structure") or "")[:60], batch=batch,
        )
        for code, row in new.items()
    ])  # fmt: skip
    return sum(place is None for place in found.values())


def _municipality(row: dict[str, Any], finder: MunicipalityFinder, *, brin: str) -> str | None:
    return finder.find(
        code=municipality_code(row.get("gem_code")), name=row.get("gem_name") or "",
        postcode=row.get("postcode") or "", brin=brin,
    )  # fmt: skip


def _fill_gaps(pairs: Iterable[tuple[Known, dict[str, Any]]], finder: MunicipalityFinder) -> None:
    """Give locations that lack a municipality, board, name or postcode what this file knows."""
    changed = [(old, full) for old, row in pairs if (full := _filled(old, row, finder)) != old]
    add_boards((full.board_id, "") for _, full in changed)
    fields = ["municipality_id", "board_id", "name", "place", "postcode"]
    update_rows(SchoolLocation, fields, [(*full[3:], full.id) for _, full in changed])


def _filled(old: Known, row: dict[str, Any], finder: MunicipalityFinder) -> Known:
    """Return the location with its gaps filled; a full one comes back as it is."""
    if old.municipality_id and old.board_id and old.name and old.postcode:
        return old
    found = old.municipality_id or _municipality(row, finder, brin=old.code[:4])
    return old._replace(
        municipality_id=found if found in finder.known else old.municipality_id,
        board_id=old.board_id or board_code(row.get("board")) or None,
        name=old.name or (row.get("name") or "")[:200],
        place=old.place or (row.get("place") or "")[:80],
        postcode=old.postcode or (row.get("postcode") or "").replace(" ", "")[:6],
    )


def add_boards(codes_and_names: Iterable[tuple[str | None, str]]) -> None:
    """Make boards that are not there yet; give a name to boards that have none."""
    named: dict[str, str] = {}
    for code, name in codes_and_names:
        if board_code(code):
            named[board_code(code)] = named.get(board_code(code)) or name
    Board.objects.bulk_create(
        [Board(code=code, name=name[:200]) for code, name in named.items()], ignore_conflicts=True
    )
    nameless = list(Board.objects.filter(name="", code__in=[code for code, name in named.items() if name]))
    for board in nameless:
        board.name = named[board.code][:200]
    Board.objects.bulk_update(nameless, ["name"], batch_size=500)


def settle_boards() -> None:
    """Give locations without a board the board of their school, else of the location they went on in or came from.

    So the past of a board includes its vanished codes and its future the codes they became, as those of its region do.
    """
    of_school = School.objects.filter(pk=OuterRef("school_id")).values("board_id")
    without = SchoolLocation.objects.filter(board=None)
    without.filter(school__board__isnull=False).update(board_id=Subquery(of_school[:1]))
    for own, other in (("old", "new"), ("new", "old")):
        known = LocationLink.objects.filter(**{f"{other}__board__isnull": False})
        nearest = known.filter(**{f"{own}_id": OuterRef("pk")}).order_by("-share", "pk").values(f"{other}__board_id")
        without.filter(pk__in=known.values(f"{own}_id")).update(board_id=Subquery(nearest[:1]))
