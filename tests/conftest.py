"""What every test gets: no network, a clock that can stand still, the real files where they are, a query count.

`real_data` (also `tests.helpers.real_data`) finds public files beside the checkout. `frozen_clock` holds
`timezone.now()`. `--database-only` keeps the tests that touch the database, for the second run on PostgreSQL.
`public_database` (tests/fixtures_public.py) is an SQLite file with all public files, loaded once per session.
Count queries of a page with pytest-django's `django_assert_num_queries(5)`; `query_count` gives the number itself.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import helpers

pytest_plugins = ["tests.fixtures_example", "tests.fixtures_public"]
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup", "client_with_data"}
THE_DAY_TESTS_LIVE_IN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option with which run.py makes its second run, on PostgreSQL."""
    parser.addoption("--database-only", action="store_true", help="only tests that touch the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not touch the database, where only that is asked."""
    if not config.getoption("--database-only"):
        return
    kept = [item for item in items if _touches_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


# -------------------------------------------------------------------------------------------------------- network
class NetworkUsed(RuntimeError):
    """A test tried to leave this computer."""


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that is not to this computer itself."""
    connect, connect_ex, lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX:
                _require_loopback(address[0])
            return original(self, address)

        return call

    def guarded_lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        _require_loopback(host)
        return lookup(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        yield


def _require_loopback(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost", "0.0.0.0", "::"):
        return
    try:
        inside = ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise NetworkUsed(f"a test may not use the network, and tried to reach {name}")


# ---------------------------------------------------------------------------------------------------------- clock
class FrozenClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, **duration: float) -> None:
        """Move forward by `timedelta(**duration)`."""
        self.now += timedelta(**duration)

    def set(self, now: datetime) -> None:
        """Move to this moment; it carries its time zone."""
        self.now = now


@pytest.fixture
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """Let `django.utils.timezone.now()` (and `localdate()`) stand still at 20 November 2026, 10:00 in Amsterdam."""
    from django.utils import timezone as django_timezone

    clock = FrozenClock(THE_DAY_TESTS_LIVE_IN)
    monkeypatch.setattr(django_timezone, "now", lambda: clock.now)
    return clock


# ----------------------------------------------------------------------------------------------- files and queries
@pytest.fixture
def real_data() -> Callable[..., Path]:
    """Return the function that finds a public file beside the checkout, or skips the test."""
    return helpers.real_data


@pytest.fixture
def query_count() -> Callable[[], AbstractContextManager[list[dict[str, str]]]]:
    """Return a context whose length is the number of queries: `with query_count() as seen: …; assert len(seen) == 4`."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)
