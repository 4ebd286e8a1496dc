"""A closed region with boards that each load their own staff file, for joint rounds.

Board 1 … n (90001 …) has a size of its own, so its shortage is too: `shortages.staff` of that size per subject, of which
wiskunde is in the group exact, Duits and Frans in talen. What the region's own rows hold is `EXACT` everywhere: whoever sees
it sees the exact totals.
"""

from regio.accounts.consent import text_of
from regio.accounts.enums import Purpose, Role
from regio.workforce.joint import rounds
from regio.workforce.models import ForecastFlow, ForecastRun, ForecastSpread, ForecastValue, StaffAgeGroup

from . import forecasts, people, regions, shortages

KEY = "rpa:90"
EXACT = 5823761
ITEMS = {"alle": 1.0, "vak:wiskunde": 0.5, "vak:duits": 0.3, "vak:frans": 0.2}
GROUPS = {"exact": ("vak:wiskunde",), "talen": ("vak:duits", "vak:frans")}


def code(number):
    """Return the code of a board."""
    return f"9000{number}"


def boards(count):
    """Make boards with a school and a planner and an executive each; return code → (planner, executive)."""
    regions.area()
    forecasts.some_positions()
    forecasts.batch()
    found = {}
    for number in range(1, count + 1):
        made = regions.board(code(number), f"Stichting {number}")
        regions.location(number, of_board=made, brin=f"90B{chr(64 + number)}")
        organisation = f"bestuur:{code(number)}"
        found[code(number)] = (
            people.person(10 * number, role=Role.BOARD_PLANNER, organisation=organisation),
            people.person(10 * number + 1, role=Role.BOARD_EXECUTIVE, organisation=organisation),
        )
    return found


def forecast(sizes):
    """Return a finished run in which each board has its own file; sizes: board → size of its shortage."""
    run = forecasts.run()
    for board, size in sizes.items():
        forecasts.full_scope(run, kind="bestuur", code=board, learners=2000 + 100 * int(board[-1]))
        shortages.staff(run, kind="bestuur", code=board, size=size, items=ITEMS)
    forecasts.full_scope(run, kind="regio", code=KEY, learners=1000.0 * len(sizes))
    shortages.staff(run, kind="regio", code=KEY, items=ITEMS)
    run.facts = {"bezetting": {"vo": {"besturen": dict.fromkeys(sizes, "eigen"), "context_sha256": f"c{EXACT}"}}}
    run.seed, run.result_sha256 = int(f"9{EXACT}9"), f"a{EXACT}b"
    run.save()
    _plant(run)
    return run


def _plant(run: ForecastRun) -> None:
    of = {"run": run, "scope_kind": "regio", "scope_code": KEY}
    rows = ForecastValue.objects.filter(**of).exclude(measure__in=["leerlingen", "examenkandidaten"])
    rows.update(mean=EXACT, p10=EXACT, p50=EXACT, p90=EXACT)
    ForecastFlow.objects.filter(**of).update(mean_fte=EXACT)
    StaffAgeGroup.objects.filter(**of).update(mean_persons=EXACT)
    ForecastSpread.objects.filter(**of).update(quantiles=[EXACT] * 21)


def level(size, group, year):
    """Return what a board of this size gives in, the shortage less the surplus [fte]."""
    return sum(size * ITEMS[item] * (6.0 + 0.5 * (year - forecasts.BASE_YEAR) - 0.5) for item in GROUPS[group])


def agree(executive, board, now=forecasts.NOW):
    """Let the executive of a board agree to the text in force."""
    rounds.agree(executive, board=board, version=text_of(Purpose.JOINT_PLANNING).version, now=now)


def round_of(members, *, mode="afwijking", giving=None, now=forecasts.NOW):
    """Open the round of vo; the boards that give agree and give in."""
    held = rounds.open_round(region_key=KEY, sector="vo", mode=mode, now=now)
    for board in members if giving is None else giving:
        agree(members[board][1], board, now)
        rounds.give_in(held, board=board, agrees_to_exact=mode == "exact", now=now)
    return held
