"""Closed lists of the workforce app: levels, stages, exam types, what a forecast measures."""

from django.db.models import TextChoices

SUBJECT_PREFIX = "vak:"  # item of a need value that takes both grades of a vo subject together


class Level(TextChoices):
    """What a learner follows. vo: level or a class that keeps the choice open; po/so: kind of school; mbo: level."""

    PRO = "pro", "praktijkonderwijs"
    VMBO_B = "vmbo_b", "vmbo basis"
    VMBO_K = "vmbo_k", "vmbo kader"
    VMBO_GT = "vmbo_gt", "vmbo gemengd en theoretisch"
    HAVO = "havo", "havo"
    VWO = "vwo", "vwo"
    # classes of years 1-3 that hold several levels; the model splits them
    VMBO_BK = "vmbo_bk", "vmbo basis/kader"
    VMBO = "vmbo", "vmbo, alle leerwegen"
    VMBO_HAVO = "vmbo_havo", "vmbo-g/t en havo"
    VMBO_ALL_HAVO = "vmbo_alle_havo", "vmbo, alle leerwegen, en havo"
    VMBO_HAVO_VWO = "vmbo_havo_vwo", "vmbo-g/t, havo en vwo"
    HAVO_VWO = "havo_vwo", "havo/vwo"
    BRUGJAAR = "brugjaar", "brugklas, alle niveaus"
    INTERNATIONAL = "internationaal", "internationaal onderwijs"
    VAVO = "vavo", "uitbesteed aan vavo"
    ISK = "isk", "internationale schakelklas"
    BO = "bo", "basisonderwijs"
    SBO = "sbo", "speciaal basisonderwijs"
    SO = "so", "speciaal onderwijs"
    VSO = "vso", "voortgezet speciaal onderwijs"
    SO_VSO = "so_vso", "(v)so samen"
    MBO_ENTREE = "mbo_1", "mbo niveau 1"
    MBO_2 = "mbo_2", "mbo niveau 2"
    MBO_3 = "mbo_3", "mbo niveau 3"
    MBO_4 = "mbo_4", "mbo niveau 4"
    ALL = "alle", "alle niveaus samen"


class StageKind(TextChoices):
    """What the stage number counts."""

    YEAR = "leerjaar", "leerjaar"
    AGE = "leeftijd", "leeftijd"
    AGE_CLASS = "klasse", "leeftijdsklasse, stage is de laagste leeftijd"
    GROUP = "groep", "groep"
    ALL = "alle", "geen onderverdeling"


class ExamType(TextChoices):
    """ONDERWIJSTYPE VO of the exam files."""

    VMBO = "VMBO", "vmbo"
    HAVO = "HAVO", "havo"
    VWO = "VWO", "vwo"


class Measure(TextChoices):
    """What a forecast value is about."""

    LEARNERS = "leerlingen", "leerlingen of studenten"
    REQUIRED_FTE = "formatie", "formatie (nodig)"
    REQUIRED_FTE_CHANGE = "formatieverschil", "verschil in formatie met de laatste telling"  # taken per draw
    EXAM_CANDIDATES = "examenkandidaten", "examenkandidaten"
    STAFFED_FTE = "bezetting", "bezetting (in dienst)"
    QUALIFIED_FTE = "bevoegd", "bezetting door wie bevoegd is"
    SHORTAGE_FTE = "tekort", "tekort, open en verborgen samen"
    UNFILLED_FTE = "onvervuld", "open tekort (onvervuld)"
    HIDDEN_FTE = "verborgen", "verborgen tekort"
    SURPLUS_FTE = "overschot", "overschot"


class ScopeKind(TextChoices):
    """For whom a forecast value is: the region of the run, or a part of it."""

    REGION = "regio", "regio"
    BOARD = "bestuur", "bestuur"
    SCHOOL = "school", "school"
    LOCATION = "vestiging", "vestiging"


class FunctionGroup(TextChoices):
    """Groups of functions as the DUO personnel file uses them."""

    TEACHER = "leraar", "leraar, docent of instructeur"
    SUPPORT = "oop", "onderwijsondersteunend personeel"
    LEADER = "directie", "schoolleiding"
    TRAINEE = "lio", "leraar in opleiding"
    UNKNOWN = "onbekend", "onbekend"
    ALL = "alle", "alle functies samen"


class Grade(TextChoices):
    """Qualification area of vo lessons: years of study and level decide it."""

    FIRST = "eerstegraads", "eerstegraads gebied"
    SECOND = "tweedegraads", "tweedegraads gebied"
    NONE = "nvt", "geen graad"


class StaffFlow(TextChoices):
    """Why the gap between need and staff changes in a year; `NEED_…` changes the need, the others the staff."""

    NEED_LEARNERS = "leerlingen", "andere aantallen leerlingen"
    NEED_RULE = "regel", "andere ratio of lessentabel"
    RETIRE = "pensioen", "met pensioen"
    LEAVE_SECTOR = "ander_werk", "ander werk"
    DIE_OR_DISABLED = "arbeidsongeschikt", "overleden of arbeidsongeschikt"
    LEAVE_REGION = "regio_uit", "naar een andere regio"
    MOVES = "binnen_regio", "van school gewisseld in de regio"
    HOURS = "uren", "meer of minder uren"
    SWITCH = "ander_vak", "van vak gewisseld"
    FROM_GRADUATE = "afgestudeerd", "net afgestudeerd"
    FROM_ZIJ_INSTROOM = "zij_instroom", "zij-instroom"
    FROM_RESERVE = "reserve", "stille reserve"
    FROM_HYBRID = "hybride", "hybride docent"
    FROM_ELSEWHERE = "regio_in", "uit een andere regio"
    FROM_UNQUALIFIED = "onbevoegd", "nog niet bevoegd aangesteld"


class StaffOrigin(TextChoices):
    """What the staff of a board in a run rests on."""

    OWN = "eigen", "eigen personeelsbestand"
    PUBLIC = "openbaar", "openbaar personeelsbestand, personen nagemaakt"
    NONE = "geen", "bezetting niet geladen"


class JointMode(TextChoices):
    """How a joint round protects what boards give in."""

    NOISE = "afwijking", "met een geheime afwijking per bestuur"
    EXACT = "exact", "exact, als alle besturen die meedoen dat willen"
