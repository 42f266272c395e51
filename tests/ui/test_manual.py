"""F1: every page has its part of the manual, and the manual is read from the program's own folder."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from app.ui import places
from app.ui.manual import ManualWindow, headings, pages
from app.ui.shell import Shell
from tests.ui.settling import settle


@pytest.mark.parametrize("page", ["desk", "schemes", "units", "sheets", "results", "charts", "records"])
def test_that_f1_opens_the_part_about_the_page_in_front(shell: Shell, page: str) -> None:
    shell.view.show_page(page)
    settle(shell)
    shell.menus.manual.trigger()
    settle(shell)
    manual = shell._manual
    assert manual is not None
    assert shell.view.current_page().manual in manual.headings.currentItem().text()
    assert manual.text.toPlainText()
    manual.close()


def test_that_a_page_without_its_own_part_leads_to_the_beginning(qtbot: QtBot) -> None:
    manual = ManualWindow()
    qtbot.addWidget(manual)
    assert not manual.go_to("没有这一节")
    assert manual.headings.currentRow() == 0


def test_that_headings_in_code_are_no_headings() -> None:
    assert headings("# 一\n```\n# no\n```\n## 二\n#no\n#### 四") == [(1, "一"), (2, "二")]


def test_that_a_link_outside_the_program_leads_nowhere(qtbot: QtBot) -> None:
    manual = ManualWindow()
    qtbot.addWidget(manual)
    manual.go_to("")
    before = manual.text.toPlainText()
    manual._follow(QUrl("https://example.com/x.md"))
    manual._follow(QUrl("../../../../etc/passwd"))
    assert manual.text.toPlainText() == before


def test_that_the_manual_lies_in_the_program_s_folder() -> None:
    assert pages()
    assert all(places.root() in page.parents for page in pages())
