"""新建方案: where a new scheme starts from, with the table of indicators shown before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import AppError
from app.domain.indicator_tables import IndicatorTable, parts_of
from app.domain.progress import Progress
from app.domain.schemes import Scheme
from app.services.container import Services
from app.services.schemes import Sample
from app.ui.pages.schemes.draft import Known
from app.ui.pages.schemes.indicators import TablePreview
from app.ui.widgets.table_model import plain_tip
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace

WAYS = (
    ("empty", "空白", "一个指标、通常的四个等次，其余自己写。"),
    ("sample", "样例", "随程序附带的方案，各按一类办法写成；挑一个接近的来改。"),
    ("year", "上年的年度文件", "把另一个年度文件里的方案抄过来，那个文件只读不改。"),
    ("file", "方案文件", "别处交来的方案文件（.json）。"),
    ("table", "Excel 指标表", "本单位现有的指标表，先看读出了什么，再建方案。"),
)
FILTERS = {"year": "年度文件 (*.slk)", "file": "方案文件 (*.json)", "table": "Excel 工作簿 (*.xlsx *.xls)"}
KEY = Qt.ItemDataRole.UserRole


class StartForm(QDialog):
    """created (by ``take``): the chosen start, as a scheme of this year."""

    def __init__(self, parent: QWidget, work: Workspace, take: Callable[[Scheme], object]) -> None:
        super().__init__(parent)
        self.work, self._take = work, take
        self._path: Path | None = None
        self._table: IndicatorTable | None = None
        self.setWindowTitle("新建方案")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(880, 600)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 16)
        outer.setSpacing(12)
        across = QHBoxLayout()
        across.setSpacing(18)
        across.addLayout(self._ways())
        right = QVBoxLayout()
        right.setSpacing(10)
        self.about = label("", "soft", wrap=True)
        right.addWidget(self.about)
        right.addWidget(self._names())
        self.pages = QStackedWidget()
        self.pages.addWidget(QWidget())
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.pages.addWidget(self.list)
        self.preview = TablePreview()
        self.pages.addWidget(self.preview)
        self.choose = button("选择文件…", icon="folder-open")
        self.choose.clicked.connect(self._choose)
        right.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeft)
        right.addWidget(self.pages, 1)
        across.addLayout(right, 1)
        outer.addLayout(across, 1)
        self.problem = label("", "error", wrap=True)
        outer.addWidget(self.problem)
        ends = QHBoxLayout()
        ends.addStretch(1)
        cancel = button("取消")
        cancel.clicked.connect(self.reject)
        self.create_button = button("建立方案", "primary")
        self.create_button.setDefault(True)
        self.create_button.clicked.connect(self._create)
        ends.addWidget(cancel)
        ends.addWidget(self.create_button)
        outer.addLayout(ends)

    def _ways(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(10)
        rows.addWidget(label("从哪里开始", "strong"))
        self.ways = QButtonGroup(self)
        for n, (_, word, _) in enumerate(WAYS):
            one = QRadioButton(word)
            self.ways.addButton(one, n)
            rows.addWidget(one)
        self.ways.idClicked.connect(self._show_way)
        rows.addStretch(1)
        return rows

    def _names(self) -> QWidget:
        self.names = QWidget()
        form = QFormLayout(self.names)
        form.setContentsMargins(0, 0, 0, 0)
        self.name = QLineEdit()
        self.name.setPlaceholderText("如：机关党委书记考核方案")
        self.level = QComboBox()
        self.level.setEditable(True)
        self.level.setToolTip("名册中单位的“层级”代号；这个层级的单位由本方案考核")
        self.level_name = QLineEdit()
        self.level_name.setPlaceholderText("如：机关党委")
        form.addRow(label("方案名称", "soft"), self.name)
        form.addRow(label("层级代号", "soft"), self.level)
        form.addRow(label("层级名称", "soft"), self.level_name)
        return self.names

    def show_for(self, known: Known) -> None:
        """Open; known: the levels that the register knows."""
        for code, name in known.levels:
            self.level.addItem(code, name)
        self.level.setCurrentIndex(-1)
        self.level.setEditText("")
        self.level.activated.connect(self._level_chosen)
        self.ways.button(0).setChecked(True)
        self._show_way(0)
        self.open()

    def _level_chosen(self, place: int) -> None:
        self.level_name.setText(str(self.level.itemData(place) or ""))

    def choose_way(self, way: str) -> None:
        """Another start."""
        number = next(n for n, (key, _, _) in enumerate(WAYS) if key == way)
        self.ways.button(number).setChecked(True)
        self._show_way(number)

    @property
    def way(self) -> str:
        """Where it starts from."""
        return WAYS[self.ways.checkedId()][0]

    def _show_way(self, number: int) -> None:
        way, _, about = WAYS[number]
        self._path, self._table = None, None
        self.problem.setText("")
        self.about.setText(about)
        self.names.setVisible(way in ("empty", "table"))
        self.choose.setVisible(way in FILTERS)
        self.list.clear()
        self.pages.setCurrentIndex({"empty": 0, "table": 2}.get(way, 1))
        self.preview.setVisible(way != "table")
        if way == "sample":
            self._read(lambda s, p: s.schemes.samples(), self._show_samples)

    def _read(self, work: Callable[[Services, Progress], object], done: Callable[..., object]) -> None:
        self.problem.setText("")
        self.work.read("正在读取…", work, done, owner=self, failed=self._refused)

    def _refused(self, error: BaseException) -> bool:
        self.create_button.setEnabled(True)
        if isinstance(error, AppError):
            lines = [error.detail or error.fault.value.cause, *(f"· {f}" for f in error.findings[:4])]
            self.problem.setText("\n".join(lines))
            return True
        return False

    # ---- lists

    def _show_samples(self, samples: tuple[Sample, ...]) -> None:
        for sample in samples:
            self._add(f"{sample.name}\n{sample.source or sample.level_name}", sample.note, sample.path)

    def _add(self, text: str, tip: str, value: object) -> None:
        item = QListWidgetItem(text, self.list)
        item.setData(KEY, value)
        item.setToolTip(plain_tip(tip))
        if self.list.count() == 1:
            self.list.setCurrentRow(0)

    def _choose(self) -> None:
        way = self.way
        path = self.work.notices.open_file("选择文件", FILTERS[way])
        if path is None:
            return
        self._path = path
        self.list.clear()
        if way == "year":
            self._read(lambda s, p: s.schemes.of_other_year(path), self._show_schemes)
        elif way == "file":
            self._read(lambda s, p: (s.schemes.from_file(path),), self._show_schemes)
        else:
            self._read(lambda s, p: s.schemes.read_indicators(path), self._show_table)

    def _show_schemes(self, schemes: tuple[Scheme, ...]) -> None:
        for scheme in schemes:
            self._add(f"{scheme.name}\n层级：{scheme.level_name or scheme.level}", scheme.note or scheme.source, scheme)
        if not schemes:
            self.problem.setText("这个文件里没有方案。")

    def _show_table(self, table: IndicatorTable) -> None:
        self._table = table
        self.preview.setVisible(True)
        self.preview.show_table(table)
        if not self.name.text():
            self.name.setText(table.title)
        if not table.rows:
            self.problem.setText("这个工作簿里没有看出指标表。")

    # ---- taking it

    def _create(self) -> None:
        way = self.way
        name, level, level_name = self.name.text(), self.level.currentText(), self.level_name.text()
        row = self.list.currentRow()
        chosen: object = self.list.item(row).data(KEY) if row >= 0 else None
        table = self._table
        if way in FILTERS and self._path is None:
            self.problem.setText("请先选择文件。")
            return
        if way in ("sample", "year", "file") and chosen is None:
            self.problem.setText("请在列表里选一个方案。")
            return
        if isinstance(chosen, Scheme):
            self._done(chosen)
        elif isinstance(chosen, Path):
            self._read(lambda s, p: s.schemes.from_file(chosen), self._done)
        elif table is not None:
            parts = parts_of(table)
            self._read(lambda s, p: s.schemes.from_parts(level, level_name, name, parts), self._done)
        else:
            self._read(lambda s, p: s.schemes.from_nothing(level, level_name, name), self._done)

    def _done(self, scheme: Scheme) -> None:
        self._take(scheme)
        self.accept()
