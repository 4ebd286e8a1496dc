"""What tests of the desk share: the national rules, the 36 people, and everything that can be answered, walked once."""

from pathlib import Path

import pytest
import yaml

from regio.desk.advice.checking import walk_everything
from regio.desk.advice.rules import read_rules
from regio.desk.starting_set import national_tree


@pytest.fixture(scope="session")
def rules():
    return read_rules(national_tree())


@pytest.fixture(scope="session")
def people():
    return yaml.safe_load(Path(__file__).with_name("mensen.yaml").read_text(encoding="utf-8"))["mensen"]


@pytest.fixture(scope="session")
def outcome(rules):
    return walk_everything(rules)
