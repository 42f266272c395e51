"""G3, G5, G14: full evaluation against textbook float64 numpy and pandas, what-if against full, growth.

python -m tests.bench.bench_compute            (pandas is measured when it is installed)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from itertools import count

import numpy as np

from app.domain.schemes import Node, Rounding, RoundingStages
from app.scoring.board import Board
from app.scoring.live import Live
from app.scoring.membership import Membership
from app.scoring.outcome import Outcome
from tests.bench.compute_world import BLANK, MIDDLES, TOPS, WEIGHTS, World, make_world
from tests.bench.paired import in_turn, show

STAGED = RoundingStages(group=Rounding(digits=4), item=Rounding(digits=4), total=Rounding(digits=2))


# ---- ours


def prepared(world: World) -> Callable[[], Outcome]:
    """Evaluates from marks in the engine's own form: every column, rank, quota and grade anew at each call."""
    membership = Membership(world.facts)
    first = Board(world.scheme, world.facts, membership, {})
    kept = {"table": first.table, "stacks": first.stacks, "events": first.events}

    def evaluate() -> Outcome:
        board = Board(world.scheme, world.facts, membership, {})
        board.__dict__.update(kept)
        outcome = Outcome(board, ())
        _ = outcome.grades
        return outcome

    return evaluate


def from_facts(world: World) -> Outcome:
    """The same from packed blocks: who rates whom, the matrix, the groups' layout, then the evaluation."""
    outcome = Outcome(Board(world.scheme, world.facts, Membership(world.facts), {}), ())
    _ = outcome.grades
    return outcome


# ---- yardsticks


def textbook(world: World) -> Callable[[], object]:
    """float64 with NaN, as one writes it in numpy: sort, drop ends, mean, weights, roll-up, rank, grade."""
    units, items = world.marks.shape[1:]
    middle_of, top_of = np.arange(items) * MIDDLES // items, np.arange(MIDDLES) * TOPS // MIDDLES
    series = np.arange(units) % 4

    def evaluate() -> object:
        weighted, present = np.zeros((units, items)), np.zeros((units, items))
        for g, weight in enumerate(WEIGHTS):
            x = world.marks[world.group_of == g].transpose(1, 2, 0).astype(np.float64)
            x[x == BLANK] = np.nan
            x.sort(axis=-1)
            n = (~np.isnan(x)).sum(-1)
            cut = (n > 4).astype(int)
            place = np.arange(x.shape[-1])
            keep = (place >= cut[..., None]) & (place < (n - cut)[..., None])
            with np.errstate(invalid="ignore", divide="ignore"):
                mean = np.where(keep, x, 0).sum(-1) / (n - 2 * cut)
            weighted += np.where(n > 0, mean, 0) * weight
            present += (n > 0) * weight
        leaf = weighted / present / 100
        middle = np.add.reduceat(leaf, np.searchsorted(middle_of, np.arange(MIDDLES)), axis=1) / np.bincount(middle_of)
        sums = np.add.reduceat(middle * world.middle_weights, np.searchsorted(top_of, np.arange(TOPS)), axis=1)
        top = sums / np.bincount(top_of, world.middle_weights)
        total = np.floor((top @ (world.top_weights / 100) - world.events) * 100 + 0.5) / 100
        return total, *rank_and_grade(total, series)

    return evaluate


