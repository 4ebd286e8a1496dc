"""From text to values: counts, amounts, codes and dates, each bad cell with its line, column and reason.

A row with a bad cell is refused as a whole and reported; the other rows go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from .findings import FileRefused, RowFinding
from .opening import Source
from .text import Table

MAX_FINDINGS_PER_CODE = 100
MASKED_AS = 2  # persons; the mean of 1-4 in the unmasked files is 2.2
MASK_PATTERN = r"^(<\s*\d+|\*{1,2}|[xX])$"
NUMBER_PATTERN = r"^-?([0-9]{1,13}(\.[0-9]*)?|\.[0-9]+)$"  # no powers of ten, no infinity; euros go to billions
LOCATION_PATTERN = r"^[0-9]{2}[A-Z]{2}[0-9A-Z]{2}$"
BIG_COUNT = 20_000  # persons in one cell; the largest location of the country holds about 4,000
LARGEST_COUNT = 20_000_000  # persons; more than the country is no count


class Rows:
    """The rows of one table while a reader works on them: what is left, what was refused and why."""

    def __init__(self, source: Source, *, sheet: str | None = None) -> None:
        """Read the table of a text file, or one sheet of a workbook."""
        table: Table = source.sheet_table(sheet) if sheet is not None else source.table()
        source.forget()
        self.frame = table.frame
        self.labels = table.labels
        self.findings = table.findings
        self.rows_read = table.rows_read
        self.rows_refused = table.rows_refused

    def refuse(self, bad: pl.DataFrame, code: str) -> None:
        """Take the lines of `bad` (`_line`, `column`, `value`) out and report each cell."""
        if bad.is_empty():
            return
        for line, column, value in bad.select("_line", "column", "value").head(MAX_FINDINGS_PER_CODE).iter_rows():
            label = self.labels.get(column, column)
            self.findings.append(RowFinding(code, line=line, column=label, value=str(value or "")[:100]))
        if bad.height > MAX_FINDINGS_PER_CODE:
            self.findings.append(RowFinding("R-399", detail=bad.height - MAX_FINDINGS_PER_CODE, value=code))
        before = self.frame.height
        self.frame = self.frame.join(bad.select("_line").unique(), on="_line", how="anti")
        self.rows_refused += before - self.frame.height
        if self.rows_refused * 2 > self.rows_read:
            raise FileRefused("R-111", detail=f"{self.rows_refused} van {self.rows_read}")

    def refuse_where(self, condition: pl.Expr, *, column: str, code: str) -> None:
        """Refuse the rows for which the condition holds, because of one column."""
        bad = self.frame.filter(condition).select(
            "_line", pl.lit(column).alias("column"), pl.col(column).alias("value")
        )
        self.refuse(bad, code)

    def has(self, column: str) -> bool:
        """Say whether the file has this (normalised) column."""
        return column in self.frame.columns

    def add_location(self, *, brin: str = "BRIN NUMMER", suffix: str = "VESTIGINGSNUMMER") -> None:
        """Add `code` (six characters) and `brin`; the suffix may be two characters or the full code."""
        text = pl.col(suffix).str.to_uppercase()
        full = pl.when(text.str.len_chars() >= 5).then(text)
        institution = pl.col(brin).str.to_uppercase() if brin in self.frame.columns else text.str.slice(0, 4)
        code = full.otherwise(institution.str.zfill(4) + text.str.zfill(2)).str.zfill(6)
        self.frame = self.frame.with_columns(code.alias("code"))
        self.refuse_where(~pl.col("code").str.contains(LOCATION_PATTERN), column=suffix, code="R-107")
        self.frame = self.frame.with_columns(pl.col("code").str.slice(0, 4).alias("brin"))

    def add_date(self, column: str, *, into: str = "reference_date") -> None:
        """Add a date read from JJJJMMDD, JJJJ-MM-DD, d-m-jjjj or a bare year (then 1 October)."""
        text = pl.col(column).str.slice(0, 10)
        parsed = pl.coalesce(
            text.str.to_date("%Y%m%d", strict=False),
            text.str.to_date("%Y-%m-%d", strict=False),
            text.str.to_date("%d-%m-%Y", strict=False),
            (text.str.extract(r"^((?:19|20)\d\d)(?:[-/](?:19|20)?\d\d)?$") + "-10-01").str.to_date(
                "%Y-%m-%d", strict=False
            ),
        )
        self.frame = self.frame.with_columns(parsed.alias(into))
        self.refuse_where(pl.col(into).is_null(), column=column, code="R-113")

    def counts(
        self, columns: Mapping[str, object] | Sequence[str], *, keep: Iterable[str] = (), big: int = BIG_COUNT
    ) -> pl.DataFrame:
        """Return one row per filled, non-zero cell: `_line`, `column`, `count`, `masked`, and the kept columns.

        Counts are whole persons; `<5` becomes 2 with `masked` true. Bad cells refuse their row;
        a count over `big` is told.
        """
        long = self.amounts(columns, keep=(), masked_value=MASKED_AS)
        bad = long.filter(
            (pl.col("amount") < 0) | (pl.col("amount") > LARGEST_COUNT) | (pl.col("amount") != pl.col("amount").floor())
        )
        self.refuse(bad.select("_line", "column", pl.col("text").alias("value")), "R-105")
        long = long.join(self.frame.select("_line"), on="_line", how="semi") if bad.height else long
        for line, column, value in long.filter(pl.col("amount") > big).select("_line", "column", "text").iter_rows():
            self.findings.append(RowFinding("R-205", line=line, column=self.labels.get(column, column), value=value))
        long = long.filter(pl.col("amount") > 0).with_columns(pl.col("amount").cast(pl.Int64).alias("count"))
        self._tell_masked(long)
        kept = self.frame.select("_line", *keep)
        return long.select("_line", "column", "count", "masked").join(
            kept, on="_line", how="left", maintain_order="left"
        )

    def still(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a frame whose line was not refused since it was made."""
        return frame.join(self.frame.select("_line"), on="_line", how="semi", maintain_order="left")

    def _tell_masked(self, long: pl.DataFrame) -> None:
        masked = int(long["masked"].sum())
        if masked:
            self.findings.append(RowFinding("R-301", detail=masked))

    def amounts(
        self,
        columns: Mapping[str, object] | Sequence[str],
        *,
        keep: Iterable[str] = (),
        masked_value: float | None = None,
    ) -> pl.DataFrame:
        """Return one row per filled cell: `_line`, `column`, `text`, `amount` (float), `masked`, and the kept columns.

        Decimal comma and point, a blank or a percent sign after the number are understood. A masked cell gets
        `masked_value`; None leaves it null. Cells that are empty or plain `0` are left out.
        """
        names = [name for name in columns if name in self.frame.columns]
        long = self.frame.select("_line", *names).unpivot(
            on=names, index="_line", variable_name="column", value_name="text"
        )
        long = long.filter(pl.col("text").is_not_null() & ~pl.col("text").is_in(["", "0"]))
        long = long.with_columns(pl.col("text").str.contains(MASK_PATTERN).alias("masked"))
        number = pl.col("text").str.strip_suffix("%").str.strip_chars().str.replace(",", ".", literal=True)
        number = pl.when(number.str.contains(NUMBER_PATTERN)).then(number.str.replace(r"^(-?)\.", "${1}0."))
        number = number.otherwise(None).cast(pl.Float64, strict=False)
        long = long.with_columns(
            pl.when("masked").then(pl.lit(masked_value, pl.Float64)).otherwise(number).alias("amount")
        )
        bad = long.filter(pl.col("amount").is_null() & ~pl.col("masked"))
        if bad.height:
            self.refuse(bad.select("_line", "column", pl.col("text").alias("value")), "R-105")
            long = long.join(self.frame.select("_line"), on="_line", how="semi")
        kept = self.frame.select("_line", *keep)
        return long.join(kept, on="_line", how="left", maintain_order="left") if kept.width > 1 else long
