"""How run.py speaks: plain Dutch, one sentence per trouble, no stack trace for what a user can mend.

Turns the output of a failed tool (uv, pip, apt, the server) into such a sentence where the cause is known.
"""

import errno
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

FULL_DISK = (
    "De schijf is vol. Maak minstens 1,5 GB vrij en start dezelfde opdracht opnieuw; wat klaar is, blijft klaar."
)
NO_NETWORK = (
    "De pakketten zijn niet te downloaden: er is geen verbinding met de pakketbron. "
    "Controleer het netwerk of de proxy en start dezelfde opdracht opnieuw."
)
CAUSES = (
    (r"No space left on device|os error 28|database or disk is full|Errno 28", FULL_DISK),
    (
        r"error sending request|dns error|Failed to fetch|Could not connect|name resolution|NewConnectionError"
        r"|Network is unreachable|Connection refused|Temporary failure resolving|Retrying \(Retry",
        NO_NETWORK,
    ),
    (
        r"[Hh]ash mismatch|DO NOT MATCH THE HASHES",
        "Een gedownload pakket heeft niet de controlesom van het slotbestand en is geweigerd. "
        "Probeer het opnieuw; blijft het zo, meld het dan (zie SECURITY.md).",
    ),
)


class Stop(Exception):
    """Ends run.py with this Dutch sentence for the user; `code` becomes the exit code."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code


def say(line: str = "") -> None:
    """Print one line at once, also when the output is a file or a pipe."""
    print(line, flush=True)


def seconds(value: float) -> str:
    """Return a duration as Dutch readers write it: `2,4 s`."""
    return f"{value:.1f} s".replace(".", ",")


def sentence_for(output: str) -> str | None:
    """Return the sentence for the first known cause that a tool's output names."""
    return next((sentence for pattern, sentence in CAUSES if re.search(pattern, output)), None)


def stop_because(what: str, output: str) -> Stop:
    """Return the Stop for a failed tool: the known cause, else what failed and the last lines it printed."""
    tail = "\n".join(output.strip().splitlines()[-15:])
    return Stop(sentence_for(output) or f"{what} is mislukt. De laatste regels:\n{tail}")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Print a Stop or a full disk as one sentence on stderr and leave with its code."""
    try:
        yield
    except Stop as stop:
        print(stop, file=sys.stderr, flush=True)
        raise SystemExit(stop.code) from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(FULL_DISK, file=sys.stderr, flush=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
