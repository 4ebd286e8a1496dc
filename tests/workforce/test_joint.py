"""Joint rounds: who opens, agrees, gives in, takes back and sees; when a snapshot may come; and what goes at the end."""

import re

import pytest
from django.utils import timezone

from regio.accounts.consent import agreed_organisations, text_of, withdraw_consent
from regio.accounts.enums import Purpose, Role
from regio.accounts.models import Consent
from regio.audit.models import Event
from regio.regions.models import SchoolLocation
from regio.shared import jobs
from regio.shared.models import ImportBatch
from regio.site.example_rounds import make_rounds
from regio.workforce.actions import DEFAULT_SEED, seed_of
from regio.workforce.errors import JointRefused
from regio.workforce.joint import queries, rounds, tables
from regio.workforce.model_runs.joint import figures_of_board, group_shares, public_sizes
from regio.workforce.model_runs.joint_parts import parts_of_snapshot
from regio.workforce.models import (
    ForecastValue,
    JointContribution,
    JointKey,
    JointRound,
    JointSnapshot,
    Position,
    StaffMember,
)
from regio_engine.disclosure.joint import FEWEST_CHANGES
from regio_engine.disclosure.visibility import FEWEST_BOARDS
from tests.factories import forecasts, joint, people

pytestmark = pytest.mark.django_db
NOW = forecasts.NOW
SIZES = {joint.code(number): 2.0 + number / 10 for number in range(1, 8)}


@pytest.fixture
def members(settings):
    settings.OPEN = False
    settings.SESSION_COOKIE_SECURE = False
    made = joint.boards(7)
    joint.forecast(SIZES)
    return made


def text_at(client, path):
    answer = client.get(path)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())) if answer.status_code == 200 else ""


# --------------------------------------------------------------------------------------------------- what is given in
def test_what_a_board_gives_in_is_its_shortage_less_its_surplus(members):
    figures = figures_of_board(queries.run_to_open(joint.KEY), "90001", "vo")
    assert sorted(figures) == ["exact", "talen"]
    assert figures["exact"]["2026"] == [5775, 5775, 5775]  # 2.1 × 0.5 × (6.0 − 0.5) fte
    assert figures["talen"]["2027"][0] == 6300  # 2.1 × 0.5 × (6.5 − 0.5)
    low, high = figures["exact"]["2031"][1:]
    assert (low, high) == (8400 - 2625, 8400 + 2625)  # 2.1 × 0.5 × (8.5 − 0.5) ± 2.1 × 0.5 × 0.5 × 5


def test_public_sizes_follow_from_learners_alone(members):
    run = queries.run_to_open(joint.KEY)
    before = public_sizes(run, region_key=joint.KEY, sector="vo")
    assert round(sum(fte for fte, _ in before["90001"].values()), 1) == 140.0  # 2,100 learners at 15 per fte
    ForecastValue.objects.exclude(measure="leerlingen").update(mean=1.0)
    assert public_sizes(run, region_key=joint.KEY, sector="vo") == before
    assert sum(group_shares("havo", "vo").values()) == pytest.approx(1.0)
    assert group_shares("bo", "po") == {"overig": 1.0}


