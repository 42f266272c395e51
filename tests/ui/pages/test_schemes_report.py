"""The form of the self-report in the scheme editor: from nothing to sections, lengths, answers, evidence, and away again."""

from __future__ import annotations

from fractions import Fraction

import pytest
from PySide6.QtWidgets import QComboBox

from app.ui.pages.schemes.page import SchemesPage
from app.ui.shell import Shell
from tests.ui.recording_notices import RecordingNotices
from tests.ui.scheme_hands import Hands
from tests.ui.settling import settle


@pytest.fixture
def hands(shell: Shell) -> Hands:
    made = Hands(shell)
    made.page.show_section("report")
    made.rest()
    made.kind("述职报告", False)  # type: ignore[arg-type]
    made.rest()
    return made


def test_that_a_report_form_is_made_changed_and_taken_away(hands: Hands) -> None:
    assert hands.scheme.report is None
    hands.kind("述职报告", True)  # type: ignore[arg-type]
    assert [s.name for s in hands.stored().report.sections] == [
        "主要做法和成效",
        "存在的问题",
        "原因分析",
        "下一步打算",
    ]
    assert hands.page.sections.item(hands.page.sections.count() - 1).text() == "述职报告　4"
    hands.write(("report", "title"), "机关党建述职报告")
    hands.write(("report", "sections", 1, "maximum"), "800")
    hands.write(("report", "sections", 1, "guide"), "一条一段，点到具体事。")
    hands.pick(("report", "sections", 1, "shape"), "list")
    hands.write(("report", "sections", 1, "entries"), "3")
    hands.pick(("report", "sections", 3, "required"), False)
    hands.link("＋栏目")
    hands.write(("report", "sections", 4, "name"), "上年承诺兑现")
    hands.pick(("report", "sections", 4, "purpose"), "promises")
    hands.pick(("report", "answers", "score"), "required")
    hands.pick(("report", "answers", "items"), "problems")
    hands.pick(("report", "manner"), "oral")
    hands.pick(("report", "lots"), True)
    hands.write(("report", "evidence", "file"), "5")
    form = hands.stored().report
    section = form.sections[1]
    assert (section.shape, section.entries, section.maximum, section.guide) == (
        "list",
        3,
        800,
        "一条一段，点到具体事。",
    )
    assert not form.sections[3].required
    assert (form.sections[4].name, form.sections[4].purpose) == ("上年承诺兑现", "promises")
    assert len({s.id for s in form.sections}) == 5
    assert (form.answers.score, form.answers.items) == ("required", ("problems",))
    assert (form.manner, form.lots, form.evidence.file, form.title) == ("oral", True, 5, "机关党建述职报告")
    hands.kind("述职报告", False)  # type: ignore[arg-type]
    assert hands.stored().report is None


def test_that_shares_are_typed_as_percents(hands: Hands) -> None:
    hands.kind("述职报告", True)  # type: ignore[arg-type]
    hands.write(("report", "problem_share"), "25")
    hands.pick(("report", "answers", "score"), "optional")
    hands.write(("report", "answers", "gap"), "12.5%")
    form = hands.stored().report
    assert (form.problem_share, form.answers.gap) == (Fraction(1, 4), Fraction(1, 8))
    assert hands.editor("report", "problem_share").line.text() == "25"
    assert hands.editor("report", "answers", "gap").line.text() == "12.5"


def test_that_only_indicators_can_be_asked_about(hands: Hands) -> None:
    hands.kind("述职报告", True)  # type: ignore[arg-type]
    field = hands.editor("report", "answers", "items")
    offered = {value for value, _ in field.choices()}
    assert {"problems", "manner", "vote"} <= offered
    assert not offered & {"total", "rank", "report"}


def test_that_the_page_of_reports_leads_to_the_form(shell: Shell, notices: RecordingNotices) -> None:
    assert shell.work is not None
    shell.view.show_page("reports")
    settle(shell)
    shell.view.current_page().tab("reports").to_scheme.trigger()
    settle(shell)
    page = shell.view.current_page()
    assert isinstance(page, SchemesPage)
    assert page.sheet.title.text() == "述职报告"
    assert any(box.accessibleName() == "述职报告" for box in page.sheet.form.findChildren(QComboBox))
