"""Here people sign in: the installation is not open."""

import pytest


@pytest.fixture(autouse=True)
def _closed(settings):
    settings.OPEN = False
