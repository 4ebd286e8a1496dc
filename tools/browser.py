"""Which Chromium the browser tests use: the setting, else PATH, else apt as root, else Playwright's own."""

import os
import shutil
import subprocess

from .environment import PYTHON, apt_install, is_root
from .speaking import say

SETTING = "REGIO_CHROMIUM"
DRIVER_NEEDS = "libatomic1"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Asks Playwright where its own browser is, without starting one.
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p: print(p.chromium.executable_path)"
)
NONE_FOUND = f"GEEN BROWSER: de browsertests worden overgeslagen. Installeer chromium of wijs er een aan met {SETTING}=/pad/naar/chromium."


def find() -> str | None:
    """Return the path of a Chromium that can be driven, installing what is possible; None where it cannot be."""
    found = present() if os.environ.get(SETTING) else present() or _from_apt() or _from_playwright()
    return found if found and _driver_runs() else None


def _driver_runs() -> bool:
    """Say whether Playwright's own driver starts; on a bare Debian it lacks one library."""
    if _driver_answers():
        return True
    if is_root():
        apt_install(DRIVER_NEEDS)
    if _driver_answers():
        return True
    say(f"Playwright start niet. Laat het Debian-pakket {DRIVER_NEEDS} installeren.")
    return False


def _driver_answers() -> bool:
    return subprocess.run([str(PYTHON), "-m", "playwright", "--version"], capture_output=True).returncode == 0


def present() -> str | None:
    """Return the Chromium of the setting or of PATH, installing nothing."""
    named = os.environ.get(SETTING)
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def _from_apt() -> str | None:
    if not is_root():
        return None
    say("Geen browser gevonden; het Debian-pakket chromium wordt geïnstalleerd …")
    apt_install("chromium")
    return present()


def _from_playwright() -> str | None:
    path = _playwright_path()
    if path is None:
        say("Geen browser gevonden; Playwright haalt er een op …")
        subprocess.run([str(PYTHON), "-m", "playwright", "install", "chromium"], capture_output=True)
        path = _playwright_path()
    return path


def _playwright_path() -> str | None:
    asked = subprocess.run([str(PYTHON), "-c", ASK_PLAYWRIGHT], capture_output=True, text=True)
    return shutil.which(asked.stdout.strip() or "no-browser")
