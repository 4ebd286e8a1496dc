"""Known weaknesses in the packages that run: asks the open database OSV about each, where there is a connection.

Offline this is said and counted as skipped: a check without a network must not fail, and must not look like a pass.
"""

import json
import subprocess
from pathlib import Path

from .environment import LOCKS, PYTHON

PATIENCE_S = 5
NO_CONNECTION = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "ProxyError", "NameResolutionError")
NOT_CHECKED = "geen verbinding, niet gecontroleerd"
ACCEPTED: dict[str, str] = {}  # weakness -> why it does not touch this product


def audit(lock: Path = LOCKS / "app.lock", *, service: str = "osv") -> tuple[bool | None, str]:
    """Return whether no package of a lock has a known weakness, and what to say; None where nobody could tell."""
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json", "--desc", "off"]
    accepted = [part for weakness in ACCEPTED for part in ("--ignore-vuln", weakness)]
    command = [str(PYTHON), "-m", "pip_audit", "-r", str(lock), "-s", service, "--timeout", str(PATIENCE_S)]
    done = subprocess.run([*command, *options, *accepted], capture_output=True, text=True)
    return judged(done.stdout, done.stderr)


def judged(output: str, errors: str) -> tuple[bool | None, str]:
    """Return the verdict on what pip-audit printed: see `audit`."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        is_offline = any(name in errors for name in NO_CONNECTION)
        return (None, NOT_CHECKED) if is_offline else (False, errors.strip() or "pip-audit zei niets")
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        return None, NOT_CHECKED
    weak = [f"{package['name']} {package['version']}: {_weaknesses(package)}" for package in known if package["vulns"]]
    return not weak, "\n".join(weak) or f"{len(known)} pakketten zonder bekende zwakheid"


def _weaknesses(package: dict) -> str:
    return ", ".join(f"{one['id']} (hersteld in {' of '.join(one['fix_versions']) or '-'})" for one in package["vulns"])