# ------------------------------------------------------------------------------------------------------ the whole story
def test_boards_agree_give_in_and_see_the_snapshot_that_the_programme_manager_makes(client, members):
    manager = people.person(1, role=Role.PROGRAMME_MANAGER, organisation=f"regio:{joint.KEY}")
    people.sign_in(client, manager)
    opened = client.post(f"/regio/{joint.KEY}/samen/", {"sector": "vo", "mode": "afwijking"})
    path = opened["Location"]
    held = JointRound.objects.get()
    assert "0 van 7 ingeleverd" in text_at(client, path)
    for board, (planner, executive) in list(members.items())[:6]:
        own = f"{path}bestuur/{board}/"
        people.sign_in(client, planner)
        assert client.post(own, {"doe": "lever_in"}).status_code == 409  # the executive did not agree yet
        assert (
            client.post(own, {"doe": "stem_in", "versie": "1"}).status_code == 404
        )  # that is not the planner's to give
        people.sign_in(client, executive)
        version = text_of(Purpose.JOINT_PLANNING).version
        assert client.post(own, {"doe": "stem_in", "versie": version}).status_code == 302
        people.sign_in(client, planner)
        assert "Dit wordt opgeslagen" in text_at(client, own)
        assert client.post(own, {"doe": "lever_in"}).status_code == 302
        assert "Wat u inleverde" in text_at(client, own)
    assert "6 van 7 ingeleverd" in text_at(client, path)
    people.sign_in(client, manager)
    asked = client.post(f"{path}momentopname/")
    job = jobs.claim_next(now=NOW)
    assert asked["Location"] == f"/taken/{job.pk}/"
    assert jobs.run(job).result_path == path
    page = text_at(client, path)
    assert "Hieronder staat wat 6 besturen samen te kort komen" in page
    assert "geheime afwijking" in page
    assert "Ook als alle andere besturen samenspannen" in page
    people.sign_in(client, members["90001"][0])
    assert "Alle besturen samen 2032" in text_at(client, f"{path}bestuur/90001/")
    assert "tekort min overschot" in client.get(f"{path}tekort.csv").content.decode()
    people.sign_in(client, members["90007"][0])  # takes no part: the stand, not the figures
    assert "6 van 7 ingeleverd" in text_at(client, path)
    assert client.get(f"{path}tekort.csv").status_code == 404
    kinds = list(Event.objects.filter(kind__startswith="workforce.joint").values_list("kind", flat=True))
    assert kinds == [
        "workforce.joint_opened",
        *["workforce.joint_given"] * 6,
        "workforce.joint_snapshot_asked",
        "workforce.joint_snapshot_made",
    ]
    secret = bytes(JointKey.objects.get().secret)
    assert len(secret) == 32
    assert secret.hex() not in str(list(Event.objects.values()))
    assert held.snapshots.get().boards == [joint.code(number) for number in range(1, 7)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_rounds_asks_the_same_number_of_questions_for_one_and_for_three(
    client, members, django_assert_num_queries, rows
):
    people.sign_in(client, people.person(1, role=Role.PROGRAMME_MANAGER, organisation=f"regio:{joint.KEY}"))
    held = joint.round_of(members)
    for year in range(2024, 2023 + rows):
        JointRound.objects.create(region_key=joint.KEY, sector="vo", reference_date=held.reference_date.replace(year=year), sizes=held.sizes, opened_at=NOW)  # fmt: skip
    client.get(f"/regio/{joint.KEY}/samen/")
    with django_assert_num_queries(8):
        client.get(f"/regio/{joint.KEY}/samen/")


# ------------------------------------------------------------------------------------------------- when a snapshot comes
def test_a_snapshot_needs_five_boards_and_the_next_one_three_that_differ(members):
    held = joint.round_of(members, giving=["90001", "90002", "90003", "90004"])
    assert (rounds.FEWEST_BOARDS, rounds.FEWEST_CHANGES) == (FEWEST_BOARDS, FEWEST_CHANGES)
    with pytest.raises(JointRefused, match="4 besturen mee"):
        rounds.snapshot_of(held, now=NOW)
    joint.agree(members["90005"][1], "90005")
    rounds.give_in(held, board="90005", agrees_to_exact=False, now=NOW)
    first = rounds.snapshot_of(held, now=NOW)
    assert rounds.take_back(held, board="90001", now=NOW)
    joint.agree(members["90006"][1], "90006")
    rounds.give_in(held, board="90006", agrees_to_exact=False, now=NOW)
    with pytest.raises(JointRefused, match="veranderden 2 besturen"):
        rounds.snapshot_of(held, now=NOW)
    assert queries.newest_snapshot(held) == first  # until then everybody sees what was
    joint.forecast(SIZES | {"90002": 3.0})
    rounds.give_in(held, board="90002", agrees_to_exact=False, now=NOW)
    assert rounds.snapshot_of(held, now=NOW).boards == ["90002", "90003", "90004", "90005", "90006"]


def test_what_a_board_takes_back_is_wiped_and_a_withdrawn_consent_counts_at_once(members):
    held = joint.round_of(members)
    rounds.take_back(held, board="90001", now=NOW)
    assert not held.contributions.filter(board="90001").exists()
    withdraw_consent(members["90002"][1], purpose=Purpose.JOINT_PLANNING, organisation="bestuur:90002", now=NOW)
    assert not held.contributions.filter(board="90002").exists()  # on the page of consents too
    rounds.stop_agreeing(members["90003"][1], board="90003", now=NOW)
    assert not held.contributions.filter(board="90003").exists()
    assert not agreed_organisations(Purpose.JOINT_PLANNING, ["bestuur:90003"])
    with pytest.raises(JointRefused, match="4 besturen mee"):
        rounds.snapshot_of(held, now=NOW)


def test_a_closed_round_keeps_its_last_snapshot_and_nothing_else(members):
    held = joint.round_of(members)
    rounds.snapshot_of(held, now=NOW)
    rounds.close_round(held, now=NOW)
    assert not JointContribution.objects.exists()
    assert not JointKey.objects.exists()
    assert JointSnapshot.objects.get().marks == {}
    held.refresh_from_db()
    with pytest.raises(JointRefused, match="gesloten"):
        rounds.give_in(held, board="90001", agrees_to_exact=False, now=NOW)
    with pytest.raises(JointRefused, match="al een ronde"):
        joint.round_of(members, giving=[])


def test_exact_totals_ask_every_board_apart_and_the_page_says_what_that_means(client, members):
    held = joint.round_of(members, mode="exact", giving=[])
    joint.agree(members["90001"][1], "90001")
    with pytest.raises(JointRefused, match="exacte totalen"):
        rounds.give_in(held, board="90001", agrees_to_exact=False, now=NOW)
    for board in members:
        joint.agree(members[board][1], board)
        rounds.give_in(held, board=board, agrees_to_exact=True, now=NOW)
    made = rounds.snapshot_of(held, now=NOW)
    exact = sum(joint.level(size, "exact", 2031) for size in SIZES.values())
    part = next(part for part in made.parts if part["groups"] == ["exact"])
    assert part["years"]["2031"][0] == round(exact)
    assert part["deviation_fte"] == 0
    people.sign_in(client, members["90001"][0])
    assert "kennen dus het cijfer van het laatste" in text_at(client, tables.address_of(held))


def test_a_group_that_few_boards_have_is_not_shown_and_says_why():
    sizes = {
        str(number): {"talen": [20.0, 25.0], **({"exact": [20.0, 25.0]} if number < 4 else {})} for number in range(6)
    }
    given = {board: {group: {"2026": [4000, 3000, 5000]} for group in of} for board, of in sizes.items()}
    parts = parts_of_snapshot(given, sizes=sizes, secret=bytes(32), series="x", exact=False)
    found = {part["groups"][0]: (part["shown"], part["why"], bool(part["years"])) for part in parts}
    assert found == {"exact": (False, "minder dan 5 besturen", False), "talen": (True, "", True)}


def test_the_band_of_a_part_is_wider_than_what_was_given_in():
    assert tables.widened([100, 90, 115], 5.0) == pytest.approx((100.0, 88.12, 116.31), abs=0.01)


def test_the_seed_of_a_forecast_on_own_files_is_a_secret_of_a_closed_installation(members, settings):
    assert seed_of(joint.KEY) == DEFAULT_SEED  # no own file is loaded here, only figures made from one
    position, place = Position.objects.first(), SchoolLocation.objects.first()
    StaffMember.objects.create(board=place.board, location=place, person="x", position=position, function_group="leraar", birth_year=1980, milli_fte=800, reference_date=forecasts.NOW.date(), batch=ImportBatch.objects.first())  # fmt: skip
    secret = seed_of(joint.KEY)
    assert secret == seed_of(joint.KEY) != DEFAULT_SEED
    assert 0 < secret < 2**63
    settings.SECRET_KEY = "another installation"
    assert seed_of(joint.KEY) not in (secret, DEFAULT_SEED)
    settings.OPEN = True
    assert seed_of(joint.KEY) == DEFAULT_SEED


def test_the_example_region_has_a_round_with_a_snapshot_once(members):
    for _ in range(2):
        make_rounds(joint.KEY, now=NOW)
    held = JointRound.objects.get()  # no round of po, of which there is no forecast
    assert queries.statuses([held])[held.pk] == (6, 7)  # that of the personas waits for the visitor
    assert len(held.snapshots.get().boards) == 6


def test_exact_sums_over_own_files_are_for_nobody_however_many_agree(client, members):
    joint.round_of(members)
    people.sign_in(client, people.person(1, role=Role.PROGRAMME_MANAGER, organisation=f"regio:{joint.KEY}"))
    page = text_at(client, f"/regio/{joint.KEY}/?sector=vo")
    assert str(joint.EXACT) not in re.sub(r"[.\s]", "", page)
    assert "gezamenlijke ronde" in page


# ------------------------------------------------------------------------------------------------------------- Vandaag
def test_vandaag_says_who_can_take_part_and_when_a_snapshot_can_come(client, members):
    held, manager = joint.round_of(members, giving=["90001"]), people.person(1, role=Role.PROGRAMME_MANAGER, organisation=f"regio:{joint.KEY}")  # fmt: skip

    def waits(person):
        people.sign_in(client, person)
        found = [line for line in client.get("/vandaag/").context["lines"] if "ronde" in line.words]
        assert all(client.get(line.address).status_code == 200 for line in found)
        return [line.words for line in found]

    assert waits(manager) == ["Gezamenlijke ronde voortgezet onderwijs: 1 van 7 ingeleverd"]
    assert waits(members["90002"][0]) == ["Uw bestuur kan meedoen aan de gezamenlijke ronde voortgezet onderwijs"]
    assert waits(members["90001"][0]) == []
    for board in ("90002", "90003", "90004", "90005"):
        joint.agree(members[board][1], board)
        rounds.give_in(held, board=board, agrees_to_exact=False, now=NOW)
    assert waits(manager) == ["Gezamenlijke ronde voortgezet onderwijs: 5 van 7 ingeleverd, er kan een momentopname"]
    rounds.snapshot_of(held, now=timezone.now())
    assert waits(members["90001"][0]) == ["Er is een momentopname van de gezamenlijke ronde voortgezet onderwijs"]
    Consent.objects.filter(organisation="bestuur:90001").update(text_version="0")  # as after a new text
    assert "90001" not in rounds.counted(held)
    assert waits(members["90001"][0])[0] == "Wat uw bestuur inleverde voor de gezamenlijke ronde voortgezet onderwijs telt niet mee: er is geen toestemming"  # fmt: skip