def rank_and_grade(total: np.ndarray, series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rank, grade = np.zeros(len(total), int), np.zeros(len(total), int)
    for s in np.unique(series):
        own = np.flatnonzero(series == s)
        ordered = np.sort(total[own])
        rank[own] = len(own) - np.searchsorted(ordered, total[own], side="right") + 1
        places = int(len(own) * 0.3 + 0.5)
        good = (total[own] >= 85) & (rank[own] <= places)
        grade[own] = np.where(good, 0, np.where(total[own] >= 80, 1, np.where(total[own] >= 60, 2, 3)))
    return rank, grade


def with_pandas(world: World) -> Callable[[], object]:
    """Rank within group, filter, groupby mean, unstack: the usual pandas."""
    import pandas

    _, units, items = world.marks.shape
    grid = np.indices(world.marks.shape)
    frame = pandas.DataFrame(
        {
            "u": grid[1].ravel(),
            "i": grid[2].ravel(),
            "g": np.repeat(world.group_of, units * items),
            "v": world.marks.ravel() / 100,
        }
    )
    frame = frame[world.marks.ravel() != BLANK]
    series = np.arange(units) % 4

    def evaluate() -> object:
        by = frame.groupby(["u", "i", "g"])["v"]
        size, up = by.transform("size"), by.rank(method="first")
        kept = frame[(size <= 4) | ((up > 1) & (up < size))]
        means = kept.groupby(["u", "i", "g"])["v"].mean().unstack("g")
        weights = np.array(WEIGHTS)
        leaf = (means.fillna(0).to_numpy() * weights).sum(1) / (means.notna().to_numpy() * weights).sum(1)
        leaf = leaf.reshape(units, items)
        middle = pandas.DataFrame(leaf).T.groupby(np.arange(items) * MIDDLES // items).mean().T.to_numpy()
        top_of = np.arange(MIDDLES) * TOPS // MIDDLES
        top = np.stack(
            [
                np.average(middle[:, top_of == m], axis=1, weights=world.middle_weights[top_of == m])
                for m in range(TOPS)
            ],
            1,
        )
        total = np.round(top @ (world.top_weights / 100) - world.events, 2)
        return total, *rank_and_grade(total, series)

    return evaluate


# ---- what is printed


def full() -> None:
    """G3."""
    exact, staged = make_world(), make_world(rounding=STAGED)
    ways: dict[str, Callable[[], object]] = {
        "textbook float64 numpy": textbook(exact),
        "ours, exact to the end": prepared(exact),
        "ours, rounded by stages": prepared(staged),
        "ours, exact, from packed blocks": lambda: from_facts(exact),
    }
    show(
        "G3 full evaluation, 1.44 million marks (aim: at most 1.0 × textbook)",
        in_turn(ways, 15),
        "textbook float64 numpy",
    )
    if find_spec("pandas"):
        ways = {"ours, exact to the end": prepared(exact), "pandas": with_pandas(exact)}
        show("G3 against pandas (aim: at least 35 ×)", in_turn(ways, 3, 1), "ours, exact to the end")
    worst = float(np.abs(_totals(prepared(exact)()) - np.asarray(textbook(exact)()[0], float)).max())  # type: ignore[index]
    print(f"  largest difference from the textbook's totals: {worst:.4f} points (its rounding)")


def _totals(outcome: Outcome) -> np.ndarray:
    total = outcome.board.total
    return np.array([float(total.exact.at(i)) for i in range(total.count)])


def what_if() -> None:
    """G5."""
    world = make_world()
    live, number, chance = Live(prepared(world)()), count(2), np.random.default_rng(3)

    def weight() -> None:
        tree = live.outcome.board.scheme.tree
        head = replace(tree.children[0], weight=Fraction(next(number) % 50 + 1))
        tree = replace(tree, children=(head, *tree.children[1:]))
        _ = live.reschemed(replace(live.outcome.board.scheme, tree=tree)).grades

    def leaf_weight() -> None:
        tree = live.outcome.board.scheme.tree
        head = tree.children[0]
        assert isinstance(head, Node) and isinstance(head.children[0], Node)
        middle = head.children[0]
        leaf = replace(middle.children[0], weight=Fraction(next(number) % 50 + 1))
        middle = replace(middle, children=(leaf, *middle.children[1:]))
        tree = replace(tree, children=(replace(head, children=(middle, *head.children[1:])), *tree.children[1:]))
        _ = live.reschemed(replace(live.outcome.board.scheme, tree=tree)).grades

    def mark() -> None:
        evaluator, unit, item = chance.integers(200), chance.integers(120), chance.integers(60)
        written = Fraction(int(chance.integers(10001)), 100)
        _ = live.remarked(f"E{evaluator:04d}", f"U{unit:04d}", f"i{item}", written).grades

    ways: dict[str, Callable[[], object]] = {
        "full evaluation": prepared(world),
        "one part's weight": weight,
        "one item's weight": leaf_weight,
        "one mark": mark,
    }
    medians = in_turn(ways, 41, 10)
    show("G5 what-if (aim: full at least 10 × of each)", medians, "full evaluation")
    for name in list(ways)[1:]:
        print(f"  full ÷ {name}: {medians['full evaluation'] / medians[name]:.1f}")


def growth() -> None:
    """G14."""
    ways: dict[str, Callable[[], object]] = {
        "120 units, 200 evaluators": prepared(make_world()),
        "1,200 units, 200 evaluators": prepared(make_world(units=1200)),
        "120 units, 2,000 evaluators": prepared(make_world(evaluators=2000)),
    }
    show("G14 growth (aim: at most 13 ×)", in_turn(ways, 7), "120 units, 200 evaluators")


if __name__ == "__main__":
    full()
    what_if()
    growth()
