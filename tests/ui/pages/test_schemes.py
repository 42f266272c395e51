"""方案: every step at once on the screen and by itself in the year file; who moves is asked first; tree, forms, findings."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.domain.scheme_editing import fields_of, value_at
from app.domain.scheme_editing.paths import records
from app.domain.schemes import Scheme, walk
from app.files.documents import read_scheme
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.examples import LOW
from app.ui.pages.schemes.form import RecordForm
from app.ui.pages.schemes.indicators import IndicatorsDialog
from app.ui.pages.schemes.relevance import HIDE, matters
from app.ui.pages.schemes.rows import form_rows
from app.ui.pages.schemes.sections import SECTIONS
from app.ui.pages.schemes.starting import StartForm
from app.ui.pages.schemes.tree_model import NAME, POINTS
from app.ui.pages.schemes.versions import VersionsDialog
from app.ui.pages.schemes.waiting_bar import MovesDialog
from app.ui.shell import Shell
from tests.ui.recording_notices import RecordingNotices
from tests.ui.scheme_hands import Hands
from tests.ui.settling import settle

SAMPLES = sorted((Path(__file__).parents[3] / "resources" / "schemes").glob("*.json"))


@pytest.fixture
def hands(shell: Shell) -> Hands:
    return Hands(shell)


def sample(path: Path) -> Scheme:
    scheme, findings = read_scheme(path.read_text(encoding="utf-8"), path.name)
    assert scheme is not None, findings
    return scheme


# ---- steps and storing


def test_that_a_new_name_is_stored_by_itself_and_named_in_undo(shell: Shell, hands: Hands) -> None:
    hands.choose("problems")
    hands.type_cell("problems", NAME, "问题查摆")
    assert hands.page.tree.current_id() == "manner"  # Enter goes one down
    assert hands.stored().tree.children[0].children[0].name == "问题查摆"
    assert "的名称" in shell.menus.undo.text()
    shell.undo()
    settle(shell)
    assert hands.page.tree.contents.text(hands.page.tree.contents.lines["problems"], NAME) != "问题查摆"


def test_that_sums_follow_every_key_before_anything_is_stored(hands: Hands) -> None:
    hands.choose("problems")
    contents = hands.page.tree.contents
    root = contents.lines["report"]
    before = contents.left(root).text
    line = hands.type_cell("problems", POINTS, "35", enter=False)
    assert contents.left(root).text != before
    QTest.keyClick(line, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert contents.left(root).text == before
    assert hands.page.saver.idle


def test_that_other_points_wait_until_who_moves_has_been_seen(shell: Shell, hands: Hands) -> None:
    hands.choose("vote")
    hands.type_cell("vote", POINTS, "10")
    hands.rest()
    assert hands.page.bar.isVisible()
    assert "第1局：总分 " in hands.page.bar.text.text()
    assert hands.stored().tree.children[1].points == 20
    hands.page.bar.who.click()
    dialog = next(d for d in shell.window.findChildren(MovesDialog) if d.isVisible())
    assert all(move.reasons for move in dialog.table.contents.rows)
    dialog.accept()
    hands.page.bar.accept.click()
    hands.rest()
    assert hands.stored().tree.children[1].points == 10
    assert not hands.page.bar.isVisible()


def test_that_waiting_changes_can_be_taken_back_one_by_one_or_given_up(shell: Shell, hands: Hands) -> None:
    hands.choose("vote")
    hands.type_cell("vote", POINTS, "10")
    hands.rest()
    hands.type_cell("vote", POINTS, "5")
    hands.rest()
    shell.undo()
    hands.rest()
    assert hands.scheme.tree.children[1].points == 10
    hands.type_cell("vote", NAME, "大会测评")
    hands.rest()
    assert "2 处改动" in hands.page.bar.text.text()
    hands.page.bar.give_up.click()
    hands.rest()
    assert hands.scheme == hands.stored()
    assert hands.scheme.tree.children[1].points == 20


def test_that_a_text_that_is_no_number_is_refused_and_said(hands: Hands) -> None:
    hands.choose("problems")
    hands.write(hands.part("problems", "points"), "三十")
    assert "不是数字" in hands.form._said.text()
    assert hands.page.saver.idle
    hands.write(hands.part("problems", "points"), "３０。５")
    assert hands.scheme.tree.children[0].children[0].points == Fraction("30.5")


def test_that_what_waits_is_stored_when_the_window_closes(shell: Shell, hands: Hands) -> None:
    hands.choose("problems")
    hands.type_cell("problems", NAME, "问题查摆")
    path = shell.files.path
    assert path is not None
    shell.close_year()
    settle(shell)
    shell.open_year(path)
    settle(shell)
    assert Hands(shell).scheme.tree.children[0].children[0].name == "问题查摆"


@pytest.mark.parametrize(("answer", "points"), [("接受改动", 10), ("放弃改动", 20)])
def test_that_closing_asks_about_changes_that_wait(
    shell: Shell, hands: Hands, notices: RecordingNotices, answer: str, points: int
) -> None:
    hands.choose("vote")
    hands.type_cell("vote", POINTS, "10")
    hands.rest()
    assert hands.page.saver.held is not None
    path = shell.files.path
    assert path is not None
    notices.answers = [answer]
    shell.close_year()
    settle(shell)
    assert notices.asked[-1].buttons == ("接受改动", "放弃改动", "取消")
    assert "第1局" in notices.asked[-1].details
    shell.open_year(path)
    settle(shell)
    again = Hands(shell)
    assert again.stored().tree.children[1].points == points
    assert again.scheme == again.stored()


def test_that_closing_right_after_a_step_that_moves_somebody_asks_before_it_is_lost(
    shell: Shell, hands: Hands, notices: RecordingNotices
) -> None:
    """The step is younger than the pause after which steps are looked at."""
    path = shell.files.path
    assert path is not None
    hands.choose("vote")
    hands.type_cell("vote", POINTS, "10")
    assert hands.page.saver.held is None
    notices.answers = ["取消"]
    shell.leave()
    settle(shell)
    assert [a.title for a in notices.asked] == ["方案有改动还没有存入年度文件"]
    assert shell.work is not None
    assert shell.window.isVisible()
    assert hands.scheme.tree.children[1].points == 10
    notices.answers = ["接受改动"]
    shell.close_year()
    settle(shell)
    shell.open_year(path)
    settle(shell)
    assert Hands(shell).stored().tree.children[1].points == 10


def test_that_another_year_is_not_shown_while_the_user_stays_with_a_change(
    shell: Shell, hands: Hands, notices: RecordingNotices, year_folder: Path, awkward_folder: Path
) -> None:
    first = shell.files.path
    second = awkward_folder / "另一年度 #2.slk"
    shutil.copyfile(year_folder / "2026年度.slk", second)
    hands.choose("vote")
    hands.type_cell("vote", POINTS, "10")
    notices.answers = ["取消"]
    shell.open_year(second)
    settle(shell)
    assert shell.files.path == first
    assert hands.scheme.tree.children[1].points == 10
    notices.answers = ["放弃改动"]
    shell.open_year(second)  # it was closed in an orderly way, so nobody holds it
    settle(shell)
    assert shell.files.path == second


# ---- the tree


def test_that_parts_are_dropped_before_after_and_into_others(hands: Hands) -> None:
    tree = hands.page.tree
    tree.drop(["office"], tree.contents.index_of("problems"), "before")
    assert [c.id for c in hands.scheme.tree.children[0].children] == ["office", "problems", "manner"]
    tree.drop(["office", "manner"], tree.contents.index_of(hands.scheme.tree.id), "into")
    assert [c.id for c in hands.scheme.tree.children][-2:] == ["office", "manner"]
    assert tree.ids() == ["office", "manner"]
    tree.drop(["vote"], tree.contents.index_of("report"), "into", copied=True)
    assert [c.name for c in hands.scheme.tree.children[0].children][-1] == hands.scheme.tree.children[1].name
    before = hands.scheme
    tree.drop(["report"], tree.contents.index_of("problems"), "after")
    assert hands.scheme is before
    assert "自己里面" in hands.form._said.text()


def test_that_the_keys_of_a_tree_do_what_hands_expect(hands: Hands) -> None:
    hands.page.activateWindow()
    tree = hands.page.tree
    names = lambda: [c.id for c in hands.scheme.tree.children]  # noqa: E731
    hands.choose("vote")
    tree.down.trigger()
    assert names()[1:3] == ["office", "vote"]
    tree.up.trigger()
    assert names()[1:3] == ["vote", "office"]
    tree.double.trigger()
    assert len(names()) == 6 and tree.current_id() == names()[2]
    tree.delete.trigger()
    assert len(names()) == 5
    hands.choose("vote", "office")
    tree.cut.trigger()
    assert "vote" not in names()
    hands.choose("problems")
    tree.paste_in.trigger()
    assert [c.id for c in hands.scheme.tree.children[0].children] == ["problems", "vote", "office", "manner"]
    shown = {c.shortcut().toString() for c in tree.commands}
    assert {"Del", "Ctrl+C", "Ctrl+X", "Ctrl+V", "Ctrl+D", "Alt+Up", "Alt+Down", "Ins"} <= shown


def test_that_a_branch_is_pasted_into_another_scheme(shell: Shell, hands: Hands) -> None:
    hands.choose("report")
    hands.page.tree.copy.trigger()
    assert shell.work is not None
    shell.work.choose_scheme("branch")
    settle(shell)
    hands.choose("study")
    hands.page.tree.paste_in.trigger()
    assert [c.id for c in hands.scheme.tree.children] == ["study", "report", "duty"]
    hands.rest()
    hands.page.saver.accept()
    assert [c.id for c in hands.stored("branch").tree.children] == ["study", "report", "duty"]


def test_that_cells_from_excel_are_shown_before_they_go_into_the_tree(shell: Shell, hands: Hands) -> None:
    QGuiApplication.clipboard().setText("一级指标\t二级指标\t分值\r\n党建\t学习\t6\r\n\t活动\t4\r\n")
    hands.choose("office")
    hands.page.tree.paste_in.trigger()
    dialog = next(d for d in shell.window.findChildren(IndicatorsDialog) if d.isVisible())
    assert dialog.preview.tree.topLevelItem(0).text(0) == "党建"
    dialog.take.click()
    QApplication.processEvents()
    added = hands.scheme.tree.children[3]
    assert (added.name, [c.points for c in added.children]) == ("党建", [6, 4])


def test_that_points_are_spread_over_the_chosen_ones(hands: Hands) -> None:
    hands.choose("problems", "manner")
    hands.page.draft.do(
        lambda s: __import__("app.domain.scheme_editing", fromlist=["change"]).change(
            s, hands.part("report", "points"), Fraction(30)
        )
    )
    hands.choose("problems", "manner")
    hands.page.tree.even.trigger()
    assert [c.points for c in hands.scheme.tree.children[0].children] == [15, 15]


def test_that_folded_nodes_and_the_choice_stay_when_the_tree_is_made_anew(hands: Hands) -> None:
    tree = hands.page.tree
    tree.collapse(tree.contents.index_of("report"))
    hands.choose("vote")
    tree.double.trigger()
    assert not tree.isExpanded(tree.contents.index_of("report"))
    assert tree.current_id() == hands.scheme.tree.children[2].id


def test_that_a_search_shows_only_what_is_found_and_the_way_there(hands: Hands) -> None:
    tree = hands.page.tree
    name = tree.contents.lines["problems"].part.name
    hands.page.search.setText(name)
    hidden = lambda id: tree.isRowHidden(tree.contents.lines[id].row, tree.contents.index_of(id).parent())  # noqa: E731
    assert (hidden("problems"), hidden("report"), hidden("vote")) == (False, False, True)


# ---- findings, versions, starts, files


def test_that_a_finding_leads_to_its_node_and_field(shell: Shell, hands: Hands) -> None:
    hands.choose("report")
    hands.write(hands.part("report", "points"), "77")
    hands.rest()
    hands.page.checking.check()
    settle(shell)
    found = [f for f in hands.page.findings.found if f.node == "report"]
    assert found
    hands.page.show_section("ladder")
    hands.page.go_to(found[0])
    settle(shell)
    assert hands.page.tree.current_id() == "report"
    focus = QApplication.focusWidget()
    assert focus is None or hands.page.isAncestorOf(focus)
    assert hands.page.tree.contents._troubled["report"][1].startswith(found[0].message)


def test_that_versions_are_compared_in_words_looked_at_and_computed(shell: Shell, hands: Hands) -> None:
    assert shell.work is not None
    shell.work.change("x", lambda s, p: s.schemes.publish("department", "考核办", "试验"))
    settle(shell)
    hands.choose("problems")
    hands.type_cell("problems", NAME, "问题查摆")
    hands.rest()
    assert "第 2 版 · 草稿" in hands.page.subtitle.text()
    hands.page.commands.open_versions.trigger()
    dialog = next(d for d in shell.window.findChildren(VersionsDialog) if d.isVisible())
    settle(shell)
    assert "问题查摆" in dialog.text.toPlainText()
    dialog.look.click()
    dialog.compute.click()
    settle(shell)
    titles = {w.windowTitle() for w in dialog.children() if hasattr(w, "windowTitle")}
    assert {"“department”第 1 版（只能看）", "按第 1 版、现有数据计算（不保存）"} <= titles | {
        t.replace(hands.scheme.name, "department") for t in titles
    }


def test_that_a_new_scheme_starts_from_a_sample(shell: Shell, hands: Hands) -> None:
    hands.page.commands.new_scheme.trigger()
    form = next(d for d in shell.window.findChildren(StartForm) if d.isVisible())
    form.choose_way("sample")
    settle(shell)
    assert form.list.count() == len(SAMPLES)
    form.create_button.click()
    settle(shell)
    assert shell.work is not None and shell.work.scheme not in ("department", "branch")


def test_that_a_new_scheme_starts_from_an_excel_table(
    shell: Shell, hands: Hands, notices: RecordingNotices, awkward_folder: Path
) -> None:
    book = awkward_folder / "指标 #1.xlsx"
    notices.files = [book]
    hands.page.commands.export_table.trigger()
    settle(shell)
    hands.page.commands.new_scheme.trigger()
    form = next(d for d in shell.window.findChildren(StartForm) if d.isVisible())
    form.choose_way("table")
    notices.files = [book]
    form.choose.click()
    settle(shell)
    assert form.preview.tree.topLevelItemCount() > 0
    form.name.setText("又一个方案")
    form.level.setEditText("another")
    form.create_button.click()
    settle(shell)
    assert shell.work is not None and shell.work.scheme == "another"


def test_that_a_scheme_goes_out_as_a_file_and_comes_back(
    shell: Shell, hands: Hands, notices: RecordingNotices, awkward_folder: Path
) -> None:
    target = awkward_folder / "方案 #1.json"
    notices.files = [target]
    hands.page.commands.export_scheme.trigger()
    settle(shell)
    assert target.is_file()
    notices.files = [target]
    hands.page.commands.import_scheme.trigger()
    settle(shell)
    assert notices.asked == []
    assert shell.work is not None
    assert shell.work.scheme == "department"


def test_that_a_broken_scheme_file_is_refused_with_its_place(
    shell: Shell, hands: Hands, notices: RecordingNotices, awkward_folder: Path
) -> None:
    broken = awkward_folder / "坏.json"
    broken.write_text('{"format": "slk-scheme", "version": 1, "id": 5}', encoding="utf-8")
    notices.files = [broken]
    hands.page.commands.import_scheme.trigger()
    settle(shell)
    assert notices.asked[-1].title == "方案文件有误"
    assert "$.id" in notices.asked[-1].details


def test_that_the_try_out_follows_what_is_typed(shell: Shell, hands: Hands) -> None:
    hands.choose("office")
    hands.page.side.show_try_out()
    settle(shell)
    before = [line.now for line in hands.page.side.try_out.table.contents.rows]
    assert len(before) == 3
    hands.type_cell("office", POINTS, "4", enter=False)
    hands.page.side.try_out._show()
    after = hands.page.side.try_out.table.contents.rows
    assert [line.now for line in after] != before
    assert any("→" in hands.page.side.try_out.table.contents.columns[2].text(line) for line in after)


# ---- forms


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name[:2])
def test_that_forms_show_every_setting_of_the_samples_that_is_not_the_usual_one(path: Path) -> None:
    scheme = sample(path)
    places = [p for s in SECTIONS for p in s.paths]
    draft = Draft(scheme)
    places += [found for part in (*walk(scheme.tree), *scheme.measures) if (found := draft.path("part", part.id))]
    for place in places:
        rows = form_rows(scheme, place)
        shown = {r.path for r in rows} | {(*r.path, p.field) for r in rows for p in r.pieces}
        for where, record in records_below(scheme, place):
            for field in fields_of(type(record)):
                value = getattr(record, field.name)
                if not field.required and value != field.default and value not in ((), None, ""):
                    assert (*where, field.name) in shown or unseen(scheme, where, record, field.name), (
                        where,
                        field.name,
                    )


def records_below(scheme: Scheme, place: Any) -> Any:
    for where, record in records(value_at(scheme, place), place):
        if not (len(place) == 0 and where) and "children" not in where[len(place) :]:
            yield where, record


def unseen(scheme: Scheme, where: Any, record: Any, field: str) -> bool:
    """What stands elsewhere in the editor, or has no effect where it stands."""
    if type(record).__name__ in ("Scheme", "Node") and field in ("children", "year", "practice", "id"):
        return True
    if type(record).__name__ == "Scheme":
        return field in {str(p[0]) for s in SECTIONS for p in s.paths if p} | {"measures", "tree"}
    for end in range(len(where), 0, -1):
        above = value_at(scheme, where[: end - 1])
        name = where[end - 1]
        found = next((f for f in fields_of(type(above)) if f.name == name), None) if isinstance(name, str) else None
        if found is not None and matters(scheme, where[: end - 1], above, found) == HIDE:
            return True
    own = next(f for f in fields_of(type(record)) if f.name == field)
    return matters(scheme, where, record, own) == HIDE


@pytest.mark.parametrize("path", SAMPLES[::8], ids=lambda p: p.name[:2])
def test_that_every_form_of_a_sample_can_be_made(path: Path, qtbot: Any) -> None:
    scheme = sample(path)
    draft = Draft(scheme)
    form = RecordForm(draft)
    qtbot.addWidget(form)
    form.show()
    form.unfold(True)
    for section in SECTIONS:
        if section.paths:
            form.show_paths(section.paths)
            empty = all(p and not getattr(scheme, str(p[0])) for p in section.paths)
            assert form.editors or empty
    for part in walk(scheme.tree)[:12]:
        found = draft.path("part", part.id)
        assert found is not None
        form.show_paths((found,))
        assert (*found, "name") in form.editors


def test_that_silent_settings_are_explained_with_their_safe_choice(hands: Hands) -> None:
    hands.choose("vote")
    texts = [one.text() for one in hands.form.findChildren(QLabel)]
    assert any("稳妥的是“有效票数”" in text for text in texts)


def test_that_the_truth_table_leaves_the_form_its_room_until_it_is_unfolded(shell: Shell, hands: Hands) -> None:
    hands.page.show_section("adjustments")
    examples = hands.page.sheet.examples
    examples.work_out()
    settle(shell)
    assert shell.window.height() < LOW
    assert (examples.fold.text(), examples.table.isVisible()) == ("展开", False)
    examples.fold.click()
    assert (examples.fold.text(), examples.table.isVisible()) == ("收起", True)
    assert examples.table.rowCount() > 0
