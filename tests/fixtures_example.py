"""The invented region as tests know it: made once, for a fixed day and the seed of the demo."""

import json
from datetime import date

import pytest
from django.db import connection, transaction

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


@pytest.fixture(scope="module")
def loaded_example(django_db_setup, django_db_blocker, example_files):
    """Load its files and code changes once for all tests of a module, and take them out again; return the results."""
    from regio.shared.importing.pipeline import Options, import_paths
    from regio.site.actions import link_codes
    from regio.workforce.staff_import import import_files

    with django_db_blocker.unblock(), transaction.atomic():
        results = import_paths([example_files / "bestanden"], options=Options())
        link_codes(json.loads((example_files / "waarheid.json").read_text())["codes"])
        for board in sorted((example_files / "eigen").iterdir()):
            own = import_files(board.name, [board], options=Options())
            assert {result.outcome for result in own} == {"geladen"}, own
        if connection.vendor == "postgresql":  # nobody else can count what is not committed, and plans go astray
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        yield {result.path.name: result for result in results}
        transaction.set_rollback(True)
