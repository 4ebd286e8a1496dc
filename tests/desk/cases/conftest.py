"""Here people sign in: the installation is not open, and the clock stands still on a Friday."""

import pytest


@pytest.fixture(autouse=True)
def _closed(settings, frozen_clock):
    settings.OPEN = False
