"""Budgets that no linter offers: how long a file may be, what a page may carry, what must never be committed."""

import ast
import re
import subprocess

import pytest

from tests.helpers import CHECKOUT, SOURCE

MODULE_LINES, TEMPLATE_LINES, JAVASCRIPT_LINES, STYLESHEET_LINES = 400, 150, 2000, 4000
FUNCTIONS_UNDER_10, FUNCTIONS_UNDER_30 = 0.5, 0.9
# Each ban with what to do instead. `hx-on`, `js:` and trigger filters need eval, which the security policy forbids.
BANNED_IN_TEMPLATES = {
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)": "put the behaviour in a module and attach it by a data- attribute",
    r"<style\b": "put the rule in a stylesheet",
    r"\sstyle\s*=": "use a class",
    r"\son[a-z]+\s*=": "attach the behaviour in a module",
    r"\bhx-on\b": "attach the behaviour in a module",
    r"[\"']js:": "send the value as a form field",
    r"javascript:": "use a button and a module",
    r"hx-trigger=\"[^\"]*\[": "the filter is dropped without eval and the request still goes out",
    r"(?:src|href)=\"(?:https?:)?//": "serve it from here",
    r"\|\s*safe\b": "return a SafeString from the one place that made it",
}
FOREIGN_FILES = re.compile(r"\.(min\.js|min\.css|woff2?|ttf|otf|eot|map|csv|xlsx?|ods|parquet|sqlite3|zip|gz|whl)$")
OWN_SAMPLES = re.compile(r"^tests/.*(samples|data)/")
MACHINE_PATHS = re.compile(r"(/home/[a-z]|/root/|/Users/)")


def committed() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [name for name in listed.stdout.split("\0") if name and (CHECKOUT / name).exists()]


def lines(path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def sources(pattern: str):
    return sorted(path for path in SOURCE.rglob(pattern) if "migrations" not in path.parts)


def test_no_module_is_longer_than_one_sitting():
    too_long = {str(path.relative_to(SOURCE)): lines(path) for path in sources("*.py") if lines(path) > MODULE_LINES}
    assert too_long == {}, "split it into a folder by what its parts are about"


def test_every_module_says_what_it_is_about():
    silent = [
        str(path.relative_to(SOURCE))
        for path in sources("*.py")
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_functions_do_one_thing():
    lengths = [
        node.end_lineno - node.lineno + 1 - docstring_lines(node)
        for path in sources("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    under = {limit: sum(length <= limit for length in lengths) / len(lengths) for limit in (10, 30)}
    assert under[10] >= FUNCTIONS_UNDER_10, under
    assert under[30] >= FUNCTIONS_UNDER_30, under


def docstring_lines(node) -> int:
    first = node.body[0]
    is_docstring = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return first.end_lineno - first.lineno + 1 if is_docstring else 0


def test_a_template_fits_on_a_few_screens():
    too_long = {str(path): lines(path) for path in SOURCE.rglob("templates/**/*.html") if lines(path) > TEMPLATE_LINES}
    assert too_long == {}


@pytest.mark.parametrize(("suffix", "budget"), [("js", JAVASCRIPT_LINES), ("css", STYLESHEET_LINES)])
def test_own_scripts_and_styles_stay_small(suffix, budget):
    assert sum(map(lines, SOURCE.rglob(f"static/**/*.{suffix}"))) <= budget


@pytest.mark.parametrize("ban", BANNED_IN_TEMPLATES)
def test_templates_need_nothing_inline(ban):
    found = [
        f"{path.relative_to(SOURCE)}:{number}: {line.strip()}"
        for path in SOURCE.rglob("templates/**/*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(ban, line)
    ]
    assert found == [], f"instead: {BANNED_IN_TEMPLATES[ban]}"


def test_own_scripts_need_no_eval_and_load_nothing_from_elsewhere():
    unsafe = re.compile(r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write|https?://")
    found = [
        f"{path.relative_to(SOURCE)}:{number}: {line.strip()}"
        for path in SOURCE.rglob("static/**/*.js")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if unsafe.search(line) and "www.w3.org" not in line
    ]
    assert found == []


def test_nothing_of_others_is_committed():
    foreign = [name for name in committed() if FOREIGN_FILES.search(name) and not OWN_SAMPLES.match(name)]
    assert foreign == [], "third-party files come from the package registry by the locks, data files stay outside"


def test_no_lock_names_an_address():
    locks = sorted((CHECKOUT / "requirements").glob("*.lock"))
    assert [path.name for path in locks] == ["app.lock", "installer.lock", "test.lock"]
    assert [path.name for path in locks if "://" in path.read_text()] == []


def test_every_locked_package_has_a_hash():
    for path in (CHECKOUT / "requirements").glob("*.lock"):
        packages = re.split(r"\n(?=\S)", path.read_text().strip())
        assert all("--hash=sha256:" in package for package in packages), path.name


def test_no_file_names_a_machine():
    named = [
        name
        for name in committed()
        if name.endswith((".py", ".md", ".toml", ".yml", ".html", ".in")) and "test_budgets" not in name
        if MACHINE_PATHS.search((CHECKOUT / name).read_text(encoding="utf-8"))
    ]
    assert named == []
