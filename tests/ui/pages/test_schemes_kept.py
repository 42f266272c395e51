"""方案: what stays when parts move and another part is chosen: lines of the form, what is selected, folded, being typed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.scheme_editing import Spot, change, move, part_path, remove, switch
from app.domain.schemes import Grade, Item, Ladder, MarksSource, Node, OfficeSource, Scheme, walk
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.form import MOST_KEPT, RecordForm
from app.ui.pages.schemes.tree_view import SchemeTree


def scheme() -> Scheme:
    def items(n: int) -> tuple[Item, ...]:
        return tuple(
            Item(id=f"i{n}{k}", name=f"指标{n}{k}", points=Fraction(k + 1), source=MarksSource()) for k in range(3)
        )

    nodes = tuple(Node(id=f"n{n}", name=f"类别{n}", children=items(n)) for n in range(3))
    return Scheme(
        id="s",
        name="方案",
        year=2026,
        level="d",
        tree=Node(id="root", name="总分", children=(*nodes, Item(id="last", name="末项", source=OfficeSource()))),
        ladder=Ladder(grades=(Grade(id="good", name="好", line=Fraction(5)), Grade(id="fair", name="一般"))),
    )


@pytest.fixture
def draft() -> Draft:
    return Draft(scheme())


@pytest.fixture
def form(draft: Draft, qtbot: Any) -> RecordForm:
    return shown(RecordForm(draft), qtbot)


@pytest.fixture
def tree(draft: Draft, qtbot: Any) -> SchemeTree:
    return shown(SchemeTree(draft), qtbot)


def shown(widget: Any, qtbot: Any) -> Any:
    qtbot.addWidget(widget)
    widget.resize(600, 700)
    with qtbot.waitActive(widget):
        widget.show()
    return widget


def show(form: RecordForm, id: str) -> None:
    form.show_paths((part_path(form.draft.scheme, id),))


def field(form: RecordForm, id: str, name: str) -> Any:
    return form.editors[(*part_path(form.draft.scheme, id), name)]


def value(draft: Draft, id: str, name: str) -> Any:
    return getattr(next(p for p in walk(draft.scheme.tree) if p.id == id), name)


# ---- the form


def test_that_a_part_of_the_same_shape_is_shown_by_the_same_fields(draft: Draft, form: RecordForm) -> None:
    show(form, "i00")
    lines, points = form.lines, field(form, "i00", "points")
    show(form, "i12")
    assert form.lines == lines
    assert field(form, "i12", "points") is points
    assert points.line.text() == "3"
    points.line.setFocus()
    points.line.selectAll()
    QTest.keyClicks(points.line, "7")
    points.line.editingFinished.emit()
    assert (value(draft, "i12", "points"), value(draft, "i00", "points")) == (7, 1)


def test_that_lines_come_back_and_say_what_is_there_now(draft: Draft, form: RecordForm) -> None:
    show(form, "i00")
    before = form.lines
    show(form, "n1")
    assert not set(form.lines) <= set(before)
    assert not any(line.isVisible() for line in set(before) - set(form.lines))
    draft.do(lambda s: change(s, (*part_path(s, "i00"), "name"), "新名"))
    show(form, "i00")
    assert form.lines == before
    assert field(form, "i00", "name").line.text() == "新名"


def test_that_another_kind_exchanges_only_the_lines_that_differ(draft: Draft, form: RecordForm) -> None:
    show(form, "i00")
    before = set(form.lines)
    draft.do(lambda s: switch(s, (*part_path(s, "i00"), "reading"), "bands"))
    assert form.lines
    assert before & set(form.lines)
    assert set(form.lines) - before
    form.unfold(True)
    order = [form._column.itemAt(n).widget() for n in range(len(form.lines))]
    assert order == form.lines
    assert all(line.isVisible() for line in form.lines)


def test_that_a_field_of_another_class_never_serves(draft: Draft, form: RecordForm) -> None:
    show(form, "i00")
    note = field(form, "i00", "note")
    show(form, "n0")
    assert field(form, "n0", "note") is not note
    assert field(form, "n0", "note").record is Node


def test_that_what_is_typed_belongs_to_the_part_it_was_typed_for(draft: Draft, form: RecordForm) -> None:
    show(form, "i00")
    line = field(form, "i00", "points").line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "8")
    show(form, "i11")
    assert (value(draft, "i00", "points"), value(draft, "i11", "points")) == (8, 2)
    assert line.text() == "2"


def test_that_what_is_typed_stays_in_its_field_while_the_part_moves(draft: Draft, form: RecordForm) -> None:
    show(form, "i00")
    line = field(form, "i00", "points").line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "8")
    with_form_told_first(form, lambda: draft.load(move(draft.scheme, ["i00"], Spot("after", "i01")).scheme), "i00")
    assert line.text() == "8"
    line.editingFinished.emit()
    assert (value(draft, "i00", "points"), value(draft, "i01", "points")) == (8, 2)


def with_form_told_first(form: RecordForm, step: Any, id: str) -> None:
    """As the page does it: the new place is told before the form looks for itself."""
    form.draft.changed.disconnect(form._follow)
    form.draft.changed.connect(lambda: show(form, id))
    step()


def test_that_what_is_typed_for_a_part_that_is_gone_goes_nowhere(draft: Draft, form: RecordForm) -> None:
    show(form, "i00")
    line = field(form, "i00", "points").line
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "8")
    with_form_told_first(form, lambda: draft.load(remove(draft.scheme, ["i00"]).scheme), "i01")
    assert value(draft, "i01", "points") == 2
    assert line.text() == "2"


def test_that_not_every_line_is_kept_for_ever(draft: Draft, form: RecordForm) -> None:
    for n in range(2 * MOST_KEPT):
        note = {"purpose": str(n)}
        form._kept[("", note["purpose"])] = made = QWidget(form._inside)  # type: ignore[assignment]
        assert made.parent() is form._inside
    show(form, "i00")
    show(form, "n0")
    assert len(form._kept) <= MOST_KEPT + len(form.lines)
    assert all(line in form._kept.values() for line in form.lines)


# ---- the tree


def test_that_items_change_places_without_a_new_layout_and_the_choice_goes_along(
    draft: Draft, tree: SchemeTree, qtbot: Any
) -> None:
    tree.choose(["i00", "i01"])
    laid_out: list[object] = []
    tree.contents.layoutChanged.connect(lambda: laid_out.append(1))
    draft.do(lambda s: move(s, ["i00"], Spot("after", "i02")))
    assert not laid_out
    assert [tree.contents.lines[i].row for i in ("i01", "i02", "i00")] == [0, 1, 2]
    assert tree.ids() == ["i01", "i00"]
    assert tree.current_id() == "i01"
    assert tree.contents.index_of("i00").data() == "指标00"


def test_that_folded_nodes_stay_folded_wherever_they_go(draft: Draft, tree: SchemeTree) -> None:
    tree.collapse(tree.contents.index_of("n0"))
    tree.choose(["n0"])
    draft.do(lambda s: move(s, ["n0"], Spot("after", "n2")))
    assert [tree.isExpanded(tree.contents.index_of(i)) for i in ("n0", "n1", "n2")] == [False, True, True]
    assert tree.current_id() == "n0"
    draft.do(lambda s: move(s, ["i10"], Spot("into", "n0")))
    assert [len(tree.contents.lines[i].children) for i in ("n0", "n1")] == [4, 2]
    assert not tree.isExpanded(tree.contents.index_of("n0"))


def test_that_a_new_node_is_open_and_a_removed_one_leaves_something_chosen(draft: Draft, tree: SchemeTree) -> None:
    before = draft.scheme
    tree.choose(["n1"])
    draft.do(lambda s: remove(s, ["n1"]))
    QApplication.processEvents()
    assert tree.current_id() == "root"
    assert "i10" not in tree.contents.lines
    draft.load(before)
    assert tree.isExpanded(tree.contents.index_of("n1"))
    assert tree.indexBelow(tree.contents.index_of("n1")).data() == "指标10"
