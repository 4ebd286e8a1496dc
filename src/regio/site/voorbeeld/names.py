"""Invented names: boards, schools of po, streets. None is a real school, place or person."""

PO_BOARDS = (
    "Stichting De Getijden, openbaar basisonderwijs aan zee",
    "Stichting Waardevol Basisonderwijs Stadswaard",
    "Stichting De Schakelketting, christelijk basisonderwijs",
    "Stichting Klavervier Oosterhaag",
    "Stichting Rondom het Kind Middenwaard",
    "Stichting Kapok, katholiek basisonderwijs",
    "Stichting Zilverdraad",
    "Stichting Het Palet van Lindewaarde",
    "Stichting Polderscholen Kreekhoven",
    "Vereniging De Bron van Hoogwolde",
    "Stichting Vrije Basisscholen De Zonnewijzer",
    "Vereniging Eilandschool Meeuwenzand",
)
PO_BOARD_SIZES = (16, 13, 11, 10, 9, 8, 7, 6, 4, 3, 2, 1)
PO_BOARD_DENOMINATIONS = (
    "Openbaar",
    "Openbaar",
    "Protestants-Christelijk",
    "Openbaar",
    "Algemeen bijzonder",
    "Rooms-Katholiek",
    "Samenwerking PC, RK",
    "Openbaar",
    "Protestants-Christelijk",
    "Gereformeerd",
    "Antroposofisch",
    "Algemeen bijzonder",
)
SO_BOARDS = ("Stichting Speciaal Onderwijs De Zeilmakerij", "Stichting De Ideeënzolder, speciaal onderwijs")
SO_SCHOOLS = ("De Zeilmakerij", "De Ideeënzolder")
MBO_BOARDS = ("Stichting ROC De Vaargeul", "Stichting Vakcolleges Oosterhaag")
MBO_COLLEGES = (
    ("Techniekcollege De Vaargeul", "Stadswaard"),
    ("Zorgcollege De Vaargeul", "Stadswaard"),
    ("College voor Economie en Dienstverlening De Vaargeul", "Stadswaard"),
    ("Havencollege De Vaargeul", "Zilverhaven"),
    ("Vakcollege Noord De Vaargeul", "Hoogwolde"),
    ("College Marktlo De Vaargeul", "Marktlo"),
    ("Groen College Linterveen", "Klaverwoude"),
    ("Bouwcollege Oosterhaag", "Lindewaarde"),
    ("Zorg en Welzijn College Oosterhaag", "Lindewaarde"),
    ("Vakcollege Esserhout", "Esserhout"),
)

_FIRST = (
    "Wolken",
    "Wind",
    "Zilver",
    "Mos",
    "Honing",
    "Schelpen",
    "Kruiden",
    "Lampion",
    "Kiezel",
    "Veder",
    "Krijt",
    "Duin",
)
_SECOND = ("ladder", "wever", "orkest", "koepel", "roeier", "tuinders", "kapstok", "wimpel")


def po_school_names(count: int) -> list[str]:
    """Return that many names for schools of po, such as `De Windladder`; up to 96."""
    pairs = [(first, second) for second in _SECOND for first in _FIRST]
    return [f"De {first}{second}" for first, second in pairs[:count]]


STREETS = (
    "Lampionstraat", "Touwslagerspad", "Kompaslaan", "Zeildoekstraat", "Meetlatweg", "Krijtlaan", "Griffelstraat",
    "Lessenaarplein", "Klinkerhof", "Wimpelkade", "Ankerplein", "Passerstraat", "Inktpotlaan", "Telraamstraat",
)  # fmt: skip
