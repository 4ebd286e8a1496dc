"""Documents that point at each other and at the code stay true."""

import re
import tomllib

import pytest
import yaml

from tests.helpers import CHECKOUT

DOCUMENTS = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#)([^)#\s]+)[^)]*\)")
PARTS = ("Context", "Decision", "Consequences")
DECISIONS = sorted((CHECKOUT / "docs" / "adr").glob("*.md"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_links_lead_somewhere(document):
    dead = [link for link in LINK.findall(document.read_text()) if not (document.parent / link).exists()]
    assert dead == []


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.name)
def test_a_decision_tells_context_decision_and_consequences(decision):
    text = decision.read_text()
    assert int(re.match(r"# (\d+)\. \S", text)[1]) == int(decision.name[:4])
    absent = [part for part in PARTS if not re.search(rf"^(\*\*{part}\.\*\*|## {part}$)", text, re.MULTILINE)]
    assert absent == []
    assert len(text.split()) < 900, "a decision is a short page"


def test_decisions_have_numbers_of_their_own():
    numbers = [decision.name[:4] for decision in DECISIONS]
    assert len(numbers) == len(set(numbers))


def test_one_licence_everywhere():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    public = yaml.safe_load((CHECKOUT / "publiccode.yml").read_text())
    named = {project["license"], public["legal"]["license"]}
    assert named == {"EUPL-1.2"}
    assert (CHECKOUT / "LICENSE").read_text().startswith("SPDX-License-Identifier: EUPL-1.2\n")
    assert public["softwareVersion"] == project["version"]


def test_every_locked_package_that_we_asked_for_has_its_reason():
    reasons = (CHECKOUT / "docs" / "adr" / "0002-dependencies.md").read_text().lower()
    asked = [
        re.split(r"[\[<>=~ ]", line.strip())[0].lower()
        for name in ("app", "test", "installer")
        for line in (CHECKOUT / "requirements" / f"{name}.in").read_text().splitlines()
        if line.strip() and not line.startswith(("#", "-"))
    ]
    assert [package for package in asked if package not in reasons] == []


def test_every_asked_package_is_used():
    """A package that no module, template setting or tool names is a download for nothing."""
    used_as = {
        "django-allauth": "allauth", "pyyaml": "yaml", "django-csp": "csp", "django-htmx": "django_htmx", "psycopg": "postgresql",
        "vl-convert-python": "vl_convert", "font-source-sans-pro": "font_source_sans_pro", "fonttools": "fontTools",
        "granian": "granian",
    }  # fmt: skip
    asked = (CHECKOUT / "requirements" / "app.in").read_text().splitlines()
    names = [re.split(r"[\[<>=]", line)[0] for line in asked if line and not line.startswith("#")]
    code = "\n".join(path.read_text() for folder in ("src", "tools") for path in (CHECKOUT / folder).rglob("*.py"))
    assert [name for name in names if used_as.get(name, name) not in code] == []
