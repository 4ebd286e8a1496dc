"""Many rows into a table at once: executemany on SQLite, COPY on PostgreSQL. No signals, no model instances.

Frames carry the database column names; the caller is inside a transaction.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models

if TYPE_CHECKING:
    import polars as pl

CHUNK_ROWS = 50_000


def refresh_statistics() -> None:
    """Let PostgreSQL know how much was loaded: it plans its questions by that, and looks by itself only after a while."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def insert_frame(model: type[models.Model], frame: pl.DataFrame) -> int:
    """Insert the rows of a frame into the table of a model and return how many.

    Args:
        model: the model; columns that the frame lacks must have a value in the database (such as the key).
        frame: columns named as in the database (`location_id`); dates as Date, JSON already as text.
    """
    if frame.is_empty():
        return 0
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), ", ".join(quote(name) for name in frame.columns)
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", frame)
    else:
        places = ", ".join("?" * frame.width)
        _execute_many(f"INSERT INTO {table} ({columns}) VALUES ({places})", frame)  # noqa: S608 - names from models  # nosec B608
    return frame.height


def _copy(sql: str, frame: pl.DataFrame) -> None:
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for chunk in frame.iter_slices(CHUNK_ROWS):
            buffer = io.BytesIO()
            chunk.write_csv(buffer, include_header=False, null_value="\\N", quote_style="necessary")
            copy.write(buffer.getvalue())


def _execute_many(sql: str, frame: pl.DataFrame) -> None:
    import polars as pl

    # SQLite has no date type: Django keeps ISO texts.
    plain = frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col(pl.Categorical).cast(pl.String))
    connection.connection.executemany(sql, plain.iter_rows())


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set columns of rows by key: each row holds the values of `fields` (database names) and the key last."""
    quote = connection.ops.quote_name
    settings = ", ".join(f"{quote(field)} = %s" for field in fields)
    key = quote((model._meta.pk and model._meta.pk.column) or "id")
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {settings} WHERE {key} = %s", list(rows))  # noqa: S608  # nosec B608


def as_json(value: Any) -> str:
    """Return a value as the text that a JSON column takes on both databases."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
