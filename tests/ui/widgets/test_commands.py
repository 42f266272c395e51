"""Commands and their buttons."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.widgets.commands import Command


def test_that_a_button_hidden_by_its_page_stays_hidden_whatever_its_command_says(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    command = Command(place, "核对差异", lambda: None)
    shown = command.button()
    QHBoxLayout(place).addWidget(shown)
    place.show()
    shown.hide()
    command.set_reason("两个人都录完以后才能核对。")
    assert shown.isHidden() and not shown.isEnabled()
    shown.show()
    command.setVisible(False)
    assert shown.isHidden()
    command.setVisible(True)
    assert shown.isVisible()
