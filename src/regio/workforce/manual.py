"""The manual *Zo rekent het model* as a page: chapters, rules, and the tables that a planner checks by hand.

It is read from docs/nl, which a test makes from the rules that the engine is held against. Only the Markdown that is
written there is known here: headings, paragraphs, lists, tables, and bold, italic and code inside a line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from regio.shared.figures import Cell, Row, Table

DOCUMENT = "docs/nl/zo-rekent-het-model.md"
INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<!\*)\*([^*\s][^*]*)\*(?!\*)"), r"<i>\1</i>"),
)
CAPTION = re.compile(r"\*\*([^*]+)\*\*")
NUMBER = re.compile(r"^(\d+(?:\.\d+)?) ")


@dataclass(frozen=True)
class Block:
    """A paragraph, the items of a list, or a table."""

    words: SafeString | str = ""
    items: list[SafeString] = field(default_factory=list)
    table: Table | None = None
    caption: str = ""  # the words of a paragraph that is bold as a whole: they stand above a table


@dataclass
class Part:
    """A chapter or a rule: its title, its place in an address, what stands in it, and the rules of a chapter."""

    title: str
    slug: str
    blocks: list[Block] = field(default_factory=list)
    rules: list["Part"] = field(default_factory=list)


@lru_cache(maxsize=1)
def manual() -> Part | None:
    """Return the manual; None where this installation has no documents."""
    path = settings.CHECKOUT / DOCUMENT
    return read(path.read_text(encoding="utf-8")) if path.exists() else None


def read(text: str) -> Part:
    """Return the whole document: its opening in `blocks`, its chapters in `rules`."""
    levels: list[Part] = []
    for lines in _paragraphs(text):
        hashes, _, title = lines[0].partition(" ")
        if set(hashes) == {"#"}:
            depth = len(hashes) - 1
            new = Part(title, _slug(title))
            if depth:
                levels[depth - 1].rules.append(new)
            levels = [*levels[:depth], new]
        else:
            _add(levels[-1], lines)
    return levels[0]


def _paragraphs(text: str) -> Iterator[list[str]]:
    for is_empty, lines in groupby(text.splitlines(), key=lambda line: not line.strip()):
        if not is_empty:
            yield list(lines)


def _add(part: Part, lines: list[str]) -> None:
    if lines[0].startswith("|"):
        above = part.blocks.pop() if part.blocks and part.blocks[-1].caption else Block()
        part.blocks.append(Block(table=_table(lines, above.caption or "Tabel", part)))
    elif lines[0].startswith("- "):
        part.blocks.append(Block(items=[_inline(line.removeprefix("- ")) for line in lines]))
    else:
        words = " ".join(lines)
        caption = CAPTION.fullmatch(words)
        part.blocks.append(Block(words=_inline(words), caption=caption.group(1) if caption else ""))


def _table(lines: list[str], caption: str, part: Part) -> Table:
    head, ruler, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    tones = ["" if mark.endswith(":") else "words" for mark in ruler]
    columns = [Cell(name, tone) for name, tone in zip(head, tones, strict=True)]
    rows = [
        Row(Cell(_plain(cells[0])), [Cell(_plain(cell), tone) for cell, tone in zip(cells[1:], tones[1:], strict=True)])
        for cells in body
    ]
    number = NUMBER.match(part.title)
    return Table(f"{caption}, regel {number.group(1)}" if number else f"{caption}, {part.title.lower()}", columns, rows)


def _plain(text: str) -> str:
    return text.replace("`", "").replace("**", "")


def _inline(text: str) -> SafeString:
    """Return a line with bold, italic and code; everything else in it is escaped first."""
    found = str(escape(text))
    for pattern, tag in INLINE:
        found = pattern.sub(tag, found)
    return mark_safe(found)  # noqa: S308 - escaped above; only our three tags are added  # nosec B308 B703


def _slug(title: str) -> str:
    number = NUMBER.match(title)
    words = number.group(1).replace(".", "-") if number else re.sub(r"[^a-z]+", "-", title.lower()).strip("-")
    return f"regel-{words}"
