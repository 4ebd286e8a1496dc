"""Web processes stay light: no page needs the numeric packages before somebody asks for a calculation."""

import subprocess
import sys

HEAVY = [
    "numpy",
    "polars",
    "scipy",
    "numba",
    "vl_convert",
    "openpyxl",
    "xlsxwriter",
    "fontTools",
    "fido2",
    "cryptography",
    "qrcode",
    "requests",
    "oauthlib",
    "jwt",
]  # of signing in: loaded at the first sign-in
PROGRAM = f"""
import sys
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import regio.site.wsgi
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_a_web_process_starts_without_the_numeric_packages():
    from os import environ

    surroundings = {**environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=surroundings, capture_output=True, text=True, cwd=".")
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


ENGINE = """
import importlib, pkgutil, sys
for absent in ("django", "polars", "openpyxl", "regio"):
    sys.modules[absent] = None
import regio_engine
for module in pkgutil.walk_packages(regio_engine.__path__, "regio_engine."):
    importlib.import_module(module.name)
print("whole")
"""


def test_the_engine_runs_where_django_is_not_installed():
    done = subprocess.run([sys.executable, "-c", ENGINE], capture_output=True, text=True)
    assert done.stdout.strip() == "whole", done.stderr
