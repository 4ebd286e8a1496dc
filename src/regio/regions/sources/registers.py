"""Registers of DUO: locations vo, bo and sbo/so/vso, institutions, boards and mbo institutions; spelling of all years."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from regio.regions.enums import LocationScheme, Sector
from regio.regions.models import Board, School, SchoolLocation
from regio.shared.importing.contract import Content, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch

from .areas import area_frame, refuse_long_codes, save_areas
from .locations import add_boards, board_code
from .municipalities import MunicipalityFinder, add_unknown, municipality_code
from .publishers import DUO, DUO_LICENCE

FIELDS = {  # ours: theirs, first one present counts
    "board": ("BEVOEGD GEZAG NUMMER",),
    "name": ("VESTIGINGSNAAM", "INSTELLINGSNAAM"),
    "street": ("STRAATNAAM",),
    "number": ("HUISNUMMER-TOEVOEGING",),
    "postcode": ("POSTCODE",),
    "place": ("PLAATSNAAM",),
    "gem_code": ("GEMEENTENUMMER",),
    "gem_name": ("GEMEENTENAAM",),
    "denomination": ("DENOMINATIE",),
    "structure": ("ONDERWIJSSTRUCTUUR",),
    "kind": ("SOORT PO", "SOORT PRIMAIR ONDERWIJS", "TYPE PO"),
}


def _fields(rows: Rows) -> pl.DataFrame:
    """Return the frame in our words; a column that the file lacks becomes an empty text."""
    chosen = []
    for field, names in FIELDS.items():
        name = next((name for name in names if name in rows.frame.columns), None)
        chosen.append(pl.col(name).alias(field) if name else pl.lit("").alias(field))
    keys = [name for name in ("_line", "code", "brin") if name in rows.frame.columns]
    return rows.frame.select(*keys, *chosen)


def read_locations(source: Source) -> Content:
    """Read a register with one row per location."""
    rows = Rows(source)
    rows.add_location()
    _report_repeated(rows)
    refuse_long_codes(rows)
    frame = _fields(rows)
    return Content(
        frames={"locations": frame, "municipalities": area_frame(rows)}, rows_read=rows.rows_read,
        rows_refused=rows.rows_refused, findings=rows.findings, reference_date=source.on,
        totals={"vestigingen": frame.height, "besturen": frame["board"].n_unique()},
        reference_label="" if source.on else "peildatum staat niet in het bestand", locations=set(frame["code"]),
    )  # fmt: skip


def _report_repeated(rows: Rows, key: str = "code") -> None:
    again = rows.frame.filter(~pl.col(key).is_first_distinct())
    rows.refuse(again.select("_line", pl.lit("VESTIGINGSNUMMER").alias("column"), pl.col(key).alias("value")), "R-112")


def _sector_of(kind: str, default: str) -> str:
    """Return the sector: sbo is primary education, so and vso are special education."""
    if not kind or default == Sector.VO:
        return default
    return Sector.PO if kind.lower().startswith(("sb", "ba", "bo")) else Sector.SO


def load_locations(content: Content, batch: ImportBatch, *, sector: str) -> list[RowFinding]:
    """Save areas, boards, schools and locations; what left the register stays, marked as such."""
    save_areas(content.frames["municipalities"])
    frame = content.frames["locations"]
    add_boards((code, "") for code in frame["board"].unique())
    _save_schools(frame)
    finder = MunicipalityFinder()
    rows = list(frame.iter_rows(named=True))
    places = {row["code"]: _place(row, finder) for row in rows}
    add_unknown(
        (places[row["code"]] or "", row["gem_name"]) for row in rows if places[row["code"]] not in {*finder.known, None}
    )
    SchoolLocation.objects.filter(in_register=True, batch__dataset=batch.dataset).update(in_register=False)
    fields = [
        "sector", "school", "board", "name", "street", "postcode", "place", "municipality", "denomination",
        "structure", "in_register", "batch",
    ]  # fmt: skip
    SchoolLocation.objects.bulk_create(
        [_location(row, batch, sector=_sector_of(row["kind"], sector), municipality=places[row["code"]]) for row in rows],
        update_conflicts=True, unique_fields=["code", "scheme"], update_fields=fields, batch_size=1000,
    )  # fmt: skip
    return []


def _place(row: dict[str, Any], finder: MunicipalityFinder) -> str | None:
    return finder.find(code=municipality_code(row["gem_code"]), name=row["gem_name"], postcode=row["postcode"])


def _location(row: dict[str, Any], batch: ImportBatch, *, sector: str, municipality: str | None) -> SchoolLocation:
    return SchoolLocation(
        code=row["code"], scheme=LocationScheme.DUO, sector=sector, school_id=row["brin"],
        board_id=board_code(row["board"]) or None, name=row["name"][:200],
        street=f"{row['street']} {row['number']}".strip()[:120], postcode=row["postcode"].replace(" ", "")[:6],
        place=row["place"][:80], municipality_id=municipality, denomination=row["denomination"][:80],
        structure=row["structure"][:60], in_register=True, batch=batch,
    )  # fmt: skip


def _save_schools(frame: pl.DataFrame) -> None:
    """Make the schools; name and board are those of the first location (the main one has suffix 00)."""
    main = frame.sort("code" if "code" in frame.columns else "brin").unique("brin", keep="first", maintain_order=True)
    School.objects.bulk_create(
        [
            School(brin=row["brin"], name=row["name"][:200], board_id=board_code(row["board"]) or None)
            for row in main.iter_rows(named=True)
        ],
        update_conflicts=True, unique_fields=["brin"], update_fields=["name", "board"], batch_size=1000,
    )  # fmt: skip


def read_institutions(source: Source) -> Content:
    """Read a register with one row per institution (BRIN of four characters)."""
    rows = Rows(source)
    rows.frame = rows.frame.with_columns(pl.col("BRIN NUMMER").str.to_uppercase().str.zfill(4).alias("brin"))
    rows.refuse_where(~pl.col("brin").str.contains(r"^[0-9]{2}[A-Z]{2}$"), column="BRIN NUMMER", code="R-107")
    refuse_long_codes(rows)
    frame = _fields(rows)
    return Content(
        frames={"institutions": frame, "municipalities": area_frame(rows)}, rows_read=rows.rows_read,
        rows_refused=rows.rows_refused, findings=rows.findings, reference_date=source.on,
        totals={"instellingen": frame.height}, reference_label="" if source.on else "peildatum staat niet in het bestand",
    )  # fmt: skip


def load_institutions(content: Content, batch: ImportBatch) -> None:
    """Save names and boards of schools."""
    save_areas(content.frames["municipalities"])
    frame = content.frames["institutions"]
    add_boards((code, "") for code in frame["board"].unique())
    _save_schools(frame)


def load_mbo_institutions(content: Content, batch: ImportBatch) -> None:
    """Save mbo institutions: a school and one location under the scheme of institutions."""
    load_institutions(content, batch)
    finder = MunicipalityFinder()
    SchoolLocation.objects.filter(in_register=True, batch__dataset=batch.dataset).update(in_register=False)
    rows = []
    for row in content.frames["institutions"].iter_rows(named=True):
        location = _location({**row, "code": row["brin"]}, batch, sector=Sector.MBO, municipality=_place(row, finder))
        location.scheme = LocationScheme.MBO_INSTITUTION
        rows.append(location)
    add_unknown(
        (row.municipality_id or "", "")
        for row in rows
        if row.municipality_id and row.municipality_id not in finder.known
    )
    fields = [
        "sector",
        "school",
        "board",
        "name",
        "street",
        "postcode",
        "place",
        "municipality",
        "in_register",
        "batch",
    ]
    SchoolLocation.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code", "scheme"], update_fields=fields
    )


def read_boards(source: Source) -> Content:
    """Read the list of boards with their names."""
    rows = Rows(source)
    frame = rows.frame.select(pl.col("BEVOEGD GEZAG NUMMER").alias("board"), pl.col("BEVOEGD GEZAG NAAM").alias("name"))
    return Content(
        frames={"boards": frame}, rows_read=rows.rows_read, rows_refused=rows.rows_refused, findings=rows.findings,
        totals={"besturen": frame["board"].n_unique()}, reference_date=source.on,
    )  # fmt: skip


def load_boards(content: Content, batch: ImportBatch) -> None:
    """Save boards; this register is the authority on their names."""
    frame = content.frames["boards"].unique("board", keep="first", maintain_order=True)
    Board.objects.bulk_create(
        [Board(code=board_code(code), name=name[:200]) for code, name in frame.iter_rows() if board_code(code)],
        update_conflicts=True, unique_fields=["code"], update_fields=["name"],
    )  # fmt: skip


_BASE = frozenset(
    {"BRIN NUMMER", "BEVOEGD GEZAG NUMMER", "STRAATNAAM", "POSTCODE", "PLAATSNAAM", "GEMEENTENUMMER", "DENOMINATIE"}
)
_LOCATION = _BASE | {"VESTIGINGSNUMMER", "VESTIGINGSNAAM", "RPA-GEBIED CODE", "RMC-REGIO CODE"}
_KIND = frozenset({"SOORT PO", "SOORT PRIMAIR ONDERWIJS"})
_OF_LOCATION = (RowsOf(SchoolLocation, period="", location="code", keep=True),)


def _register(
    id: str, label: str, *, sector: str, columns: frozenset[str], without: frozenset[str], **more: Any
) -> Reader:
    return Reader(
        id=id, label=label, publisher=DUO, licence=DUO_LICENCE, order=20, columns=columns, without=without,
        read=read_locations, load=partial(load_locations, sector=sector),
        tables=_OF_LOCATION, **more,
    )  # fmt: skip


def _is_special(source: Source) -> bool:
    return bool(_KIND & source.header) or "CLUSTER" in source.header


def _is_mbo(source: Source) -> bool:
    return any("MBO" in name for name in source.header)


READERS = [
    _register("vestigingen-vo", "Adressen van alle vestigingen vo", sector=Sector.VO,
              columns=_LOCATION | {"ONDERWIJSSTRUCTUUR"}, without=frozenset()),
    _register("vestigingen-so", "Adressen van vestigingen sbo, so en vso", sector=Sector.SO,
              columns=_LOCATION, without=frozenset({"ONDERWIJSSTRUCTUUR"}), matches=_is_special),
    _register("vestigingen-bo", "Adressen van alle vestigingen basisonderwijs", sector=Sector.PO,
              columns=_LOCATION, without=frozenset({"ONDERWIJSSTRUCTUUR"}), matches=lambda source: not _is_special(source)),
    Reader(
        id="instellingen-vo", label="Instellingen vo", publisher=DUO, licence=DUO_LICENCE, order=19,
        columns=_BASE | {"INSTELLINGSNAAM", "ONDERWIJSSTRUCTUUR", "RPA-GEBIED CODE"},
        without=frozenset({"VESTIGINGSNUMMER"}), read=read_institutions, load=load_institutions,
    ),
    Reader(
        id="instellingen-mbo", label="Adressen van mbo-instellingen", publisher=DUO, licence=DUO_LICENCE, order=19,
        columns=frozenset({"BRIN NUMMER", "BEVOEGD GEZAG NUMMER", "INSTELLINGSNAAM", "POSTCODE", "GEMEENTENUMMER"}),
        without=frozenset({"VESTIGINGSNUMMER", "ONDERWIJSSTRUCTUUR", "JAAR"}), read=read_institutions,
        load=load_mbo_institutions, matches=_is_mbo,
    ),
    Reader(
        id="instellingen-po", label="Instellingen po en so", publisher=DUO, licence=DUO_LICENCE, order=19,
        columns=_BASE | {"INSTELLINGSNAAM", "RPA-GEBIED CODE"}, without=frozenset({"VESTIGINGSNUMMER", "ONDERWIJSSTRUCTUUR"}),
        read=read_institutions, load=load_institutions, matches=lambda source: not _is_mbo(source),
    ),
    Reader(
        id="besturen", label="Namen van schoolbesturen", publisher=DUO, licence=DUO_LICENCE, order=18,
        columns=frozenset({"BEVOEGD GEZAG NUMMER", "BEVOEGD GEZAG NAAM", "KVK-NUMMER"}),
        without=frozenset({"BRIN NUMMER"}), read=read_boards, load=load_boards,
    ),
]  # fmt: skip
