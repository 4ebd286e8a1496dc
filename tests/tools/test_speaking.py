"""What run.py says when something is wrong: one sentence that helps, never a stack trace."""

import ast
import errno

import pytest

import run
from tests.helpers import CHECKOUT
from tools import speaking


@pytest.mark.parametrize("version", [(2, 7), (3, 10), (3, 14)])
def test_a_wrong_python_version_is_named_with_what_to_do(version):
    sentence = run.wrong_version_sentence(version)
    assert sentence == (
        "Dit programma heeft Python 3.11, 3.12 of 3.13 nodig; u startte het met Python {}.{}. "
        "Installeer een van die versies en begin bijvoorbeeld zo: python3.11 run.py demo"
    ).format(*version)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_a_right_python_version_is_not_mentioned(version):
    assert run.wrong_version_sentence(version) is None


def test_an_old_python_can_read_run_py_far_enough_to_say_so():
    ast.parse((CHECKOUT / "run.py").read_text(), feature_version=(3, 4))


@pytest.mark.parametrize(
    ("printed", "sentence"),
    [
        ("error: failed to write: No space left on device (os error 28)", speaking.FULL_DISK),
        ("OSError: [Errno 28] ", speaking.FULL_DISK),
        ("sqlite3.OperationalError: database or disk is full", speaking.FULL_DISK),
        ("error: Failed to fetch: `simple/django/`\n  Caused by: dns error", speaking.NO_NETWORK),
        ("Temporary failure in name resolution", speaking.NO_NETWORK),
    ],
)
def test_what_a_tool_prints_becomes_a_sentence(printed, sentence):
    assert speaking.sentence_for(printed) == sentence


def test_an_unknown_failure_shows_the_last_lines():
    stop = speaking.stop_because("Het lezen", "\n".join(map(str, range(100))))
    assert str(stop).startswith("Het lezen is mislukt. De laatste regels:\n85\n")
    assert str(stop).endswith("\n99")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_in_run_py_itself_is_a_sentence_too(code, capsys):
    with pytest.raises(SystemExit) as left, speaking.plain_errors():
        raise OSError(code, "full")
    assert left.value.code == 1
    assert capsys.readouterr().err == speaking.FULL_DISK + "\n"


def test_another_error_keeps_its_stack_trace():
    with pytest.raises(PermissionError), speaking.plain_errors():
        raise PermissionError(errno.EACCES, "closed")
