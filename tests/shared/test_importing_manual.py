"""The page for users names every dataset and every finding, in the words of the program."""

from regio.shared.importing.codes import CODES
from regio.shared.importing.registry import readers
from tests.helpers import CHECKOUT

PAGE = CHECKOUT / "docs" / "nl" / "bestanden-inlezen.md"


def test_the_manual_names_every_dataset() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [
        reader.id for reader in readers() if f"| {reader.label} | {reader.publisher} | `{reader.id}` |" not in lines
    ] == []


def test_the_manual_explains_every_finding() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    words = {"fout": "fout", "let_op": "let op", "info": "info"}
    told = {
        code: f"| {code} | {words[kind.severity]} | {kind.text.replace('{detail}', '…').replace('{label}', '…')} |"
        for code, kind in CODES.items()
    }
    assert [code for code, line in told.items() if line not in lines] == []
