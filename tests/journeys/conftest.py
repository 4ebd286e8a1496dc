"""Fixtures for stories in a real Chromium against the real server.

A story lives in `tests/journeys/test_<feature>.py` and needs nothing but these fixtures and `tests.helpers`:

    from tests.helpers import assert_accessible, assert_no_sideways_scroll, screenshot

    def test_a_planner_sees_what_changes(page, demo_site):
        page.goto(demo_site)                       # Regio Voorbeeld, served by granian with its worker
        assert_accessible(page)                    # axe, WCAG 2.2 AA: in every story
        screenshot(page, "start")                  # REGIO_HOME/screenshots, or docs/images when asked
        assert_no_sideways_scroll(page)            # at 320 px

`page` is 1280 px wide and light. `open_page(width=320)`, `open_page(dark=True)`, `open_page(javascript=False)`,
`open_page(forced_colours=True)` make others. A story fails on any error in the browser's console (a breach of the
content security policy is one) unless it says `page.allowed_errors.append("part of the message")`.
Do not use `wait_for_function` (the policy forbids eval) and never `bypass_csp`.
`demo_site` is shared by all stories of a run: stories may add, not destroy. For a database of its own a story takes
pytest-django's `live_server` instead. To write stories quickly, keep a prepared home between runs with
REGIO_JOURNEYS_HOME=/a/folder.
"""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tools import serving

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread that asks the database
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 10_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as a story in the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the browser that run.py found; without one: skip, or fail where CI=true."""
    named = os.environ.get("REGIO_CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("no browser: set REGIO_CHROMIUM or install chromium")
    pytest.skip("no browser: set REGIO_CHROMIUM or install chromium")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """Start one Chromium for all stories."""
    from playwright.sync_api import sync_playwright

    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, headless=True, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Prepare Regio Voorbeeld as `run.py demo` does, serve it, and return the address of its start page."""
    kept = os.environ.get("REGIO_JOURNEYS_HOME")
    site = serving.demo_site(Path(kept) if kept else tmp_path_factory.mktemp("voorbeeld"))
    serving.prepare(site)
    with socket.create_server((serving.HOST, 0)) as probe:
        port = probe.getsockname()[1]
    with serving.serving(site, port=port):
        yield f"http://{serving.HOST}:{port}/"


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page: `open_page(width=320, dark=True, javascript=False, forced_colours=True)`."""
    opened: list[Any] = []

    def open_one(
        *,
        width: int = 1280,
        height: int = 900,
        dark: bool = False,
        javascript: bool = True,
        forced_colours: bool = False,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            color_scheme="dark" if dark else "light",
            forced_colors="active" if forced_colours else "none",
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        _collect_errors(page)
        opened.append(page)
        return page

    yield open_one
    unexpected = [line for page in opened for line in _unexpected(page)]
    for page in opened:
        page.context.close()
    assert not unexpected, "errors in the browser's console:\n" + "\n".join(unexpected)


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """Open an ordinary page: 1280 px wide, light, with JavaScript."""
    return open_page()


def _collect_errors(page: Any) -> None:
    page.seen_errors, page.allowed_errors = [], []
    page.on("console", lambda message: message.type == "error" and page.seen_errors.append(message.text))
    page.on("pageerror", lambda error: page.seen_errors.append(str(error)))


def _unexpected(page: Any) -> list[str]:
    return [line for line in page.seen_errors if not any(part in line for part in page.allowed_errors)]
