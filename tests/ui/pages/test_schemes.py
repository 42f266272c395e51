"""方案: the readable tree, live sums, editing as new versions, findings that lead to their part."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.ui.pages.schemes.outline import outline, sums
from app.ui.shell import Shell
from tests.services.small_year import department_scheme
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle


@pytest.fixture
def schemes(shell: Shell) -> Any:
    shell.view.show_page("schemes")
    settle(shell)
    return shell.view.current_page()


def version(shell: Shell) -> int:
    assert shell.work is not None
    seen: list[Any] = []
    shell.work.read("x", lambda s, p: s.schemes.versions("department"), seen.append)
    settle(shell)
    return seen[0][0].version


def test_that_the_outline_holds_every_section_with_content() -> None:
    scheme = department_scheme()
    titles = [line.title for line in outline(scheme)]
    assert titles == [scheme.tree.name, "评议人分组", "排名、取舍和汇集", "等次", "事项种类", "等次调整"]


def test_that_every_line_of_the_outline_has_something_to_say() -> None:
    def all_lines(lines: Any) -> Any:
        for line in lines:
            yield line
            yield from all_lines(line.children)

    lines = list(all_lines(outline(department_scheme())))
    assert all(line.settings or line.children for line in lines)
    assert all(text for line in lines for _, text in line.settings)


def test_that_sums_say_what_is_left() -> None:
    scheme = department_scheme()
    part = scheme.tree.children[1]
    said = sums(scheme, part, Fraction(15), None)
    assert any("同级满分合计 " in text for text, _ in said)


def test_that_the_pane_shows_the_stored_fields_of_the_chosen_part(schemes: Any) -> None:
    schemes.show_key("part:problems")
    assert (schemes.pane.name.text(), schemes.pane.points.text()) == (schemes.pane.title.text(), "30")
    assert not schemes.pane.save.isEnabled()
    assert "还没有改动" in schemes.pane.save.toolTip()


def test_that_sums_follow_while_points_are_typed(schemes: Any) -> None:
    schemes.show_key("part:problems")
    before = schemes.pane.sums.text()
    schemes.pane.points.setText("３５")
    schemes.pane.points.textEdited.emit("３５")
    assert schemes.pane.sums.text() != before
    assert "55" in schemes.pane.sums.text()
    assert schemes.pane.save.isEnabled()


def test_that_a_text_that_is_no_number_is_refused_in_the_pane(shell: Shell, schemes: Any) -> None:
    schemes.show_key("part:problems")
    schemes.pane.points.setText("三十")
    schemes.pane.points.textEdited.emit("三十")
    schemes.pane.save.click()
    settle(shell)
    assert schemes.pane.sums.text() == "满分要写成数字，如 12.5。"
    assert version(shell) == 1


def test_that_a_new_name_is_stored_as_a_new_version_and_stays_chosen(shell: Shell, schemes: Any) -> None:
    schemes.show_key("part:problems")
    schemes.pane.name.setText("问题查摆")
    schemes.pane.name.textEdited.emit("问题查摆")
    schemes.pane.save.click()
    settle(shell)
    assert version(shell) == 2
    assert schemes.pane.title.text() == "问题查摆"
    assert "第 2 版" in schemes.subtitle.text()
    assert "问题" in shell.menus.undo.text() or "problems" in shell.menus.undo.text()


def test_that_other_points_first_name_who_would_move_and_cancelling_changes_nothing(
    shell: Shell, schemes: Any, notices: RecordingNotices
) -> None:
    schemes.show_key("part:vote")
    schemes.pane.points.setText("10")
    schemes.pane.points.textEdited.emit("10")
    notices.answers = ["取消"]
    schemes.pane.save.click()
    settle(shell)
    assert notices.asked[-1].title == "保存为方案的新版本？"
    assert "第1局：总分 " in notices.asked[-1].text
    assert version(shell) == 1
    schemes.pane.save.click()
    settle(shell)
    assert version(shell) == 2


def test_that_what_typed_points_would_move_shows_at_once(shell: Shell, schemes: Any) -> None:
    def type_points(text: str) -> str:
        schemes.pane.points.setText(text)
        schemes.pane.points.textEdited.emit(text)
        return schemes.pane.effect.text()

    schemes.show_key("part:office")
    assert type_points("5") == ""  # the figures are being fetched
    settle(shell)
    first = schemes.pane.effect.text()
    assert first.startswith("试算：") and "个单位变动" in first and "总分 " in first
    assert type_points("4") != first
    assert "→" in schemes.pane.effect.toolTip()
    assert type_points("四") == ""
    schemes.pane.revert.click()
    assert schemes.pane.effect.text() == ""


def test_that_reverting_brings_back_what_is_stored(schemes: Any) -> None:
    schemes.show_key("part:problems")
    schemes.pane.name.setText("x")
    schemes.pane.name.textEdited.emit("x")
    schemes.pane.revert.click()
    assert schemes.pane.name.text() == schemes.pane.title.text()
    assert not schemes.pane.is_dirty()


def test_that_a_finding_leads_to_its_part(shell: Shell, schemes: Any, notices: RecordingNotices) -> None:
    schemes.show_key("part:report")
    schemes.pane.points.setText("77")
    schemes.pane.points.textEdited.emit("77")
    schemes.pane.save.click()
    settle(shell)
    assert schemes.findings.count() > 0
    nodes = [schemes.findings.item(i).data(256) for i in range(schemes.findings.count())]
    place = next(i for i, node in enumerate(nodes) if node == "part:report")
    schemes.show_key("part:vote")
    schemes.findings.setCurrentRow(place)
    assert schemes.pane.title.text() == schemes._lines["part:report"][0].title


def test_that_a_search_shows_only_what_is_found_and_the_way_there(schemes: Any) -> None:
    title = schemes._lines["part:problems"][0].title
    schemes.search.setText(title)
    hidden = {key: item.isHidden() for key, (_, item) in schemes._lines.items()}
    assert not hidden["part:problems"]
    assert not hidden["part:report"]
    assert hidden["part:vote"]


def test_that_a_scheme_goes_out_as_a_file_and_comes_back(
    shell: Shell, schemes: Any, notices: RecordingNotices, awkward_folder: Path
) -> None:
    target = awkward_folder / "方案 #1.json"
    notices.files = [target]
    schemes.export_scheme.trigger()
    settle(shell)
    assert target.is_file()
    notices.files = [target]
    schemes.import_scheme.trigger()
    settle(shell)
    assert notices.asked == []
    assert shell.work is not None
    assert shell.work.scheme == "department"


def test_that_a_broken_scheme_file_is_refused_with_its_place(
    shell: Shell, schemes: Any, notices: RecordingNotices, awkward_folder: Path
) -> None:
    broken = awkward_folder / "坏.json"
    broken.write_text('{"format": "slk-scheme", "version": 1, "id": 5}', encoding="utf-8")
    notices.files = [broken]
    schemes.import_scheme.trigger()
    settle(shell)
    assert notices.asked[-1].title == "方案文件有误"
    assert "$.id" in notices.asked[-1].details


@pytest.mark.parametrize(
    ("answer", "versions", "title"),
    [("保存", 2, "part:vote"), ("放弃改动", 1, "part:vote"), ("取消", 1, "part:problems")],
)
def test_that_typed_text_is_not_lost_by_choosing_another_line(
    shell: Shell, schemes: Any, notices: RecordingNotices, answer: str, versions: int, title: str
) -> None:
    schemes.show_key("part:problems")
    schemes.pane.name.setText("问题查摆")
    schemes.pane.name.textEdited.emit("问题查摆")
    notices.answers = [answer]
    schemes.tree.setCurrentItem(schemes._lines["part:vote"][1])
    settle(shell)
    assert version(shell) == versions
    assert schemes._current == title
    assert schemes.pane.title.text() == schemes._lines[title][0].title
    assert schemes.pane.is_dirty() == (answer == "取消")


def test_that_typed_text_stands_when_the_page_reads_again(shell: Shell, schemes: Any) -> None:
    schemes.show_key("part:problems")
    schemes.pane.name.setText("问题查摆")
    schemes.pane.name.textEdited.emit("问题查摆")
    schemes.refresh()
    settle(shell)
    assert schemes.pane.name.text() == "问题查摆"
    assert schemes.pane.save.isEnabled()
