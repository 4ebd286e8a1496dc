"""What was noticed while reading a file: a row that is odd, or a file that cannot be loaded at all."""

from dataclasses import dataclass

from .codes import CODES, finding_text


@dataclass(frozen=True)
class RowFinding:
    """One thing noticed while reading, with its place in the file (line 1 is the header)."""

    code: str
    line: int | None = None
    column: str = ""
    value: str = ""
    detail: object = ""
    label: str = ""

    @property
    def severity(self) -> str:
        """Weight of the finding: fout, let_op or info."""
        return CODES[self.code].severity

    @property
    def message(self) -> str:
        """The Dutch sentence for the reader of the report."""
        return finding_text(self.code, detail=self.detail, label=self.label)


class FileRefused(Exception):
    """A whole file cannot be loaded; nothing of it is saved. Carries the finding that says why."""

    def __init__(self, code: str, *, detail: object = "", label: str = "") -> None:
        """Keep the finding; its Dutch sentence is the text of the error."""
        self.finding = RowFinding(code, detail=detail, label=label)
        super().__init__(self.finding.message)
