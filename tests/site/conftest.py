"""The invented region as tests know it: made once, for a fixed day and the seed of the demo."""

from datetime import date

import pytest

AS_OF = date(2026, 11, 20)
SEED = 7


@pytest.fixture(scope="session")
def example():
    """Return Regio Voorbeeld as it is on 20 November 2026."""
    from regio.site.voorbeeld.region import build_region

    return build_region(seed=SEED, as_of=AS_OF)


@pytest.fixture(scope="session")
def example_files(example, tmp_path_factory):
    """Return the folder with its files (`bestanden`) and the truth beside it."""
    from regio.site.voorbeeld.files import write_region

    folder = tmp_path_factory.mktemp("voorbeeld")
    write_region(example, folder)
    return folder
