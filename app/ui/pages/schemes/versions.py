"""Versions of a scheme: published, looked at, compared in words, computed anew."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from app.domain.results import Results, UnitResult
from app.domain.scheme_differences import Difference
from app.domain.schemes import Scheme
from app.services.comparison import ResultChange
from app.services.figures import shown
from app.services.schemes import SchemeVersion
from app.ui.pages.schemes.chosen_fields import QuietCombo
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.form import RecordForm
from app.ui.pages.schemes.sections import SECTIONS
from app.ui.pages.schemes.tree_view import SchemeTree
from app.ui.pages.schemes.waiting_bar import MovesDialog
from app.ui.widgets.chips import grade_name
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace

ONLY_LOOK = "这是保存的版本，只能看。"


class PublishForm(FormDialog[tuple[str, str]]):
    """Who publishes, and by what (name, reason)."""

    def __init__(self, parent: QWidget, scheme: Scheme) -> None:
        lead = "发布就是冻结这一版：以后再改，另成新的一版，这一版一直可以查看和重算。"
        super().__init__(parent, f"发布“{scheme.name}”", save="发布", lead=lead)
        self.by = self.add_line("发布人", "", "姓名或单位")
        self.reason = self.add_text("依据", scheme.source, "如：某号文，某次会议审议通过")

    def value(self) -> tuple[str, str]:
        if not self.by.text().strip():
            raise Wrong(self.by, "请写明由谁发布。")
        if not self.reason.toPlainText().strip():
            raise Wrong(self.reason, "请写明发布的依据。")
        return self.by.text().strip(), self.reason.toPlainText().strip()


class VersionsDialog(QDialog):
    """All stored versions, newest first; one is compared with another."""

    def __init__(self, parent: QWidget, work: Workspace, scheme: Scheme, versions: tuple[SchemeVersion, ...]) -> None:
        super().__init__(parent)
        self.work, self.scheme, self.versions = work, scheme, versions
        self.setWindowTitle(f"“{scheme.name}”的版本")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 600)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        self.table: Table[SchemeVersion] = Table(_columns(), sortable=False)
        self.table.show_rows(versions)
        self.table.setFixedHeight(210)
        rows.addWidget(self.table)
        across = QHBoxLayout()
        self.look = button("查看这一版", icon="search")
        self.compute = button("按这一版计算…", icon="calculator")
        across.addWidget(self.look)
        across.addWidget(self.compute)
        across.addStretch(1)
        across.addWidget(label("与", "soft"))
        self.other = QuietCombo()
        for one in versions:
            self.other.addItem(f"第 {one.version} 版{'（现行）' if one.current else ''}", one.version)
        across.addWidget(self.other)
        across.addWidget(label("比较", "soft"))
        self.who = button("谁会变动…")
        across.addWidget(self.who)
        rows.addLayout(across)
        self.title = label("", "strong")
        rows.addWidget(self.title)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "reading")
        rows.addWidget(self.text, 1)
        ends = QHBoxLayout()
        ends.addStretch(1)
        close = button("关闭", "primary")
        close.clicked.connect(self.accept)
        ends.addWidget(close)
        rows.addLayout(ends)
        self.look.clicked.connect(self._look)
        self.compute.clicked.connect(self._compute)
        self.who.clicked.connect(self._moves)
        self.table.picked.connect(self._compare)
        self.other.activated.connect(self._compare)
        index = self.table.contents.index(min(1, len(versions) - 1), 0)
        self.table.setCurrentIndex(index)
        self._compare()

    def _chosen(self) -> SchemeVersion:
        return self.table.current() or self.versions[0]

    def _pair(self) -> tuple[int, int]:
        one, other = self._chosen().version, int(self.other.currentData())
        return min(one, other), max(one, other)

    def _compare(self, chosen: object = None) -> None:
        before, after = self._pair()
        self.who.setEnabled(before != after)
        if before == after:
            self.title.setText("选两个不同的版本，这里列出差别")
            self.text.setPlainText("")
            return
        self.title.setText(f"第 {before} 版 → 第 {after} 版")
        self.work.read(
            "正在比较…", lambda s, p: s.schemes.compare_versions(self.scheme.id, before, after), self._show, owner=self
        )

    def _show(self, found: tuple[Difference, ...]) -> None:
        self.text.setPlainText("\n".join(str(d) for d in found) or "两版内容相同。")

    def _moves(self) -> None:
        before, after = self._pair()

        def done(moves: tuple[ResultChange, ...]) -> None:
            MovesDialog(self, f"第 {before} 版 → 第 {after} 版：谁会变动", moves, self.scheme).open()

        self.work.read(
            "正在计算…", lambda s, p: s.schemes.version_moves(self.scheme.id, before, after), done, owner=self
        )

    def _look(self) -> None:
        number = self._chosen().version
        self.work.read(
            "正在读取…",
            lambda s, p: s.schemes.version(self.scheme.id, number),
            lambda scheme: VersionView(self, scheme, number).open(),
            owner=self,
        )

    def _compute(self) -> None:
        number, id = self._chosen().version, self.scheme.id

        def done(found: tuple[Results, Scheme, dict[str, str]]) -> None:
            VersionResults(self, number, *found).open()

        self.work.read(
            "正在计算…",
            lambda s, p: (
                s.schemes.results_of_version(id, number),
                s.schemes.version(id, number),
                {u.code: u.name for u in s.units.units()},
            ),
            done,
            owner=self,
        )


class VersionView(QDialog):
    """An older version, as the editor shows it, but only to look at."""

    def __init__(self, parent: QWidget, scheme: Scheme, number: int) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"“{scheme.name}”第 {number} 版（只能看）")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1040, 620)
        self.draft = Draft(scheme, self)
        self.draft.read_only = ONLY_LOOK
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        self.choice = QuietCombo()
        for section in SECTIONS:
            if section.id != "measures":
                self.choice.addItem(section.title, section.id)
        rows.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)
        across = QSplitter(Qt.Orientation.Horizontal)
        self.tree = SchemeTree(self.draft)
        self.form = RecordForm(self.draft)
        across.addWidget(self.tree)
        across.addWidget(self.form)
        across.setSizes([560, 440])
        rows.addWidget(across, 1)
        self.tree.chosen.connect(self._part)
        self.choice.activated.connect(self._section)
        self.choice.setCurrentIndex(self.choice.findData("tree"))
        self.tree.choose([scheme.tree.id])

    def _part(self, id: str) -> None:
        path = self.draft.path("part", id)
        self.form.show_paths((path,) if path else ())

    def _section(self, place: int = 0) -> None:
        section = next(s for s in SECTIONS if s.id == self.choice.currentData())
        self.tree.setVisible(not section.paths)
        if section.paths:
            self.form.show_paths(section.paths)
        else:
            self._part(self.tree.current_id())


class VersionResults(QDialog):
    """What a version gives with the facts of now; nothing is stored."""

    def __init__(self, parent: QWidget, number: int, results: Results, scheme: Scheme, names: dict[str, str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"按第 {number} 版、现有数据计算（不保存）")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 560)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        found = next((s for s in results.schemes if s.scheme == scheme.id), None)
        units = [u for s in found.series for c in s.order if (u := found.units.get(c))] if found else []

        def total(one: UnitResult) -> str:
            value = one.total.value
            return "无" if value is None else shown(value, scheme.rounding.shown)

        self.table: Table[UnitResult] = Table(
            [
                Column(key="name", title="单位", text=lambda u: names.get(u.unit, u.unit), width=200, stretch=True),
                Column(key="total", title="总分", text=total, width=100, align="right"),
                Column(key="rank", title="名次", text=lambda u: str(u.rank or "—"), width=70, align="center"),
                Column(key="grade", title="等次", text=lambda u: grade_name(scheme, u.grade.final) or "无", width=100),
            ]
        )
        self.table.show_rows(units)
        rows.addWidget(self.table, 1)


def _columns() -> list[Column[SchemeVersion]]:
    return [
        Column(key="version", title="版本", text=lambda v: f"第 {v.version} 版", width=80),
        Column(key="state", title="状态", text=lambda v: _state(v), width=190),
        Column(key="made", title="保存时间", text=lambda v: v.made_at[:16].replace("T", " "), width=140),
        Column(key="by", title="经办人", text=lambda v: v.made_by, width=110),
        Column(key="used", title="是否用过", text=lambda v: "已有结果或已发表" if v.used else "没有", width=130),
        Column(key="print", title="指纹", text=lambda v: v.fingerprint[:16], width=150, stretch=True),
    ]


def _state(version: SchemeVersion) -> str:
    said = f"已发布 {version.published[:16].replace('T', ' ')}" if version.published else "草稿"
    return f"{said}（现行）" if version.current else said
