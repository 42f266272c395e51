"""The engine's front: schemes and facts in, all levels computed bottom-up, results and explanations out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.facts import Facts
from app.domain.results import Results, Step
from app.domain.schemes import Scheme
from app.scoring.board import Board
from app.scoring.explain import Explainer
from app.scoring.levels import bottom_up
from app.scoring.lower import LowerResults
from app.scoring.membership import Membership
from app.scoring.outcome import Outcome


class Evaluation:
    """The computed year. ``outcomes``: scheme id → everything known about it, lowest level first."""

    def __init__(self, schemes: Sequence[Scheme], facts: Facts) -> None:
        self.facts = facts
        self.membership = Membership(facts)
        self.outcomes: dict[str, Outcome] = {}
        lower: dict[str, LowerResults] = {}
        for scheme in bottom_up(schemes):
            outcome = Outcome(Board(scheme, facts, self.membership, dict(lower)), facts.decisions)
            self.outcomes[scheme.id] = outcome
            lower[scheme.id] = LowerResults(outcome.board, outcome.grades, outcome.ranks_by)

    def results(self, fingerprints: Mapping[str, str] | None = None, facts: str = "") -> Results:
        """Everything as values; the fingerprints of scheme documents and facts are stored with them."""
        known = fingerprints or {}
        return Results(tuple(o.result(known.get(s, "")) for s, o in self.outcomes.items()), facts)

    def explain(self, scheme: str, unit: str, quantity: str = "grade") -> Step:
        """The way to a figure of one unit: ``grade``, ``rank``, ``total``, a part or a measure.

        Raises KeyError for an unknown scheme, unit or quantity.
        """
        return Explainer(self.outcomes[scheme], self).explain(unit, quantity)


def evaluate(schemes: Sequence[Scheme], facts: Facts) -> Evaluation:
    """Computes all levels."""
    return Evaluation(schemes, facts)
