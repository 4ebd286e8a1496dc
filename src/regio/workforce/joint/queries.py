"""What is read about joint rounds: which there are, who gave in, and the newest snapshot."""

from collections.abc import Iterable
from dataclasses import dataclass

from regio.accounts.consent import agreed_organisations
from regio.accounts.enums import OrganisationKind, Purpose
from regio.accounts.viewer import Viewer
from regio.regions.models import Board

from ..enums import StaffOrigin
from ..models import ForecastRun, JointContribution, JointRound, JointSnapshot
from ..queries import base_year_of, run_to_open
from ..rules import BOARD_ROLES


@dataclass(frozen=True)
class Taking:
    """How one board stands in a round."""

    board: Board
    has_figures: bool
    agrees: bool
    contribution: JointContribution | None

    @property
    def counts(self) -> bool:
        """Whether the next snapshot holds what this board gave in."""
        return self.contribution is not None and self.agrees

    @property
    def words(self) -> str:
        """The same for people."""
        if self.counts:
            return "ingeleverd"
        if self.contribution:
            return "ingeleverd, maar zonder toestemming: telt niet mee"
        if not self.has_figures:
            return "bezetting niet geladen"
        return "nog niet ingeleverd" if self.agrees else "nog geen toestemming"


def rounds_of(region_key: str) -> list[JointRound]:
    """Return the rounds of a region, the newest first."""
    return list(JointRound.objects.filter(region_key=region_key).order_by("-opened_at", "-pk"))


def round_or_none(region_key: str, number: int) -> JointRound | None:
    """Return one round of a region."""
    return JointRound.objects.filter(region_key=region_key, pk=number).first()


def taking_part(held: JointRound) -> list[Taking]:
    """Return how every board of a round stands, by name; four queries whatever their number."""
    boards = Board.objects.filter(code__in=held.sizes).order_by("name", "code")
    given = {one.board_id: one for one in held.contributions.all()}
    agreed, able = agreed_boards(held.sizes), boards_with_figures(held)
    return [
        Taking(board, board.code in able or board.code in given, board.code in agreed, given.get(board.code))
        for board in boards
    ]


def statuses(held: list[JointRound]) -> dict[int, tuple[int, int]]:
    """Return per round how many boards are in the next snapshot, of how many that can be; the same queries for any number."""
    given: dict[int, set[str]] = {one.pk: set() for one in held}
    for number, board in JointContribution.objects.filter(round__in=given).values_list("round_id", "board_id"):
        given[number].add(board)
    agreed = agreed_boards({code for one in held for code in one.sizes})
    run = run_to_open(held[0].region_key) if held else None
    return {
        one.pk: (len(given[one.pk] & agreed), len((_with_figures(run, one) | given[one.pk]) & one.sizes.keys()))
        for one in held
    }


def agreed_boards(codes: Iterable[str]) -> set[str]:
    """Return which of these boards agree to joint planning now."""
    named = {f"{OrganisationKind.BOARD}:{code}": code for code in codes}
    return {named[one] for one in agreed_organisations(Purpose.JOINT_PLANNING, set(named))}


def run_for(held: JointRound) -> ForecastRun | None:
    """Return the forecast that boards give in from: the one that opens, where it starts from the count of the round."""
    run = run_to_open(held.region_key)
    return run if run and base_date_of(run, held.sector) == held.reference_date.isoformat() else None


def base_date_of(run: ForecastRun, sector: str) -> str:
    """Return the day of the newest count of a sector in a run."""
    return f"{base_year_of(run, sector)}-10-01"


def boards_with_figures(held: JointRound) -> set[str]:
    """Return the boards of which the forecast has staff, and so a shortage."""
    return _with_figures(run_to_open(held.region_key), held)


def _with_figures(run: ForecastRun | None, held: JointRound) -> set[str]:
    if run is None or base_date_of(run, held.sector) != held.reference_date.isoformat():
        return set()
    origins = run.facts.get("bezetting", {}).get(held.sector, {}).get("besturen", {})
    return {code for code, origin in origins.items() if origin != StaffOrigin.NONE}


def newest_snapshot(held: JointRound) -> JointSnapshot | None:
    """Return what may be seen of a round now; None before its first snapshot."""
    return held.snapshots.order_by("-pk").first()


def boards_of_viewer(viewer: Viewer, held: JointRound) -> list[str]:
    """Return for which boards of a round the viewer speaks, those of an open installation all."""
    return sorted(
        code for code in held.sizes if viewer.has(*BOARD_ROLES, organisation=f"{OrganisationKind.BOARD}:{code}")
    )
