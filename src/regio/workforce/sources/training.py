"""Enrolment in higher professional education per programme, five years; teacher training is a part of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import polars as pl

from regio.regions.sources.municipalities import municipality_code
from regio.shared.bulk import insert_frame
from regio.shared.importing.contract import Content, FileRefused, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import MASKED_AS
from regio.shared.models import ImportBatch
from regio.workforce.models import TrainingEnrolment

from .saving import DUO, DUO_LICENCE

FIELDS = {  # ours: (theirs, length)
    "institution_code": ("INSTELLINGSCODE ACTUEEL", 8), "institution_name": ("INSTELLINGSNAAM ACTUEEL", 120),
    "programme_code": ("OPLEIDINGSCODE ACTUEEL", 12), "programme_name": ("OPLEIDINGSNAAM ACTUEEL", 160),
    "field": ("ONDERDEEL", 60), "form": ("OPLEIDINGSVORM", 20), "gender": ("GESLACHT", 10),
}  # fmt: skip


def read_enrolment(source: Source) -> Content:
    """Read a JSON list of records; the keys `2020`, `2021`, … hold numbers or `<5`."""
    records = source.records
    years = sorted({key for record in records for key in record if re.fullmatch(r"20\d\d", key)})
    if not years:
        raise FileRefused("R-103", label="Ingeschrevenen hbo", detail="een kolom per jaar")
    rows: list[dict[str, Any]] = []
    findings, refused = [], 0
    for number, record in enumerate(records, start=1):
        base = {ours: str(record.get(theirs, ""))[:length] for ours, (theirs, length) in FIELDS.items()}
        counted = [(int(year), *_count(record.get(year))) for year in years]
        bad = next((year for year, count, _ in counted if count is None), None)
        if bad is not None:
            refused += 1
            findings.append(RowFinding("R-105", line=number, column=str(bad), value=str(record.get(str(bad)))[:100]))
            continue
        base["municipality_code"] = municipality_code(record.get("GEMEENTENUMMER"))
        rows += [
            {**base, "year": year, "students": count, "masked": masked} for year, count, masked in counted if count
        ]
    frame = pl.DataFrame(rows)
    masked = int(frame["masked"].sum())
    totals = {"studenten laatste jaar": float(frame.filter(pl.col("year") == int(years[-1]))["students"].sum())}
    return Content(
        frames={"enrolment": frame}, rows_read=len(records), rows_refused=refused,
        findings=[*findings, *([RowFinding("R-301", detail=masked)] if masked else [])], totals=totals,
        reference_date=date(int(years[-1]), 10, 1), reference_label=f"{years[0]} tot en met {years[-1]}", periods=list(years),
    )  # fmt: skip


def _count(value: object) -> tuple[int | None, bool]:
    """Return the count and whether it was masked; None when it is no count."""
    if value in (None, ""):
        return 0, False
    text = str(value).strip()
    if text.startswith("<"):
        return MASKED_AS, True
    return (int(text), False) if re.fullmatch(r"[0-9]{1,7}", text) else (None, False)


def load_enrolment(content: Content, batch: ImportBatch) -> None:
    """Save the enrolment."""
    insert_frame(TrainingEnrolment, content.frames["enrolment"].with_columns(batch_id=pl.lit(batch.pk)))


READERS = [
    Reader(
        id="ingeschrevenen-hbo", label="Ingeschrevenen hbo per opleiding", publisher=DUO, licence=DUO_LICENCE, order=59, kind="json",
        columns=frozenset({"INSTELLINGSCODE ACTUEEL", "OPLEIDINGSCODE ACTUEEL", "OPLEIDINGSVORM", "ONDERDEEL", "GESLACHT"}),
        read=read_enrolment, load=load_enrolment, tables=(RowsOf(TrainingEnrolment, period="year", location="institution_code"),),
    ),
]  # fmt: skip
