"""A board leaves: everything of it in one file, out of the tables at once, and gone for good after the days of grace.

1. `begin_exit` takes the data of the board out of every table and keeps them sealed in one file in REGIO_HOME/vertrek; consents
   and the rest are gone from that moment, the roles stay so that somebody can still undo it.
2. Within seven days `undo_exit` reads the file in again: the same code that reads an export on another installation.
3. `end_exit`, by hand or by its term, removes the file and the roles, and erases who had no other role.

The file is sealed with a key from REGIO_SECRET_KEY, so that who can read the disk or a copy of it cannot read it.
"""

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from regio.audit.acting import acting_now
from regio.audit.actions import record, record_view
from regio.shared.board_rows import (
    ReadBack,
    checksum_of,
    contents_of,
    file_of,
    members_of_board,
    numbers_of,
    read_in,
    take_out,
)
from regio.shared.errors import UserError
from regio.shared.pages import forget_all

from .consent import OF_BOARDS, withdraw_consent
from .erasure import erase_person, note, noted_since
from .models import BoardExit, Membership, Person

GRACE = timedelta(days=7)
FOLDER = "vertrek"


class LeavesAlready(UserError):
    """A board leaves once at a time."""

    def __init__(self) -> None:
        super().__init__("Dit bestuur vertrekt al. Kijk op de pagina van het vertrek.")


class LeavesNot(UserError):
    """There is no exit to undo or to end."""

    def __init__(self) -> None:
        super().__init__("Dit bestuur vertrekt niet, of het vertrek is al afgerond. Ververs de pagina.")


class NotACode(UserError):
    """The number of a board is letters and digits; it becomes part of the name of a file."""

    def __init__(self) -> None:
        super().__init__("Dit is geen nummer van een bestuur. Schrijf het bijvoorbeeld zo: 41234.")


class SealBroken(UserError):
    """The sealed file is gone, changed, or of another key."""

    def __init__(self) -> None:
        super().__init__(
            "Het verzegelde bestand is er niet meer of niet te openen. Lees het bestand in dat uw bestuur zelf ophaalde, of vraag"
            " de beheerder om een reservekopie."
        )


def take_file(board: str, *, now: datetime) -> bytes:
    """Return everything of a board as a zip, and write down that somebody took it."""
    with transaction.atomic():
        content = file_of(board)
        record_view(
            "accounts.exit_taken", subject=_organisation(board), heading=f"Alle gegevens van bestuur {board} opgehaald", now=now,
            organisation=_organisation(board),
        )  # fmt: skip
    return content


def exit_of(board: str) -> BoardExit | None:
    """Return the exit of a board that can still be undone."""
    return BoardExit.objects.filter(board=board, state=BoardExit.State.GRACE).first()


def begin_exit(board: str, *, now: datetime, grace: timedelta = GRACE) -> BoardExit:
    """Take everything of a board out and seal it until the days of grace are over.

    Raises:
        NotACode: this is no number of a board.
        LeavesAlready: it does already.
    """
    if not (board.isascii() and board.isalnum()):
        raise NotACode
    if exit_of(board):
        raise LeavesAlready
    for purpose in OF_BOARDS:  # who receives the data must hear it, and undoing asks anew
        withdraw_consent(None, purpose=purpose, organisation=_organisation(board), now=now)
    content = file_of(board)
    name = f"{board}-{now:%Y%m%d%H%M%S}.verzegeld"
    _folder().mkdir(mode=0o700, exist_ok=True)
    try:
        with transaction.atomic():
            begun = BoardExit.objects.create(
                board=board, asked_by=acting_now().actor, asked_at=now, ends_at=now + grace, sealed=name,
                sha256=checksum_of(content), rows=0,
            )  # fmt: skip
            gone = take_out(board, moment="row")
            begun.rows = sum(gone.values())
            begun.save(update_fields=["rows"])
            _record("exit_begun", board, f"Gegevens van bestuur {board} weggehaald en verzegeld: {begun.rows} rijen", now=now, details={"rows": gone, "sha256": begun.sha256})  # fmt: skip
            _seal(_folder() / name, content)  # last: what can still fail leaves the tables as they were
    except BaseException:
        (_folder() / name).unlink(missing_ok=True)
        raise
    forget_all()
    return begun


