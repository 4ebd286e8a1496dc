"""A backup of one installation: the database and a list of what is in it, in one tar file, and the way back.

1. The list says per table how many rows there are and a hash over them, so that a restored database can be compared.
2. SQLite is copied by its own online backup, PostgreSQL by pg_dump; nobody has to stop working.
3. `restore_backup` first makes the database beside the present one (SQLite) or in one transaction (PostgreSQL), compares
   every table, and only then takes it into use. What was there before stays as a file (SQLite).

Fonts, charts and other files in REGIO_HOME are made again; the secret key of the installation is not in the backup.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, connections

from regio.shared.errors import UserError

LIST, SQLITE_FILE, POSTGRESQL_FILE = "inhoud.json", "regio.sqlite3", "regio.pgdump"
ROWS_AT_A_TIME = 5_000
Contents = dict[str, dict[str, Any]]  # table → {"rows": …, "sha256": …}


class BackupRefused(UserError):
    """A backup cannot be made, read or put back; the text says why and what to do."""


def make_backup(file: Path, *, now: datetime) -> dict[str, Any]:
    """Write a backup to a new file, all of it or nothing; return its list.

    Raises:
        BackupRefused: the file is there already, or pg_dump is missing or fails.
    """
    if file.exists():
        raise BackupRefused(f"{file} bestaat al. Kies een andere naam.")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".regio-backup-") as folder:
        copy = _copy_database(Path(folder))
        contents = _contents_of_sqlite(copy) if copy.name == SQLITE_FILE else contents_of(connection)
        listed = {"made_at": now.isoformat(), "database": copy.name, "sha256": _sha256(copy), "tables": contents}
        (Path(folder) / LIST).write_text(json.dumps(listed, indent=1), encoding="utf-8")
        whole = Path(folder) / "whole.tar"
        with tarfile.open(whole, "w") as archive:
            archive.add(Path(folder) / LIST, LIST)
            archive.add(copy, copy.name)
        whole.chmod(0o600)
        os.replace(whole, file)
    return listed


def verify_backup(file: Path) -> dict[str, Any]:
    """Read a backup back and compare it with its own list; return the list.

    An SQLite copy is opened and every table compared; of a PostgreSQL dump the hash is compared and pg_restore reads it.

    Raises:
        BackupRefused: it is no backup, it is damaged, or a table differs.
    """
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".regio-backup-") as folder:
        listed, copy = _unpack(file, Path(folder))
        if copy.name == SQLITE_FILE:
            _compare(listed["tables"], _contents_of_sqlite(copy))
        else:
            _run("pg_restore", "--list", str(copy))
    return listed


def restore_backup(file: Path, *, now: datetime) -> tuple[dict[str, Any], Path | None]:
    """Take a backup into use; return its list and where the former SQLite file is kept.

    Raises:
        BackupRefused: see `verify_backup`; or it comes from the other kind of database. Nothing has changed then.
    """
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".regio-backup-") as folder:
        listed, copy = _unpack(file, Path(folder))
        if (copy.name == SQLITE_FILE) != (connection.vendor == "sqlite"):
            other = "SQLite" if copy.name == SQLITE_FILE else "PostgreSQL"
            raise BackupRefused(
                f"Deze reservekopie is van {other}; deze installatie gebruikt {connection.display_name}."
            )
        if copy.name == SQLITE_FILE:
            _compare(listed["tables"], _contents_of_sqlite(copy))
            return listed, _take_into_use(copy, now=now)
        _restore_postgresql(copy)
    _compare(listed["tables"], contents_of(connection))
    return listed, None


def contents_of(database: Any) -> Contents:
    """Return rows and hash per table of the product, in the order of their keys."""
    found = {}
    with database.cursor() as cursor:
        for table in sorted(database.introspection.table_names(cursor)):
            found[table] = _fingerprint(cursor, table, list(_columns(database, cursor, table)))
    return found


def _columns(database: Any, cursor: Any, table: str) -> Iterator[str]:
    for column in database.introspection.get_table_description(cursor, table):
        yield column.name


def _contents_of_sqlite(file: Path) -> Contents:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        cursor = database.cursor()
        broken = cursor.execute("PRAGMA integrity_check").fetchone()[0]
        if broken != "ok":
            raise BackupRefused(f"De kopie van de database is beschadigd ({broken}).")
        names = cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {
            table: _fingerprint(cursor, table, [row[1] for row in cursor.execute(f'PRAGMA table_info("{table}")')])
            for (table,) in sorted(names.fetchall())
        }


def _fingerprint(cursor: Any, table: str, columns: list[str]) -> dict[str, Any]:
    names = ", ".join(f'"{column}"' for column in sorted(columns))
    cursor.execute(f'SELECT {names} FROM "{table}" ORDER BY 1, {names}')  # noqa: S608 - names from the catalogue  # nosec B608
    rows, digest = 0, hashlib.sha256()
    while some := cursor.fetchmany(ROWS_AT_A_TIME):
        rows += len(some)
        for row in some:
            digest.update(repr(tuple(row)).encode())
    return {"rows": rows, "sha256": digest.hexdigest()}


def _compare(listed: Contents, found: Contents) -> None:
    other = sorted(table for table in {*listed, *found} if listed.get(table) != found.get(table))
    if other:
        raise BackupRefused(
            f"Niet gelijk aan de lijst in de reservekopie: {', '.join(other)}. Gebruik een andere kopie."
        )


# ------------------------------------------------------------------------------------------------------ the two databases
def _copy_database(folder: Path) -> Path:
    if connection.vendor == "sqlite":
        copy = folder / SQLITE_FILE
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        return copy
    copy = folder / POSTGRESQL_FILE
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file", str(copy), *_address())
    return copy


def _take_into_use(copy: Path, *, now: datetime) -> Path | None:
    """Put the copy in the place of the database; the former one stays beside it."""
    present = Path(connection.settings_dict["NAME"])
    connections.close_all()
    ready = present.with_name(f".{present.name}.nieuw")
    shutil.copyfile(copy, ready)
    kept = None
    if present.exists():
        with closing(sqlite3.connect(present)) as old:  # what is still in its journal goes into the file
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        kept = present.with_name(f"{present.name}.voor-{now:%Y%m%d-%H%M%S}")
        os.replace(present, kept)
        for journal in ("-wal", "-shm"):
            present.with_name(present.name + journal).unlink(missing_ok=True)
    os.replace(ready, present)
    return kept


def _restore_postgresql(copy: Path) -> None:
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    connections.close_all()
    _run("pg_restore", *options, *_address(), str(copy))


def _address() -> tuple[str, ...]:
    database = connection.settings_dict
    told = (("--host", database["HOST"]), ("--port", database["PORT"]), ("--username", database["USER"]))
    return (*[part for name, value in told if value for part in (name, str(value))], "--dbname", str(database["NAME"]))


def _run(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL, from REGIO_PG_BIN or the path."""
    place = shutil.which(program, path=os.environ.get("REGIO_PG_BIN") or None)
    if place is None:
        raise BackupRefused(f"{program} ontbreekt. Installeer postgresql-client, of zet REGIO_PG_BIN op de map ervan.")
    secrets = {"PGPASSWORD": connection.settings_dict.get("PASSWORD", "")}
    done = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
        [place, *arguments], env={**os.environ, **secrets}, capture_output=True, text=True
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise BackupRefused(f"{program} lukte niet: {said[-1] if said else 'zonder reden'}.")


def summary(listed: dict[str, Any]) -> str:
    """Return what is in a backup, in Dutch."""
    rows = sum(table["rows"] for table in listed["tables"].values())
    return f"{len(listed['tables'])} tabellen, {rows} rijen, van {listed['made_at'][:16].replace('T', ' ')} (UTC)"


# --------------------------------------------------------------------------------------------------------------- the file
def _unpack(file: Path, folder: Path) -> tuple[dict[str, Any], Path]:
    try:
        with tarfile.open(file, "r:") as archive:
            listed = json.load(archive.extractfile(LIST) or _none(file))
            if listed["database"] not in (SQLITE_FILE, POSTGRESQL_FILE):
                raise BackupRefused(f"{file} is geen reservekopie van dit product.")
            archive.extract(listed["database"], folder, filter="data")
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise BackupRefused(f"{file} is geen reservekopie van dit product, of niet heel.") from error
    copy = folder / listed["database"]
    if _sha256(copy) != listed["sha256"]:
        raise BackupRefused(
            f"{file} is beschadigd: de database erin is niet meer wat de lijst zegt. Gebruik een andere kopie."
        )
    return listed, copy


def _none(file: Path) -> Any:
    raise BackupRefused(f"{file} is geen reservekopie van dit product.")


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
