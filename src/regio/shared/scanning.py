"""A file that somebody brings is looked at before anything reads it: its size, what it unpacks to, and by a virus scanner.

Without a scanner only the test file of the scanners' trade (EICAR) is known. REGIO_SCANNER names a program that gets the
path as its last argument and ends with 0 where the file is clean, such as `clamdscan --fdpass --no-summary`. A scanner that
cannot answer is a refusal: a file is read only after it passed.
"""

import shlex
import subprocess
import zipfile
from pathlib import Path

from django.conf import settings

LARGEST_BYTES = 50_000_000
LARGEST_UNPACKED_BYTES = 500_000_000
MOST_PARTS = 2_000
SCAN_WITHIN_S = 120
TEST_SIGN = (
    rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
)  # in halves: this is no virus
PIECE_BYTES = 1 << 20


class FileUnsafe(Exception):
    """A file is not read; the text says why, in Dutch."""


def require_safe(path: Path) -> None:
    """Let a file pass, or raise.

    Raises:
        FileUnsafe: it is too large, unpacks to too much, holds a virus, or the scanner gave no answer.
    """
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise FileUnsafe(f"het is {size // 1_000_000} MB en meer dan {LARGEST_BYTES // 1_000_000} MB lezen wij niet")
    if zipfile.is_zipfile(path):
        _require_small_inside(path)
    if _holds_test_sign(path):
        raise FileUnsafe("er zit een virus in")
    if settings.SCANNER:
        _ask_scanner(path)


def _require_small_inside(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
        raise FileUnsafe(f"het wordt uitgepakt {unpacked // 1_000_000} MB in {len(parts)} delen")


def _holds_test_sign(path: Path) -> bool:
    with path.open("rb") as file:
        if _is_in(file):
            return True
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            with archive.open(part) as file:
                if _is_in(file):
                    return True
    return False


def _is_in(file: object) -> bool:
    kept = b""
    while piece := file.read(PIECE_BYTES):  # type: ignore[attr-defined]
        if TEST_SIGN in kept + piece:
            return True
        kept = piece[-len(TEST_SIGN) :]
    return False


def _ask_scanner(path: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the program that the administrator chose, never through a shell
            [*shlex.split(settings.SCANNER), str(path)], capture_output=True, timeout=SCAN_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FileUnsafe("de virusscanner geeft geen antwoord") from error
    if done.returncode == 1:
        raise FileUnsafe("er zit een virus in")
    if done.returncode:
        raise FileUnsafe(f"de virusscanner geeft geen antwoord (code {done.returncode})")
