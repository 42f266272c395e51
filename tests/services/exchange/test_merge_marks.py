"""Marks out of a package, cell by cell, against a naive rule; whatever rows, columns and decimals the three blocks have."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import MarkBlock, MarkEdit
from app.domain.quantities import MarkState
from app.services.exchange.deciding import Decider
from app.services.exchange.marks import merge_sheet
from app.services.exchange.values import MergedSheet
from app.services.imports.grid import mark_text, unpack
from app.services.imports.values import CellKind
from tests.builders import block
from tests.services.exchange import pcs

SCHEME = pcs.department_scheme()
Cells = dict[tuple[str, str], Fraction | MarkState]
CELLS = [(u, i) for u in ("D1", "D2", "D3") for i in ("problems", "manner")]
VALUES = st.one_of(
    st.sampled_from([Fraction(0), Fraction(30), Fraction("30.5"), Fraction(400)]), st.just(MarkState.ABSTAINED)
)
BLOCKS = st.dictionaries(st.sampled_from(CELLS), VALUES, max_size=6)


def packed(cells: Cells, digits: int = 2) -> MarkBlock | None:
    return block(SCHEME, "P11", dict(cells), digits) if cells else None


def texts(one: MarkBlock | None) -> dict[tuple[str, str], str]:
    """What each cell says; blank cells are left out."""
    if one is None:
        return {}
    grid = unpack(one)
    found = {
        (u, i): mark_text(int(grid[r, c]), one.digits[c], ())
        for r, u in enumerate(one.units)
        for c, i in enumerate(one.items)
    }
    return {cell: text for cell, text in found.items() if text}


def merged(
    base: Cells, ours: Cells, theirs: MarkBlock, answer: str, digits: int = 2
) -> tuple[MergedSheet | None, Decider]:
    decider = Decider("f" * 32, "包.slp", {}, "theirs" if answer == "theirs" else "ours")
    found = merge_sheet(decider, "表", packed(base), packed(ours, digits), theirs, {}, {}, "包.slp")
    return found, decider


def naive(base: Cells, ours: Cells, theirs: Cells, answer: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    b, o, t = texts(packed(base)), texts(packed(ours)), texts(packed(theirs))
    rows, columns = {u for u, _ in theirs}, {i for _, i in theirs}
    for cell in CELLS:
        there = t.get(cell, "") if cell[0] in rows and cell[1] in columns else b.get(cell, "")
        before, here = b.get(cell, ""), o.get(cell, "")
        changed_both = before != here and before != there and here != there
        value = (there if answer == "theirs" else here) if changed_both else here if there == before else there
        if value:
            found[cell] = value
    return found


@given(
    base=BLOCKS,
    ours=BLOCKS,
    theirs=BLOCKS.filter(bool),
    answer=st.sampled_from(["theirs", "ours"]),
    digits=st.sampled_from([1, 2, 3]),
)
def test_that_every_cell_is_what_the_naive_rule_says(
    base: Cells, ours: Cells, theirs: Cells, answer: str, digits: int
) -> None:
    given_block = packed(theirs)
    assert given_block is not None
    base = {c: v for c, v in base.items() if ours}  # nothing stored here: then nothing was agreed on here
    found, decider = merged(base, ours, given_block, answer, digits)
    wanted = naive(base, ours, theirs, answer)
    assert texts(found.standing if found else packed(ours, digits)) == wanted
    counted = decider.totals("mark")
    assert counted.cells >= len(given_block.units) * len(given_block.items)
    assert counted.both == len(decider.questions)
    if found:
        assert texts(replace(found.block, edits=())) is not None and found.block.origin is not None
        assert found.block.origin.packages == ("包.slp",)


@given(base=BLOCKS, cells=BLOCKS.filter(bool))
def test_that_what_came_before_or_is_here_already_changes_nothing(base: Cells, cells: Cells) -> None:
    same = packed(cells)
    assert same is not None
    found, decider = merged(base, cells, same, "theirs")
    assert found is None and decider.questions == []


def test_that_changes_made_at_the_sender_stay_changes_on_top_of_the_sheet_as_it_was_read() -> None:
    read = packed({("D1", "problems"): Fraction(30), ("D2", "problems"): Fraction(31)})
    after = packed({("D1", "problems"): Fraction("35.5"), ("D2", "problems"): Fraction(31)})
    assert read and after
    first = MarkEdit(
        unit="D1", item="problems", before="30", after="33", by="甲", at="2026-12-01T09:00:00", reason="更正"
    )
    second = replace(first, before="33", after="35.5", at="2026-12-02T09:00:00")
    found, _ = merged({}, {}, replace(after, edits=(first, second)), "ours")
    assert found is not None
    assert texts(found.block) == texts(read) and texts(found.standing) == texts(after)
    assert [e for e, _ in found.edits] == [first, second]


def test_that_edits_of_cells_that_are_not_there_are_left_out() -> None:
    one = packed({("D1", "problems"): Fraction(30)})
    assert one
    stray = MarkEdit(unit="D9", item="problems", before="", after="1", by="", at="", reason="")
    found, decider = merged({}, {}, replace(one, edits=(stray,)), "ours")
    assert found is not None and found.edits == () and decider.totals("mark").new == 1
    assert CellKind.BOTH not in decider.counts["mark"] or decider.counts["mark"][CellKind.BOTH] == 0
