"""What a person can mend is one Dutch sentence on the command line, never a trace."""

from pathlib import Path

import pytest

from tests.fixtures_public import run_regio


def rubbish(home: Path) -> None:
    home.mkdir()
    (home / "regio.sqlite3").write_text("dit is geen database, maar een brief aan een schoolbestuur")


@pytest.mark.parametrize(
    ("prepare", "environment", "sentence"),
    [
        (rubbish, {}, "De database is niet te gebruiken (file is not a database)."),
        (lambda home: home.write_text("een bestand"), {}, "is niet te lezen of te schrijven (File exists)."),
        (Path.mkdir, {"REGIO_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "De database is niet te gebruiken (connection"),
    ],
)  # fmt: skip
def test_a_place_that_does_not_work_is_one_sentence(tmp_path, prepare, environment, sentence):
    prepare(tmp_path / "home")
    done = run_regio("status", home=tmp_path / "home", **environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
