"""All figures of the staff model as one table in Markdown: docs/staff-parameters.md is made of it."""

from regio_engine.parameters.staff_figures import StaffFigure, StaffParameters, StaffTable

TITLE = """# Figures of the staff model

Made from `src/regio_engine/parameters/staff_*.yaml`; a test holds this page to them. `low` and `high` hold 8 of 10 draws.
Mark: V = read at the source, D = derived, P = assumption (*aanname*), U = not verified. What is U or weak (\\*) has a range of at least a
third to both sides. The last column says where the product uses a figure.

The 50 parameter draws of a figure are no draws of a distribution function: each lies in another fiftieth of the range (two
straight pieces with p10 = low, p50 = value, p90 = high), in an order that belongs to the figure and the seed
(`regio_engine.staff.context_draws`). So only + − × ÷ are used, and every machine draws the same.

What was chosen after looking at a run: `reserve_per_teacher`, `unqualified_per_teacher`, `takes_whole_opening`, `over_share`,
`first_years`, `in_training_share`, `smallest_opening` and `qualifies` were set on Regio Voorbeeld so that staff, fte per
person and the qualified part stay level when need does, as employment did in 2011-2017. No score on real data was looked
at, since there is none, and no level of shortage was aimed at. What changed and why is in `history` of each file.
"""
TOLD = ("unit", "population", "date", "source", "mark", "use")
HEAD = "| figure | sector | value | low | high | unit | population | date | source | mark | used in |\n|---|---|---|---|---|---|---|---|---|---|---|"


def as_markdown(parameters: StaffParameters) -> str:
    """Return the page."""
    lines = [TITLE, "## Single figures\n", HEAD]
    lines += [
        _figure_line(one) for _, one in sorted(parameters.figures.items(), key=lambda item: (item[0][1], item[0][0]))
    ]
    lines += [
        "\n## Tables\n",
        "Each row has the same relative range.\n",
        HEAD.replace("| low | high |", "| range | rows |"),
    ]
    lines += [
        _table_line(one) for _, one in sorted(parameters.tables.items(), key=lambda item: (item[0][1], item[0][0]))
    ]
    law = parameters.retirement
    ages = ", ".join(f"vanaf {year}: {age:g}" for year, age in sorted(law.ages.items()))
    lines += [
        "\n## AOW age\n",
        f"Version {law.version}, mark {law.mark}, ± {law.band_years:g} year: {ages}. {law.source}.",
    ]
    lines += ["\n## Known and not used\n", "| figure | why not |\n|---|---|"]
    lines += [f"| {figure} | {reason} |" for figure, reason in parameters.not_used]
    return "\n".join(lines) + "\n"


def _figure_line(one: StaffFigure) -> str:
    mark = one.mark + ("\\*" if one.is_weak else "")
    cells = (one.name, one.sector, f"{one.value:g}", f"{one.low:g}", f"{one.high:g}", one.unit, one.population, one.date, one.source, mark, one.use)  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _table_line(one: StaffTable) -> str:
    rows = ", ".join(f"{key} {value:g}" for key, value in one.rows.items())
    cells = (one.name, one.sector, f"{len(one.rows)} rows", f"± {one.band_share:.0%}", rows, *(str(one.about[name]) for name in TOLD))  # fmt: skip
    return "| " + " | ".join(cells) + " |"
