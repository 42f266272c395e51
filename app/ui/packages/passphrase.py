"""Passphrases of packages: typed twice when one is set, asked for when a package is locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.widgets.forms import FormDialog, Wrong

SHORTEST = 8
WRONG = "口令不对，或者文件已损坏。请核对大小写后再试；仍打不开的，请对方重新生成。"
LEAD = "文件设了口令，请向发件人询问（口令不与文件放在一起）。"


class NewPassphrase:
    """Two fields at the end of a form; both empty: no passphrase."""

    def __init__(self, form: FormDialog[Any]) -> None:
        self.first = _hidden(form.add_line("口令", hint=f"可以不设；设的话至少 {SHORTEST} 个字符"))
        self.second = _hidden(form.add_line("再输一次", hint="与上面一致"))
        form.add_note("内容始终签名防改；设口令后，没有口令的人打不开。口令另行告知，程序不保存，忘了只能重新生成。")

    def value(self) -> str:
        """The passphrase. Raises Wrong."""
        first, second = self.first.text(), self.second.text()
        if first != second:
            raise Wrong(self.second, "两次输入的口令不一致，请重新输入。")
        if first and len(first) < SHORTEST:
            raise Wrong(self.first, f"口令太短，请至少用 {SHORTEST} 个字符。")
        return first


class UnlockForm(FormDialog[str]):
    """Asks for the passphrase of these files."""

    def __init__(self, parent: QWidget | None, names: Sequence[str]) -> None:
        super().__init__(parent, "输入口令", save="打开", lead=LEAD, width=480)
        shown = "\n".join(names[:6]) + (f"\n……共 {len(names)} 个" if len(names) > 6 else "")
        self.names = self.add_note(shown)
        self.phrase = _hidden(self.add_line("口令"))

    def value(self) -> str:
        if not self.phrase.text():
            raise Wrong(self.phrase, "请输入口令。")
        return self.phrase.text()

    def say_wrong(self, names: Sequence[str]) -> None:
        """It does not open these; the form stays."""
        self.names.setText("\n".join(names[:6]))
        self.save_button.setEnabled(True)
        self._show_problem(self.phrase, WRONG)
        self.phrase.selectAll()


def _hidden(field: QLineEdit) -> QLineEdit:
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
