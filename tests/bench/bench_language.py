"""The figures of computing with a scheme that uses every setting of the language, at 1.44 million marks.

python -m tests.bench.bench_language

The yardsticks compute the marks part alone (tests/bench/language_ways.py says what that is, by numpy; the same to the
end by pandas: tests/bench/language_pandas.py), and their results are compared with ours; ours computes that and
everything else: votes and 40 single ballots, events, figures by period, results of 360 other subjects and of the year
before, normalisation, overrides, conditions, quotas, adjustments. Times are of the processor, ways in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from importlib.util import find_spec
from itertools import count
from typing import Any

import numpy as np

from app.domain import scheme_editing as editing
from app.domain.schemes import RoundingStages, Scheme
from app.scoring.board import Board
from app.scoring.checks import check_scheme
from app.scoring.engine import evaluate
from app.scoring.live import Live
from app.scoring.lower import LowerResults
from app.scoring.membership import Membership
from app.scoring.outcome import Outcome
from app.services.schemes.moves import moves
from tests.bench.language_ways import textbook
from tests.bench.language_world import FullWorld, make_full_world
from tests.bench.paired import in_turn, show
from tests.scoring.test_worlds import settings_of, used_by


def graded(outcome: Outcome) -> Outcome:
    """With everything computed."""
    _ = outcome.grades
    return outcome


def whole(world: FullWorld) -> Callable[[], Outcome]:
    """From the facts: who rates whom, packed blocks, all three schemes."""
    return lambda: graded(evaluate(world.schemes, world.facts).outcomes["full"])


def prepared(world: FullWorld) -> Callable[[], Outcome]:
    """From marks in the engine's own form, as the bench of the first year: who rates whom, the sheets that are valid,
    plain marks read and laid out by groups, and the other schemes' results are there; everything else is anew."""
    membership = Membership(world.facts)
    lower: dict[str, LowerResults] = {}
    for scheme in world.schemes[:-1]:
        one = graded(Outcome(Board(scheme, world.facts, membership, dict(lower)), ()))
        lower[scheme.id] = LowerResults(one.board, one.grades, one.ranks_by)
    first = Board(world.scheme, world.facts, membership, lower)
    kept = {"table": first.table, "stacks": first.stacks, "events": first.events}

    def run() -> Outcome:
        board = Board(world.scheme, world.facts, membership, lower)
        board.__dict__.update(kept)
        return graded(Outcome(board, world.facts.decisions))

    return run


def marks_alone(world: FullWorld) -> Callable[[], object]:
    """What the yardsticks compute, and no more: the node of the marks with everything below it."""
    run, scheme, facts = prepared(world), world.scheme, world.facts
    old = run().board
    leading = old.column("leading")  # one table of bands asks for it

    def node() -> object:
        board = Board(scheme, facts, old.membership, old.lower)
        board.__dict__.update(table=old.table, stacks=old.stacks)
        board.columns["leading"] = leading
        return board.column("marks")

    return node


# ---- what is printed


def coverage(scheme: Scheme) -> None:
    """Which values of which settings the scheme does not use."""
    wanted = settings_of(Scheme)
    missing = sorted(f"{c}.{name}={value}" for c, name, value in wanted - used_by(scheme))
    print(
        f"values of settings in the scheme: {len(wanted) - len(missing)} of {len(wanted)}; without {', '.join(missing)}"
    )
    print(f"fields of the language never set: {', '.join(sorted(_never_set(scheme))) or 'none'}")


def _never_set(scheme: Scheme) -> set[str]:
    """Fields that stay at their default wherever they stand."""
    met: set[str] = set()
    used: set[str] = set()

    def visit(value: Any) -> None:
        for one in value if isinstance(value, tuple) else (value,):
            if is_dataclass(one) and not isinstance(one, type):
                for field in fields(one):
                    inner, name = getattr(one, field.name), f"{type(one).__name__}.{field.name}"
                    met.add(name)
                    if inner != field.default:
                        used.add(name)
                    visit(inner)

    visit(scheme)
    return {n for n in met - used if not n.endswith((".kind", ".format", ".version"))}


