"""From a programme name of DUO to a level of ours. Classes that keep the choice open get a mixed level.

Names were listed from the pupil file of 2019 and hold for the years around it; a name that fits no rule falls back on
the type of education.
"""

from __future__ import annotations

import re

from regio.workforce.enums import Level

# First rule that fits counts. "Ljvb op VWO/HAVO/VMBO-Th/Gm Lw" = year that prepares for these levels.
_BY_NAME: tuple[tuple[str, Level], ...] = (
    (r"schakelklas|\bisk\b|anderstalig|nieuwkomer", Level.ISK),
    (r"naar vavo|\bvavo\b", Level.VAVO),
    (r"praktijkonderwijs", Level.PRO),
    (r"baccala?ureat|baccelaureaat|european secondary|engelse stroom|internationa", Level.INTERNATIONAL),
    (r"vwo/havo/vmbo-alle", Level.BRUGJAAR),
    (r"vwo/havo/vmbo", Level.VMBO_HAVO_VWO),
    (r"havo/vmbo-alle", Level.VMBO_ALL_HAVO),
    (r"havo/vmbo|vmbo(-| )?(tl?|gt?l?)?/havo|mavo/havo", Level.VMBO_HAVO),
    (r"vwo/havo|havo/vwo", Level.HAVO_VWO),
    (r"\bvwo\b|atheneum|gymnasium", Level.VWO),
    (r"\bhavo\b", Level.HAVO),
    (r"bbg/kbg|\bbb/kb\b|basis/kader", Level.VMBO_BK),
    (r"alle lw|algemeen leerjaar", Level.VMBO),
    (r"th/gm|\bgm lw\b|theor lw|\bmavo\b|\b[gt]l\b|vmbo-t|vmbo t", Level.VMBO_GT),
    (r"bbg lw|\bbb\b|vmbo b\b", Level.VMBO_B),
    (r"kbg lw|\bkb\b|vmbo k\b", Level.VMBO_K),
)
_BY_TYPE: tuple[tuple[str, Level], ...] = (
    (r"vavo", Level.VAVO),
    (r"praktijk", Level.PRO),
    (r"int\.|engelse|european", Level.INTERNATIONAL),
    (r"brugjaar", Level.BRUGJAAR),
    (r"havo/vwo", Level.HAVO_VWO),
    (r"havo", Level.HAVO),
    (r"vwo", Level.VWO),
    (r"vmbo (bl|bb)", Level.VMBO_B),
    (r"vmbo (kl|kb)", Level.VMBO_K),
    (r"vmbo (gl|tl|gt)|mavo", Level.VMBO_GT),
    (r"vmbo", Level.VMBO),
)
_FOR_NEWCOMERS = re.compile(r"\bisk\b|schakelklas|nieuwkomers")
_LOWER_YEARS = "brugjaar"
EMPTY = ("", "N.v.t.", "n.v.t.", "NVT")


def _first(rules: tuple[tuple[str, Level], ...], text: str) -> Level | None:
    return next((level for pattern, level in rules if re.search(pattern, text)), None)


def level_of(*, education_type: str, programme: str = "", location: str = "") -> Level | None:
    """Return the level of a class, or None when neither name says it.

    The type decides for vavo, practical and international education; else the name of the programme, else the type. No
    programme is called isk: the publisher counts newcomers in ordinary lower classes, at locations named for them.
    """
    if education_type.lower().startswith(_LOWER_YEARS) and _FOR_NEWCOMERS.search(location.lower()):
        return Level.ISK
    by_type = _first(_BY_TYPE, education_type.lower())
    if by_type in (Level.VAVO, Level.PRO, Level.INTERNATIONAL):
        return by_type
    return _first(_BY_NAME, programme.lower()) or by_type


PO_LEVELS = {
    "bo": Level.BO,
    "bao": Level.BO,
    "sbo": Level.SBO,
    "sbao": Level.SBO,
    "so": Level.SO,
    "vso": Level.VSO,
    "(v)so": Level.SO_VSO,
}


def po_level(text: str) -> Level | None:
    """Return the level of a SOORT_PO or TYPE_PO such as `Bo`, `SBAO` or `(V)SO`."""
    plain = text.strip().lower()
    long = {
        "basisonderwijs": "bo",
        "speciaal basisonderwijs": "sbo",
        "speciaal onderwijs": "so",
        "voortgezet speciaal onderwijs": "vso",
    }
    return PO_LEVELS.get(long.get(plain, plain))


def po_sector(level: str) -> str:
    """Return the sector of a level: sbo belongs to primary education, so and vso to special education."""
    return "po" if level in (Level.BO, Level.SBO) else "so"
