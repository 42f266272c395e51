"""A layout that puts widgets one behind the other and breaks into further lines, like the words of a sentence."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

GAP, LINES = 6, 6  # pixels between words and between lines


class FlowLayout(QLayout):
    """Height for width; every item keeps the size it asks for, but is never wider than the line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._known: tuple[int, int] = (-1, -1)  # width, and the height that it asks for

    def addItem(self, arg__1: QLayoutItem) -> None:
        self._items.append(arg__1)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def invalidate(self) -> None:
        self._known = (-1, -1)
        super().invalidate()

    def heightForWidth(self, arg__1: int) -> int:
        if self._known[0] != arg__1:
            self._known = (arg__1, self._place(QRect(0, 0, arg__1, 0), False))
        return self._known[1]

    def setGeometry(self, arg__1: QRect) -> None:
        super().setGeometry(arg__1)
        self._place(arg__1, True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize(80, 20)
        for item in self._items:
            size = size.expandedTo(QSize(min(item.minimumSize().width(), 240), item.minimumSize().height()))
        return size

    def _place(self, rect: QRect, really: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        row: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            width = min(hint.width(), rect.width())
            if x + width > rect.right() + 1 and line:
                self._settle(row, line, really)
                x, y, line, row = rect.x(), y + line + LINES, 0, []
            row.append((item, QRect(QPoint(x, y), QSize(width, hint.height()))))
            x, line = x + width + GAP, max(line, hint.height())
        self._settle(row, line, really)
        return y + line - rect.y()

    def _settle(self, row: list[tuple[QLayoutItem, QRect]], height: int, really: bool) -> None:
        """The things of a line stand on its middle."""
        if really:
            for item, place in row:
                item.setGeometry(place.translated(0, (height - place.height()) // 2))


class Flow(QWidget):
    """A widget whose contents flow."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = FlowLayout(self)
        self.flow.setContentsMargins(0, 0, 0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget) -> None:
        """One more at the end."""
        self.flow.addWidget(widget)


class Inside(QWidget):
    """What lies in a scroll area, one thing below the other: as high as they ask for at the width that there is, and not
    as high as they would be in the narrowest place, which would leave an empty stretch at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inside")

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), 0)
