"""Rekenregels: wat een pagina over het tekort zegt, nagerekend met de functies die de pagina zelf gebruikt."""

from collections.abc import Sequence

import pytest

from regio.shared.charts import Point
from regio.workforce.enums import Measure, StaffFlow
from regio.workforce.evidence.page import case_lines
from regio.workforce.shortage_sentences import Shortage, causes_of
from tests.rekenregels.rekenregel import Rekenregel, Row, Rows, Tabel

TITEL = "Een pagina narekenen: het tekort van één vak"
VOLGORDE = 50
INLEIDING = """Zo rekent u na wat op een pagina staat. De getallen van deze voorbeelden zijn verzonnen. Voor uw eigen regio staan
dezelfde optelsommen op de pagina *Hoe goed waren de voorspellingen?* bij *Met de hand na te rekenen*, en op de pagina
*Wat drijft het tekort?* onder *Tabel bij wat het tekort drijft*."""

NU, STRAKS = 2026, 2031
NODIG, IN_DIENST, OVERSCHOT, TEKORT = (
    Measure.REQUIRED_FTE, Measure.STAFFED_FTE, Measure.SURPLUS_FTE, Measure.SHORTAGE_FTE,
)  # fmt: skip


def tekort_van(bedragen: dict[Measure, tuple[float, float]]) -> Shortage:
    """Return the shortage of a position from its means now and in five years [fte]."""
    levels = {
        measure: {year: Point(year, mean, mean, mean) for year, mean in zip((NU, STRAKS), means, strict=True)}
        for measure, means in bedragen.items()
    }
    return Shortage(NU, STRAKS, levels)


def optelsom(rijen: Sequence[Row]) -> Rows:
    """The steps of the page from need to shortage."""
    ((_, nodig, overschot, in_dienst, tekort),) = rijen
    amounts = {NODIG: nodig, OVERSCHOT: overschot, IN_DIENST: in_dienst, TEKORT: tekort}
    lines = case_lines(tekort_van({measure: (float(fte), float(fte)) for measure, fte in amounts.items()}))
    return [(words, fte) for words, fte, _ in lines]


def oorzaken(rijen: Sequence[Row]) -> Rows:
    """The causes of the page between two years, the rest included; causes of nought are left out, the rest never."""
    flows = {StaffFlow(code): dict.fromkeys(range(NU + 1, STRAKS + 1), float(fte)) for _, code, fte in rijen}
    levels = {NODIG: (60.0, 57.0), IN_DIENST: (56.0, 51.0), OVERSCHOT: (0.5, 0.5), TEKORT: (6.0, 8.5)}
    causes = causes_of(tekort_van(levels), flows)
    shown = [(cause.name, cause.fte) for cause in causes[:-1] if round(cause.fte, 2)]
    return [
        (f"tekort in {NU}", 6.0), *shown, (causes[-1].name, causes[-1].fte),
        (f"tekort in {STRAKS}", 6.0 + sum(cause.fte for cause in causes)),
    ]  # fmt: skip


REGELS = [
    Rekenregel(
        titel="Van nodig naar tekort, voor één vak op één peildatum",
        uitleg="""Het tekort is meer dan nodig min in dienst. Wie bij een andere school of een ander bestuur over is, staat wel
in dienst maar helpt hier niet: dat overschot telt erbij. En wie niet bevoegd is of eigenlijk een ander vak heeft, vult een
les zonder dat het tekort weg is.""",
        gegeven=Tabel(
            ("vak", "nodig (fte)", "overschot elders", "in dienst", "tekort op de pagina"), (("wiskunde", 30.0, 0.25, 28.0, 3.0),)
        ),
        narekenen="""30,00 + 0,25 − 28,00 = 2,25 fte is open, uitgevallen of opgevangen. Op de pagina staat een tekort van
3,00 fte: de andere 0,75 fte zijn lessen door wie niet bevoegd is of een ander vak heeft. 2,25 + 0,75 = 3,00.""",
        uitkomst=Tabel(
            ("stap", "fte"),
            (("Nodig", 30.0), ("Overschot elders: telt erbij, want die fte helpt hier niet", 0.25), ("In dienst", -28.0),
             ("Open, uitgevallen of opgevangen", 2.25), ("Lessen door wie niet bevoegd is of een ander vak heeft", 0.75),
             (f"Tekort in {NU}", 3.0)),
        ),
        bereken=optelsom,
    ),
    Rekenregel(
        titel="Wat het tekort drijft, telt op, en de rest staat apart",
        uitleg="""Elk jaar gaat en komt er personeel, en verandert wat nodig is. Over vijf jaar samen is dat het verschil tussen het
tekort van nu en dat van straks. Wie gaat maakt het tekort groter, wie komt kleiner. Wat geen oorzaak verklaart, staat als
rest op een eigen regel, ook als het nul is.""",
        gegeven=Tabel(
            ("oorzaak", "code", "fte per jaar"),
            (("leerlingen: minder nodig", "leerlingen", -0.6), ("met pensioen", "pensioen", -2.4), ("naar ander werk", "ander_werk", -1.5),
             ("overleden of arbeidsongeschikt", "arbeidsongeschikt", -0.2), ("naar een andere regio", "regio_uit", -0.6),
             ("meer uren", "uren", 0.1), ("net afgestudeerd", "afgestudeerd", 1.8), ("zij-instroom", "zij_instroom", 0.6),
             ("uit de stille reserve", "reserve", 0.5), ("hybride", "hybride", 0.1), ("uit een andere regio", "regio_in", 0.4),
             ("nog niet bevoegd aangesteld", "onbevoegd", 0.2)),
        ),
        narekenen="""Nodig is 60 fte en straks 57; in dienst 56 en straks 51; overschot blijft 0,5; het tekort is 6,0 en straks 8,5.
Keer elk bedrag per jaar met vijf. Wie gaat of komt, krijgt daarbij een ander teken: vijf keer 2,4 met pensioen maakt het tekort
12,0 groter. Lessen door wie niet bevoegd is: nu 6,0 + 56 − 60 − 0,5 = 1,5, straks 8,5 + 51 − 57 − 0,5 = 2,0, dus +0,5.
6,0 − 3,0 + 12,0 + 7,5 + 1,0 + 3,0 − 0,5 − 9,0 − 3,0 − 2,5 − 0,5 − 2,0 − 1,0 + 0,5 = 8,5. De rest is 0.""",
        uitkomst=Tabel(
            ("oorzaak", "fte in vijf jaar"),
            ((f"tekort in {NU}", 6.0), ("andere aantallen leerlingen", -3.0), ("met pensioen", 12.0), ("ander werk", 7.5),
             ("overleden of arbeidsongeschikt", 1.0), ("naar een andere regio", 3.0), ("meer of minder uren", -0.5),
             ("net afgestudeerd", -9.0), ("zij-instroom", -3.0), ("stille reserve", -2.5), ("hybride docent", -0.5),
             ("uit een andere regio", -2.0), ("nog niet bevoegd aangesteld", -1.0),
             ("lessen door wie niet bevoegd is of een ander vak heeft", 0.5), ("rest: wat geen oorzaak verklaart", 0.0),
             (f"tekort in {STRAKS}", 8.5)),
        ),
        bereken=oorzaken,
    ),
]  # fmt: skip


@pytest.mark.parametrize("regel", REGELS, ids=lambda regel: regel.titel)
def test_de_pagina_rekent_zoals_een_planner(regel: Rekenregel) -> None:
    regel.check()
