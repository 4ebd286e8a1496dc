"""Exam files: candidates and passes per programme over several school years, per subject, and per department."""

from __future__ import annotations

import re

import polars as pl

from regio.shared.importing.contract import Content, FileRefused, Reader, RowFinding, RowsOf
from regio.shared.importing.opening import Source
from regio.shared.importing.rows import Rows
from regio.shared.models import ImportBatch
from regio.workforce.enums import ExamType
from regio.workforce.models import DepartmentExamCount, ExamCount, SubjectExamCount

from .saving import DUO, DUO_LICENCE, insert_with_location, place_frame

CELL = re.compile(r"^(EXAMENKANDIDATEN|GESLAAGDEN) SCHOOLJAAR (\d{4})-\d{4} - (MAN|VROUW|ONBEKEND|TOTAAL)$")
TYPE = "ONDERWIJSTYPE VO"
SUBJECT_COUNT = "TOTAAL AANTAL SCHOOLEXAMENS MET CIJFER"


def _start(source: Source) -> Rows:
    rows = Rows(source)
    rows.add_location()
    rows.frame = rows.frame.with_columns(pl.col(TYPE).str.to_uppercase())
    rows.refuse_where(~pl.col(TYPE).is_in(ExamType.values), column=TYPE, code="R-108")
    return rows


def read_candidates(source: Source) -> Content:
    """Read candidates and passes per location and programme; a masked count is 2 with `candidates_masked` true."""
    rows = _start(source)
    cells = {name: found.groups() for name in rows.frame.columns if (found := CELL.match(name))}
    years = sorted({int(year) for _, year, _ in cells.values()})
    if not years:
        raise FileRefused("R-103", label="Examenkandidaten", detail="EXAMENKANDIDATEN SCHOOLJAAR … - TOTAAL")
    long = rows.counts(cells, keep=["code", TYPE, "OPLEIDINGSNAAM"])
    meaning = pl.DataFrame(
        [(name, what, int(year), part) for name, (what, year, part) in cells.items()],
        schema=["column", "what", "school_year", "part"], orient="row",
    )  # fmt: skip
    long = long.join(meaning, on="column", how="left", maintain_order="left")
    rows.findings.extend(_parts_against_total(long))
    frame = _candidates(long.filter(pl.col("part") == "TOTAAL"))
    by_year = dict(frame.group_by("school_year").agg(pl.col("candidates").sum()).iter_rows())
    totals = {f"kandidaten {year}-{year + 1}": float(by_year.get(year, 0)) for year in years}
    totals["kandidaten laatste schooljaar"] = totals[f"kandidaten {years[-1]}-{years[-1] + 1}"]
    return _content(rows, frame, years=years, totals=totals)


def _candidates(long: pl.DataFrame) -> pl.DataFrame:
    key = ["_line", "school_year"]
    passed = long.filter(pl.col("what") == "GESLAAGDEN").select(
        *key, pl.when("masked").then(None).otherwise("count").alias("passed"), pl.lit(True).alias("told")
    )
    frame = long.filter(pl.col("what") == "EXAMENKANDIDATEN").join(passed, on=key, how="left", maintain_order="left")
    nobody = pl.when(pl.col("told").is_null()).then(0).otherwise("passed")  # an empty or zero cell: nobody passed
    return frame.select(
        "code", pl.col(TYPE).alias("exam_type"), pl.col("OPLEIDINGSNAAM").str.slice(0, 80).alias("programme"),
        pl.col("school_year").cast(pl.Int64), pl.col("count").alias("candidates"), pl.col("masked").alias("candidates_masked"),
        nobody.alias("passed"),
    )  # fmt: skip


def _parts_against_total(long: pl.DataFrame) -> list[RowFinding]:
    """Compare men + women + unknown with the total, where nothing is masked."""
    candidates = long.filter(pl.col("what") == "EXAMENKANDIDATEN")
    is_total = pl.col("part") == "TOTAAL"
    sums = candidates.group_by("_line", "school_year").agg(
        pl.col("count").filter(is_total).sum().alias("total"), pl.col("count").filter(~is_total).sum().alias("parts"),
        pl.col("masked").any(),
    )  # fmt: skip
    odd = sums.filter(~pl.col("masked") & (pl.col("total") != pl.col("parts"))).sort("_line")
    return [
        RowFinding(
            "R-201", line=line, column=f"EXAMENKANDIDATEN {year}", value=str(total), detail=f"{parts} tegen {total}"
        )
        for line, year, total, parts in odd.select("_line", "school_year", "total", "parts").head(50).iter_rows()
    ]


def _content(rows: Rows, frame: pl.DataFrame, *, years: list[int], totals: dict[str, float], part: str = "") -> Content:
    from datetime import date

    label = (
        f"schooljaar {years[0]}-{years[0] + 1}"
        if len(years) == 1
        else f"schooljaren {years[0]}-{years[0] + 1} tot en met {years[-1]}-{years[-1] + 1}"
    )
    last = frame.filter(pl.col("school_year") == years[-1])
    return Content(
        frames={"exams": frame, "places": place_frame(rows)}, rows_read=rows.rows_read, rows_refused=rows.rows_refused,
        findings=rows.findings, totals=totals, reference_date=date(years[-1] + 1, 7, 31), reference_label=label,
        periods=[str(year) for year in years], part=part, locations=set(last["code"]),
    )  # fmt: skip


