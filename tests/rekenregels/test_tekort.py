"""Rekenregels: van formatie en bezetting naar tekort, jaar na jaar, op een school die met de hand is na te rekenen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from regio_engine.staff.context_need import following_need
from regio_engine.staff.contract import (
    HOURS_CLASSES,
    NONE,
    OLDEST,
    Flow,
    Output,
    Qualified,
    Source,
    Staff,
    StaffContext,
    StaffDraws,
)
from regio_engine.staff.simulation import simulate
from regio_engine.staff.waterfall import scope_contributions
from tests.engine.staff import small_staff
from tests.rekenregels.rekenregel import Rekenregel, Row, Rows, Tabel
from tests.rekenregels.test_formatie import raming, verhouding

TITEL = "Tekort: wie er is, wie er gaat en wie er komt"
VOLGORDE = 40
INLEIDING = """Naast de formatie staat de bezetting: de leraren die er zijn. Het model volgt hen persoon voor persoon.
Wie gaat en wie komt is in een echte prognose toeval, en dus een band. In deze voorbeelden ligt alles vast, zodat u het
met de hand kunt narekenen: één leraar gaat met pensioen, en kandidaten zijn er genoeg of helemaal niet.

*Open tekort* is wat niemand geeft. *Verborgen tekort* is wat wel in het rooster staat, maar door wie niet bevoegd is of
een ander vak heeft, en wat uitvalt of anders wordt opgelost. Samen is dat het tekort."""

SURE = 0xFFFFFFFF
WISKUNDE, NEDERLANDS = "vo:wiskunde:tweedegraads", "vo:nederlands:tweedegraads"
VAKKEN = {"wiskunde": WISKUNDE, "Nederlands": NEDERLANDS}
FULL_TIME = np.array([0, 0, 0, 0, SURE], np.uint32)


@dataclass(frozen=True)
class Leraar:
    """One teacher of the school."""

    vak: str
    fte: float
    leeftijd: int = 40
    bevoegd: Qualified = Qualified.YES


def personeel(leraren: Sequence[Leraar]) -> Staff:
    """Return these teachers at the only school, one year from the end of no term."""
    positions = list(VAKKEN)
    number = len(leraren)
    return Staff(
        offsets=np.array([0, number], np.int32), ids=np.arange(1, number + 1, dtype=np.uint32), places=np.zeros(number, np.int16),
        positions=np.array([positions.index(one.vak) for one in leraren], np.int16),
        ages=np.array([one.leeftijd for one in leraren], np.int16),
        milli_fte=np.array([round(1000 * one.fte) for one in leraren], np.int32), tenures=np.full(number, 10, np.int16),
        qualified=np.array([one.bevoegd for one in leraren], np.int8), terms=np.zeros(number, np.int16),
        second_positions=np.full(number, NONE, np.int16), scales=np.zeros(number, np.int8),
    )  # fmt: skip


def school(
    leraren: Sequence[Leraar], formatie: dict[str, Sequence[float]], *, kandidaten_voor: str = "", vervalt: float = 0.0,
    vangt_op: float = 0.0,
) -> StaffContext:  # fmt: skip
    """Return a school in which nothing is chance; `formatie` per subject and year, base year first.

    Args:
        leraren: who is there; at the age of 75 everybody retires.
        formatie: need per subject [fte].
        kandidaten_voor: the subject for which graduates stand in line; for others nobody comes.
        vervalt: share of what nobody gives that is cancelled.
        vangt_op: share of the surplus that covers another subject.
    """
    need = np.array([[[round(1000 * fte)] for fte in formatie[vak]] for vak in VAKKEN])
    made = small_staff.context(need, places=("90AA00",), positions=tuple(VAKKEN.values()), staff=personeel(leraren))
    expected = made.supply.expected_milli.copy()
    if kandidaten_voor:
        expected[:, Source.GRADUATE, list(VAKKEN).index(kandidaten_voor)] = 20_000
    rates = replace(
        made.rates, cancelled=np.full_like(made.rates.cancelled, round(65536 * vervalt)),
        covered=np.full_like(made.rates.covered, round(65536 * vangt_op)),
    )  # fmt: skip
    hours = np.tile(FULL_TIME, (len(Source), 1))
    assert hours.shape[1] == HOURS_CLASSES
    return replace(made, supply=replace(made.supply, expected_milli=expected, hours=hours), rates=rates)


def verloop(context: StaffContext) -> StaffDraws:
    """Run the whole simulation on it, one draw."""
    return simulate(context, seed=1, draws=1, years=context.need_milli.shape[1] - 1, threads=1)


def fte(found: StaffDraws, vak: str, wat: Output, jaar: int) -> float:
    return float(found.outputs[list(VAKKEN).index(vak), wat, jaar, 0]) / 1000


def soorten_tekort(rijen: Sequence[Row]) -> Rows:
    uit: Rows = []
    for vak, formatie, bevoegd, onbevoegd in rijen:
        leraren = [Leraar(str(vak), 1.0) for _ in range(int(bevoegd))]
        leraren += [Leraar(str(vak), 1.0, bevoegd=Qualified.NO) for _ in range(int(onbevoegd))]
        andere = next(naam for naam in VAKKEN if naam != vak)
        found = verloop(school(leraren, {str(vak): [float(formatie)] * 2, andere: [0, 0]}, vervalt=0.25))
        tekort, open_tekort = fte(found, str(vak), Output.SHORTAGE, 0), fte(found, str(vak), Output.OPEN, 0)
        uit.append((vak, fte(found, str(vak), Output.STOCK, 0), open_tekort, tekort - open_tekort, tekort))
    return uit


def leraren_van(vak: str, bevoegd: float, onbevoegd: float, met_pensioen: float) -> list[Leraar]:
    """Return full-time teachers of a subject; who retires is the oldest."""
    blijvers = [Leraar(vak, 1.0) for _ in range(int(bevoegd - met_pensioen))]
    gaan = [Leraar(vak, 1.0, leeftijd=OLDEST) for _ in range(int(met_pensioen))]
    return [*blijvers, *gaan, *(Leraar(vak, 1.0, bevoegd=Qualified.NO) for _ in range(int(onbevoegd)))]


def kleine_school(rijen: Sequence[Row]) -> StaffContext:
    """Return the school of rows (subject, need now, need then, qualified, not qualified, retiring); Dutch draws candidates."""
    formatie = {str(vak): [float(nu), float(straks)] for vak, nu, straks, *_ in rijen}
    leraren = [one for vak, _, _, *aantallen in rijen for one in leraren_van(str(vak), *(float(n) for n in aantallen))]
    return school(leraren, formatie, kandidaten_voor="Nederlands", vervalt=0.25)


def een_jaar(rijen: Sequence[Row]) -> Rows:
    found = verloop(kleine_school(rijen))
    uit: Rows = []
    for vak in (str(rij[0]) for rij in rijen):
        flows = found.flows[list(VAKKEN).index(vak), 0] / 1000
        open_tekort, tekort = fte(found, vak, Output.OPEN, 1), fte(found, vak, Output.SHORTAGE, 1)
        uit.append((
            vak, fte(found, vak, Output.STOCK, 0), float(flows[Flow.RETIRE]), float(flows[Flow.FROM_GRADUATE]),
            fte(found, vak, Output.STOCK, 1), open_tekort, tekort - open_tekort, tekort,
        ))  # fmt: skip
    return uit


KLEINE_SCHOOL: tuple[Row, ...] = (("wiskunde", 5.5, 5.0, 5.0, 0.0, 1.0), ("Nederlands", 6.0, 6.5, 4.0, 1.0, 0.0))


def waterval(rijen: Sequence[Row]) -> Rows:
    """The gap of the small school taken apart; the rows say what the need would be with the ratio of now."""
    staf = {rij[0]: rij[3:] for rij in KLEINE_SCHOOL}
    context = kleine_school([(vak, nu, straks, *staf[vak]) for vak, nu, _, straks in rijen])
    found = verloop(context)
    held = np.array([[round(1000 * float(nu)), round(1000 * float(leerlingen))] for _, nu, leerlingen, _ in rijen])
    parts = scope_contributions(context, found, need_with_rule_held=held, places=[0], positions=[0, 1])
    flows = {"minder leerlingen": parts[0, 0], "andere ratio": parts[0, 1], "met pensioen": -parts[0, 2 + Flow.RETIRE],
             "net afgestudeerd": -parts[0, 2 + Flow.FROM_GRADUATE]}  # fmt: skip
    assert small_staff.change_of_gap(parts)[0] == sum(flows.values())
    gap = [float((context.need_milli[:, y, 0] - found.outputs[:, Output.STOCK, y, 0]).sum()) / 1000 for y in (0, 1)]
    return [
        ("kloof nu", gap[0]),
        *((naam, float(bedrag) / 1000) for naam, bedrag in flows.items()),
        ("kloof over een jaar", gap[1]),
    ]


def opvangen(rijen: Sequence[Row]) -> Rows:
    formatie = {str(vak): [float(nu), float(straks)] for vak, _, nu, straks in rijen}
    leraren = [Leraar(str(vak), 1.0) for vak, bezetting, *_ in rijen for _ in range(int(bezetting))]
    found = verloop(school(leraren, formatie, vangt_op=0.5))
    return [
        (vak, fte(found, vak, Output.STOCK, 1), fte(found, vak, Output.SURPLUS, 1), fte(found, vak, Output.OPEN, 1),
         fte(found, vak, Output.SHORTAGE, 1) - fte(found, vak, Output.OPEN, 1))
        for vak in formatie
    ]  # fmt: skip


def formatie_van_later(rijen: Sequence[Row]) -> Rows:
    """Pupils → need by the rule → need beside the staff, for one subject."""
    uit: Rows = []
    for bezetting, onvervuld, nu, straks in rijen:
        by_rule = [
            raming({("90AA00", "havo", 1): int(aantal)}, rule=verhouding()).summary({"90AA00": "x"})[0].mean
            for aantal in (nu, straks)
        ]
        milli = np.array([[[round(1000 * need)] for need in by_rule]], np.int32)
        base = np.array([[round(1000 * (float(bezetting) + float(onvervuld)))]])
        need = following_need(milli, base_milli=base)[0, :, 0] / 1000
        uit.append((by_rule[0], by_rule[1], float(need[0]), float(need[1])))
    return uit


REGELS = [
    Rekenregel(
        titel="Tekort is wat geen bevoegde leraar geeft: open en verborgen samen",
        uitleg="""Uren waarvoor niemand is, zijn open; een deel daarvan valt uit of wordt anders opgelost en is dan
