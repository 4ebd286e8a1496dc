"""Exam subjects and how many of each profile choose them (0-1), close to the national choice."""

# VAKCODE: short name, name, has a central exam
SUBJECTS = {
    "0131": ("ak", "aardrijkskunde", True),
    "0161": ("in", "informatica", False),
    "0251": ("m&o", "management en organisatie", True),
    "0311": ("fi", "filosofie", True),
    "1001": ("netl", "Nederlandse taal en literatuur", True),
    "1002": ("entl", "Engelse taal en literatuur", True),
    "1003": ("fatl", "Franse taal en literatuur", True),
    "1004": ("dutl", "Duitse taal en literatuur", True),
    "1018": ("biol", "biologie", True),
    "1019": ("maat", "maatschappijleer", False),
    "1020": ("ckv", "culturele en kunstzinnige vorming", False),
    "1021": ("ges", "geschiedenis", True),
    "1022": ("econ", "economie", True),
    "1023": ("nat", "natuurkunde", True),
    "1024": ("wisA", "wiskunde A", True),
    "1025": ("wisB", "wiskunde B", True),
    "1026": ("wisC", "wiskunde C", True),
    "1027": ("wisD", "wiskunde D", False),
    "1028": ("schk", "scheikunde", True),
    "1030": ("kubv", "kunst (beeldende vormgeving)", True),
    "1034": ("maw", "maatschappijwetenschappen", True),
    "1038": ("bsm", "bewegen, sport en maatschappij", False),
    "1110": ("ltc", "Latijnse taal en cultuur", True),
    "1111": ("gtc", "Griekse taal en cultuur", True),
}

# shares for N&T, N&G, E&M, C&M and N&T/N&G
_ALL = (1.0, 1.0, 1.0, 1.0, 1.0)
PROFILE_SUBJECTS: dict[str, dict[str, tuple[float, ...]]] = {
    "havo": {
        "netl": _ALL, "entl": _ALL, "maat": _ALL, "ckv": _ALL,
        "dutl": (0.15, 0.17, 0.42, 0.38, 0.12), "fatl": (0.05, 0.08, 0.22, 0.42, 0.05),
        "wisA": (0.0, 0.85, 0.92, 0.30, 0.0), "wisB": (1.0, 0.15, 0.08, 0.0, 1.0), "wisD": (0.10, 0.0, 0.0, 0.0, 0.08),
        "nat": (1.0, 0.42, 0.01, 0.0, 1.0), "schk": (1.0, 1.0, 0.01, 0.0, 1.0), "biol": (0.12, 1.0, 0.14, 0.12, 1.0),
        "econ": (0.20, 0.15, 1.0, 0.25, 0.05), "m&o": (0.08, 0.05, 0.58, 0.08, 0.02), "ges": (0.05, 0.08, 1.0, 1.0, 0.03),
        "ak": (0.15, 0.35, 0.42, 0.45, 0.12), "in": (0.30, 0.08, 0.10, 0.05, 0.15), "kubv": (0.02, 0.05, 0.04, 0.45, 0.03),
        "maw": (0.02, 0.04, 0.09, 0.24, 0.02), "bsm": (0.05, 0.12, 0.11, 0.10, 0.05),
    },
    "vwo": {
        "netl": _ALL, "entl": _ALL, "maat": _ALL,
        "dutl": (0.35, 0.45, 0.65, 0.60, 0.30), "fatl": (0.20, 0.32, 0.42, 0.62, 0.18),
        "wisA": (0.0, 0.55, 0.85, 0.30, 0.0), "wisB": (1.0, 0.45, 0.15, 0.0, 1.0), "wisC": (0.0, 0.0, 0.0, 0.65, 0.0),
        "wisD": (0.28, 0.02, 0.0, 0.0, 0.22), "nat": (1.0, 0.72, 0.02, 0.0, 1.0), "schk": (1.0, 1.0, 0.03, 0.0, 1.0),
        "biol": (0.20, 1.0, 0.12, 0.10, 1.0), "econ": (0.20, 0.20, 1.0, 0.25, 0.10), "m&o": (0.08, 0.06, 0.55, 0.08, 0.03),
        "ges": (0.05, 0.10, 1.0, 1.0, 0.05), "ak": (0.12, 0.30, 0.40, 0.42, 0.12), "in": (0.32, 0.10, 0.09, 0.06, 0.20),
        "kubv": (0.03, 0.05, 0.05, 0.40, 0.04), "maw": (0.02, 0.04, 0.10, 0.25, 0.02), "fi": (0.08, 0.08, 0.08, 0.15, 0.06),
        "ltc": (0.55, 0.60, 0.55, 0.60, 0.55), "gtc": (0.35, 0.30, 0.25, 0.30, 0.35),
    },
}  # fmt: skip
