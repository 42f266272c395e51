"""The tree of indicators under the hands: drag and drop, copy and paste, keys, several at once, typing in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, cast

from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTreeView,
)

from app.domain.errors import AppError
from app.domain.scheme_editing import (
    MEASURES,
    Edited,
    Fragment,
    Spot,
    blank,
    duplicate,
    insert,
    move,
    parent_of,
    paste,
    remove,
    spread,
    topmost,
)
from app.domain.schemes import Item, MarksSource, Node, OfficeSource, Part, Scheme
from app.services.schemes import copied_branches, copied_text, is_copied
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.tree_cells import TypedDelegate
from app.ui.pages.schemes.tree_model import MIME, NAME, POINTS, WEIGHT, Index, Line, TreeModel
from app.ui.widgets.commands import Command


class SchemeTree(QTreeView):
    """chosen (str): another part is the current one. proposed (str): a text that is no copied branch was pasted, and
    may be a table."""

    chosen = Signal(str)
    proposed = Signal(str)

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft
        self.contents = TreeModel(draft, self)
        self.narrowed = False  # rows are hidden
        self._remembered: tuple[set[str], list[str], str, int] | None = None
        self.contents.modelAboutToBeReset.connect(self._remember)
        self.contents.modelReset.connect(self._restore)
        self.contents.rearranged.connect(self._unfold)
        self.setModel(self.contents)
        self.setItemDelegate(TypedDelegate(self, self.contents, self.one_down))
        self._look()
        self._make_commands()
        self.expandAll()
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask)
        self.contents.touched.connect(self._paint_lines)
        draft.typed.connect(lambda: self.contents.show_typed(self.current_id()))

    def _look(self) -> None:
        self.setUniformRowHeights(True)
        self.setIndentation(18)
        self.setStyleSheet("QTreeView::item { height: 27px; }")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        trigger = QAbstractItemView.EditTrigger
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setAutoExpandDelay(600)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(44)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((POINTS, 54), (WEIGHT, 54), (3, 92), (4, 112)):
            header.resizeSection(column, width)

    def _make_commands(self) -> None:
        def made(text: str, run: Callable[[], object], keys: str = "", icon: str = "", tip: str = "") -> Command:
            command = Command(self, text, run, keys=keys, icon=icon, tip=tip)
            command.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.addAction(command)
            return command

        self.add_item = made("插入指标", lambda: self.put_in(_new_item), "Ins", "plus", "在所选的后面插入一个指标")
        self.add_node = made("插入节点", lambda: self.put_in(_new_node), "Shift+Ins", "", "插入一个可以有下级的节点")
        self.double = made("复制一份", lambda: self._step(lambda s: duplicate(s, self.ids())), "Ctrl+D", "copy")
        self.delete = made("删除", lambda: self._step(lambda s: remove(s, self.ids())), "Del", "trash-2")
        self.cut = made("剪切", self.cut_out, "Ctrl+X")
        self.copy = made("复制", self.copy_out, "Ctrl+C")
        self.paste_in = made("粘贴", self.paste_here, "Ctrl+V", "", "粘贴复制的指标，或 Excel 里复制的指标表")
        self.up = made("上移", lambda: self._shift(-1), "Alt+Up", "chevron-up")
        self.down = made("下移", lambda: self._shift(1), "Alt+Down", "chevron-down")
        self.even = made("平均分配", lambda: self.share_out("even"), "", "", "把剩下的满分（权重）平均分给所选的几项")
        self.proportion = made(
            "按比例分配",
            lambda: self.share_out("proportion"),
            "",
            "",
            "按所选几项现有的数，把上级的满分（权重）分给它们",
        )
        self.commands = (
            self.add_item, self.add_node, self.double, self.delete, self.cut, self.copy, self.paste_in, self.up,
            self.down, self.even, self.proportion,
        )  # fmt: skip
        self.follow_rights()

    def follow_rights(self) -> None:
        """Nothing can be changed in a file that is read only."""
        for command in self.commands:
            command.set_reason("" if command is self.copy else self.draft.read_only)

    # ---- what is chosen

    def ids(self) -> list[str]:
        """The selected parts, in the order of the document."""
        found = {self.contents.line_at(i).id for i in self.selectionModel().selectedRows()} - {MEASURES}
        return [p.id for p in topmost(self.draft.scheme, found)]

    def current_id(self) -> str:
        """The current row; empty when there is none."""
        index = self.currentIndex()
        return self.contents.line_at(index).id if index.isValid() else ""

    def choose(self, ids: list[str] | tuple[str, ...]) -> None:
        """Select these parts and make the last of them the current one."""
        found = [i for i in map(self.contents.index_of, ids) if i.isValid()]
        if not found:
            return
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(found[-1], flags.ClearAndSelect | flags.Rows)
        for index in found[:-1]:
            self.selectionModel().select(index, flags.Select | flags.Rows)
        self.scrollTo(found[-1])

    def one_down(self) -> None:
        """The cell below the current one."""
        below = self.indexBelow(self.currentIndex())
        if below.isValid():
            flags = QItemSelectionModel.SelectionFlag
            target = below.siblingAtColumn(self.currentIndex().column())
            self.selectionModel().setCurrentIndex(target, flags.ClearAndSelect | flags.Rows)

    def _paint_lines(self, lines: list[Line]) -> None:
        """Only these rows are painted again."""
        width = self.viewport().width()
        for line in lines:
            place = self.visualRect(self.contents.index_of(line.id))
            if not place.isEmpty():
                self.viewport().update(0, place.y(), width, place.height())

    def _current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid() and (not before.isValid() or now.internalPointer() is not before.internalPointer()):
            self.chosen.emit(self.contents.line_at(now).id)

    def _remember(self) -> None:
        lines = self.contents.lines
        folded = {i for i, line in lines.items() if line.children and not self.isExpanded(self.contents.index_of(i))}
        chosen = [self.contents.line_at(i).id for i in self.selectionModel().selectedRows()]
        self._remembered = (folded, chosen, self.current_id(), self.verticalScrollBar().value())

    def _unfold(self, new: list[Line]) -> None:
        """New nodes are open, and something is always the current row."""
        for line in new:
            if line.children:
                self.expand(self.contents.index_of(line.id))
        if not self.currentIndex().isValid():
            self.choose([self.draft.scheme.tree.id])

    def _restore(self) -> None:
        if self._remembered is None:
            return
        folded, chosen, current, top = self._remembered
        self.expandAll()
        for id in folded & set(self.contents.lines):
            self.collapse(self.contents.index_of(id))
        kept = [i for i in [*(c for c in chosen if c != current), current] if i in self.contents.lines]
        self.choose(kept or [self.draft.scheme.tree.id])
        self.verticalScrollBar().setValue(top)

    # ---- steps

    def _step(self, edit: Callable[[Scheme], Edited]) -> Edited | None:
        edited = self.draft.do(edit)
        if edited is not None and edited.ids:
            self.choose(edited.ids)
        return edited

    def _spot(self) -> Spot:
        """Where something new goes: behind the current part, or into an empty or unfolded node."""
        index = self.currentIndex()
        if not index.isValid():
            return Spot("into", self.draft.scheme.tree.id)
        line = self.contents.line_at(index)
        inside = line.part is None or line.parent is None or (isinstance(line.part, Node) and self.isExpanded(index))
        spot = self.contents.spot(index, "into" if inside else "after")
        return spot or Spot("into", self.draft.scheme.tree.id)

    def put_in(self, make: Callable[[Spot], Part]) -> None:
        """A new part; its name is typed at once."""
        spot = self._spot()
        if self._step(lambda s: insert(s, [make(spot)], spot)):
            self.edit(self.contents.index_of(self.current_id(), NAME))

    def put_in_parts(self, parts: tuple[Part, ...]) -> None:
        """Parts that were made elsewhere, at the current place."""
        spot = self._spot()
        self._step(lambda s: insert(s, parts, spot))

    def share_out(self, way: Literal["even", "proportion"]) -> None:
        """Points (or weights) over the selected parts of one node; one node alone: over its children."""
        ids = self.ids()
        scheme = self.draft.scheme
        above = {getattr(parent_of(scheme, i), "id", "") for i in ids}
        chosen = self.contents.lines[ids[0]].part if len(ids) == 1 else None
        if isinstance(chosen, Node):
            owner, ids = chosen, []
        elif len(above) == 1 and "" not in above:
            owner = cast(Node, parent_of(scheme, ids[0]))
        else:
            self.draft.refused.emit("请选同一个上级下面的几项，或选一个节点。")
            return
        kind = "weight" if owner.join in ("weighted", "scaled") else "points"
        total = owner.points if way == "proportion" and not ids else None
        self._step(lambda s: spread(s, owner.id, kind, ids, way=way, total=total))

    def _shift(self, by: int) -> None:
        """One place up or down among its neighbours; at the end, out of its node."""
        ids = self.ids()
        if not ids:
            return
        line = self.contents.lines[ids[0] if by < 0 else ids[-1]]
        above = line.parent
        if above is None:
            return
        target = line.row + by
        if 0 <= target < len(above.children):
            spot = Spot("before" if by < 0 else "after", above.children[target].id)
        elif above.parent is not None:
            spot = Spot("before" if by < 0 else "after", above.id)
        else:
            return
        self._step(lambda s: move(s, ids, spot))

    # ---- clipboard

    def copy_out(self) -> bool:
        """The selected branches as text for other schemes, and as a table for Excel."""
        ids = tuple(self.ids())
        if not ids:
            return False
        data = QMimeData()
        data.setData(MIME, copied_text(self.draft.scheme, ids).encode())
        data.setText(copied_text(self.draft.scheme, ids))
        QGuiApplication.clipboard().setMimeData(data)
        return True

    def cut_out(self) -> None:
        """Copy, and take out."""
        ids = self.ids()
        if self.copy_out():
            self._step(lambda s: remove(s, ids))

    def paste_here(self) -> None:
        """Copied branches at the current place; other text goes to the preview of a table."""
        text = QGuiApplication.clipboard().text()
        if not is_copied(text):
            if text.strip():
                self.proposed.emit(text)
            return
        try:
            fragment = copied_branches(text)
        except AppError as error:
            self.draft.refused.emit(error.detail)
            return
        self.paste_fragment(fragment, self._spot())

    def paste_fragment(self, fragment: Fragment, spot: Spot) -> None:
        """Branches at a place; what to look at afterwards is said."""
        edited = self._step(lambda s: paste(s, fragment, spot))
        if edited is not None and edited.findings:
            self.draft.refused.emit(
                "；".join(f"{f.message}{f'（{f.step}）' if f.step else ''}" for f in edited.findings[:4])
            )

    # ---- drag and drop

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        if not self.draft.read_only and self.ids():
            super().startDrag(supportedActions)

    def dragMoveEvent(self, event: Any) -> None:
        super().dragMoveEvent(event)
        if event.source() is self:
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if event.source() is not self:
            event.ignore()
            return
        place = QAbstractItemView.DropIndicatorPosition
        index = self.indexAt(event.position().toPoint())
        where: dict[Any, Literal["before", "after", "into"]] = {
            place.AboveItem: "before",
            place.BelowItem: "after",
            place.OnItem: "into",
        }
        copied = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self.drop(self.ids(), index, where.get(self.dropIndicatorPosition(), "into"), copied=copied)
        event.setDropAction(Qt.DropAction.CopyAction)  # nothing is left for Qt to take away
        event.accept()
        self.viewport().update()

    def drop(
        self, ids: list[str], index: Index, where: Literal["before", "after", "into"], *, copied: bool = False
    ) -> None:
        """Move (or copy) parts to a row."""
        spot = self.contents.spot(index, where) if index.isValid() else Spot("into", self.draft.scheme.tree.id)
        if spot is None or not ids:
            return
        if copied:
            self.paste_fragment(copied_branches(copied_text(self.draft.scheme, tuple(ids))), spot)
        else:
            self._step(lambda s: move(s, ids, spot))

    # ---- menu

    def _ask(self, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for n, command in enumerate(self.commands):
            if n in (2, 4, 7, 9):
                menu.addSeparator()
            menu.addAction(command)
        menu.popup(self.viewport().mapToGlobal(point))


def _new_item(spot: Spot) -> Part:
    source = OfficeSource() if spot.target == MEASURES else MarksSource()
    return blank(Item, id="item", name="新指标", source=source)


def _new_node(spot: Spot) -> Part:
    return blank(Node, id="node", name="新节点", children=(_new_item(spot),))