verborgen. Ook wie niet bevoegd is, vult een deel van de formatie zonder dat het tekort weg is.""",
        gegeven=Tabel(
            ("vak", "formatie (fte)", "bevoegd in dienst", "onbevoegd in dienst"),
            (("wiskunde", 10.0, 8, 0), ("Nederlands", 10.0, 8, 1)),
        ),
        narekenen="""In dit voorbeeld valt een kwart uit van wat niemand geeft. Wiskunde: 10 − 8 = 2 fte zonder leraar, een
kwart (0,5) valt uit, dus 1,5 open. Nederlands: 10 − 9 = 1 fte zonder leraar, 0,25 valt uit, 0,75 open; verborgen is
1 (onbevoegd) + 0,25. Formatie + overschot = bezetting + uitval + open: 10 = 9 + 0,25 + 0,75.""",
        uitkomst=Tabel(
            ("vak", "bezetting", "open", "verborgen", "tekort"),
            (("wiskunde", 8.0, 1.5, 0.5, 2.0), ("Nederlands", 9.0, 0.75, 1.25, 2.0)),
        ),
        bereken=soorten_tekort,
    ),
    Rekenregel(
        titel="De formatie van later begint bij wie er is en wat nu onvervuld is",
        uitleg="""De formatie volgens de regel (leerlingen per fte) is een aanname. Wat er nu is plus wat nu onvervuld is, is
