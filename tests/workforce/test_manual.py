"""The manual as a page: every rule of the document, its tables, nothing in it that runs."""

import re

from regio.workforce import manual
from tests.helpers import CHECKOUT
from tests.workforce.words import plain, text

PAGE = "/zo-rekent-het-model/"


def test_every_rule_and_table_of_the_document_is_on_the_page(client):
    document = (CHECKOUT / manual.DOCUMENT).read_text(encoding="utf-8")
    page = text(client, PAGE)
    words = plain(page)
    titles = re.findall(r"^#+ (.+)$", document, re.M)
    assert [title for title in titles if title not in words] == []
    assert page.count("<table") == len(re.findall(r"^\|[ :|-]+\|$", document, re.M))
    assert not re.search(r"\*\*|^\|", words, re.M)
    assert 'id="regel-4-1"' in page


def test_captions_numbers_and_marks_are_read_and_markup_is_escaped():
    found = manual.read("# Titel\n\nEen *woord* en `<b>`.\n\n## 1 Deel\n\n### 1.1 Regel\n\n**Gegeven**\n\n| vak | fte |\n| --- | ---: |\n| **a** | 2 |\n\n- een\n- twee\n")  # fmt: skip
    assert found.blocks[0].words == "Een <i>woord</i> en <code>&lt;b&gt;</code>."
    (rule,) = found.rules[0].rules
    table, items = rule.blocks
    assert (table.table.caption, table.table.rows[0].head.text, table.table.rows[0].cells[0].text) == ("Gegeven, regel 1.1", "a", "2")  # fmt: skip
    assert items.items == ["een", "twee"]
