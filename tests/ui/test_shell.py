"""The window as a whole: opening and closing years, menus, undo, progress, faults."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app import __version__
from app.domain.errors import AppError, Fault
from app.domain.facts import Unit
from app.services.container import Desk
from app.ui.crash import FaultReport
from app.ui.new_year import NewYearForm
from app.ui.page_list import ENTRIES
from app.ui.shell import Shell
from app.ui.widgets.commands import Command
from app.ui.year_form import YearForm
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle


def test_that_an_opened_year_shows_its_title_levels_and_first_page(shell: Shell) -> None:
    header = shell.view.header
    assert header.title.text() == "试验年度"
    assert [header.levels.itemText(i) for i in range(header.levels.count())] == ["支部", "部门"]
    assert shell.view.page == "desk"
    assert shell.view.current_page().is_ready


def test_that_every_page_of_the_list_opens_and_reads(shell: Shell, notices: RecordingNotices) -> None:
    for entry in ENTRIES:
        shell.view.show_page(entry.id)
        settle(shell)
        assert shell.view.current_page().is_ready, entry.title
    assert notices.asked == []
    assert notices.faults == []


def test_that_a_foreign_file_is_refused_by_name_and_the_start_screen_stays(
    closed_shell: Shell, notices: RecordingNotices, awkward_folder: Path
) -> None:
    foreign = awkward_folder / "别的.slk"
    foreign.write_bytes(b"not a year file" * 100)
    closed_shell.open_year(foreign)
    settle(closed_shell)
    assert [a.title for a in notices.asked] == [Fault.DB_FOREIGN.value.title]
    assert closed_shell.window.middle.currentWidget() is closed_shell.window.start


def test_that_a_year_left_open_elsewhere_is_only_opened_when_the_user_breaks_its_lock(
    closed_shell: Shell, notices: RecordingNotices, year_file: Path
) -> None:
    left = {"computer": "PC-03", "program": "三联考评", "pid": 1, "since": "2026-11-23 08:10"}
    year_file.with_name(year_file.name + ".lock").write_text(json.dumps(left), encoding="utf-8")
    notices.answers = ["取消"]
    closed_shell.open_year(year_file)
    settle(closed_shell)
    assert notices.asked[-1].title == Fault.DB_LOCKED.value.title
    assert "PC-03" in notices.asked[-1].text
    assert closed_shell.work is None
    notices.answers = ["解除占用并打开"]
    closed_shell.open_year(year_file)
    settle(closed_shell)
    assert closed_shell.work is not None


def test_that_a_year_open_in_a_living_window_stays_there_whatever_is_answered(
    closed_shell: Shell, notices: RecordingNotices, year_file: Path, awkward_folder: Path
) -> None:
    other = Desk("考核办丙", awkward_folder / "other").open(year_file)
    notices.answers = ["解除占用并打开"]
    closed_shell.open_year(year_file)
    settle(closed_shell)
    assert [a.title for a in notices.asked] == [Fault.DB_LOCKED.value.title] * 2
    assert closed_shell.work is None
    other.close()


def test_that_without_a_year_every_command_that_needs_one_says_why_it_is_off(closed_shell: Shell) -> None:
    menus = closed_shell.menus
    off = [c for menu in closed_shell.window.bars for c in menu.actions() if not c.isSeparator() and not c.isEnabled()]
    assert {menus.save, menus.undo, menus.redo, menus.close, menus.check} <= set(off)
    assert [c.text() for c in off if "现在不能用。" not in c.toolTip()] == []


def test_that_undo_takes_back_the_last_step_by_its_name_and_redo_does_it_again(shell: Shell) -> None:
    assert shell.work is not None
    unit = Unit(code="D9", name="第九局", level="department", order=9)
    shell.work.change("正在保存…", lambda s, p: s.units.save_unit(unit))
    settle(shell)
    assert "第九局" in shell.menus.undo.text()
    shell.menus.undo.trigger()
    settle(shell)
    assert "第九局" in shell.menus.redo.text()
    names: list[str] = []
    shell.work.read("x", lambda s, p: [u.name for u in s.units.units()], names.extend)
    settle(shell)
    assert "第九局" not in names
    shell.menus.redo.trigger()
    settle(shell)
    assert not shell.menus.redo.isEnabled()
    assert "没有可以重做的步骤" in shell.menus.redo.toolTip()


def test_that_a_hidden_page_remembers_a_change_and_reads_again_when_it_is_shown(shell: Shell) -> None:
    assert shell.work is not None
    shell.view.show_page("records")
    settle(shell)
    records = shell.view.current_page()
    before = len(records.trail.contents.rows)
    shell.view.show_page("desk")
    shell.work.change("x", lambda s, p: s.units.save_unit(Unit(code="D9", name="第九局", level="department", order=9)))
    settle(shell)
    assert not records.is_ready
    shell.view.show_page("records")
    settle(shell)
    assert records.is_ready
    assert len(records.trail.contents.rows) == before + 1


def test_that_ctrl_s_makes_a_backup_and_names_the_time(shell: Shell, notices: RecordingNotices) -> None:
    shell.menus.save.trigger()
    settle(shell)
    assert any(line.startswith("已保存 ") and ":" in line for line in notices.lines)


def test_that_a_backup_is_made_by_the_clock_when_something_is_new_and_only_then(
    shell: Shell, notices: RecordingNotices
) -> None:
    assert shell.work is not None and shell._clock.isActive()
    shell.back_up_when_due()
    settle(shell)
    made = shell.work.services.backups.all()
    assert [b.reason for b in made].count("定时") == 1, "there was none yet"
    old = made[0].path.with_name(made[0].path.name.replace(" 2", " 1", 1))
    made[0].path.rename(old)  # a thousand years ago, says its name
    shell.back_up_when_due()
    settle(shell)
    assert [b.path for b in shell.work.services.backups.all()] == [old], "nothing has changed since"
    shell.work.change("x", lambda s, p: s.units.save_unit(Unit(code="D9", name="第九局", level="department", order=9)))
    settle(shell)
    shell.back_up_when_due()
    settle(shell)
    assert shell.work.services.backups.all()[0].made_at[:2] == "20"
    assert notices.asked == []


def test_that_about_names_the_version_and_every_part_and_offers_to_copy(
    shell: Shell, notices: RecordingNotices
) -> None:
    shell.show_about()
    (asked,) = notices.asked
    assert (asked.kind, asked.buttons) == ("info", ("复制", "关闭"))
    assert f"考核计算程序　{__version__}" in asked.text and "pyqtgraph 0." in asked.text
    assert QApplication.clipboard().text() == asked.text


def test_that_closing_the_window_gives_the_file_back(shell: Shell, year_file: Path, awkward_folder: Path) -> None:
    shell.window.close()
    settle(shell)
    assert not shell.window.isVisible()
    Desk("考核办丁", awkward_folder / "third").open(year_file).close()


def test_that_closing_the_year_leads_back_to_the_start_with_the_file_in_the_list(shell: Shell, year_file: Path) -> None:
    shell.menus.close.trigger()
    settle(shell)
    start = shell.window.start
    assert shell.window.middle.currentWidget() is start
    assert year_file.stem in [w.accessibleName() for w in start.findChildren(QWidget)]
    assert not shell.menus.undo.isEnabled()


def test_that_a_new_year_is_made_from_the_shipped_samples(
    closed_shell: Shell, notices: RecordingNotices, awkward_folder: Path
) -> None:
    closed_shell.new_year()
    (form,) = closed_shell.window.findChildren(NewYearForm)
    form.save_button.click()
    assert form.problem.text() == "请填写年度名称。"
    form.title.setText("2026年度样例")
    form.who.setText("张三")
    form.choose_all()
    form.path.setText(str(awkward_folder / "新年度"))
    form.register.setText(str(awkward_folder / "没有.xlsx"))
    form.save_button.click()
    assert "找不到这个名册" in form.problem.text()
    form.register.setText("")
    form.save_button.click()
    settle(closed_shell)
    assert notices.asked == []
    assert (awkward_folder / "新年度.slk").is_file()
    assert closed_shell.view.header.title.text() == "2026年度样例"


def test_that_a_refused_new_year_leaves_the_form_with_everything_typed(
    closed_shell: Shell, awkward_folder: Path
) -> None:
    broken = awkward_folder / "名册.xlsx"
    broken.write_bytes(b"no workbook")
    closed_shell.new_year()
    (form,) = closed_shell.window.findChildren(NewYearForm)
    form.title.setText("2026年度样例")
    form.who.setText("张三")
    form.choose_all()
    form.path.setText(str(awkward_folder / "新年度"))
    form.register.setText(str(broken))
    form.save_button.click()
    settle(closed_shell)
    assert form.isVisible()
    assert form.problem.text()
    assert form.title.text() == "2026年度样例"
    assert not (awkward_folder / "新年度.slk").exists()


def test_that_progress_appears_only_after_a_while_and_cancelling_leaves_no_trace(
    shell: Shell, notices: RecordingNotices
) -> None:
    from app.ui.progress_strip import ProgressStrip

    (strip,) = shell.window.findChildren(ProgressStrip)
    reached, go_on = threading.Event(), threading.Event()

    def work(progress: Any) -> None:
        progress("正在读取第 3 份", 30)
        reached.set()
        go_on.wait(30)
        progress("正在读取第 4 份", 40)

    job = shell.jobs.run("正在读取…", work)
    reached.wait(30)
    strip.look()
    assert strip.isHidden()
    job.started -= 1
    strip.look()
    assert strip.isVisible()
    assert (strip.text.text(), strip.bar.value()) == ("正在读取第 3 份", 30)
    strip.cancel.click()
    go_on.set()
    settle(shell)
    assert strip.isHidden()
    assert notices.lines[-1] == "已取消，没有留下改动。"


def test_that_a_read_only_year_turns_writing_commands_off_with_the_reason(
    closed_shell: Shell, year_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.storage.year_file import YearFile

    real = YearFile.open

    def refuse_writing(path: Path, *, break_lock: bool = False, read_only: bool = False) -> YearFile:
        if not read_only:
            raise AppError(Fault.FILE_READ_ONLY)
        return real(path, break_lock=break_lock, read_only=True)

    monkeypatch.setattr(YearFile, "open", refuse_writing)
    closed_shell.open_year(year_file)
    settle(closed_shell)
    assert closed_shell.view.header.read_only.isVisible()
    assert "只读" in closed_shell.menus.save.toolTip()
    closed_shell.view.show_page("schemes")
    settle(closed_shell)
    page = closed_shell.view.current_page()
    assert page.side.form.editors[("tree", "name")].line.isReadOnly()
    assert "只读" in page.tree.delete.toolTip()


def test_that_after_an_unclean_end_the_file_is_checked_and_the_user_told(
    closed_shell: Shell, notices: RecordingNotices, year_file: Path, awkward_folder: Path
) -> None:
    logs = awkward_folder / "日志"
    logs.mkdir()
    (logs / "running-1.txt").write_text(str(year_file), encoding="utf-8")
    closed_shell.begin(year_file)
    settle(closed_shell)
    assert "程序上次没有正常结束。打开年度文件时会先做完整检查。" in notices.lines
    assert "已对年度文件做完整检查，没有发现问题。" in notices.lines


# ---- a fault in each command and in each service the window calls


def commands_of(shell: Shell) -> list[Command]:
    for entry in ENTRIES:
        shell.view.show_page(entry.id)
        settle(shell)
    return shell.window.findChildren(Command)


@pytest.mark.qt_no_exception_capture
def test_that_a_fault_in_each_command_is_logged_with_a_number_and_the_window_lives_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = commands_of(shell)
    monkeypatch.setattr(sys, "excepthook", shell.crashes._uncaught)

    def fail() -> None:
        raise RuntimeError("injected")

    for command in commands:
        monkeypatch.setattr(command, "_run", fail)
        command.setEnabled(True)
        command.trigger()
        settle(shell)
    assert len(commands) > 30
    assert sum(shell.crashes.counts.values()) == len(commands)
    assert shell.crashes.log_file.read_text(encoding="utf-8").count("错误编号") == len(commands)
    assert shell.window.isVisible()
    assert shell.view.current_page().is_ready


def services_of_the_year(shell: Shell) -> list[tuple[object, str]]:
    """Every public method of every service: (service, name of the method)."""
    assert shell.work is not None
    areas = (
        "year",
        "schemes",
        "units",
        "sheets",
        "votes",
        "events",
        "results",
        "exports",
        "audit",
        "backups",
        "history",
    )
    services = [getattr(shell.work.services, area) for area in areas]
    return [(s, name) for s in services for name in vars(type(s)) if not name.startswith("_")]


def test_that_a_fault_in_any_service_comes_back_with_a_number_and_leaves_the_year_as_it_was(
    shell: Shell, notices: RecordingNotices, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell.work is not None
    before, numbers = state_of(shell), []
    report = shell.crashes.report

    def noted(error: BaseException) -> FaultReport:
        made = report(error)
        numbers.append(made.number)
        return made

    def fail(*arguments: object, **more: object) -> None:
        raise RuntimeError("injected")

    monkeypatch.setattr(shell.crashes, "report", noted)
    places = services_of_the_year(shell)
    for service, method in places:
        with monkeypatch.context() as broken:
            broken.setattr(type(service), method, fail)
            count = len(numbers)
            shell.work.change("x", lambda s, p, service=service, method=method: getattr(service, method)())
            settle(shell)
            assert len(numbers) > count, method
    assert len(places) > 60
    log = shell.crashes.log_file.read_text(encoding="utf-8")
    assert [number for number in numbers if number not in log] == []
    assert len(notices.faults) == 1
    assert shell.window.isVisible()
    shell.view.current_page().refresh()
    settle(shell)
    assert shell.view.current_page().is_ready
    assert state_of(shell) == before


def state_of(shell: Shell) -> list[Any]:
    assert shell.work is not None
    seen: list[Any] = []
    shell.work.read("x", lambda s, p: (s.audit.count(), s.audit.checkpoint()), seen.append)
    settle(shell)
    return seen


def test_that_the_same_fault_is_told_once_and_counted_after_that(shell: Shell, notices: RecordingNotices) -> None:
    for _ in range(5):
        shell.jobs.run("x", lambda p: 1 // 0)
    settle(shell)
    assert len(notices.faults) == 1
    assert list(shell.crashes.counts.values()) == [5]


def test_that_choosing_another_level_makes_the_pages_follow(shell: Shell) -> None:
    assert shell.work is not None
    shell.view.show_page("schemes")
    settle(shell)
    header = shell.view.header
    header.levels.setCurrentIndex(0)
    header.levels.activated.emit(0)
    settle(shell)
    assert shell.work.scheme == "branch"
    assert "study" in shell.view.current_page().tree.contents.lines
    QApplication.processEvents()


def test_that_office_and_secrecy_are_set_in_one_form_and_shown_at_the_top(shell: Shell) -> None:
    shell.view.header.secrecy.click()
    (form,) = shell.window.findChildren(YearForm)
    form.office.setText("市直机关工委考核办")
    form.secrecy.setCurrentIndex(form.secrecy.findData("内部"))
    form.save_button.click()
    settle(shell)
    assert shell.view.header.secrecy.text() == "内部"
    assert shell._info is not None
    assert shell._info.office == "市直机关工委考核办"
    assert not shell.window.findChildren(YearForm) or not form.isVisible()


def test_that_the_rooms_below_are_loaded_while_the_start_screen_is_looked_at(closed_shell: Shell) -> None:
    closed_shell.begin(None)
    settle(closed_shell)
    assert {"app.services.sheets", "sqlalchemy", "numpy"} <= set(sys.modules)