def load_candidates(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save candidates and passes."""
    return insert_with_location(ExamCount, content.frames["exams"], content, batch, sector="vo")


def read_subjects(source: Source) -> Content:
    """Read school exams with a mark per location and subject of one type and school year."""
    rows = _start(source)
    rows.frame = rows.frame.with_columns(
        pl.col("SCHOOLJAAR").str.slice(0, 4).cast(pl.Int64, strict=False).alias("school_year")
    )
    rows.refuse_where(pl.col("school_year").is_null(), column="SCHOOLJAAR", code="R-113")
    rows.refuse_where(~pl.col("VAKCODE").str.contains(r"^\w{1,8}$"), column="VAKCODE", code="R-108")
    long = rows.counts([SUBJECT_COUNT], keep=["code", TYPE, "VAKCODE", "VAKNAAM", "school_year"])
    frame = long.select(
        "code", pl.col(TYPE).alias("exam_type"), pl.col("VAKCODE").alias("subject_code"),
        pl.col("VAKNAAM").str.slice(0, 80).alias("subject_name"), "school_year", pl.col("count").alias("candidates"),
        pl.col("masked").alias("candidates_masked"),
    )  # fmt: skip
    years = sorted(frame["school_year"].unique())
    types = "-".join(sorted(frame["exam_type"].unique())).lower()
    return _content(rows, frame, years=years, totals={"schoolexamens": float(frame["candidates"].sum())}, part=types)


def load_subjects(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save exam counts per subject."""
    return insert_with_location(SubjectExamCount, content.frames["exams"], content, batch, sector="vo")


def read_departments(source: Source) -> Content:
    """Read candidates, passes and the mean final mark per department or profile of one school year."""
    rows = _start(source)
    year = source.on.year if source.on else source.year_in_name()
    if year is None:
        raise FileRefused("R-106")
    keep = ["code", TYPE, "LEERWEG VMBO", "VMBO SECTOR", "AFDELING"]
    passed = rows.counts(["GESLAAGDEN"]).select("_line", pl.col("count").alias("passed"))
    marks = rows.amounts(["GEMIDDELD CIJFER CIJFERLIJST"]).select("_line", pl.col("amount").alias("mean_mark"))
    long = rows.counts(["EXAMENKANDIDATEN"], keep=keep)
    long = long.join(passed, on="_line", how="left", maintain_order="left").join(
        marks, on="_line", how="left", maintain_order="left"
    )
    frame = long.select(
        "code", pl.col(TYPE).alias("exam_type"), pl.col("LEERWEG VMBO").str.slice(0, 40).alias("track"),
        pl.col("VMBO SECTOR").str.slice(0, 60).alias("vmbo_sector"), pl.col("AFDELING").str.slice(0, 80).alias("department"),
        pl.lit(year).alias("school_year"), pl.col("count").alias("candidates"),
        pl.col("masked").alias("candidates_masked"), pl.col("passed").fill_null(0), "mean_mark",
    )  # fmt: skip
    return _content(rows, frame, years=[year], totals={"kandidaten": float(frame["candidates"].sum())})


def load_departments(content: Content, batch: ImportBatch) -> list[RowFinding]:
    """Save exam counts per department."""
    return insert_with_location(DepartmentExamCount, content.frames["exams"], content, batch, sector="vo")


_KEY = frozenset({"BRIN NUMMER", "VESTIGINGSNUMMER", TYPE})
READERS = [
    Reader(
        id="examens", label="Examenkandidaten en geslaagden", publisher=DUO, licence=DUO_LICENCE, order=55,
        columns=_KEY | {"INSPECTIECODE", "OPLEIDINGSNAAM"}, read=read_candidates, load=load_candidates,
        matches=lambda source: any(CELL.match(name) for name in source.header), tables=(RowsOf(ExamCount, period="school_year"),),
    ),
    Reader(
        id="vakexamens", label="Schoolexamens per vak", publisher=DUO, licence=DUO_LICENCE, order=56,
        columns=_KEY | {"SCHOOLJAAR", "VAKCODE", "VAKNAAM", SUBJECT_COUNT}, read=read_subjects, load=load_subjects,
        tables=(RowsOf(SubjectExamCount, period="school_year"),),
    ),
    Reader(
        id="geslaagden-afdeling", label="Geslaagden, gezakten en cijfers per afdeling", publisher=DUO, licence=DUO_LICENCE, order=57,
        columns=_KEY | {"LEERWEG VMBO", "AFDELING", "EXAMENKANDIDATEN", "GESLAAGDEN", "GEZAKTEN", "GEMIDDELD CIJFER CIJFERLIJST"},
        read=read_departments, load=load_departments, tables=(RowsOf(DepartmentExamCount, period="school_year"),),
    ),
]  # fmt: skip
