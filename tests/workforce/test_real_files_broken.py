"""The heads of the real files, damaged at random: whatever happens is told, and nothing ends in an unknown failure."""

import gzip
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.helpers import REAL_DATA
from tests.samples import load_one

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]
JUNK = [
    "", '"', "<5", "*", "-1", "1e9", "NaN", "inf", "٣", "9" * 20, "0x1F", "é\x00", "\t", "a" * 400, ";;;", ",,,", "1.234.567",
    "1,2,3", "=SUM(A1)", "2019-13-45", "\n", "null",
]  # fmt: skip
KINDS = {".csv", ".gz", ".json", ".geojson"}
FILES = sorted(path for path in REAL_DATA.rglob("*") if path.suffix in KINDS and "england" not in str(path))


def damaged_text(data: bytes, chance: Random) -> bytes:
    """Return the first 250 lines with some cells replaced by junk; now and then a column or the order is lost."""
    lines = data.split(b"\n")[:250]
    sign = b";" if lines[0].count(b";") > lines[0].count(b",") else b","
    for _ in range(chance.choice([3, 12, 60])):
        number = chance.randrange(1, len(lines))
        cells = lines[number].split(sign)
        cells[chance.randrange(len(cells))] = chance.choice(JUNK).encode()
        lines[number] = sign.join(cells)
    if chance.random() < 0.2:
        header = lines[0].split(sign)
        header.pop(chance.randrange(len(header)))
        lines[0] = sign.join(header)
    if chance.random() < 0.1:
        chance.shuffle(lines)
    return b"\n".join(lines)


def damaged_json(data: bytes, chance: Random) -> bytes:
    """Return the first records with some values replaced by junk; now and then the end is missing."""
    whole: Any = json.loads(data)
    records = whole[:200] if isinstance(whole, list) else whole["features"][:20]
    for _ in range(6):
        record = chance.choice(records)
        record = chance.choice([record, *(part for part in record.values() if isinstance(part, dict) and part)])
        record[chance.choice(list(record))] = chance.choice([*JUNK, None, [], {}, -5, 3.7])
    text = json.dumps(records if isinstance(whole, list) else {**whole, "features": records}).encode()
    return text[: len(text) // 2] if chance.random() < 0.15 else text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[:50])
def test_a_damaged_file_is_loaded_in_part_or_refused_in_words(path: Path, tmp_path: Path) -> None:
    chance = Random(path.name)
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    for number in range(3):
        copy = tmp_path / f"{number}-{path.name.removesuffix('.gz')}"
        copy.write_bytes((damaged_json if path.suffix in (".json", ".geojson") else damaged_text)(data, chance))
        result = load_one(copy, accept=True)
        assert result.outcome in ("geladen", "geweigerd", "niet_herkend"), result.message
        assert result.outcome == "geladen" or result.message
