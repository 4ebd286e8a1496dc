"""Closed lists of the regions app. Values that come from a law or from published data keep their Dutch spelling."""

from django.db.models import TextChoices


class Sector(TextChoices):
    """The four sectors of an onderwijsregio; a location has one, a board may have several."""

    PO = "po", "primair onderwijs"
    SO = "so", "speciaal onderwijs"
    VO = "vo", "voortgezet onderwijs"
    MBO = "mbo", "middelbaar beroepsonderwijs"


class LocationScheme(TextChoices):
    """Who gave a location its code."""

    DUO = "duo", "DUO-vestiging"
    MBO_INSTITUTION = "mbo_instelling", "mbo-instelling"


class AreaKind(TextChoices):
    """Kinds of area that municipalities belong to; the value is the prefix of a region key."""

    RPA = "rpa", "RPA-gebied"
    RMC = "rmc", "RMC-regio"
    COROP = "corop", "COROP-gebied"
    PROVINCIE = "provincie", "provincie"
    GEMEENTE = "gemeente", "gemeente"


GUESSED = "niet meer in het register van"  # how the source of a link starts that nobody told: a register lacks the code


class LinkKind(TextChoices):
    """What happened between an old and a new location code."""

    MERGER = "fusie", "fusie"
    MOVE = "verhuizing", "verhuizing of nieuwe code"
    CLOSURE = "sluiting", "sluiting"
    SPLIT = "splitsing", "splitsing"
