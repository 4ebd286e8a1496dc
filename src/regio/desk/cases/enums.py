"""Closed lists of a case. What a region changes itself (reasons to stop, steps) is data, not here."""

from django.db.models import TextChoices


class CaseType(TextChoices):
    """What somebody comes to the desk for."""

    INFLOW = "instroom", "instroom: werken in het onderwijs"
    MOBILITY = "mobiliteit", "mobiliteit: ander werk in het onderwijs"
    PROFESSIONALISATION = "professionalisering", "professionalisering: verder leren"


class Phase(TextChoices):
    """How far somebody is; the order is loose and people come back."""

    NEW = "nieuw", "nieuw"
    ORIENTING = "orienteren", "oriënteren"
    MATCHING = "matchen", "matchen"
    PREPARING = "voorbereiden", "voorbereiden"
    IN_TRAINING = "in_opleiding", "in opleiding"
    WORKING = "werkzaam", "werkzaam"
    LEFT = "uitgestroomd", "uitgestroomd"


OPEN_PHASES = [phase for phase in Phase if phase != Phase.LEFT]


class Channel(TextChoices):
    """How there was contact."""

    PHONE = "telefoon", "telefoon"
    MAIL = "mail", "mail"
    TALK = "gesprek", "gesprek op locatie"
    VIDEO = "video", "videogesprek"
    MESSAGE = "bericht", "sms of app"
    LETTER = "brief", "brief"


WRITTEN = (Channel.MAIL, Channel.MESSAGE, Channel.LETTER)


class Visibility(TextChoices):
    """Who may read a note, the most private first."""

    TEAM = "team", "alleen het team"
    SCHOOL = "school", "team en school"
    CANDIDATE = "kandidaat", "team en kandidaat"


class HolidayArea(TextChoices):
    """The three areas of Dutch school holidays."""

    NORTH = "noord", "noord"
    MIDDLE = "midden", "midden"
    SOUTH = "zuid", "zuid"


class Source(TextChoices):
    """How a case began."""

    INTAKE = "intake", "vragen op de site"
    PHONE = "telefoon", "telefoon"
    MAIL = "mail", "mail"
    REFERRAL = "doorverwijzing", "doorverwezen"
    IMPORT = "bestand", "ingelezen bestand"