gemeten. Daarom begint het model bij dat laatste, en volgt daarna de verandering van de regel.""",
        gegeven=Tabel(
            ("bezetting nu (fte)", "onvervuld nu (fte)", "leerlingen nu", "leerlingen straks"),
            ((8.5, 0.5, 150, 135), (8.5, 0.5, 150, 180)),
        ),
        narekenen="""Eén fte per 15 leerlingen: volgens de regel 150 : 15 = 10 fte nu en 135 : 15 = 9 straks, dus × 0,9. Er is
8,5 en 0,5 is onvervuld: de formatie nu is 9. Straks 9 × 0,9 = 8,1. Met 180 leerlingen: 9 × 1,2 = 10,8.""",
        uitkomst=Tabel(
            ("regel nu", "regel straks", "formatie nu", "formatie straks"), ((10.0, 9.0, 9.0, 8.1), (10.0, 12.0, 9.0, 10.8))
        ),
        bereken=formatie_van_later,
    ),
    Rekenregel(
        titel="Een jaar op een kleine school: wie gaat, wie komt en wat overblijft",
        uitleg="""Een school met twee vakken. Bij wiskunde gaat één leraar met pensioen en meldt zich niemand. Voor
Nederlands zijn er kandidaten genoeg: elk neemt wat er open is, tot een volle baan.""",
        gegeven=Tabel(
            ("vak", "formatie nu", "formatie straks", "bevoegd in dienst", "onbevoegd in dienst", "gaat met pensioen"),
            KLEINE_SCHOOL,
        ),
        narekenen="""Wiskunde: 5 − 1 = 4 fte, nodig is 5. Van de 1 fte zonder leraar valt een kwart uit: 0,75 open, 0,25
