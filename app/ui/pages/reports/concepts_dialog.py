"""易混概念: pairs of terms that reports mix up, as the office lists them; the examination looks for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.reports import Concept
from app.ui.widgets.grid import Grid
from app.ui.widgets.table import Column
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace


class ConceptsDialog(QDialog):
    """The list, edited as a whole and stored as one step."""

    def __init__(self, parent: QWidget, work: Workspace, concepts: Sequence[Concept]) -> None:
        super().__init__(parent)
        self.work = work
        self.rows: list[tuple[int, Concept]] = []
        self.setWindowTitle("易混概念")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 480)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 16, 20, 16)
        outer.setSpacing(10)
        outer.addWidget(
            label(
                "一份报告里把两个词混着用时，检查会提示。可以从 Excel 粘贴，每行：词语、易混的词语、区别。",
                "soft",
                wrap=True,
            )
        )
        self.table: Grid[tuple[int, Concept]] = Grid(_columns(work.read_only), row_height=28)
        self.table.edited.connect(self._edited)
        self.table.refused.connect(self._refused)
        outer.addWidget(self.table, 1)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        outer.addWidget(self.problem)
        ends = QHBoxLayout()
        self.add, self.remove = button("增加一行", icon="plus"), button("删除所选", "danger", "trash-2")
        cancel, self.save = button("取消"), button("保存", "primary")
        for one in (self.add, self.remove):
            ends.addWidget(one)
        ends.addStretch(1)
        for one in (cancel, self.save):
            ends.addWidget(one)
        outer.addLayout(ends)
        for one in (self.add, self.remove, self.save):
            one.setEnabled(not work.read_only)
            one.setToolTip(work.read_only)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        self._show(concepts)

    def concepts(self) -> tuple[Concept, ...]:
        """What stands in the table, without empty lines."""
        return tuple(c for _, c in self.rows if c.term or c.other or c.advice)

    def _show(self, concepts: Sequence[Concept]) -> None:
        self.rows = list(enumerate(concepts))
        self.table.show_rows(self.rows)

    def _edited(self, edits: list[tuple[tuple[int, Concept], str, str]]) -> None:
        concepts = [c for _, c in self.rows]
        for (at, _), key, text in edits:
            concepts[at] = replace(concepts[at], **{key: text})
        self._show(concepts)

    def _refused(self, said: list[str]) -> None:
        self.work.notices.tell("没有填入", "\n".join(said[:5]))

    def _add(self) -> None:
        self._show([*(c for _, c in self.rows), Concept(term="", other="")])
        self.table.setCurrentIndex(self.table.contents.index(len(self.rows) - 1, 0))
        self.table.setFocus()

    def _remove(self) -> None:
        gone = {at for at, _ in self.table.chosen()}
        self._show([c for at, c in self.rows if at not in gone])

    def _save(self) -> None:
        concepts = self.concepts()
        lone = next((c for c in concepts if not c.term or not c.other), None)
        self.problem.setVisible(lone is not None)
        if lone is not None:
            self.problem.setText(f"“{lone.term or lone.other or lone.advice}”一行要写两个词语。")
            return
        self.work.change("正在保存…", lambda s, p: s.lists.set_concepts(concepts), lambda _: self.accept(), owner=self)


def _columns(read_only: str) -> tuple[Column[tuple[int, Concept]], ...]:
    def column(key: str, title: str, width: int, *, stretch: bool = False) -> Column[tuple[int, Concept]]:
        return Column(
            key=key,
            title=title,
            text=lambda row: str(getattr(row[1], key)),
            tip=lambda row: str(getattr(row[1], key)),
            check=lambda row, text: "",
            locked=lambda row: read_only,
            width=width,
            stretch=stretch,
        )

    return column("term", "词语", 200), column("other", "易混的词语", 200), column("advice", "区别", 300, stretch=True)
