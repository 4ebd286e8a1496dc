"""`pytest tests/rekenregels --schrijf-handleiding` writes docs/nl/zo-rekent-het-model.md anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--schrijf-handleiding", action="store_true", help="write docs/nl/zo-rekent-het-model.md anew")
