"""Wide tables: the first columns stay in place while the others scroll; names of columns written upright."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.ui import colours, style
from app.ui.colours import colour
from app.ui.widgets.cell_delegate import CellDelegate


class FrozenColumns(QTableView):
    """Lies over the left edge of a table and shows its first columns; selection and vertical scrolling are shared."""

    def __init__(self, table: QTableView, count: int = 1) -> None:
        super().__init__(table)
        self._table, self._count = table, count
        self.setModel(table.model())
        self.setSelectionModel(table.selectionModel())
        self.setItemDelegate(CellDelegate(self))  # its own: two views on one delegate fight over its editors
        self.setSelectionBehavior(table.selectionBehavior())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(table.showGrid())
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setObjectName("frozen")
        self.setStyleSheet(
            f"#frozen {{ border: none; border-right: 1px solid {colours.LINE_STRONG}; border-radius: 0; }}"
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(table.verticalHeader().minimumSectionSize())
        self.verticalHeader().setDefaultSectionSize(table.verticalHeader().defaultSectionSize())
        self._set_up_header()
        self.setVerticalScrollMode(table.verticalScrollMode())
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalScrollBar().valueChanged.connect(self.verticalScrollBar().setValue)
        self.verticalScrollBar().valueChanged.connect(table.verticalScrollBar().setValue)
        table.horizontalHeader().sectionResized.connect(self._resized)
        table.model().modelReset.connect(self.place)
        table.selectionModel().currentChanged.connect(self._keep_in_sight)
        self.clicked.connect(table.clicked)
        self.doubleClicked.connect(table.doubleClicked)
        table.installEventFilter(self)
        table.viewport().installEventFilter(self)  # it gets its size after the table has got its own
        self.place()
        self.show()

    def _set_up_header(self) -> None:
        """Sorting works from the columns that stay, too."""
        mine, theirs = self.horizontalHeader(), self._table.horizontalHeader()
        mine.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        mine.setHighlightSections(False)
        mine.setDefaultAlignment(theirs.defaultAlignment())
        if theirs.sectionsClickable() and theirs.isSortIndicatorShown():
            mine.setSectionsClickable(True)
            mine.setSortIndicatorShown(True)
            mine.setSortIndicatorClearable(True)
            mine.setSortIndicator(theirs.sortIndicatorSection(), theirs.sortIndicatorOrder())
            mine.sortIndicatorChanged.connect(self._sorted_here)
            theirs.sortIndicatorChanged.connect(self._sorted_there)

    def _sorted_here(self, column: int, order: Qt.SortOrder) -> None:
        self._table.horizontalHeader().setSortIndicator(column, order)

    def _sorted_there(self, column: int, order: Qt.SortOrder) -> None:
        self.horizontalHeader().setSortIndicator(column, order)

    def place(self) -> None:
        """Lie exactly over the columns that stay."""
        header, frame = self._table.horizontalHeader(), self._table.frameWidth()
        width = 0
        for column in range(self._table.model().columnCount()):
            stays = column < self._count and not self._table.isColumnHidden(column)
            self.setColumnHidden(column, not stays)
            if stays:
                self.setColumnWidth(column, self._table.columnWidth(column))
                width += self._table.columnWidth(column)
        self.horizontalHeader().setFixedHeight(header.height() or header.sizeHint().height())
        height = self._table.viewport().height() + self.horizontalHeader().height()
        self.setGeometry(QRect(frame, frame, width + 1, height))

    def _resized(self, column: int, before: int, after: int) -> None:
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self.place()
        return False

    def _keep_in_sight(self, index: QModelIndex, before: QModelIndex) -> None:
        """The current cell does not hide below the columns that stay."""
        if index.column() < self._count:
            return
        hidden = self.width() - self._table.visualRect(index).left()
        if hidden > 0:
            bar = self._table.horizontalScrollBar()
            bar.setValue(bar.value() - hidden)


class UprightHeader(QHeaderView):
    """Column heads written upright, character under character; long names end in … and are whole in the tool tip."""

    LONGEST = 9

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self._font = style.font(12)
        self._glyph = QFontMetrics(self._font).ascent() + 2

    def sizeHint(self) -> QSize:
        model = self.model()
        titles = (str(model.headerData(at, Qt.Orientation.Horizontal) or "") for at in range(model.columnCount()))
        longest = max((min(len(title), self.LONGEST) for title in titles), default=2)
        return QSize(super().sizeHint().width(), longest * self._glyph + 12)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        painter.fillRect(rect, colour(colours.SIDE))
        painter.setPen(colour(colours.LINE))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.setFont(self._font)
        painter.setPen(colour(colours.TEXT_SOFT))
        text = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        if rect.width() > 60:
            inside = rect.adjusted(8, 0, -8, -6)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), text)
        else:
            self._draw_upright(painter, rect, text)
        painter.restore()

    def _draw_upright(self, painter: QPainter, rect: QRect, text: str) -> None:
        if len(text) > self.LONGEST:
            text = text[: self.LONGEST - 1] + "…"
        top = rect.bottom() - 6 - self._glyph * len(text)
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextDontClip)
        for at, character in enumerate(text):
            painter.drawText(QRectF(rect.left(), top + at * self._glyph, rect.width(), self._glyph), flags, character)


def wrapped(text: str, width: int, lines: int = 3) -> str:
    """A column title broken after ``width`` characters, into at most ``lines`` lines."""
    parts = [text[at : at + width] for at in range(0, len(text), width)]
    if len(parts) > lines:
        parts = [*parts[: lines - 1], parts[lines - 1][: width - 1] + "…"]
    return "\n".join(parts)
