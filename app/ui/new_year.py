"""The form for a new year: title, schemes, register, where the file goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.ui import places
from app.ui.notices import Notices
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.text import button

ENDING = ".slk"


@dataclass(frozen=True, slots=True)
class NewYear:
    """What a new year is made of."""

    path: Path
    schemes: tuple[Path, ...]
    register: Path | None
    who: str
    title: str


class NewYearForm(FormDialog[NewYear]):
    """Asks for everything at once; the shipped samples stand in the list, not chosen."""

    def __init__(self, parent: QWidget | None, notices: Notices, folder: Path) -> None:
        lead = "年度文件由方案和名册建立，是一个可以拷贝、备份的文件。没有自己的方案和名册时，可先用随程序附带的样例。"
        super().__init__(parent, "新建年度", save="建立年度文件", lead=lead, width=620)
        self._notices = notices
        self.title = self.add_line("名称", hint="如：2026年度市直机关三级联述联评联考")
        self.who = self.add_line("经办人", hint="记入操作记录的姓名")
        self.schemes = QListWidget()
        self.schemes.setFixedHeight(132)
        for path in samples("*.json"):
            self._add_scheme(path, chosen=False)
        self.add_field("方案", self._with_buttons(self.schemes, ("添加方案文件…", self._choose_schemes)))
        self.add_note("勾选这一年要用的方案，每一级一份。")
        self.register = QLineEdit()
        self.register.setPlaceholderText("单位、评议人名册工作簿（.xlsx），也可以以后再导入")
        register = samples("*.xlsx")
        buttons: list[tuple[str, Callable[[], object]]] = [("选择…", self._choose_register)]
        if register:
            buttons.append(("用样例名册", lambda: self.register.setText(str(register[0]))))
        self.add_field("名册", self._with_buttons(self.register, *buttons))
        self.path = QLineEdit(str(folder / f"新年度{ENDING}"))
        self.add_field("保存到", self._with_buttons(self.path, ("选择…", self._choose_path)))

    def value(self) -> NewYear:
        if not self.title.text().strip():
            raise Wrong(self.title, "请填写年度名称。")
        if not self.who.text().strip():
            raise Wrong(self.who, "请填写经办人，操作记录里要写明是谁做的。")
        chosen = self._chosen()
        if not chosen:
            raise Wrong(self.schemes, "请至少勾选一份方案。")
        register = self.register.text().strip()
        if register and not Path(register).is_file():
            raise Wrong(self.register, "找不到这个名册文件，请重新选择。")
        path = Path(self.path.text().strip() or ".")
        if path.suffix.lower() != ENDING:
            path = path.with_name(path.name + ENDING)
        if path.exists():
            raise Wrong(self.path, "这里已经有一个同名文件，请换一个名字；程序不会覆盖已有的年度文件。")
        if not path.parent.is_dir():
            raise Wrong(self.path, "这个文件夹不存在，请重新选择。")
        return NewYear(
            path, chosen, Path(register) if register else None, self.who.text().strip(), self.title.text().strip()
        )

    def choose_all(self) -> None:
        """Tick every scheme of the list."""
        for row in range(self.schemes.count()):
            self.schemes.item(row).setCheckState(Qt.CheckState.Checked)

    def _chosen(self) -> tuple[Path, ...]:
        items = [self.schemes.item(row) for row in range(self.schemes.count())]
        return tuple(Path(i.data(Qt.ItemDataRole.UserRole)) for i in items if i.checkState() == Qt.CheckState.Checked)

    def _add_scheme(self, path: Path, *, chosen: bool) -> None:
        sample = path.parent == places.resources() / "samples"
        item = QListWidgetItem(f"{path.stem}（样例）" if sample else path.stem, self.schemes)
        item.setData(Qt.ItemDataRole.UserRole, str(path))
        item.setToolTip(str(path).replace("<", "&lt;"))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)

    def _with_buttons(self, field: QWidget, *buttons: tuple[str, Callable[[], object]]) -> QWidget:
        made = QWidget()
        tall = isinstance(field, QListWidget)
        row = QVBoxLayout(made) if tall else QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(field, 1)
        for text, run in buttons:
            one = button(text)
            one.clicked.connect(partial(_call, run))
            row.addWidget(one, 0, Qt.AlignmentFlag.AlignLeft)
        return made

    def _choose_schemes(self) -> None:
        for path in self._notices.open_files("添加方案文件", "方案文件 (*.json)"):
            self._add_scheme(path, chosen=True)

    def _choose_register(self) -> None:
        path = self._notices.open_file("选择名册工作簿", "名册工作簿 (*.xlsx)")
        if path is not None:
            self.register.setText(str(path))

    def _choose_path(self) -> None:
        path = self._notices.save_file("年度文件保存到", f"年度文件 (*{ENDING})", self.path.text())
        if path is not None:
            self.path.setText(str(path))


def _call(run: Callable[[], object], checked: bool = False) -> None:
    run()


def samples(kind: str) -> list[Path]:
    """The shipped sample files of a kind, such as ``*.json``."""
    return sorted((places.resources() / "samples").glob(kind))
