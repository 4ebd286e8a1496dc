"""The attack on a joint round through the product: what boards that conspire find out from every page and file they can open.

Seven boards with own files and three snapshots: six give in; then one joins, one leaves and one corrects; then one comes back
and two correct. Every board's planner and executive and everybody with a role in the region opens all there is. What they
read goes into a linear programme with their own figures, the public sizes and the rule; the keys they do not have. A planted
mark stands for the exact totals of a region: who reads it anywhere has them all.
"""

import csv
import io
import re
from base64 import b64encode
from dataclasses import dataclass, field
from statistics import median

import pytest

from regio.accounts.enums import Role
from regio.workforce.joint import rounds, tables
from regio.workforce.model_runs import joint_parts as engine_door
from regio.workforce.models import ForecastRun, JointKey
from regio.workforce.shortage.analyst_page import BY_SLUG
from regio.workforce.shortage.staffing import FIGURES
from regio_engine.disclosure.joint import exact_snapshot, reach_milli
from tests.engine.disclosure.attack import Observation, interval
from tests.factories import forecasts, joint, people

pytestmark = pytest.mark.django_db
WIDE_ENOUGH_FTE = 6.0
GUARANTEED_FROM_FTE = 6.0  # twice the reach
YEARS = range(forecasts.BASE_YEAR, forecasts.BASE_YEAR + 7)
SIZES = {joint.code(number): 2.0 + number / 10 for number in range(1, 8)}
SECOND = SIZES | {"90002": 3.1}
THIRD = SECOND | {"90003": 1.9, "90004": 2.9}
FIRST_SIX = [joint.code(number) for number in range(1, 7)]
SLUGS = [f"{name}-vo" for name in (*FIGURES, *BY_SLUG, "formatie", "leerlingen", "onderdelen", "besturen", "secties", "verschil", "gepubliceerd")]  # fmt: skip
SLUGS += ["tekort-vo~vak:wiskunde", "besturen-vo~vak:wiskunde", "verschil-vo~tekort", "sectoren-alle"]
PAGES = (
    "", "tekort/", "positie/vak:wiskunde/", "positie/vo:wiskunde:eerstegraads/", "kleine-secties/", "verschil/", "analist/", "samen/",
    "prognose/", "bestuur/90001/", "bestuur/90001/tekort/", "school/90BA/", "vestiging/90BA00/",
)  # fmt: skip
OUTSIDE = ("/", "/vandaag/", "/logboek/", "/taken/", "/bronnen/", "/terugblik/", "/terugblik/register.csv", "/account/gegevens/", "/mensen/", "/gezondheid", "/versie")  # fmt: skip


