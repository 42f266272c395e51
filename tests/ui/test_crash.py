"""R-33 and R-34, the window's part: every fault is logged with a number, told once, and the window lives on."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.crash import Crashes, FaultReport
from app.ui.jobs import Jobs
from app.ui.notices import Notices

pytestmark = pytest.mark.qt_no_exception_capture


@pytest.fixture
def hooked(crashes: Crashes, monkeypatch: pytest.MonkeyPatch) -> Crashes:
    """The hooks of Python are ours during the test."""
    monkeypatch.setattr(sys, "excepthook", crashes._uncaught)
    monkeypatch.setattr(threading, "excepthook", crashes._in_thread)
    monkeypatch.setattr(sys, "unraisablehook", crashes._unraisable)
    return crashes


class Broken(QWidget):
    """Fails in its virtual methods when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.painted, self.failing = 0, True

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.failing:
            self.painted += 1
            raise ZeroDivisionError("in painting")


class Filter(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.User:
            raise LookupError("in an event filter")
        return False


def slot_fault() -> None:
    button = QPushButton()
    button.clicked.connect(lambda: {}["in a slot"])
    button.click()


def filter_fault() -> None:
    # Posted, so that the event loop calls it: what Python itself calls comes back to the caller.
    watched, watcher = QObject(), Filter()
    watched.installEventFilter(watcher)
    QApplication.postEvent(watched, QEvent(QEvent.Type.User))
    loop = QEventLoop()
    QTimer.singleShot(0, loop.quit)
    loop.exec()


def thread_fault() -> None:
    def fail() -> None:
        raise OSError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


@pytest.mark.parametrize("inject", [slot_fault, filter_fault, thread_fault])
def test_that_a_fault_is_logged_with_its_number_and_the_window_lives_on(
    hooked: Crashes, qtbot: QtBot, inject: object, capfd: pytest.CaptureFixture[str]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    told: list[FaultReport] = []
    hooked.occurred.connect(told.append)
    assert callable(inject)
    inject()
    qtbot.waitUntil(lambda: len(told) == 1)
    assert f"错误编号 {told[0].number}" in hooked.log_file.read_text(encoding="utf-8")
    assert window.isVisible()
    assert "Traceback" not in "".join(capfd.readouterr())


def test_that_a_thousand_failing_repaints_give_one_dialog_and_are_all_counted(hooked: Crashes, qtbot: QtBot) -> None:
    notices = Notices()
    hooked.occurred.connect(notices.show_fault)
    broken = Broken()
    qtbot.addWidget(broken)
    broken.resize(40, 40)
    broken.show()
    qtbot.waitUntil(lambda: broken.painted > 0)
    again = QTimer()
    again.timeout.connect(broken.update)
    again.start(0)
    qtbot.waitUntil(lambda: broken.painted >= 1000, timeout=60_000)
    again.stop()
    broken.failing = False
    qtbot.waitUntil(lambda: bool(fault_boxes()))
    assert sum(hooked.counts.values()) == broken.painted >= 1000
    assert len(fault_boxes()) == 1
    fault_boxes()[0].done(0)
    QApplication.processEvents()
    QApplication.processEvents()
    assert not fault_boxes()


def fault_boxes() -> list[QMessageBox]:
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible()]


def test_that_the_dialog_names_the_number_and_keeps_the_trace_for_the_copy(hooked: Crashes, qtbot: QtBot) -> None:
    notices = Notices()
    hooked.occurred.connect(notices.show_fault)
    slot_fault()
    qtbot.waitUntil(lambda: bool(fault_boxes()))
    box = fault_boxes()[0]
    shown = box.text() + box.informativeText() + box.detailedText()
    assert "错误编号" in shown
    assert "Traceback" not in shown
    copy = next(b for b in box.buttons() if b.text() == "复制详情")
    copy.click()
    assert box.isVisible()
    assert "KeyError" in QApplication.clipboard().text()
    box.done(0)


def test_that_a_fault_on_the_lane_comes_back_as_a_value_and_not_as_a_dialog_from_a_thread(
    hooked: Crashes, jobs: Jobs
) -> None:
    told: list[BaseException] = []
    jobs.fault.connect(told.append)
    jobs.run("x", lambda p: 1 // 0)
    jobs.wait()
    assert isinstance(told[0], ZeroDivisionError)
    assert hooked.counts == {}


def test_that_three_faults_within_a_minute_bring_the_advice_to_start_anew(crashes: Crashes) -> None:
    reports = [crashes.report(error) for error in (ValueError(), KeyError(), OSError())]
    assert [r.many for r in reports] == [False, False, True]


def test_that_the_program_runs_on_without_a_writable_log_folder(qapp: QApplication, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    crashes = Crashes(blocked / "below a file")
    assert crashes.begin_run() == ()
    assert crashes.report(ValueError("x")).number
    crashes.end_run()


def test_that_a_native_crash_is_reported_at_the_next_start(qapp: QApplication, awkward_folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; QCoreApplication([]);"
        "from app.ui.crash import Crashes; c = Crashes(Path(sys.argv[1])); c.begin_run(); c.note_file('D:/年度.slk');"
        "import faulthandler; faulthandler._sigsegv()"
    )
    child = subprocess.run([sys.executable, "-c", code, str(awkward_folder)], check=False, capture_output=True)
    assert child.returncode != 0
    crashes = Crashes(awkward_folder)
    (end,) = crashes.begin_run()
    assert end.path == "D:/年度.slk"
    assert "Segmentation fault" in end.trace or "access violation" in end.trace
    crashes.end_run()
    crashes.close_log()


def test_that_an_orderly_end_leaves_nothing_to_report(qapp: QApplication, awkward_folder: Path) -> None:
    first = Crashes(awkward_folder)
    first.begin_run()
    first.note_file("D:/年度.slk")
    first.end_run()
    second = Crashes(awkward_folder)
    assert second.begin_run() == ()
    second.end_run()


def test_that_a_second_window_is_not_taken_for_an_unclean_end(qapp: QApplication, awkward_folder: Path) -> None:
    first, second = Crashes(awkward_folder), Crashes(awkward_folder)
    first.begin_run()
    assert second.begin_run() == ()
    second.end_run()
    first.end_run()


def test_that_named_errors_are_shown_as_plain_text(qtbot: QtBot) -> None:
    box = Notices()._box("warning", "单位 <b>x", "<i>y", "")
    qtbot.addWidget(box)
    assert box.textFormat() == Qt.TextFormat.PlainText
