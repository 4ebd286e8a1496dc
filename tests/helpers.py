"""Helpers that tests call by name: where the real files are, and what every page must satisfy."""

import os
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
SOURCE = CHECKOUT / "src"
REAL_DATA = CHECKOUT.parent / "shared" / "data"
WCAG_22_AA = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]  # the last: order of headings, names of landmarks


def real_data(*parts: str) -> Path:
    """Return the public file `../shared/data/<parts>` beside the checkout; skip the test where it is absent."""
    path = REAL_DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the public file {path.relative_to(REAL_DATA.parent)} is not beside this checkout")
    return path


def assert_accessible(page: Any) -> None:
    """Hold a page against WCAG 2.2 AA with axe; fail with rule, place and help of each violation."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": WCAG_22_AA}}
    violations = Axe().run(page, options=options).response["violations"]
    found = [
        f"{violation['id']}: {violation['help']} at {node['target']}\n    {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert not found, f"{page.url} breaks WCAG 2.2 AA:\n" + "\n".join(found)


def assert_no_sideways_scroll(page: Any, *, width: int = 320) -> None:
    """At this width [px] the page itself must not scroll sideways; a table inside its own frame may."""
    height = page.viewport_size["height"]
    page.set_viewport_size({"width": width, "height": height})
    widest = page.evaluate("document.documentElement.scrollWidth")
    culprits = page.evaluate(
        """limit => [...document.querySelectorAll('body *')]
            .filter(element => element.getBoundingClientRect().right > limit + 1)
            .slice(0, 5).map(element => element.outerHTML.slice(0, 120))""",
        width,
    )
    assert widest <= width, f"{page.url} is {widest} px wide at {width} px; first wide parts: {culprits}"


def screenshot(page: Any, name: str, *, full_page: bool = True) -> Path:
    """Keep a picture of the page as `<name>.png`; with REGIO_UPDATE_SCREENSHOTS=1 the one in docs/images."""
    kept = os.environ.get("REGIO_SCREENSHOTS", os.path.join(os.environ["REGIO_HOME"], "screenshots"))
    folder = CHECKOUT / "docs" / "images" if os.environ.get("REGIO_UPDATE_SCREENSHOTS") == "1" else Path(kept)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path, full_page=full_page)
    return path