def full() -> None:
    """Full evaluation against the yardsticks, staged and exact to the end."""
    world, exact = make_full_world(), make_full_world(rounding=RoundingStages())
    coverage(world.scheme)
    outcome = whole(world)()
    bands_hold = ~outcome.board.column("leading").exact.less(Fraction(50))
    yardstick = textbook(world, bands_hold)
    column = outcome.board.column("marks")
    ours = np.array([float(column.exact.at(i)) for i in range(column.count)])
    print(f"largest difference of the marks part from the textbook's: {np.abs(ours - yardstick()[0]).max():.4f} points")
    ways: dict[str, Callable[[], object]] = {
        "textbook float64 numpy, marks part": yardstick,
        "ours, marks part": marks_alone(world),
        "ours, everything": prepared(world),
        "ours, everything, exact to the end": prepared(exact),
        "ours, everything, from packed blocks": whole(world),
    }
    medians = in_turn(ways, 9, processor=True)
    show("Full evaluation ÷ textbook of the marks part", medians, "textbook float64 numpy, marks part")
    if find_spec("pandas"):
        from tests.bench.language_pandas import by_apply, by_columns, with_pandas

        columns, applied = with_pandas(world, bands_hold, by_columns), with_pandas(world, bands_hold, by_apply)
        for name, way in (("columns", columns), ("apply", applied)):
            print(f"largest difference of ours from pandas by {name}: {np.abs(ours - way()).max():.4f} points")
        ways = {
            "ours, marks part": ways["ours, marks part"],
            "ours, everything": prepared(world),
            "pandas by columns, marks part": columns,
            "pandas by apply, marks part": applied,
        }
        medians = in_turn(ways, 5, 1, processor=True)
        show("pandas, marks part ÷ ours (aim: at least 35 ×)", medians, "ours, marks part")


def what_if() -> None:
    """One mark, one weight."""
    world = make_full_world()
    live, number, chance = Live(prepared(world)()), count(2), np.random.default_rng(3)

    def weight(name: str) -> Callable[[], object]:
        def change() -> object:
            one = live.outcome.board.scheme
            path = (*editing.part_path(one, name), "weight")
            other = editing.change(one, path, Fraction(next(number) % 50 + 1)).scheme
            return graded(live.reschemed(other))

        return change

    def mark(items: range) -> Callable[[], object]:
        def change() -> object:
            evaluator, unit = f"E{chance.integers(10, 200):04d}", f"U{2 * chance.integers(60):04d}"
            item = f"i{chance.choice(np.array(items))}"
            return graded(live.remarked(evaluator, unit, item, Fraction(int(chance.integers(6000, 10001)), 100)))

        return change

    ways: dict[str, Callable[[], object]] = {
        "full evaluation": prepared(world),
        "a head's weight": weight("figures"),
        "an item's weight": weight("i5"),
        "one mark, plain": mark(range(0, 23)),
        "one mark, compared with others": mark(range(48, 60)),
    }
    medians = in_turn(ways, 9, 2, processor=True)
    show("What-if (full ÷ each)", medians, "full evaluation")
    _ratios(medians, "full evaluation")


def growth() -> None:
    """Ten times the units, ten times the evaluators."""
    ways: dict[str, Callable[[], object]] = {
        "120 units, 200 evaluators": prepared(make_full_world()),
        "1,200 units, 200 evaluators": prepared(make_full_world(units=1200)),
        "120 units, 2,000 evaluators": prepared(make_full_world(evaluators=2000)),
    }
    show("Growth (aim: at most 13 ×)", in_turn(ways, 3, 1, processor=True), "120 units, 200 evaluators")


def check_and_moves() -> None:
    """The check, and who moves when a head's weight changes."""
    world = make_full_world()
    one = world.scheme
    other = editing.change(one, (*editing.part_path(one, "figures"), "weight"), Fraction(25)).scheme
    others = (*world.schemes[:-1], other)
    ways: dict[str, Callable[[], object]] = {
        "full evaluation": whole(world),
        "check": lambda: check_scheme(one, world.schemes),
        "who moves, with reasons": lambda: moves(evaluate(world.schemes, world.facts), evaluate(others, world.facts)),
    }
    medians = in_turn(ways, 7, 2, processor=True)
    show("Check (aim: below 1 evaluation), who moves (at most 3)", medians, "full evaluation")
    print(f"  units that move: {len(moves(evaluate(world.schemes, world.facts), evaluate(others, world.facts)))}")


def _ratios(medians: Mapping[str, float], base: str) -> None:
    for name, value in medians.items():
        if name != base:
            print(f"  {base} ÷ {name}: {medians[base] / value:.1f}")


if __name__ == "__main__":
    full()
    what_if()
    growth()
    check_and_moves()
