"""The 依据 panel: how a figure came about, as sentences that unfold down to the cell of a workbook."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.domain.quantities import State
from app.domain.results import Step
from app.ui import colours, icons
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label, line
from app.ui.workspace import Explained

OPEN_AT_FIRST = 1  # levels that are unfolded when an explanation is shown
LONG = 12  # a value with more signs than this shows without its fraction in brackets; the tool tip has it
MANY = 40  # so many inputs are shown at once; the rest behind a button


class StepView(QFrame):
    """One figure: its name and value, the sentence, the place it was read from, and its inputs when unfolded."""

    def __init__(self, step: Step, depth: int = 0) -> None:
        super().__init__()
        self.step, self._depth = step, depth
        self._inputs: QWidget | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.setSpacing(3)
        rows.addWidget(self._head())
        indent = QVBoxLayout()
        indent.setContentsMargins(18, 0, 0, 0)
        indent.setSpacing(3)
        rows.addLayout(indent)
        if step.sentence:
            indent.addWidget(label(step.sentence, "soft", wrap=True, selectable=True))
        if step.source is not None:
            indent.addWidget(self._place())
        if depth < OPEN_AT_FIRST:
            self.unfold(True)

    def _head(self) -> QWidget:
        head = _Head(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._arrow = QLabel()
        self._arrow.setFixedSize(14, 18)
        row.addWidget(self._arrow, 0, Qt.AlignmentFlag.AlignTop)
        title = label(self.step.title, "strong" if self._depth < 2 else "body", wrap=True)
        row.addWidget(title, 1)
        text = self.step.text
        value = label(text if len(text) <= LONG else text.partition("（")[0], "strong", selectable=True)
        value.setWordWrap(len(value.text()) > LONG)
        if value.text() != text:
            value.setToolTip(plain_tip(text))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        if self.step.value is not None and self.step.value.state is not State.VALUE:
            value.setStyleSheet(f"color: {colours.WARN}")
        row.addWidget(value, 0, Qt.AlignmentFlag.AlignTop)
        self._show_arrow(False)
        return head

    def _place(self) -> QLabel:
        made = label(f"来源：{self.step.source}", "small", wrap=True, selectable=True)
        made.setStyleSheet(f"color: {colours.INFO}")
        if self.step.source is not None and self.step.source.sha256:
            made.setToolTip(f"文件指纹 SHA-256：{self.step.source.sha256}")
        return made

    @property
    def is_unfolded(self) -> bool:
        """Whether the inputs are shown."""
        return self._inputs is not None and not self._inputs.isHidden()

    def unfold(self, on: bool) -> None:
        """Show or hide the inputs; they are made when first shown."""
        if not self.step.inputs:
            return
        if self._inputs is None:
            self._inputs = _Inputs(self.step.inputs, self._depth + 1)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._inputs)
        self._inputs.setVisible(on)
        self._show_arrow(on)

    def toggle(self) -> None:
        """The other way."""
        self.unfold(not self.is_unfolded)

    def views(self) -> list[StepView]:
        """The views of the inputs that have been made."""
        return self._inputs.views if isinstance(self._inputs, _Inputs) else []

    def _show_arrow(self, on: bool) -> None:
        if self.step.inputs:
            self._arrow.setPixmap(icons.pixmap("chevron-down" if on else "chevron-right", colours.TEXT_FAINT, 14))


class _Inputs(QFrame):
    """The inputs of a step, with a line down their left side."""

    def __init__(self, steps: tuple[Step, ...], depth: int) -> None:
        super().__init__()
        self.setObjectName("inputs")
        self.setStyleSheet(
            f"#inputs {{ border: none; border-left: 1px solid {colours.LINE_STRONG}; margin-left: 6px; }}"
        )
        self.views: list[StepView] = []
        self._rest, self._depth = list(steps), depth
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(10, 0, 0, 0)
        self._rows.setSpacing(0)
        self._more()

    def _more(self) -> None:
        now, self._rest = self._rest[:MANY], self._rest[MANY:]
        for step in now:
            view = StepView(step, self._depth)
            self.views.append(view)
            self._rows.addWidget(view)
        if self._rest:
            more = button(f"再显示 {min(MANY, len(self._rest))} 项（还有 {len(self._rest)} 项）", "link")
            more.clicked.connect(more.hide)
            more.clicked.connect(self._more)
            self._rows.addWidget(more)


class _Head(QWidget):
    """The line that unfolds its step by a click, Enter or blank."""

    def __init__(self, view: StepView) -> None:
        super().__init__()
        self._view = view
        if view.step.inputs:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setToolTip(f"由 {len(view.step.inputs)} 项得出，点击展开或收起")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._view.toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._view.toggle()
        else:
            super().keyPressEvent(event)


class BasisPanel(QFrame):
    """The right side of the window. closed: the user does not want to see it. export_wanted (Explained): 导出说明."""

    closed = Signal()
    export_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("basis")
        self.setMinimumWidth(240)
        self.explained: Explained | None = None
        self.root: StepView | None = None
        rows = QVBoxLayout(self)
        rows.setContentsMargins(16, 14, 8, 12)
        rows.setSpacing(8)
        rows.addLayout(self._head())
        self.about = label("", "soft", wrap=True)
        self.about.hide()
        rows.addWidget(self.about)
        rows.addWidget(line())
        self._stack = QStackedLayout()
        self._stack.addWidget(
            EmptyState(
                "scale",
                "点击任一数字查看依据",
                "名次、总分、各项得分和等次都可以一层层展开，直到评分表的单元格。",
                width=250,
            )
        )
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack.addWidget(self._area)
        rows.addLayout(self._stack, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(label("依据", "heading"), 1)
        self.copy_button = button("", "quiet", "copy", "把全部依据（含收起的各层）复制为文字")
        self.export_button = button("", "quiet", "download", "把这个单位的等次说明导出为文本文件")
        self.export_button.clicked.connect(self._export)
        self.fold_button = button("", "quiet", "list-tree", "展开两层 / 收起")
        close = button("", "quiet", "x", "隐藏依据（F9）")
        self.copy_button.clicked.connect(self.copy)
        self.fold_button.clicked.connect(self.unfold_or_fold)
        close.clicked.connect(self.closed)
        self._tools = (self.fold_button, self.copy_button, self.export_button)
        for part in (*self._tools, close):
            head.addWidget(part)
        for part in self._tools:
            part.setEnabled(False)
        return head

    def show_explained(self, explained: Explained) -> None:
        """Show this explanation, folded down to its first level."""
        self.explained = explained
        step = explained.step
        self.about.setText(explained.unit_name)
        self.about.setVisible(bool(explained.unit_name))
        inside = QWidget()
        inside.setObjectName("inside")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 8, 0)
        self.root = StepView(step)
        rows.addWidget(self.root)
        rows.addStretch(1)
        self._area.setWidget(inside)
        self._stack.setCurrentIndex(1)
        self.fold_button.setEnabled(bool(step.inputs))
        self.copy_button.setEnabled(True)
        self.export_button.setEnabled(bool(explained.unit))

    def clear(self) -> None:
        """Nothing is explained (another file was opened)."""
        self.explained = self.root = None
        self._stack.setCurrentIndex(0)
        self.about.hide()
        for part in self._tools:
            part.setEnabled(False)

    def unfold_or_fold(self) -> None:
        """Unfold the second level everywhere, or fold it again."""
        if self.root is None:
            return
        self.root.unfold(True)
        views = self.root.views()
        wanted = not any(view.is_unfolded for view in views)
        for view in views:
            view.unfold(wanted)

    def copy(self) -> None:
        """Put the whole explanation on the clipboard."""
        if self.explained is not None:
            head = [self.explained.unit_name] if self.explained.unit_name else []
            QGuiApplication.clipboard().setText("\n".join([*head, *sentences(self.explained.step)]))

    def _export(self) -> None:
        if self.explained is not None:
            self.export_wanted.emit(self.explained)


def sentences(step: Step, depth: int = 0) -> Iterator[str]:
    """The explanation as indented lines, down to file › sheet › cell."""
    indent = "　" * depth
    yield f"{indent}{step.title}：{step.text}"
    if step.sentence:
        yield f"{indent}　{step.sentence}"
    if step.source is not None:
        yield f"{indent}　来源：{step.source}"
    for part in step.inputs:
        yield from sentences(part, depth + 1)
