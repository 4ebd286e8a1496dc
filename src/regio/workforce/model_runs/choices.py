"""When the choice of a model was laid down: the commits of its parameter file, so that a score can name them.

A choice that was committed before its targets were scored is worth more than one made after; the first commit tells.
"""

import subprocess
from functools import cache
from importlib import resources
from pathlib import Path

UNKNOWN_COMMIT = "onbekend"  # outside a checkout


@cache
def choice_commit(file_name: str) -> str:
    """Return the newest commit of a parameter file and, where it differs, the first: `35f8011 (eerste keuze 66456dc)`.

    A plus behind the newest says that the file differs from it.
    """
    path = Path(str(resources.files("regio_engine.parameters").joinpath(file_name)))
    newest, first = _git(path, "log", "-1", "--format=%h"), _git(path, "log", "--diff-filter=A", "--format=%h")
    if not newest:
        return UNKNOWN_COMMIT
    changed = "+" if _git(path, "status", "--porcelain") else ""
    since = f" (eerste keuze {first[-1]})" if first and first[-1] != newest[0] else ""
    return f"{newest[0]}{changed}{since}"


def _git(path: Path, *command: str) -> list[str]:
    """Return the words git answers about a file; none outside a checkout."""
    whole = ["git", "-C", str(path.parent), *command, "--", path.name]
    try:
        return subprocess.run(whole, capture_output=True, text=True, timeout=20, check=True).stdout.split()  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return []