def undo_exit(board: str, *, now: datetime) -> ReadBack:
    """Put everything of a board back as it was.

    Raises:
        LeavesNot: it does not leave, or the days of grace are over.
        SealBroken: the file is not there or not to be opened.
    """
    with transaction.atomic():
        leaving = _leaving(board)
        content = _opened(leaving)
        back = read_in(content)
        leaving.state, leaving.ended_at = BoardExit.State.UNDONE, now
        leaving.save(update_fields=["state", "ended_at"])
        _record("exit_undone", board, f"Vertrek van bestuur {board} teruggedraaid: {sum(back.rows.values())} rijen terug", now=now, details={"rows": back.rows})  # fmt: skip
        transaction.on_commit(lambda: (_folder() / leaving.sealed).unlink(missing_ok=True))
    forget_all()
    return back


def end_exit(board: str, *, now: datetime) -> int:
    """Remove the sealed file and the roles, and erase who had no role elsewhere; return how many people that were.

    Raises:
        LeavesNot: it does not leave.
    """
    with transaction.atomic():
        leaving = _leaving(board)
        people = members_of_board(board)
        take_out(board, moment="row")  # what came in since, such as a file that somebody loaded
        take_out(board, moment="last")
        elsewhere = set(Membership.objects.filter(person__in=people).values_list("person_id", flat=True))
        alone = Person.objects.filter(pk__in=set(people) - elsewhere).order_by("pk")
        erased = [erase_person(person, reason="vertrek", now=now) for person in alone]
        leaving.refresh_from_db()
        leaving.state, leaving.ended_at = BoardExit.State.GONE, now
        leaving.save(update_fields=["state", "ended_at"])
        _record("exit_ended", board, f"Bestuur {board} is vertrokken: {len(erased)} accounts verwijderd", now=now, details={"people": len(erased)})  # fmt: skip
        transaction.on_commit(lambda: _forget(leaving, now=now))
    forget_all()
    return len(erased)


def read_file(content: bytes, *, now: datetime) -> ReadBack:
    """Read an export of a board in on this installation; what is there already stays once.

    Raises:
        NotABoardFile: it is none, or it was changed.
    """
    head, _ = contents_of(content)
    with transaction.atomic():
        back = read_in(content)
        _record("exit_read_in", head["board"], f"Gegevens van bestuur {head['board']} ingelezen: {sum(back.rows.values())} rijen", now=now, details={"rows": back.rows})  # fmt: skip
    return back


def _forget(leaving: BoardExit, *, now: datetime) -> None:
    (_folder() / leaving.sealed).unlink(missing_ok=True)
    note({"board": leaving.board, "at": now.isoformat()})


def _leaving(board: str) -> BoardExit:
    found = BoardExit.objects.select_for_update().filter(board=board, state=BoardExit.State.GRACE).first()
    if found is None:
        raise LeavesNot
    return found


# -------------------------------------------------------------------------------------------------------------- by its term
def past_grace(before: datetime) -> QuerySet[BoardExit]:
    """Return exits whose days of grace are over."""
    return BoardExit.objects.filter(state=BoardExit.State.GRACE, ends_at__lte=before)


def end_exits(rows: Iterable[BoardExit], *, now: datetime) -> int:
    """End these exits; return how many."""
    return len([end_exit(one.board, now=now) for one in list(rows)])


def leave_again(*, since: datetime, now: datetime) -> int:
    """Let boards that are back after a restore leave again; `since` as for `erase_again`. Return how many."""
    again = 0
    for board, _ in noted_since(since, "board"):
        if any(number for labels, number in numbers_of(board) if labels.at_exit != "keep"):
            if not exit_of(board):
                begin_exit(board, now=now, grace=timedelta())
            end_exit(board, now=now)
            again += 1
    return again


# ----------------------------------------------------------------------------------------------------------------- the seal
def _seal(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(_box().encrypt(content))


def _opened(leaving: BoardExit) -> bytes:
    from cryptography.fernet import InvalidToken

    try:
        content: bytes = _box().decrypt((_folder() / leaving.sealed).read_bytes())
    except (OSError, InvalidToken) as error:
        raise SealBroken from error
    if checksum_of(content) != leaving.sha256:
        raise SealBroken
    return content


def _box() -> Any:
    from cryptography.fernet import Fernet

    key = hashlib.sha256(b"regio.accounts.leaving" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _folder() -> Path:
    return Path(settings.HOME) / FOLDER


def _organisation(board: str) -> str:
    return f"bestuur:{board}"


def _record(kind: str, board: str, heading: str, *, now: datetime, details: dict[str, Any]) -> None:
    where = _organisation(board)
    record(f"accounts.{kind}", subject=where, heading=heading, now=now, organisation=where, details=details)
