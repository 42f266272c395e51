"""The tree of indicators as Qt sees it: parts in rows, points and weights that are typed in place, what is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, cast

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from app.domain.errors import AppError
from app.domain.findings import Severity
from app.domain.quantities import number_text
from app.domain.scheme_editing import MEASURES, Spot, change, number, part_path
from app.domain.schemes import Node, Part, Scheme, full_points
from app.ui import colours, icons, style
from app.ui.pages.schemes.choices import source_word
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.tree_sums import Left, left_of
from app.ui.widgets.table_model import plain_tip

Index = QModelIndex | QPersistentModelIndex
HEADS = ("指标", "满分", "权重", "合计", "来源和方法")
NAME, POINTS, WEIGHT, LEFT, SOURCE = range(5)
FIELDS = {NAME: "name", POINTS: "points", WEIGHT: "weight"}
MEASURES_TITLE = "条件用的量（不计入总分）"
MIME = "application/x-slk-parts"
_SIGNS = {
    Severity.ERROR: ("circle-x", colours.BAD),
    Severity.WARNING: ("triangle-alert", colours.WARN),
    Severity.NOTE: ("info", colours.INFO),
}
# Enumerations of Qt are slow in Python, and these are asked for every cell of every picture.
_DISPLAY, _EDIT, _ALIGN, _INK, _FONT, _SIGN, _TIP = (
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.EditRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.FontRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ToolTipRole,
    )
)
_ASKED = frozenset((_EDIT, _ALIGN, _INK, _FONT, _SIGN, _TIP))
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_FLAGS = {
    (drop, drag, edit): _PLAIN
    | (Qt.ItemFlag.ItemIsDropEnabled if drop else _PLAIN)
    | (Qt.ItemFlag.ItemIsDragEnabled if drag else _PLAIN)
    | (Qt.ItemFlag.ItemIsEditable if edit else _PLAIN)
    for drop in (False, True)
    for drag in (False, True)
    for edit in (False, True)
}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(eq=False, slots=True)
class Line:
    """One row. part: what it shows (none: the heading of the measures)."""

    id: str
    part: Part | None
    parent: Line | None
    row: int
    children: list[Line] = field(default_factory=list["Line"])


@dataclass(frozen=True, slots=True)
class Look:
    """A cell as it is painted. No ink, no font: the view's own; right: the text stands at the right."""

    text: str
    ink: QColor | None
    font: QFont | None
    right: bool


