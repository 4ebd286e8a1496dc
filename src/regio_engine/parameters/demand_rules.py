"""How learners become fte where no lesson table is at hand: a fixed base per location and learners per fte, in a band."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regio_engine.errors import ImplausibleInput
from regio_engine.parameters import loader
from regio_engine.parameters.lesson_table import LessonTable


@dataclass(frozen=True)
class NeedRule:
    """The rule of one location and sector.

    Attributes:
        key: whose rule it is ("vo", "vo:bestuur:41234"); the drawn ratio belongs to the key.
        learners_per_fte: middle of the ratio [persons/fte].
        learners_per_fte_low: the ratio lies between low and high in 8 of 10 draws [persons/fte].
        learners_per_fte_high: see low.
        base_fte: what a location with any learners needs whatever its size [fte].
        learner_weights: as how many learners one learner of a level counts; 1 where absent.
        own_table: a lesson table of the board itself; then groups and lessons give the need, not the ratio.
        yearly_step_share: the ratio moves by at most this share from year to year in 8 of 10 draws; steps add up.
        is_assumption: nobody measured or agreed these values.
        source: where they come from, Dutch.
    """

    key: str
    learners_per_fte: float
    learners_per_fte_low: float
    learners_per_fte_high: float
    base_fte: float = 0.0
    learner_weights: Mapping[str, float] = field(default_factory=dict)
    own_table: LessonTable | None = None
    yearly_step_share: float = 0.0
    is_assumption: bool = True
    source: str = ""

    def __post_init__(self) -> None:
        low, middle, high = self.learners_per_fte_low, self.learners_per_fte, self.learners_per_fte_high
        if not 0 < low <= middle <= high:
            raise ImplausibleInput(f"learners_per_fte must rise from low to high above 0, got {low}, {middle}, {high}")
        if 5 / high <= 1 / middle:
            raise ImplausibleInput(f"learners_per_fte_high must be under 5 times the middle, got {high} and {middle}")
        if self.base_fte < 0:
            raise ImplausibleInput(f"base_fte must not be negative, got {self.base_fte}")
        if not 0 <= self.yearly_step_share < 0.5:
            raise ImplausibleInput(f"yearly_step_share must lie between 0 and 0.5, got {self.yearly_step_share}")


def load_demand_rules(text: str) -> dict[str, NeedRule]:
    """Return the shipped rule per sector from the text of demand_rules.yaml."""
    tree = loader.parse(text)
    sectors = loader.branch(tree, "sectors")
    common = {"is_assumption": tree.get("is_assumption", True), "yearly_step_share": tree.get("yearly_step_share", 0.0)}
    return {key: _rule(key, common | dict(loader.branch(sectors, key))) for key in sectors}


def _rule(key: str, tree: loader.Tree) -> NeedRule:
    ratio = loader.branch(tree, "learners_per_fte")
    weights = tree.get("learner_weights") or {}
    return NeedRule(
        key=key,
        learners_per_fte=loader.number(ratio, "middle", above=0),
        learners_per_fte_low=loader.number(ratio, "low", above=0),
        learners_per_fte_high=loader.number(ratio, "high", above=0),
        base_fte=loader.number(tree, "base_fte", above=-1e-9),
        learner_weights={level: loader.number(weights, level, above=0) for level in weights},
        yearly_step_share=loader.number(tree, "yearly_step_share", above=-1e-9),
        is_assumption=bool(tree["is_assumption"]),
        source=loader.text(tree, "source"),
    )
