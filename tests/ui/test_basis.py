"""The 依据 panel: sentences that unfold down to the cell, shown as plain text, copied whole."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.quantities import Quantity
from app.domain.results import Cell, Step
from app.ui.basis import MANY, BasisPanel, StepView, sentences
from app.ui.shell import Shell
from app.ui.workspace import Explained
from tests.ui.settling import settle


def step(quantity: str, *inputs: Step, text: str = "1", source: Cell | None = None, **more: str) -> Step:
    return Step(quantity, more.get("title", quantity), "rule", None, text, more.get("sentence", ""), inputs, source)


CELL = Cell("E001_甲.xlsx", "评分表", "F12", "ab" * 32)
TREE = step(
    "grade",
    step("total", step("item", step("mark", title="评议人甲", text="8.9", source=CELL)), text="90.5（181/2）"),
    title="等次",
    text="较好",
    sentence="按分数线和名额评为“较好”",
)


@pytest.fixture
def panel(qtbot: QtBot) -> BasisPanel:
    made = BasisPanel()
    qtbot.addWidget(made)
    made.resize(360, 600)
    made.show()
    made.show_explained(Explained(TREE, "department", "D1", "第1局"))
    return made


def texts(view: StepView) -> list[str]:
    return [one.text() for one in view.findChildren(QLabel) if one.isVisibleTo(view) and one.text()]


def test_that_the_first_level_is_unfolded_and_the_deeper_ones_wait(panel: BasisPanel) -> None:
    assert panel.root is not None
    assert texts(panel.root)[:3] == ["等次", "较好", "按分数线和名额评为“较好”"]
    assert "total" in texts(panel.root)
    assert "item" not in texts(panel.root)


def test_that_unfolding_leads_to_the_cell_of_the_workbook(panel: BasisPanel) -> None:
    view = panel.root
    assert view is not None
    while view.step.inputs:
        view.unfold(True)
        (view,) = view.views()
    assert f"来源：{CELL}" in texts(view)
    assert any("ab" * 32 in one.toolTip() for one in view.findChildren(QLabel))


def test_that_a_folded_step_hides_its_inputs_again(panel: BasisPanel) -> None:
    assert panel.root is not None
    panel.root.toggle()
    assert "total" not in texts(panel.root)


def test_that_a_long_value_keeps_its_fraction_in_the_tool_tip(qtbot: QtBot) -> None:
    view = StepView(step("x", text="18.333333…（55/3）"))
    qtbot.addWidget(view)
    (value,) = [one for one in view.findChildren(QLabel) if one.text() == "18.333333…"]
    assert value.toolTip() == "18.333333…（55/3）"


def test_that_many_inputs_come_in_portions(qtbot: QtBot) -> None:
    view = StepView(step("x", *(step(f"mark {n}") for n in range(MANY + 3))))
    qtbot.addWidget(view)
    view.show()
    assert len(view.views()) == MANY
    (more,) = view.findChildren(QPushButton)
    assert more.text() == "再显示 3 项（还有 3 项）"
    more.click()
    assert len(view.views()) == MANY + 3


def test_that_the_whole_way_is_copied_as_indented_lines(panel: BasisPanel) -> None:
    panel.copy_button.click()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[:3] == ["第1局", "等次：较好", "　按分数线和名额评为“较好”"]
    assert lines[-2:] == ["　　　评议人甲：8.9", f"　　　　来源：{CELL}"]


def test_that_markup_in_a_name_is_shown_as_it_is(qtbot: QtBot) -> None:
    view = StepView(step("x", title="<b>甲局</b>"))
    qtbot.addWidget(view)
    assert "<b>甲局</b>" in [one.text() for one in view.findChildren(QLabel)]
    assert all(one.textFormat().name == "PlainText" for one in view.findChildren(QLabel) if one.text())


def test_that_an_explanation_of_a_real_figure_reaches_a_cell_of_the_workbook_it_was_read_from(shell: Shell) -> None:
    assert shell.work is not None
    shell.work.explain("department", "D1")
    settle(shell)
    panel = shell.view.basis
    assert panel is not None
    assert panel.isVisible()
    assert panel.about.text() == "第1局"
    assert panel.explained is not None
    lines = list(sentences(panel.explained.step))
    assert any(".xlsx › 评分表 › " in line for line in lines)
    assert any("整改不到位降一档" in line for line in lines)


def test_that_a_value_without_result_is_marked(qtbot: QtBot) -> None:
    view = StepView(Step("x", "票决", "r", Quantity.no_result("没有收到票"), "无结果", "没有收到票"))
    qtbot.addWidget(view)
    (value,) = [one for one in view.findChildren(QLabel) if one.text() == "无结果"]
    assert "color" in value.styleSheet()
