"""Rekenregels: van leerlingen naar formatie."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from regio_engine.parameters import LessonTable, NeedRule
from regio_engine.parameters.lesson_table import lesson_table_from
from regio_engine.staff.location_split import LocationSplit, exam_shares, profile_shares
from regio_engine.staff.need import groups_of
from regio_engine.staff.need_forecast import NeedForecast, forecast_need
from regio_engine.staff.need_rows import ALL_POSITIONS, NeedRow
from regio_engine.units import learner_draws
from tests.engine.staff.shipped import catalogue, rules, table
from tests.rekenregels.aannames import aannames
from tests.rekenregels.rekenregel import Rekenregel, Row, Rows, Tabel

TITEL = "Formatie: van leerlingen naar fte"
VOLGORDE = 30
INLEIDING = """De formatie is het aantal fte leraar dat een school nodig heeft, per vak en bevoegdheid. Hoeveel leraren
er zijn (de bezetting) staat hier los van.

Er zijn twee manieren. Heeft een bestuur een eigen lessentabel, dan rekent het model met groepen en lessen. Zonder
lessentabel rekent het met een vast deel en een aantal leerlingen per fte. Die laatste manier is een aanname met een
ruime band. De voorbeelden gebruiken korte lessentabellen; de tabel die bij het programma hoort, heeft alle vakken."""

SLOT = aannames
YEAR = 2026
Cell = tuple[str, str, int]


def eigen_tabel(*, grootte: float, lessen: dict[str, float], per_fte: float = 20) -> LessonTable:
    """A table with one level and one year of study."""
    level = {"sector": "vo", "class_size": [grootte], "lessons": {vak: [aantal] for vak, aantal in lessen.items()}}
    return lesson_table_from({"lessons_per_fte": per_fte, "levels": {"havo": level}})


def verhouding(*, per_fte: float = 15, vast: float = 0.0, eigen: LessonTable | None = None) -> NeedRule:
    """A rule without a band."""
    return NeedRule("vo", per_fte, per_fte, per_fte, base_fte=vast, own_table=eigen)


def zonder_band(rule: NeedRule) -> NeedRule:
    """Return the shipped rule with its middle only."""
    return replace(rule, learners_per_fte_low=rule.learners_per_fte, learners_per_fte_high=rule.learners_per_fte)


def raming(
    cells: dict[Cell, int | list[int]],
    *,
    rule: NeedRule | None = None,
    tabel: LessonTable | None = None,
    split: LocationSplit | None = None,
    draws: int = 1,
) -> NeedForecast:
    """Run the engine on counts that are the same in every draw, or given draw by draw."""
    numbers = np.array([n if isinstance(n, list) else [n] * draws for n in cells.values()], np.int32)
    learners = learner_draws(cells=list(cells), years=[YEAR], counts=numbers[:, None, :])
    own = {location: split for location, _, _ in cells} if split else {}
    return forecast_need(
        learners, table=tabel or table(), rule_for=lambda _, sector: rule or rules()[sector], splits=own, seed=1
    )


def fte(rows: list[NeedRow]) -> dict[str, float]:
    return {row.position: row.mean for row in rows}


def van_groepen_naar_fte(rijen: Sequence[Row]) -> Rows:
    uit: Rows = []
    for leerlingen, grootte, lessen in rijen:
        tabel = eigen_tabel(grootte=float(grootte), lessen={"nederlands": float(lessen)})
        need = raming({("90AA00", "havo", 1): int(leerlingen)}, rule=verhouding(eigen=tabel))
        groepen = int(groups_of(np.array([int(leerlingen)], np.int32), class_size=float(grootte))[0])
        rows = need.summary({"90AA00": "x"})
        uit.append((leerlingen, groepen, groepen * float(lessen), rows[0].mean))
    return uit


def met_verhouding(rijen: Sequence[Row]) -> Rows:
    rule = zonder_band(rules()["vo"])
    return [
        (naam, raming({("90AA00", "havo", 1): int(leerlingen)}, rule=rule).summary({"90AA00": "x"})[0].mean)
        for naam, leerlingen in rijen
    ]


def verdeel_over_vakken(rijen: Sequence[Row]) -> Rows:
    codes = {"Nederlands": "nederlands", "wiskunde": "wiskunde", "Frans": "frans"}
    tabel = eigen_tabel(grootte=25, lessen={codes[str(vak)]: float(lessen) for vak, lessen in rijen})
    need = fte(raming({("90AA00", "havo", 1): 150}, rule=verhouding(), tabel=tabel).summary({"90AA00": "x"}))
    return [*((vak, need[f"vo:{codes[str(vak)]}:tweedegraads"]) for vak, _ in rijen), ("samen", need[ALL_POSITIONS])]


def examens_van_de_vestiging(rijen: Sequence[Row]) -> Rows:
    nation = {"biologie": 0.40}
    uit: Rows = []
    for naam, kandidaten, biologie in rijen:
        marks = {"1001": float(kandidaten), "1018": float(biologie)}
        uit.append((naam, exam_shares(marks, table=table(), exam_type="HAVO", parent=nation)["biologie"]))
    return uit


def bovenbouw(rijen: Sequence[Row]) -> Rows:
    level = {
        "sector": "vo",
        "exam_type": "HAVO",
        "eerstegraads_from": 1,
        "class_size": [25],
        "lessons": {"nederlands": [3]},
        "choice": {"biologie": {"participation": 0.4, "lessons": [3]}},
    }
    tabel = lesson_table_from({"lessons_per_fte": 20, "levels": {"havo": level}})
    uit: Rows = []
    for naam, deel in rijen:
        split = LocationSplit(taken_by={"HAVO": {"biologie": float(deel)}})
        need = fte(
            raming({("90AA00", "havo", 1): 150}, rule=verhouding(), tabel=tabel, split=split).summary({"90AA00": "x"})
        )
        uit.append((naam, need["vo:nederlands:eerstegraads"], need["vo:biologie:eerstegraads"]))
    return uit


def graad(rijen: Sequence[Row]) -> Rows:
    uit: Rows = []
    for niveau, leerjaar in rijen:
        need = raming({("90AA00", str(niveau).replace("-", "_"), int(leerjaar)): 25})
        grades = {code.split(":")[2] for code in need.plans[0].positions}
        uit.append((niveau, leerjaar, " en ".join(sorted(grades))))
    return uit


def profielen(rijen: Sequence[Row]) -> Rows:
    level = {
        "sector": "vo",
        "class_size": [20] * 4,
        "lessons": {"nederlands": [4] * 4},
        "profile": [0, 0, 12, 12],
        "profile_participation": 1,
    }
    tabel = lesson_table_from({"lessons_per_fte": 20, "levels": {"vmbo_k": level}})
    learners = {str(afdeling): float(aantal) for afdeling, aantal in rijen}
    split = LocationSplit(profiles={"vmbo_k": profile_shares(learners, catalogue())})
    total = int(sum(learners.values()))
    need = raming({("90AA00", "vmbo_k", 3): total}, rule=verhouding(), tabel=tabel, split=split)
    names = {**catalogue().subjects, **catalogue().profiles}
    rows = need.summary({"90AA00": "x"})
    return [(names[row.position.split(":")[1]], row.mean) for row in rows if row.position != ALL_POSITIONS]


def gemengde_klas(rijen: Sequence[Row]) -> Rows:
    levels = {
        niveau: {"sector": "vo", "class_size": [grootte], "lessons": {"wiskunde": [lessen]}}
        for niveau, grootte, lessen in rijen
    }
    mix = {"havo_vwo": {str(niveau): 0.5 for niveau, _, _ in rijen}}
    tabel = lesson_table_from({"lessons_per_fte": 20, "levels": levels, "mixes": mix})
    plan = tabel.class_plan("havo_vwo", 1)
    return [("havo/vwo", plan.class_size, plan.lines[0].lessons)]


def band_van_de_verhouding(rijen: Sequence[Row]) -> Rows:
    rule = replace(rules()["vo"], base_fte=0)
    uit: Rows = []
    for (leerlingen,) in rijen:
        need = raming({("90AA00", "havo", 1): int(leerlingen)}, rule=rule, draws=8000)
        row = need.summary({"90AA00": "x"})[0]
        uit.append((leerlingen, row.p10, row.mean, row.p90))
    return uit


def banden_samen(rijen: Sequence[Row]) -> Rows:
    first = [int(rij[1]) for rij in rijen]
    second = [int(rij[2]) for rij in rijen]
    need = raming({("90AA00", "havo", 1): first, ("90AB00", "havo", 1): second}, rule=verhouding(per_fte=10))
    own = need.summary({"90AA00": "school A", "90AB00": "school B"})
    rows = [row for row in own if row.position == ALL_POSITIONS]
    together = need.summary({"90AA00": "samen", "90AB00": "samen"})[0]
    return [(row.scope, row.p10, row.mean, row.p90) for row in (*rows, together)]


def verandering(rijen: Sequence[Row]) -> Rows:
    (nu, straks) = (int(rij[1]) for rij in rijen)
    rule = replace(rules()["vo"], base_fte=0, yearly_step_share=0)
    counts = np.repeat(np.array([[nu], [straks]], np.int32)[None], 8000, axis=2)
    learners = learner_draws(cells=[("90AA00", "havo", 1)], years=[2026, 2031], counts=counts)
    need = forecast_need(learners, table=table(), rule_for=lambda *_: rule, splits={}, seed=1)
    level = next(r for r in need.summary({"90AA00": "x"}) if r.position == ALL_POSITIONS and r.year == 2031)
    change = next(
        r for r in need.changes({"90AA00": "x"}, base_year=2026) if r.position == ALL_POSITIONS and r.year == 2031
    )
    return [
        ("fte in 2031", level.p10, level.mean, level.p90),
        ("verandering in procenten", 100 * change.p10_share, 100 * change.mean_share, 100 * change.p90_share),
    ]


def verschuiving(rijen: Sequence[Row]) -> Rows:
    rule = replace(zonder_band(rules()["vo"]), base_fte=0)
    counts = np.array([[[int(aantal)] * 8000 for _, aantal in rijen]], np.int32)
    learners = learner_draws(cells=[("90AA00", "havo", 1)], years=[int(jaar) for jaar, _ in rijen], counts=counts)
    need = forecast_need(learners, table=table(), rule_for=lambda *_: rule, splits={}, seed=1)
    rows = [row for row in need.summary({"90AA00": "x"}) if row.position == ALL_POSITIONS]
    return [(str(row.year), row.p10, row.mean, row.p90) for row in rows]


def groepen_po(rijen: Sequence[Row]) -> Rows:
    rule = zonder_band(rules()["po"])
    uit: Rows = []
    for school, leerlingen in rijen:
        total = raming({("90AB00", "bo", 0): int(leerlingen)}, rule=rule).summary({"90AB00": "x"})[0].mean
        uit.append((school, total, int(leerlingen) / total))
    return uit


def zonder_cijfers(rijen: Sequence[Row]) -> Rows:
    cells = {("90AA00", "havo", 1): int(rijen[0][1]), ("90AA00", "mbo_2", 0): int(rijen[1][1])}
    need = raming(cells, rule=verhouding())
    have = {row.sector: row.mean for row in need.summary({"90AA00": "x"}) if row.position == ALL_POSITIONS}
    return [(sector, have.get(str(sector), "nog geen cijfers")) for sector, _ in rijen]


REGELS = (
    Rekenregel(
        titel="Met een lessentabel: van leerlingen naar groepen, lessen en fte",
        uitleg="Het aantal groepen is het aantal leerlingen gedeeld door de groepsgrootte, naar boven afgerond. Elke groep"
        " krijgt de lessen uit de tabel. Een fte geeft in dit voorbeeld 20 lessen per week.",
        gegeven=Tabel(("leerlingen", "groepsgrootte", "lessen Nederlands per week"), ((100, 25, 4), (101, 25, 4))),
        narekenen="100 / 25 = 4 groepen; 4 × 4 = 16 lessen; 16 / 20 = 0,8 fte. Met één leerling meer komt er een groep"
        " bij: 5 × 4 = 20 lessen, 1 fte.",
        uitkomst=Tabel(("leerlingen", "groepen", "lessen", "fte"), ((100, 4, 16, 0.8), (101, 5, 20, 1))),
        bereken=van_groepen_naar_fte,
    ),
    Rekenregel(
        titel="Zonder lessentabel: een vast deel plus leerlingen per fte",
        uitleg="Elke vestiging met leerlingen krijgt een vast deel (aanname: 1,2 fte). Daar komt 1 fte bij voor elke 15"
        " leerlingen (aanname). Beide getallen kunt u vervangen door die van uw bestuur of vestiging.",
        gegeven=Tabel(("vestiging", "leerlingen"), (("klein", 150), ("groot", 1500))),
        narekenen="150 / 15 = 10, plus 1,2 is 11,2 fte. 1.500 / 15 = 100, plus 1,2 is 101,2 fte.",
        uitkomst=Tabel(("vestiging", "fte"), (("klein", 11.2), ("groot", 101.2))),
        bereken=met_verhouding,
    ),
    Rekenregel(
        titel="De lessentabel verdeelt de fte over de vakken",
        uitleg="Zonder eigen lessentabel bepaalt de verhouding hoeveel fte er samen is. De meegeleverde tabel (aanname) zegt"
        " alleen hoe die fte over de vakken gaat: naar het aantal lessen per leerling.",
        gegeven=Tabel(("vak", "lessen per week"), (("Nederlands", 4), ("wiskunde", 4), ("Frans", 2))),
        narekenen="150 leerlingen / 15 = 10 fte voor 10 lessen. Nederlands heeft 4 van de 10 lessen: 4 fte. Frans heeft er"
        " 2: 2 fte.",
        uitkomst=Tabel(("vak", "fte"), (("Nederlands", 4), ("wiskunde", 4), ("Frans", 2), ("samen", 10))),
        bereken=verdeel_over_vakken,
    ),
    Rekenregel(
        titel="Welk deel een vak kiest, komt uit de examens van de vestiging",
        uitleg="In de bovenbouw van havo en vwo kiezen leerlingen vakken. Het model kijkt hoeveel kandidaten van de vestiging"
        " in een vak examen deden. Bij weinig kandidaten telt het hele land mee, alsof het 20 kandidaten zijn. In dit"
        " voorbeeld doet in het hele land 40 % biologie.",
        gegeven=Tabel(
            ("vestiging", "kandidaten", "met biologie"),
            (("groot", 180, 90), ("klein", 20, 14), ("zonder examens", 0, 0)),
        ),
        narekenen="Groot: (90 + 20 × 0,40) / (180 + 20) = 98 / 200 = 0,49. Klein: (14 + 8) / 40 = 0,55 in plaats van de"
        " eigen 0,70. Zonder examens: 8 / 20 = 0,40.",
        uitkomst=Tabel(
            ("vestiging", "deel dat biologie volgt"), (("groot", 0.49), ("klein", 0.55), ("zonder examens", 0.4))
        ),
        bereken=examens_van_de_vestiging,
    ),
    Rekenregel(
        titel="Een vak dat meer leerlingen kiezen, krijgt meer fte",
        uitleg="Iedereen heeft in dit voorbeeld 3 lessen Nederlands; wie biologie kiest, heeft 3 lessen biologie. Het"
        " totaal blijft 150 leerlingen / 15 = 10 fte.",
        gegeven=Tabel(("vestiging", "deel dat biologie volgt"), (("A", 0.25), ("B", 1.0))),
        narekenen="A: per leerling 3 lessen Nederlands en 0,25 × 3 = 0,75 les biologie; biologie krijgt 0,75 / 3,75 = een"
        " vijfde van 10 fte. B: 3 en 3 lessen; elk de helft.",
        uitkomst=Tabel(("vestiging", "fte Nederlands", "fte biologie"), (("A", 8, 2), ("B", 5, 5))),
        bereken=bovenbouw,
    ),
    Rekenregel(
        titel="Niveau en leerjaar bepalen de bevoegdheid",
        uitleg="Havo 4 en 5 en vwo 4, 5 en 6 vragen een eerstegraads bevoegdheid. Al het andere vo vraagt er een van de"
        " tweede graad.",
        gegeven=Tabel(("niveau", "leerjaar"), (("vmbo-k", 4), ("havo", 3), ("havo", 4), ("vwo", 3), ("vwo", 6))),
        narekenen="Zoek niveau en leerjaar op in de regel hierboven.",
        uitkomst=Tabel(
            ("niveau", "leerjaar", "bevoegdheid"),
            (
                ("vmbo-k", 4, "tweedegraads"),
                ("havo", 3, "tweedegraads"),
                ("havo", 4, "eerstegraads"),
                ("vwo", 3, "tweedegraads"),
                ("vwo", 6, "eerstegraads"),
            ),
        ),
        bereken=graad,
    ),
    Rekenregel(
        titel="Lessen in een vmbo-profiel volgen de leerlingen van de vestiging",
        uitleg="Het leerlingenbestand noemt bij leerlingen in vmbo 3 en 4 de afdeling. De beroepsgerichte lessen gaan naar de"
        " profielen in dezelfde verhouding. Staat er geen afdeling bij, dan is het profiel onbekend; het model gokt niet.",
        gegeven=Tabel(
            ("afdeling", "leerlingen in kader 3"),
            (("Produceren, installeren en energie", 60), ("Zorg en welzijn", 30), ("N.v.t.", 30)),
        ),
        narekenen="120 leerlingen / 15 = 8 fte voor 16 lessen: 4 Nederlands en 12 beroepsgericht. Nederlands 4 / 16 van 8 fte"
        " is 2. Beroepsgericht is 6 fte: de helft pie (3), een kwart zorg en welzijn (1,5), een kwart onbekend (1,5).",
        uitkomst=Tabel(
            ("vak of profiel", "fte"),
            (
                ("Nederlands", 2),
                ("beroepsgericht vmbo, profiel onbekend", 1.5),
                ("produceren, installeren en energie", 3),
                ("zorg en welzijn", 1.5),
            ),
        ),
        bereken=profielen,
    ),
    Rekenregel(
        titel="Een gemengde klas is het midden van haar niveaus",
        uitleg="Een klas die de keuze openhoudt, krijgt het gemiddelde van de lessen en van de groepsgrootte van de niveaus die"
        " erin zitten. De delen per soort klas staan in de lessentabel (aanname).",
        gegeven=Tabel(("niveau", "groepsgrootte", "lessen wiskunde"), (("havo", 28, 4), ("vwo", 26, 3))),
        narekenen="(28 + 26) / 2 = 27 leerlingen; (4 + 3) / 2 = 3,5 lessen.",
        uitkomst=Tabel(("klas", "groepsgrootte", "lessen wiskunde"), (("havo/vwo", 27, 3.5),)),
        bereken=gemengde_klas,
    ),
    Rekenregel(
        titel="De band van de verhouding",
        uitleg="Niemand weet hoeveel leerlingen een fte in uw regio bedient. Daarom trekt het model per trekking één verhouding:"
        " in 8 van de 10 trekkingen ligt die tussen 11,25 en 22,5 leerlingen per fte, met 15 in het midden. In die"
        " trekkingen wijkt de formatie hooguit een derde af. Het vaste deel is hier weggelaten.",
        gegeven=Tabel(("leerlingen",), ((900,),)),
        narekenen="900 / 22,5 = 40 fte (onderkant); 900 / 15 = 60 fte (midden); 900 / 11,25 = 80 fte (bovenkant).",
        uitkomst=Tabel(("leerlingen", "onderkant", "gemiddeld", "bovenkant"), ((900, 40, 60, 80),)),
        bereken=band_van_de_verhouding,
        decimalen=0,
    ),
    Rekenregel(
        titel="Banden tel je niet op",
        uitleg="Valt het bij de ene school mee, dan kan het bij de andere tegenvallen. Gemiddelden mag u optellen,"
        " onderkanten en bovenkanten niet. Het model telt eerst per trekking op en kijkt dan pas naar de band.",
        gegeven=Tabel(
            ("trekking", "leerlingen school A", "leerlingen school B"),
            ((1, 100, 180), (2, 120, 160), (3, 140, 140), (4, 160, 120), (5, 180, 100)),
        ),
        narekenen="Reken met 10 leerlingen per fte. Elke school heeft gemiddeld 14 fte. In elke trekking zijn er samen 280"
        " leerlingen, dus altijd 28 fte: er is samen geen band. De onderkanten optellen (10 + 10 = 20) geeft een"
        " getal dat niet bestaat.",
        uitkomst=Tabel(
            ("wie", "onderkant", "gemiddeld", "bovenkant"),
            (("school A", 10, 14, 18), ("school B", 10, 14, 18), ("samen", 28, 28, 28)),
        ),
        bereken=banden_samen,
    ),
    Rekenregel(
        titel="Een verandering is zekerder dan een niveau",
        uitleg="De verhouding is onzeker, maar zij verschilt weinig van jaar tot jaar. Daarom is het niveau onzeker en de"
        " verandering veel minder. Dit voorbeeld houdt de verhouding in alle jaren gelijk; de volgende regel niet.",
        gegeven=Tabel(("jaar", "leerlingen"), (("2026", 900), ("2031", 720))),
        narekenen="720 / 22,5 = 32 fte, 720 / 15 = 48 fte, 720 / 11,25 = 64 fte. In elke trekking gaat er 720 / 900 − 1 ="
        " −20 % af.",
        uitkomst=Tabel(
            ("wat", "onderkant", "gemiddeld", "bovenkant"),
            (("fte in 2031", 32, 48, 64), ("verandering in procenten", -20, -20, -20)),
        ),
        bereken=verandering,
        decimalen=0,
    ),
    Rekenregel(
        titel="De verhouding verschuift in de tijd",
        uitleg="Klassen worden in de loop van de jaren groter of kleiner. Daarom schuift de verhouding in elke trekking ieder"
        " jaar een klein stukje: in 8 van de 10 trekkingen hooguit 2 % (aanname). De band van de verhouding zelf is hier"
        " weggelaten.",
        gegeven=Tabel(("jaar", "leerlingen"), (("2026", 900), ("2027", 900))),
        narekenen="In 2026 is het 900 / 15 = 60 fte. Een jaar later ligt het tussen 60 × 0,98 = 58,8 en 60 × 1,02 = 61,2 fte.",
        uitkomst=Tabel(
            ("jaar", "onderkant", "gemiddeld", "bovenkant"), (("2026", 60, 60, 60), ("2027", 58.8, 60, 61.2))
        ),
        bereken=verschuiving,
        decimalen=1,
    ),
    Rekenregel(
        titel="In het basisonderwijs vraagt een kleine school meer per leerling",
        uitleg="In het po is er 1 fte vast per vestiging en 1 fte op 17 leerlingen (aannames). Daardoor heeft een kleine school"
        " minder leerlingen per fte dan een grote.",
        gegeven=Tabel(("school", "leerlingen"), (("klein", 51), ("groot", 340))),
        narekenen="51 / 17 = 3, plus 1 is 4 fte: 12,75 leerlingen per fte. 340 / 17 = 20, plus 1 is 21 fte: 16,19 leerlingen"
        " per fte.",
        uitkomst=Tabel(("school", "fte", "leerlingen per fte"), (("klein", 4, 12.75), ("groot", 21, 16.19))),
        bereken=groepen_po,
    ),
    Rekenregel(
        titel="Geen cijfers is niet hetzelfde als nul",
        uitleg="Een sector zonder tellingen krijgt geen formatie. Op het scherm staat dan *nog geen cijfers*.",
        gegeven=Tabel(("sector", "leerlingen in de bestanden"), (("vo", 150), ("mbo", 0))),
        narekenen="vo: 150 / 15 = 10 fte. Van het mbo is er geen telling, dus ook geen getal.",
        uitkomst=Tabel(("sector", "fte"), (("vo", 10), ("mbo", "nog geen cijfers"))),
        bereken=zonder_cijfers,
    ),
)


@pytest.mark.parametrize("regel", REGELS, ids=lambda regel: regel.titel)
def test_rekenregel(regel: Rekenregel) -> None:
    regel.check()
