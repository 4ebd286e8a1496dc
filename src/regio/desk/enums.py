"""Closed lists of the desk."""

from django.db.models import TextChoices


class EditionKind(TextChoices):
    """What a region edits in editions: the rules of the route advice, or name, colour and texts of its desk."""

    ADVICE = "advies", "de routes en vragen van het advies"
    PAGE = "loket", "naam, kleur en teksten van het loket"


class Mark(TextChoices):
    """How sure a value is."""

    V = "V", "gelezen bij wie erover gaat"
    P = "P", "deels gecontroleerd"
    U = "U", "nog niet gecontroleerd"
