"""Roles, kinds of organisation, and purposes for which people give their data."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody does for an organisation. A role without a first screen of its own is not given out yet."""

    CANDIDATE = "candidate", "kandidaat"
    DESK_ADVISER = "desk_adviser", "adviseur van het loket"
    SCHOOL_CONTACT = "school_contact", "contactpersoon van een school"
    HR = "hr", "personeelsadviseur"
    BOARD_PLANNER = "board_planner", "planner van een bestuur"
    BOARD_EXECUTIVE = "board_executive", "bestuurder"
    PROGRAMME_MANAGER = "programme_manager", "programmamanager van de regio"
    CONTROLLER = "controller", "controller"
    TRAINER = "trainer", "opleider"
    NEW_TEACHER = "new_teacher", "starter"
    COACH = "coach", "begeleider"
    REGION_ADVISER = "region_adviser", "regioadviseur"
    PARTNER_CONTACT = "partner_contact", "contactpersoon van een partner"
    PROFESSION_REP = "profession_rep", "vertegenwoordiger van de beroepsgroep"
    RESEARCHER = "researcher", "onderzoeker"
    PRIVACY_OFFICER = "privacy_officer", "functionaris gegevensbescherming"
    ACCOUNTANT = "accountant", "accountant"
    REGION_ADMIN = "region_admin", "beheerder van de regio"
    SUPPORT = "support", "technisch beheer"


GIVEN_ROLES = (
    Role.DESK_ADVISER, Role.BOARD_PLANNER, Role.BOARD_EXECUTIVE, Role.PROGRAMME_MANAGER, Role.REGION_ADMIN, Role.PRIVACY_OFFICER, Role.SUPPORT,
)  # fmt: skip


class OrganisationKind(TextChoices):
    """For whom somebody works."""

    INSTALLATION = "installatie", "de hele installatie"
    REGION = "regio", "onderwijsregio"
    BOARD = "bestuur", "schoolbestuur"
    SCHOOL = "school", "school"
    LOCATION = "vestiging", "vestiging"
    PROVIDER = "opleider", "lerarenopleiding"
    PARTNER = "partner", "partner"


class Purpose(TextChoices):
    """For what data may be used; each is asked apart."""

    STAFF_PLANNING = "personeelsplanning", "personeelsplanning van het eigen bestuur"
    JOINT_PLANNING = "gezamenlijke_raming", "meedoen aan een gezamenlijke raming van de regio"
    CONTACT = "contact", "bericht krijgen van de regio"
    DESK_FILE = "loketdossier", "begeleiding door het loket van de regio"


class HowOften(TextChoices):
    """How often somebody wants a digest by mail."""

    DAY = "dag", "elke dag als er iets is"
    WEEK = "week", "één keer per week"
    NEVER = "nooit", "geen berichten"


class How(TextChoices):
    """How somebody hears of one kind of news."""

    AT_ONCE = "meteen", "meteen"
    DIGEST = "bundel", "in het bericht van de dag"
    NEVER = "nooit", "nooit"
