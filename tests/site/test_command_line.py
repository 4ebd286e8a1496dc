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


@pytest.mark.parametrize(("arguments", "sentence"), [
    ("forecast", "regio forecast: dit ontbreekt: what"),
    ("forecast pupils", "regio forecast: geef een van deze: --region --board --location --all"),
    ("forecast pupils --all --board 9", "regio forecast: --board: kan niet samen met --all"),
    ("forecast banen --all", "regio forecast: what: 'banen' bestaat niet; kies uit 'pupils', 'exams', 'need', 'staff', 'shortage'"),
    ("forecast pupils --all --years vijf", "regio forecast: --years: 'vijf' is geen geheel getal"),
    ("status --format", "regio status: --format: hier hoort een waarde achter"),
    ("status --kleur", "regio status: dit wordt niet herkend: --kleur"),
    ("run_jobs --interval kort", "regio run_jobs: --interval: 'kort' kan hier niet; hier hoort een getal"),
    ("statu", "De opdracht statu bestaat niet. Bedoelt u regio status?"),
    ("vliegen", "De opdracht vliegen bestaat niet. Met regio help ziet u wat er wel is."),
])  # fmt: skip
def test_a_wrong_command_is_answered_in_dutch(tmp_path, arguments, sentence):
    done = run_regio(*arguments.split(), home=tmp_path)
    assert done.returncode in (1, 2)
    assert done.stderr.splitlines()[-1] == sentence
    assert not {"usage:", "error:", "Type"} & set(done.stderr.split())


def test_help_lists_our_commands_and_their_options_in_dutch(tmp_path):
    every = run_regio("help", home=tmp_path).stdout
    assert "  status           Toont wat er geladen is" in every
    assert "makemigrations" not in every
    assert "makemigrations" in run_regio("help", "--commands", home=tmp_path).stdout
    one = run_regio("status", "--help", home=tmp_path).stdout
    assert "toon deze hulp" in one
    assert "--settings" not in one
    assert run_regio("status", "--traceback", home=tmp_path).returncode == 0  # left out of the help, and still there
