"""Every place where figures of boards come together is in one list with what protects it; a new one without a line fails."""

import ast
import re
from importlib import import_module
from pathlib import Path

from django.core.management import get_commands
from django.urls import URLPattern, get_resolver

from regio.site import sums
from regio.workforce.shortage.analyst_page import BY_SLUG
from regio.workforce.shortage.staffing import FIGURES
from regio.workforce.views.figure_finder import OF_OUTLOOK
from tests.site.test_rights import NAMES

ROOT = Path(__file__).parents[2]
LIST = ROOT / "docs/optellingen.md"
PREFIXES = ("regio.site.", "regio.workforce.")  # apps that read results; another is looked at table by table
TABLES = {
    "ForecastValue", "ForecastFlow", "ForecastSpread", "StaffAgeGroup", "RunDifference", "StaffMember", "JointContribution", "MeasuredShortage",
}  # fmt: skip


def views(patterns=None):
    """Yield name and module of every address."""
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLPattern):
            yield one.name, one.callback.__module__
        else:
            yield from views(one.url_patterns)


def test_every_address_that_can_read_results_says_what_it_shows():
    named = {name for name, module in views() if module.startswith(PREFIXES) and _can_read_results(module)}
    assert sorted(named - sums.ADDRESSES.keys()) == [], "give it a line in regio.site.sums.ADDRESSES"


def _can_read_results(module):
    """Tell whether a module of views can: it speaks of the app with results, or of queries that may."""
    source = Path(import_module(module).__file__).read_text(encoding="utf-8")
    return module.startswith("regio.workforce.") or bool(re.search(r"regio\.workforce|\bqueries\b", source))


def test_every_figure_with_an_address_says_what_it_shows():
    made = {*FIGURES, *BY_SLUG, *OF_OUTLOOK, *NAMES}
    assert sorted(made ^ sums.FIGURES.keys()) == [], "give it a line in regio.site.sums.FIGURES"


def test_every_command_says_what_it_shows():
    ours = {name for name, app in get_commands().items() if str(app).startswith("regio")}
    assert sorted(ours - sums.COMMANDS.keys()) == [], "give it a line in regio.site.sums.COMMANDS"
    assert sorted(sums.COMMANDS.keys() - ours) == []


def test_every_module_that_names_a_table_with_results_or_staff_is_known():
    readers = {
        str(path.relative_to(ROOT / "src/regio")) for path in (ROOT / "src/regio").rglob("*.py") if _names_a_table(path)
    }
    unknown = {reader for reader in readers if "migrations" not in reader and not any(reader.startswith(known) for known in sums.READERS)}  # fmt: skip
    assert sorted(unknown) == [], "give it a line in regio.site.sums.READERS, after looking at what it shows"


def _names_a_table(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    through = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return bool(TABLES & (imported | through))


def test_the_list_is_up_to_date():
    assert LIST.read_text(encoding="utf-8") == sums.render_sums(), (
        "write regio.site.sums.render_sums() to docs/optellingen.md"
    )
