"""The scheme editor below its window: what an edit of a scheme of 300 parts costs, the check, and who would move."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from app.domain import scheme_editing as editing
from app.domain.scheme_differences import differences
from app.domain.scheme_editing import Spot
from app.domain.schemes import Grade, Group, Item, Ladder, MarksSource, Node, Scheme, walk
from app.files.documents import read_scheme, write_scheme
from app.scoring.checks import check_scheme
from app.scoring.engine import evaluate
from app.services.schemes.examples import examples_of
from app.services.schemes.moves import moves
from tests.bench.compute_world import make_world
from tests.bench.paired import in_turn, show

FRAME = 1 / 60


def large() -> Scheme:
    """30 nodes with 9 items each."""

    def items(n: int) -> tuple[Item, ...]:
        return tuple(
            Item(id=f"i{n}-{k}", name=f"指标{n}.{k}", points=Fraction(1), note="评分标准" * 10, source=MarksSource())
            for k in range(9)
        )

    nodes = tuple(Node(id=f"n{n}", name=f"类别{n}", children=items(n)) for n in range(30))
    grades = (Grade(id="good", name="好", line=Fraction(250)), Grade(id="fair", name="一般"))
    return Scheme(
        id="large",
        name="大方案",
        year=2026,
        level="d",
        groups=(Group(id="g", name="评议人"),),
        tree=Node(id="root", name="总分", points=Fraction(270), children=nodes),
        ladder=Ladder(grades=grades),
    )


def edits() -> None:
    """Every edit of 301 parts within a frame."""
    one = large()
    assert len(walk(one.tree)) == 301
    points = (*editing.part_path(one, "i29-5"), "points")
    changed = editing.change(one, points, Fraction(2)).scheme
    ways: dict[str, Callable[[], object]] = {
        "a field": lambda: editing.change(one, points, Fraction(2)),
        "move": lambda: editing.move(one, ["i2-3"], Spot("after", "i20-1")),
        "remove a node": lambda: editing.remove(one, ["n7"]),
        "double a node": lambda: editing.duplicate(one, ["n7"]),
        "copy and paste a node": lambda: editing.paste(one, editing.copy(one, ["n7"]), Spot("after", "n9")),
        "spread points": lambda: editing.spread(one, "n7", "points", total=Fraction(20)),
        "points that are left": lambda: editing.shares_of(one, "root", "points"),
        "differences of two versions": lambda: differences(one, changed),
        "examples of an item": lambda: examples_of(one, "i3-3"),
        "check": lambda: check_scheme(one),
        "document, written and read": lambda: read_scheme(write_scheme(one)),
    }
    medians = in_turn(ways, 21, 3)
    show("Edits of 301 parts (aim: below one frame of 16.7 ms)", medians, "a field")
    print(f"  slowest edit ÷ frame: {max(list(medians.values())[:7]) / FRAME:.3f}")


def who_moves() -> None:
    """At most three evaluations; the check less than one."""
    world = make_world()
    one = world.scheme
    heavy = next(p for p in walk(one.tree) if p.weight is not None)
    other = editing.change(one, (*editing.part_path(one, heavy.id), "weight"), Fraction(77)).scheme
    ways: dict[str, Callable[[], object]] = {
        "full evaluation": lambda: evaluate((one,), world.facts).outcomes[one.id].grades,
        "who moves, with reasons": lambda: moves(evaluate((one,), world.facts), evaluate((other,), world.facts)),
        "check": lambda: check_scheme(one),
    }
    medians = in_turn(ways, 15, 3)
    show("Who moves (aim: at most 3 evaluations; check below 1)", medians, "full evaluation")
    print(f"  units that move: {len(moves(evaluate((one,), world.facts), evaluate((other,), world.facts)))}")


if __name__ == "__main__":
    edits()
    who_moves()