@dataclass
class Attack:
    """A round under attack: what was given in at each snapshot, and what was read of it."""

    client: object
    members: dict[str, tuple[object, object]]
    others: dict[str, object]
    tried: int = 0
    given: list[dict[str, dict]] = field(default_factory=list)  # per snapshot: board → figures
    read: dict[str, list[Observation]] = field(default_factory=lambda: {group: [] for group in joint.GROUPS})
    held: object = None

    def play(self):
        """Play the three snapshots; read everything after each."""
        joint.forecast(SIZES)
        self.held = joint.round_of(self.members, giving=FIRST_SIX)
        self.look()
        joint.forecast(SECOND)
        rounds.take_back(self.held, board="90001", now=forecasts.NOW)
        joint.agree(self.members["90007"][1], "90007")
        self.give_again("90007", "90002")
        self.look()
        joint.forecast(THIRD)
        self.give_again("90001", "90003", "90004")
        self.look()
        self.look_everywhere()
        return self

    def give_again(self, *boards):
        for board in boards:
            rounds.give_in(self.held, board=board, agrees_to_exact=False, now=forecasts.NOW)

    def look(self):
        """Make a snapshot and let every board of the round and who leads it read page and files."""
        rounds.snapshot_of(self.held, now=forecasts.NOW)
        self.given.append(rounds.counted(self.held))
        path = tables.address_of(self.held)
        for board, (planner, executive) in self.members.items():
            for person in (planner, executive):
                self.open_as(
                    person,
                    [
                        path,
                        f"{path}tekort.csv",
                        f"{path}tekort.svg",
                        *(f"{path}bestuur/{other}/" for other in (board, "90001")),
                    ],
                )
        for person in self.others.values():
            self.open_as(person, [path, f"{path}tekort.csv", f"{path}tekort.svg", f"{path}bestuur/90001/"])

    def look_everywhere(self):
        """Let one of each kind open all there is, of every run."""
        newest = ForecastRun.objects.order_by("-pk").first().pk
        runs = ForecastRun.objects.values_list("pk", flat=True)
        every = [*OUTSIDE, *(f"/regio/{joint.KEY}/{page}?sector=vo" for page in PAGES), *(f"/regio/{joint.KEY}/?prognose={run}" for run in runs), *(f"/prognose/{run}/" for run in runs)]  # fmt: skip
        every += [f"/cijfer/{newest}/regio/{joint.KEY}/{slug}.csv" for slug in SLUGS]
        every += [f"/cijfer/{newest}/regio/{joint.KEY}/{slug}.svg" for slug in SLUGS[:8]] + [f"/cijfer/{newest}/regio/{joint.KEY}/{slug}/" for slug in SLUGS[:8]]  # fmt: skip
        for person in (self.members["90002"][1], *self.others.values()):
            self.open_as(person, every)

    def open_as(self, person, paths):
        """Open addresses as somebody (None: a visitor) and write down what there is to learn."""
        self.client.logout()
        if person is not None:
            people.sign_in(self.client, person)
        for path in paths:
            answer = self.client.get(path)
            self.tried += 1
            if answer.status_code == 200:
                body = answer.content.decode("utf-8", "replace")
                self.learn(body, is_joint=path.endswith("tekort.csv") and "/samen/" in path)

    def learn(self, body, *, is_joint):
        secret = bytes(JointKey.objects.get().secret)
        assert not any(text in body for text in (secret.hex(), b64encode(secret).decode(), *self.held.snapshots.order_by("-pk")[0].marks.values()))  # fmt: skip
        if is_joint:
            for row in csv.DictReader(io.StringIO(body.removeprefix("\ufeff")), delimiter=";"):
                group = {"exacte vakken": "exact"}.get(row["groep"], row["groep"])
                if group in self.read and row["jaar"]:
                    self.note(group, int(row["jaar"]), int(row["gemiddelde"]), with_deviation=True)
        if str(joint.EXACT) in re.sub(r"[.,\s\u00a0\u202f]", "", body):  # an exact total: that of the newest forecast
            for group in joint.GROUPS:
                for year in YEARS:
                    self.note(
                        group,
                        year,
                        round(sum(joint.level(size, group, year) for size in THIRD.values())),
                        with_deviation=False,
                    )

    def note(self, group, year, fte, *, with_deviation):
        boards = list(self.given[-1]) if with_deviation else list(THIRD)
        version = {board: self.given[-1].get(board, {}).get(group, {}).get(str(year)) for board in boards}
        levels = tuple(
            self.name(board, group, year, (version[board] or [self.milli(board, group, year)])[0]) for board in boards
        )
        seen = Observation(
            fte, levels, tuple(f"deviation {board} {group}" for board in boards) if with_deviation else ()
        )
        if seen not in self.read[group]:
            self.read[group].append(seen)

    def milli(self, board, group, year):
        return round(1000 * joint.level(THIRD[board], group, year))

    def name(self, board, group, year, milli):
        """Name a level by its value too: the same level in two snapshots is one unknown, a corrected one another."""
        return f"{board} {group} {year} {milli}"

    def widths(self):
        """Return target → width of what all others together know of it [fte], for every level the guarantee is about."""
        found = {}
        for group, observations in self.read.items():
            names = {name for seen in observations for name in seen.levels}
            value = {name: int(name.split()[-1]) / 1000 for name in names}
            reach = {
                f"deviation {board} {group}": reach_milli(
                    int(self.held.sizes[board][group][0] * 1000 * engine_door.EXPECTED_SHARE)
                )
                / 1000
                for board in THIRD
            }
            for board in THIRD:
                known = {name: value[name] for name in names if not name.startswith(board)}
                for name in sorted(
                    name for name in names if name.startswith(board) and value[name] >= GUARANTEED_FROM_FTE
                ):
                    low, high = interval(observations, known=known, reach=reach, target=name, lowest=None)
                    assert low - 1e-6 <= value[name] <= high + 1e-6
                    found[name] = high - low
        return found


@pytest.fixture
def attack(client, settings):
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = False
    of_region = f"regio:{joint.KEY}"
    others = {
        "programmamanager": people.person(1, role=Role.PROGRAMME_MANAGER, organisation=of_region),
        "beheerder": people.person(2, role=Role.REGION_ADMIN, organisation=of_region),
        "functionaris": people.person(3, role=Role.PRIVACY_OFFICER, organisation=of_region),
        "technisch beheer": people.person(4, role=Role.SUPPORT, organisation="installatie:"),
        "planner van elders": people.person(5, role=Role.BOARD_PLANNER, organisation="bestuur:91999"),
        "bezoeker": None,
    }
    return Attack(client, joint.boards(7), others)


def test_no_coalition_finds_a_level_within_six_fte_from_all_that_the_product_shows(attack):
    found = attack.play().widths()
    observations = sum(map(len, attack.read.values()))
    print(
        f"{attack.tried} bladzijden geprobeerd, {observations} cijfers gelezen, {len(found)} niveaus aangevallen: smalste {min(found.values()):.2f} fte, mediaan {median(found.values()):.2f} fte"
    )
    assert observations == 3 * len(joint.GROUPS) * len(YEARS)  # the snapshots, and nothing beside them
    assert len(found) > 80
    assert min(found.values()) >= WIDE_ENOUGH_FTE


def test_a_planted_page_with_exact_totals_is_found(attack, monkeypatch):
    monkeypatch.setattr("regio.workforce.rules.own_boards", lambda run, sector: set())
    attack.members = {board: attack.members[board] for board in attack.members}
    joint.forecast(THIRD)
    attack.held = joint.round_of(attack.members)
    attack.look()
    attack.open_as(attack.others["programmamanager"], [f"/regio/{joint.KEY}/tekort/?sector=vo"])
    assert min(attack.widths().values()) <= 1.0 + 1e-6


def test_a_planted_snapshot_without_deviations_is_found(attack, monkeypatch):
    def without(given, *, sizes, key, series, expected_share):
        return exact_snapshot(given, sizes=sizes, agreed=given.boards)

    monkeypatch.setattr(engine_door, "joint_snapshot", without)
    joint.forecast(SIZES)
    attack.held = joint.round_of(attack.members)
    attack.look()
    for observations in attack.read.values():  # what the attackers would know if the page told it
        observations[:] = [Observation(seen.fte, seen.levels, ()) for seen in observations]
    assert min(attack.widths().values()) <= 1.0 + 1e-6
