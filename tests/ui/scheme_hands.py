"""The hands of somebody who edits a scheme in the window: typing, choosing, ticking, clicking links."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget

from app.domain.scheme_editing import Path
from app.ui.pages.schemes.fields import AmountEditor, ChoiceEditor, LineEditor, SeveralEditor, YesNoEditor
from app.ui.pages.schemes.form import RecordForm
from app.ui.pages.schemes.page import SchemesPage
from app.ui.pages.schemes.tree_model import NAME
from app.ui.shell import Shell
from tests.ui.settling import settle


class Hands:
    """At the page 方案 of a window."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        shell.view.show_page("schemes")
        settle(shell)
        page = shell.view.current_page()
        assert isinstance(page, SchemesPage)
        self.page = page

    @property
    def form(self) -> RecordForm:
        """The form in front."""
        return self.page.side.form if self.page.middle.currentIndex() == 0 else self.page.sheet.form

    @property
    def scheme(self) -> Any:
        """What is shown."""
        return self.page.draft.scheme

    def stored(self, id: str = "") -> Any:
        """What the year file holds."""
        self.rest()
        assert self.shell.work is not None
        seen: list[Any] = []
        self.shell.work.read("x", lambda s, p: s.schemes.get(id or self.scheme.id), seen.append)
        settle(self.shell)
        return seen[0]

    def rest(self) -> None:
        """Let everything come to its end."""
        for _ in range(80):
            self.page.saver.flush()
            settle(self.shell)
            if self.page.saver.idle or self.page.saver.held is not None:
                break
        settle(self.shell)

    # ---- the tree

    def choose(self, *ids: str) -> None:
        """Parts in the tree."""
        self.page.show_section("tree")
        self.page.tree.choose(list(ids))
        QApplication.processEvents()

    def id_of(self, name: str) -> str:
        """The id of the part with this name."""
        return next(i for i, line in self.page.tree.contents.lines.items() if line.part and line.part.name == name)

    def type_cell(self, id: str, column: int, text: str, *, enter: bool = True) -> QLineEdit:
        """Type into a cell of the tree, key by key (Chinese comes in one piece, as from an input method)."""
        tree = self.page.tree
        tree.setCurrentIndex(tree.contents.index_of(id, column))
        tree.edit(tree.contents.index_of(id, column))
        line = self._open_cell()
        self._write(line, text)
        if enter:
            QTest.keyClick(line, Qt.Key.Key_Return)
            QApplication.processEvents()
        return line

    def _open_cell(self) -> QLineEdit:
        """The cell that is being typed (those before it may still be on their way out)."""
        return self.page.tree.findChildren(QLineEdit)[-1]

    def insert(self, name: str, *, node: bool = False, after: str = "") -> str:
        """A new part with its name typed at once."""
        tree = self.page.tree
        if after:
            self.choose(after)
        (tree.add_node if node else tree.add_item).trigger()
        id = tree.current_id()
        line = self._open_cell()
        self._write(line, name)
        QTest.keyClick(line, Qt.Key.Key_Return)
        QApplication.processEvents()
        assert tree.contents.text(tree.contents.lines[id], NAME) == name
        return id

    # ---- forms and sentences

    def editor(self, *path: str | int) -> Any:
        """The field at this place."""
        found = self.form.editors.get(path)
        assert found is not None, (path, list(self.form.editors))
        return found

    def part(self, id: str, *rest: str | int) -> Path:
        """The place of something in a part."""
        found = self.page.draft.path("part", id)
        assert found is not None
        return (*found, *rest)

    def write(self, path: Path, text: str) -> None:
        """Type into a field and leave it with Enter."""
        field = self.editor(*path)
        assert isinstance(field, LineEditor | AmountEditor)
        self._write(field.line, text)
        QTest.keyClick(field.line, Qt.Key.Key_Return)
        QApplication.processEvents()

    def pick(self, path: Path, value: Any) -> None:
        """Choose in a field."""
        field = self.editor(*path)
        if isinstance(field, SeveralEditor):
            field.toggle(value, True)
        elif isinstance(field, YesNoEditor):
            if field.box.isChecked() != value:
                field.box.click()
        else:
            assert isinstance(field, ChoiceEditor)
            self.pick_in(field.box, value)
        QApplication.processEvents()

    def pick_in(self, box: QComboBox, value: Any) -> None:
        """Choose in a list."""
        place = box.findData(value)
        assert place >= 0, value
        box.setCurrentIndex(place)
        box.activated.emit(place)
        QApplication.processEvents()

    def kind(self, title: str, value: str | bool) -> None:
        """Another kind of source, reading …"""
        box = next(b for b in self._inside(QComboBox) if b.accessibleName() == title and b.findData(value) >= 0)
        self.pick_in(box, value)

    def link(self, text: str, nth: int = 0) -> None:
        """Click a ＋link."""
        found = [b for b in self._inside(QPushButton) if b.text() == text]
        assert found, (text, [b.text() for b in self._inside(QPushButton)])
        found[nth].click()
        QApplication.processEvents()
        QApplication.processEvents()

    def _inside(self, kind: type[Any]) -> list[Any]:
        """Fields and buttons of the lines that are shown (the form keeps others for later)."""
        return [one for line in self.form.lines for one in line.findChildren(kind)]

    def _write(self, line: QWidget, text: str) -> None:
        assert isinstance(line, QLineEdit)
        line.setFocus()
        line.selectAll()
        if text.isascii():
            QTest.keyClicks(line, text)
        else:
            line.insert(text)
            line.setModified(True)
            line.textEdited.emit(line.text())


def number(value: int | str) -> Fraction:
    """An exact number."""
    return Fraction(value)
