"""The appendix of the chapter on need: the assumptions that ship with the product, read from the same files."""

from regio_engine.parameters.lesson_table import LevelTable
from regio_engine.parameters.loader import parse
from tests.engine.staff.shipped import FOLDER, catalogue, rules, table
from tests.rekenregels.rekenregel import Tabel, Value, dutch

LEVELS = {
    "pro": "Praktijkonderwijs",
    "vmbo_b": "Vmbo basis",
    "vmbo_k": "Vmbo kader",
    "vmbo_gt": "Vmbo gemengd en theoretisch",
    "havo": "Havo",
    "vwo": "Vwo",
}


def aannames() -> str:
    """Return the assumptions as Markdown: ratio and base per sector, then the lesson table per level."""
    parts = [
        "### Aannames: vast deel en leerlingen per fte",
        f"Aannames van {_datum('demand_rules.yaml')}. In 8 van de 10 trekkingen ligt de verhouding tussen de onderkant en"
        " de bovenkant. Een bestuur of vestiging kan eigen getallen invullen.",
        _ratios().markdown(),
        "\n".join(f"- {sector}: {rule.source}." for sector, rule in rules().items()),
        "### Aannames: de meegeleverde lessentabel",
        f"Aanname van {_datum('lesson_table.yaml')}: lessen van 50 minuten per week per groep, per leerjaar. In 8 van de 10 trekkingen liggen de lessen van een vak"
        f" binnen {dutch(round(100 * table().band_share))} % van de tabel. *Keuze* betekent: dit deel van de leerlingen"
        " volgt het vak; bij havo en vwo vervangen de eigen examens dat deel. Boven de 100 % kan: wie wiskunde B en D"
        " heeft, telt twee keer. Vul uw eigen tabel in als u die heeft.",
    ]
    for level, name in LEVELS.items():
        parts += [f"**{name}**", _lessons(table().levels[level]).markdown()]
    return "\n\n".join(parts)


def _datum(name: str) -> str:
    """Return the reference date of a parameter file as d-m-jjjj."""
    day = parse((FOLDER / name).read_text(encoding="utf-8"))["reference_date"]
    return f"{day.day}-{day.month}-{day.year}"


def _ratios() -> Tabel:
    rows = tuple(
        (
            sector,
            rule.base_fte,
            rule.learners_per_fte_low,
            rule.learners_per_fte,
            rule.learners_per_fte_high,
        )
        for sector, rule in rules().items()
    )
    return Tabel(("sector", "vast deel (fte)", "leerlingen per fte, onderkant", "midden", "bovenkant"), rows)


def _lessons(level: LevelTable) -> Tabel:
    names = catalogue().subjects
    rows: list[tuple[Value, ...]] = [("leerlingen per groep", "", *level.class_size)]
    rows += [(names[subject], "iedereen", *lessons) for subject, lessons in level.lessons.items()]
    rows += [
        (names[subject], f"keuze: {dutch(round(100 * choice.participation))} %", *choice.lessons)
        for subject, choice in level.choice.items()
    ]
    if level.profile:
        group = f"groepen van {dutch(round(level.profile_group_size))}"
        share = f"; {dutch(round(100 * level.profile_participation))} %" if level.profile_participation < 1 else ""
        rows.append(("beroepsgericht profiel", group + share, *level.profile))
    return Tabel(("vak", "wie het volgt", *(f"leerjaar {year}" for year in range(1, level.years + 1))), tuple(rows))
