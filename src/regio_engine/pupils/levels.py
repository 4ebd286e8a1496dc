"""Levels of secondary education as the pupil model knows them.

Six levels have years of study that follow each other; a class that keeps the choice open belongs to several of them and
is split (see `split`). Newcomers, international classes and pupils sent to vavo are flows of their own, held level.
The words are the published Dutch ones, the same as in the counts.
"""

FLOW_LEVELS = ("pro", "vmbo_b", "vmbo_k", "vmbo_gt", "havo", "vwo")
HELD_LEVELS = ("internationaal", "vavo", "isk")
LEVELS = FLOW_LEVELS + HELD_LEVELS

STAGES = 6  # years of study 1 to 6 stand at index 0 to 5
LAST_STAGE = {"pro": 6, "vmbo_b": 4, "vmbo_k": 4, "vmbo_gt": 4, "havo": 5, "vwo": 6}

MIXED_LEVELS = {
    "vmbo": ("vmbo_b", "vmbo_k", "vmbo_gt"),
    "vmbo_bk": ("vmbo_b", "vmbo_k"),
    "vmbo_alle_havo": ("vmbo_b", "vmbo_k", "vmbo_gt", "havo"),
    "vmbo_havo_vwo": ("vmbo_gt", "havo", "vwo"),
    "vmbo_havo": ("vmbo_gt", "havo"),
    "havo_vwo": ("havo", "vwo"),
    "brugjaar": ("vmbo_b", "vmbo_k", "vmbo_gt", "havo", "vwo"),
}

EXAM_LEVELS = {"VMBO": ("vmbo_b", "vmbo_k", "vmbo_gt"), "HAVO": ("havo",), "VWO": ("vwo",)}

# National context speaks of types: what the factor of a type multiplies.
TYPES = ("pro", "vmbo", "havo", "vwo", "overig")
TYPE_OF_LEVEL = {
    "pro": "pro",
    "vmbo_b": "vmbo",
    "vmbo_k": "vmbo",
    "vmbo_gt": "vmbo",
    "havo": "havo",
    "vwo": "vwo",
}


def level_index(level: str) -> int:
    """Return the position of a level in `LEVELS`."""
    return LEVELS.index(level)


def type_of(level: str) -> str:
    """Return the type whose national factor a level follows; everything that is not vo is `overig`."""
    return TYPE_OF_LEVEL.get(level, "overig")