class TreeModel(QAbstractItemModel):
    """Follows the draft. What somebody is typing shows at once in the sums above it.

    touched (list of Line): these rows have changed, but stand where they stood. rearranged (list of Line): rows have
    come (these), gone or moved; the others are the same rows as before.
    """

    touched = Signal(object)
    rearranged = Signal(object)

    def __init__(self, draft: Draft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = draft
        self.lines: dict[str, Line] = {}
        self._tops: list[Line] = []
        self._former: dict[str, Line] = {}  # indexes that Qt still holds point there
        self._scheme = ""
        self._left: dict[str, Left] = {}
        self._troubled: dict[str, tuple[Severity, str]] = {}
        self._bold = style.font(bold=True)
        self._soft = colours.colour(colours.TEXT_SOFT)
        self._inks = {
            True: colours.colour(colours.GOOD),
            False: colours.colour(colours.WARN),
            None: colours.colour(colours.TEXT_FAINT),
        }
        self._make(draft.scheme)
        draft.changed.connect(self.follow)

    # ---- following the draft

    def follow(self) -> None:
        """Show the document of the draft; rows that say what they said are not painted again."""
        scheme = self.draft.scheme
        if scheme.id == self._scheme and self._same(scheme):
            before = [(i, self.line_at(i).id) for i in self.persistentIndexList()]
            changed = self._exchange(scheme)
            for line in changed:
                self._left.pop(line.id, None)
            moved = [(i, self.index_of(id, i.column())) for i, id in before if self.line_at(i).id != id]
            self.changePersistentIndexList([i for i, _ in moved], [i for _, i in moved])
            self.touched.emit(changed)
            return
        if scheme.id == self._scheme:
            self._rearrange(scheme)
        else:
            self._left = {}
            self.beginResetModel()
            self._make(scheme)
            self.endResetModel()

    def _rearrange(self, scheme: Scheme) -> None:
        """Rows that stay keep what is selected, unfolded and current, wherever they stand now."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        known = set(self.lines)
        self._make(scheme)
        self.changePersistentIndexList(before, [self.index_of(self.line_at(i).id, i.column()) for i in before])
        self.layoutChanged.emit()
        self.rearranged.emit([line for id, line in self.lines.items() if id not in known])

    def show_troubles(self, troubled: dict[str, tuple[Severity, str]]) -> None:
        """Part → how bad its worst finding is, and what it says."""
        if troubled != self._troubled:
            self._troubled = troubled
            self._all_changed()

    def _make(self, scheme: Scheme) -> None:
        self._former, self.lines, self._tops = self.lines, {}, []
        former = {**self._former} if scheme.id == self._scheme else {}
        self._scheme = scheme.id

        def add(part: Part, parent: Line | None, row: int) -> Line:
            line = former.pop(part.id, None) or Line(part.id, None, None, 0)
            if line.part is not part:
                self._left.pop(part.id, None)
            line.part, line.parent, line.row, line.children = part, parent, row, []
            self.lines[part.id] = line
            if isinstance(part, Node):
                line.children = [add(child, line, n) for n, child in enumerate(part.children)]
            return line

        self._tops.append(add(scheme.tree, None, 0))
        heading = former.pop(MEASURES, None) or Line(MEASURES, None, None, 1)
        heading.children = [add(measure, heading, n) for n, measure in enumerate(scheme.measures)]
        self.lines[MEASURES] = heading
        self._tops.append(heading)

    def _same(self, scheme: Scheme) -> bool:
        """Whether every node stands where it stood with as many parts as it had, which are the same ones altogether:
        only items have changed places, if any."""
        new: set[str] = set()

        def alike(part: Part, line: Line) -> bool:
            new.add(part.id)
            below = part.children if isinstance(part, Node) else ()
            if (below or line.children) and part.id != line.id:
                return False
            return len(below) == len(line.children) and all(map(alike, below, line.children))

        heading = self.lines[MEASURES]
        return (
            alike(scheme.tree, self._tops[0])
            and len(scheme.measures) == len(heading.children)
            and all(map(alike, scheme.measures, heading.children))
            and len(new) == len(self.lines) - 1
            and new < self.lines.keys()
        )

    def _exchange(self, scheme: Scheme) -> list[Line]:
        """The new parts in the place of the old ones; the lines that have changed (those above a change are among
        them)."""
        changed: list[Line] = []

        def put(part: Part, line: Line) -> None:
            if line.part is not part:
                line.id, line.part = part.id, part
                self.lines[part.id] = line
                changed.append(line)
                if isinstance(part, Node):
                    for child, below in zip(part.children, line.children, strict=True):
                        put(child, below)

        put(scheme.tree, self._tops[0])
        for measure, line in zip(scheme.measures, self.lines[MEASURES].children, strict=True):
            put(measure, line)
        return changed

    def _all_changed(self) -> None:
        def tell(lines: list[Line], above: QModelIndex) -> None:
            if lines:
                self.dataChanged.emit(self.index(0, 0, above), self.index(len(lines) - 1, SOURCE, above))

        tell(self._tops, QModelIndex())

    def show_typed(self, id: str) -> None:
        """The sums above a part follow what is typed into it."""
        changed: list[Line] = []
        line = self.lines.get(id)
        while line is not None:
            self._left.pop(line.id, None)
            changed.append(line)
            line = line.parent
        self.touched.emit(changed)

    # ---- what Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        lines = self.line_at(parent).children if parent.isValid() else self._tops
        if not 0 <= row < len(lines) or not 0 <= column < len(HEADS):
            return QModelIndex()
        return self.createIndex(row, column, lines[row])

    def parent(self, child: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        above = self.line_at(child).parent if child.isValid() else None
        return self.createIndex(above.row, 0, above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid():
            return len(self.line_at(parent).children) if parent.column() == 0 else 0
        return len(self._tops)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (POINTS, WEIGHT):
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and section == LEFT:
            return "下级的满分或权重合计，离本级还差多少"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        line = self.line_at(index)
        part = line.part
        return _FLAGS[
            part is None or isinstance(part, Node),
            part is not None and line is not self._tops[0],
            part is not None and index.column() in FIELDS and not self.draft.read_only,
        ]

    def data(self, index: Index, role: int = 0) -> Any:
        if role == _DISPLAY:
            return self.text(self.line_at(index), index.column())
        if role not in _ASKED:
            return None
        line, column = self.line_at(index), index.column()
        if role == _EDIT:
            return self.text(line, column, stated=True)
        if role == _ALIGN:
            return _RIGHT if column in (POINTS, WEIGHT) else None
        if role == _INK:
            return self._ink(line, column)
        if role == _FONT:
            return self._bold if column == NAME and (line.children or line.part is None) else None
        if role == _SIGN and column == NAME and line.id in self._troubled:
            return icons.icon(*_SIGNS[self._troubled[line.id][0]], 16)
        return self._tip(line, column) if role == _TIP else None

    def look(self, index: Index) -> Look | None:
        """All that a cell shows, asked for at once; none for a cell with a sign."""
        line, column = self.line_at(index), index.column()
        if column == NAME and line.id in self._troubled:
            return None
        font = self._bold if column == NAME and (line.children or line.part is None) else None
        return Look(self.text(line, column), self._ink(line, column), font, column in (POINTS, WEIGHT))

    def _ink(self, line: Line, column: int) -> Any:
        if column == LEFT:
            return self._inks[self.left(line).good]
        if column == POINTS and line.part is not None and line.part.points is None:
            return self._inks[None]
        return self._soft if column == SOURCE or line.part is None else None

    def _tip(self, line: Line, column: int) -> str | None:
        if column == NAME and line.id in self._troubled:
            return plain_tip(self._troubled[line.id][1])
        if column == NAME and line.part is not None:
            return plain_tip(line.part.note or line.part.name)
        return None

    def text(self, line: Line, column: int, stated: bool = False) -> str:
        """What a cell shows; stated: only what is written there."""
        part = line.part
        if part is None:
            return MEASURES_TITLE if column == NAME else ""
        if column == NAME:
            return part.name
        if column == POINTS:
            value = part.points if stated else full_points(part)
            return "" if value is None else number_text(value)
        if column == WEIGHT:
            return "" if part.weight is None else number_text(part.weight)
        if column == LEFT:
            return self.left(line).text
        return ("另加 · " if part.on_top else "") + source_word(part)

    def left(self, line: Line) -> Left:
        """What is left at a node (worked out when it is painted)."""
        if line.id not in self._left:
            self._left[line.id] = left_of(self.draft.live, line.part)
        return self._left[line.id]

    def line_at(self, index: Index) -> Line:
        """The line of a valid index."""
        return cast(Line, index.internalPointer())

    # ---- editing in place

    def setData(self, index: Index, value: Any, role: int = 2) -> bool:
        line = self.line_at(index)
        return line.part is not None and self.edit(line.id, index.column(), str(value), really=True)

    def edit(self, id: str, column: int, text: str, *, really: bool) -> bool:
        """A typed name, points or weight: as a step, or only to see how it would be. False: it cannot stand."""
        name = FIELDS[column]
        try:
            value: Any = text.strip() if column == NAME else self._number(text)
        except AppError as error:
            if really:
                self.draft.refused.emit(error.detail)
            self.draft.forget_typed()
            return False
        if really:
            return self.draft.do(lambda s: change(s, (*part_path(s, id), name), value)) is not None
        return self.draft.preview(lambda s: change(s, (*part_path(s, id), name), value))

    def _number(self, text: str) -> Fraction | None:
        return number(text.replace("。", "."), "数字") if text.strip() else None

    # ---- places

    def index_of(self, id: str, column: int = 0) -> QModelIndex:
        """Where a part stands; invalid when it is gone."""
        line = self.lines.get(id)
        return self.createIndex(line.row, column, line) if line is not None else QModelIndex()

    def spot(self, index: Index, where: Literal["before", "after", "into"]) -> Spot | None:
        """The place for parts that are dropped or pasted at a row; none where nothing can stand."""
        if not index.isValid():
            return None
        line = self.line_at(index)
        if line.part is None or where == "into":
            takes = line.part is None or isinstance(line.part, Node)
            return Spot("into", line.id) if takes else Spot("after", line.id)
        if line is self._tops[0]:
            return Spot("into", line.id)
        return Spot(where, line.id)
