"""Paper: a report as a tagged PDF, made by typst in the process with our own typeface; no system library or font is used."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any

UNKNOWN = "?"  # in the place of a letter that the typeface lacks, such as Chinese


@dataclass(frozen=True)
class Part:
    """One part of a report: a title, sentences about it, and rows of (what, value)."""

    title: str
    about: list[str]
    rows: list[list[tuple[str, str]]]


class PaperFailed(Exception):
    """The report could not be set as it should: a mistake in the layout."""


@cache
def _letters(font: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def _printable(told: Any, known: frozenset[int]) -> Any:
    if isinstance(told, str):
        return "".join(letter if ord(letter) in known else UNKNOWN for letter in told)
    if isinstance(told, dict):
        return {name: _printable(value, known) for name, value in told.items()}
    return [_printable(one, known) for one in told]


def report_as_pdf(title: str, lead: list[str], parts: list[Part]) -> bytes:
    """Return a report as PDF/UA: tagged, in Dutch, so that a screen reader reads it too.

    Raises:
        PaperFailed: typst warned or refused.
    """
    import font_source_sans_pro

    typst: Any = import_module("typst")  # whose types know no list of folders beside text in memory

    told = {"title": title, "lead": lead, "sections": [vars(part) for part in parts]}
    fonts = Path(font_source_sans_pro.__file__).parent / "files"
    known = _letters(fonts / "SourceSansPro-Regular.ttf")
    text = json.dumps(_printable(told, known), ensure_ascii=False)
    layout = resources.files(__package__).joinpath("print/report.typ").read_bytes()
    try:
        made, warnings = typst.compile_with_warnings(
            layout, format="pdf", font_paths=[str(fonts)], ignore_system_fonts=True, pdf_standards="ua-1",
            sys_inputs={"report": text},
        )  # fmt: skip
    except typst.TypstError as error:
        raise PaperFailed(str(error)) from error
    if warnings:
        raise PaperFailed("; ".join(str(one) for one in warnings))
    return bytes(made)
