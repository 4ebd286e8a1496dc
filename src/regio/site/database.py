"""Which database: SQLite in REGIO_HOME for the first run, PostgreSQL when REGIO_DATABASE_URL names one."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
)


def database_from_environment(home: Path) -> dict[str, Any]:
    """Return Django's DATABASES entry: PostgreSQL from REGIO_DATABASE_URL, else SQLite in the home folder."""
    url = os.environ.get("REGIO_DATABASE_URL")
    return _postgresql(url) if url else _sqlite(home)


def _sqlite(home: Path) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "regio.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": float(os.environ.get("REGIO_SQLITE_TIMEOUT_S", 20)),
            "init_command": SQLITE_PRAGMAS,
        },
        # A file, not memory: the live server of the browser tests answers from another thread.
        "TEST": {"NAME": home / "test.sqlite3"},
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }
