"""Every file name means the same in every app, and the tests mirror the source."""

import ast

import pytest

from tests.helpers import CHECKOUT, SOURCE

DOMAIN_APPS = ("regions", "workforce", "desk")
NAMES = {
    *("urls", "views", "forms", "tables", "actions", "queries", "model_runs", "rules", "models", "enums", "errors"),
    *(
        "sources",
        "templates",
        "migrations",
        "management",
        "static",
        "templatetags",
        "apps",
        "__init__",
        "personal_data",
    ),
}
# What has no place in the list above, and why it is a file of its own.
NAMED_PARTS = {
    "regions": {},
    "desk": {
        "advice": "the route advice as pure functions: conditions, questions, verdicts, and the checker",
        "starting_set": "the national routes, questions and general texts, as files that are loaded into an edition",
        "presenting": "routes, money and verdicts in words: pure functions",
        "texts": "the words of the public pages in Dutch and English",
        "tokens": "answers in a signed address, so that nothing is stored",
        "drafts": "what a draft changes and whom it concerns, for who publishes it",
        "cases": "an app of its own inside the desk, with tables of persons; routes and pages know nothing of it",
    },
    "workforce": {
        "outlook": "what every page about a region, board, school or location says, put together once from queries",
        "sentences": "the Dutch sentences a page opens with: pure functions, tested by their text",
        "shortage_sentences": "the same about the shortage, with the causes that add up",
        "shortage": "what pages say about staff and shortage: one module per page, with its pure rules",
        "joint": "joint rounds of boards: what they give in, snapshots, and what pages and Vandaag say of them",
        "manual": "the manual of docs/nl as a page: chapters, rules and their tables",
        "evidence": "how good forecasts are, beside the scorecard: noise, where bands come from, England, the register",
        "verdicts": "ours against a simple rule: better, worse, or no difference within the sampling error",
        "overviews": "the figures that compare sectors and parts of a scope; these read more than one series",
        "location_history": "what became of a location and where it came from, as sentences with links",
        "drawings": "draws the charts of a run ahead of the first visitor, in the worker",
        "scorecard": "the scorecard in words and tables",
        "seen": "writes down that somebody looked at figures from a board's own file; the views call it",
        "today": "the lines of the page Vandaag that are about forecasts; the registry in shared calls it",
        "staff_loaded": "what staff is loaded of a board: own file, public counts or nothing; runs, pages and status ask it",
        "staff_import": "loads a board's own files and takes them out again, for the command line and the demo",
    },
}
CLOCKS = {"now", "today", "utcnow"}


@pytest.mark.parametrize("app", DOMAIN_APPS)
def test_an_app_holds_only_files_whose_name_says_what_they_do(app):
    held = {path.stem for path in (SOURCE / "regio" / app).iterdir() if path.name != "__pycache__"}
    assert held - NAMES - set(NAMED_PARTS[app]) == set()


@pytest.mark.parametrize("app", [*DOMAIN_APPS, "accounts", "audit", "shared", "site"])
def test_every_app_has_tests(app):
    assert list((CHECKOUT / "tests" / app).rglob("test_*.py"))


def test_forms_save_nothing():
    for path in (SOURCE / "regio").rglob("forms.py"):
        called = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
        assert called.isdisjoint({"save", "create", "bulk_create", "delete"}), path


def test_the_engine_asks_no_clock_opens_no_file_and_uses_no_global_randomness():
    for path in (SOURCE / "regio_engine").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"open", "print", "input"}), path
            assert not (isinstance(node, ast.Attribute) and node.attr in CLOCKS), path
            assert not (
                isinstance(node, ast.Attribute) and ast.unparse(node).startswith(("np.random", "numpy.random"))
            ), path


def test_web_code_is_given_the_moment_by_its_caller():
    """Views, commands and jobs know the moment; what reads or judges is told it."""
    for name in ("queries", "rules", "model_runs"):
        for path in [*(SOURCE / "regio").rglob(f"{name}.py"), *(SOURCE / "regio").rglob(f"{name}/*.py")]:
            for node in ast.walk(ast.parse(path.read_text())):
                is_clock = (
                    isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
                )
                assert not is_clock, f"{path}:{getattr(node, 'lineno', 0)}"
