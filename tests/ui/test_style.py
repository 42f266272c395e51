"""The look: light whatever the desktop is, Qt's own words in Chinese, every drawing there, grades that differ in lightness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QFileInfo, QLocale, QTranslator
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileIconProvider, QLineEdit
from pytestqt.qtbot import QtBot

from app.ui import colours, icons, places, style

ROOM = places.root() / "app" / "ui"
DRAWN = re.compile(r'(?:icon|pixmap|spaced)\(\s*"([a-z0-9-]+)"|icon="([a-z0-9-]+)"')


@pytest.fixture
def completed(qapp: QApplication) -> Iterator[QApplication]:
    before = QLocale()
    style.complete()
    yield qapp
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


def test_that_qt_s_own_words_are_chinese(completed: QApplication, qtbot: QtBot) -> None:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert [b.text() for b in box.buttons()] == ["确定", "取消"]
    assert QFileIconProvider().type(QFileInfo(str(ROOM))) == "文件夹"
    field = QLineEdit()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    assert "全选" in "".join(action.text() for action in menu.actions())
    menu.deleteLater()


def test_that_the_style_sheet_has_no_colour_without_a_name(qapp: QApplication) -> None:
    assert "$" not in qapp.styleSheet()
    assert colours.ACCENT in qapp.styleSheet()


def test_that_every_drawing_named_in_the_window_is_there() -> None:
    named = {
        one for path in ROOM.rglob("*.py") for pair in DRAWN.findall(path.read_text("utf-8")) for one in pair if one
    }
    assert len(named) > 20
    assert sorted(name for name in named if icons.pixmap(name).isNull()) == []


def test_that_grades_differ_in_lightness_and_their_words_stand_out() -> None:
    def lightness(code: str) -> float:
        colour = QColor(code)
        return 0.2126 * colour.redF() + 0.7152 * colour.greenF() + 0.0722 * colour.blueF()

    tones = [colours.grade_tone(place, 4) for place in range(4)]
    papers = [lightness(tone.paper) for tone in tones]
    assert papers == sorted(papers)
    assert all(after - before > 0.09 for before, after in pairwise(papers))
    assert all(abs(lightness(tone.paper) - lightness(tone.ink)) > 0.4 for tone in tones)
