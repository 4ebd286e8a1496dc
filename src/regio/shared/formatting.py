"""Numbers, shares, bands and dates as Dutch readers write them: 2.059; 12,3 %; −1,0; 1 oktober 2025.

Pure functions on plain values; the template tags of `templatetags/dutch.py` are thin names for them. A missing value
becomes a dash, never a zero.
"""

from datetime import date

MINUS = "\u2212"
HARD_SPACE = "\u00a0"
MISSING = "\u2013"
MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with points between thousands, a decimal comma and a real minus sign."""
    if value is None:
        return MISSING
    digits = f"{abs(value):,.{decimals}f}".replace(",", "\0").replace(".", ",").replace("\0", ".")
    is_zero = not digits.strip("0.,")
    return digits if value >= 0 or is_zero else MINUS + digits


def signed(value: float | None, decimals: int = 0) -> str:
    """Return a change: with a plus or a real minus; a change that rounds to nothing has no sign."""
    text = number(value, decimals)
    is_rise = value is not None and value > 0 and text.strip("0.,") != ""
    return "+" + text if is_rise else text


def share(value: float | None, decimals: int = 1) -> str:
    """Return a share between 0 and 1 as a percentage."""
    return MISSING if value is None else number(100 * value, decimals) + HARD_SPACE + "%"


def signed_share(value: float | None, decimals: int = 1) -> str:
    """Return a relative change as a signed percentage."""
    return MISSING if value is None else signed(100 * value, decimals) + HARD_SPACE + "%"


def fte(value: float | None, like: float | None = None) -> str:
    """Return fte: one decimal up to 100, whole above, because more digits would claim too much.

    `like` is another value whose decimals to take, so that the numbers of one row line up.
    """
    size = value if like is None else like
    return number(value, 0 if size is None or abs(size) >= 99.95 else 1)


def signed_fte(value: float | None, like: float | None = None) -> str:
    """Return a change in fte with its sign; decimals as in `fte`."""
    size = value if like is None else like
    return signed(value, 0 if size is None or abs(size) >= 99.95 else 1)


def between(low: str, high: str) -> str:
    """Return two written ends as one band: `1.690 – 1.850`; equal ends are one value."""
    return low if low == high else f"{low}{HARD_SPACE}\u2013{HARD_SPACE}{high}"


def change_between(low: float | None, high: float | None) -> str:
    """Return both ends of a change in fte with their signs: `−1,8 tot +6,3`."""
    return _to(signed_fte(low, _larger(low, high)), signed_fte(high, _larger(low, high)))


def fte_between(low: float | None, high: float | None) -> str:
    """Return both ends of a band in fte, in words: `81 tot 161`."""
    return _to(fte(low, _larger(low, high)), fte(high, _larger(low, high)))


def fte_from_to(now: float | None, then: float | None) -> str:
    """Return what fte is and becomes: `121 → 97`."""
    like = _larger(now, then)
    return f"{fte(now, like)} \u2192 {fte(then, like)}"


def _larger(one: float | None, other: float | None) -> float | None:
    """Return the size that decides the decimals of two numbers that are read together."""
    return max((abs(value) for value in (one, other) if value is not None), default=None)


def _to(low: str, high: str) -> str:
    return low if low == high else f"{low}{HARD_SPACE}tot{HARD_SPACE}{high}"


def long_date(day: date | None) -> str:
    """Return a day as 1 oktober 2025."""
    return MISSING if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date | None) -> str:
    """Return a day as 1-10-2025."""
    return MISSING if day is None else f"{day.day}-{day.month}-{day.year}"


def school_year(start: int) -> str:
    """Return a school year by its start: 2022 is 2022-2023."""
    return f"{start}-{start + 1}"


SMALL_WORDS = {"aan", "bij", "de", "den", "der", "en", "het", "in", "op", "over", "ter", "ten", "van", "'t"}


def place_name(name: str) -> str:
    """Return a place as people write it, where a file has capitals only: CAPELLE AAN DEN IJSSEL, 'S-GRAVENHAGE."""
    if not name.isupper():
        return name
    words = [word if word in SMALL_WORDS and i else _capital(word) for i, word in enumerate(name.lower().split(" "))]
    return " ".join(words)


def _capital(word: str) -> str:
    if word.startswith("'s-"):
        return "'s-" + _capital(word[3:])
    parts = ["IJ" + part[2:] if part.startswith("ij") else part[:1].upper() + part[1:] for part in word.split("-")]
    return "-".join(parts)


def age_in_words(since: date, today: date) -> str:
    """Return how long ago a day is, in whole years where that is more than two, else in months."""
    months = (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
    return f"{months // 12} jaar" if months >= 24 else f"{months} maanden"
