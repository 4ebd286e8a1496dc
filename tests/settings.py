"""Settings of the tests: those of the product, in a home of their own that vanishes afterwards.

The environment is filled before the product's settings read it; what is set already (by run.py) is kept.
"""

import atexit
import os
import shutil
import tempfile

if "REGIO_HOME" not in os.environ:
    os.environ["REGIO_HOME"] = tempfile.mkdtemp(prefix="regio-test-")
    atexit.register(shutil.rmtree, os.environ["REGIO_HOME"], ignore_errors=True)
os.environ.setdefault("REGIO_STATIC", "plain")
os.environ.setdefault("REGIO_LOG", "text")

from regio.site.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 (whitenoise warns at every client without it)

KEEP_PAGES = False  # a test of pages that are kept says so itself

SECURE_SSL_REDIRECT = False  # the client of the tests speaks plain HTTP
SECRET_KEY = "only-for-tests-" * 4

OPEN = True  # as in `run.py serve`: nobody signs in; tests of who may what close it (tests/accounts, tests/rights)
