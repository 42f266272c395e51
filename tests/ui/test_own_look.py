"""What the window says of itself when the selftest asks: each part that does not work is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.own_parts import tried
from app.ui import own_look
from app.ui.pages.reports import pictures


def no_window() -> int:
    raise AssertionError("there is a window")


def test_that_all_parts_work_here(qtbot: QtBot, tmp_path: Path) -> None:
    assert [f for f in own_look.window_faults(tmp_path, no_window) if not f.code.startswith("SELF-")] == []
    assert {p.name for p in tmp_path.iterdir()} >= {"自检.pdf", "打印.pdf"}


def test_that_a_kind_of_picture_that_cannot_be_shown_is_named(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FORMATS", pictures.FORMATS | {b"heic"})
    found = tried("图片", own_look._pictures)
    assert found is not None and (found.code, found.message) == ("E-SYS-00", "不能显示的图片种类：heic")


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_that_print_that_cannot_be_written_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    found = tried("打印", lambda: own_look._print(tmp_path / "没有" / "打印.pdf"))
    assert found is not None and found.code == "E-SYS-00" and "FileNotFoundError" in found.message