verborgen. Nederlands: nodig 6,5, er is 5; kandidaten nemen 1 en 0,5. Niets open; verborgen blijft de onbevoegde leraar.""",
        uitkomst=Tabel(
            ("vak", "bezetting nu", "pensioen", "afgestudeerd", "bezetting straks", "open", "verborgen", "tekort"),
            (("wiskunde", 5.0, -1.0, 0.0, 4.0, 0.75, 0.25, 1.0), ("Nederlands", 5.0, 0.0, 1.5, 6.5, 0.0, 1.0, 1.0)),
        ),
        bereken=een_jaar,
    ),
    Rekenregel(
        titel="Wat de kloof verandert, telt op",
        uitleg="""De kloof is formatie min bezetting. Elk jaar verdeelt het model de verandering over oorzaken: leerlingen,
ratio of lessentabel, en iedereen die gaat of komt. De ratio is wat overblijft als de leerlingen alleen zijn geteld.""",
        gegeven=Tabel(
            ("vak", "formatie nu", "straks met de ratio van nu", "formatie straks"),
            (("wiskunde", 5.5, 5.25, 5.0), ("Nederlands", 6.0, 6.0, 6.0)),
        ),
        narekenen="""De school van hierboven heeft nu 10 fte in dienst en 11,5 nodig: een kloof van 1,5. Leerlingen −0,25,
ratio −0,25. Eén leraar met pensioen maakt de kloof 1 groter, één net afgestudeerde voor Nederlands 1 kleiner.
1,5 − 0,25 − 0,25 + 1 − 1 = 1,0; en straks: 11 nodig, 10 in dienst.""",
        uitkomst=Tabel(
            ("oorzaak", "fte"),
            (("kloof nu", 1.5), ("minder leerlingen", -0.25), ("andere ratio", -0.25), ("met pensioen", 1.0),
             ("net afgestudeerd", -1.0), ("kloof over een jaar", 1.0)),
        ),
        bereken=waterval,
    ),
    Rekenregel(
        titel="Wie over is vangt een deel op van een ander vak, en dat heet verborgen tekort",
        uitleg="""Een leraar die bij het eigen vak over is, geeft soms een ander vak. De uren zijn dan gevuld, maar niet door
een leraar van dat vak.""",
        gegeven=Tabel(
            ("vak", "in dienst (fte)", "formatie nu", "formatie straks"),
            (("wiskunde", 3, 4.0, 4.0), ("Nederlands", 4, 4.0, 3.0)),
        ),
        narekenen="""Straks is bij Nederlands 1 fte over en bij wiskunde 1 fte te kort. In dit voorbeeld vangt de helft van wat
over is een ander vak op: 0,5 fte. Wiskunde: bezetting 3,5, open 0,5, verborgen 0,5. Nederlands houdt 0,5 fte over.""",
        uitkomst=Tabel(
            ("vak", "bezetting", "overschot", "open", "verborgen"),
            (("wiskunde", 3.5, 0.0, 0.5, 0.5), ("Nederlands", 3.5, 0.5, 0.0, 0.0)),
        ),
        bereken=opvangen,
    ),
]  # fmt: skip


@pytest.mark.parametrize("regel", REGELS, ids=lambda regel: regel.titel)
def test_de_computer_rekent_zoals_een_planner(regel: Rekenregel) -> None:
    regel.check()
