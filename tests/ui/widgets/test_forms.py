"""Forms: what is wrong is said in the form, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.errors import AppError, Fault
from app.ui.widgets.forms import TALLEST, FormDialog, Wrong, date_text


class NameForm(FormDialog[str]):
    def __init__(self, parent: QWidget | None = None, lines: int = 0) -> None:
        super().__init__(parent, "名称")
        self.name = self.add_line("名称")
        self.day = self.add_date("日期", "2026-11-23")
        self.kind = self.add_choice("种类", (("a", "甲"), ("b", "乙")), "b")
        for number in range(lines):
            self.add_text(f"说明 {number}")

    def value(self) -> str:
        if not self.name.text():
            raise Wrong(self.name, "请填写名称。")
        return self.name.text()


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_a_missing_field_is_named_and_marked(host: QWidget) -> None:
    form, seen = NameForm(host), []
    form.submit(lambda value, close, wrong: seen.append(value))
    form.save_button.click()
    assert form.problem.text() == "请填写名称。"
    assert form.name.property("wrong")
    assert seen == []
    form.name.setText("甲")
    form.save_button.click()
    assert seen == ["甲"]
    assert not form.name.property("wrong")
    form.reject()


def test_that_a_refusal_leaves_the_form_open_with_what_was_typed(host: QWidget) -> None:
    form = NameForm(host)

    def refuse(value: str, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
        assert wrong(AppError(Fault.INPUT_BAD, "已有这个名称。"))

    form.submit(refuse)
    form.name.setText("甲")
    form.save_button.click()
    assert form.isVisible()
    assert form.problem.text() == "已有这个名称。"
    assert form.name.text() == "甲"
    assert form.save_button.isEnabled()
    form.reject()


def test_that_an_unexpected_fault_is_left_to_the_window(host: QWidget) -> None:
    form, taken = NameForm(host), []
    form.submit(lambda value, close, wrong: taken.append(wrong(ValueError())))
    form.name.setText("甲")
    form.save_button.click()
    assert taken == [False]
    form.reject()


def test_that_closing_after_saving_ends_the_form(host: QWidget, qtbot: QtBot) -> None:
    form = NameForm(host)
    form.submit(lambda value, close, wrong: close())
    form.name.setText("甲")
    with qtbot.waitSignal(form.accepted):
        form.save_button.click()


def test_that_dates_and_choices_are_read_as_the_program_stores_them(host: QWidget) -> None:
    form = NameForm(host)
    assert date_text(form.day) == "2026-11-23"
    assert form.kind.currentData() == "b"
    form.deleteLater()


def test_that_a_long_form_scrolls_and_stays_lower_than_a_small_screen(host: QWidget, qtbot: QtBot) -> None:
    form = NameForm(host, lines=14)
    form.submit(lambda value, close, wrong: None)
    assert form.height() <= TALLEST
    assert form.area.verticalScrollBar().maximum() > 0
    form.reject()
