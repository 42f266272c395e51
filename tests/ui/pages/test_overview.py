"""工作台: bars, what is missing and from whom, ways there."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QProgressBar

from app.domain.facts import Unit
from app.ui.pages.overview import ActCard, LevelCard, LineButton
from app.ui.shell import Shell
from tests.ui.settling import settle


@pytest.fixture
def overview(shell: Shell) -> Any:
    return shell.view.current_page()


def acts_of(shell: Shell) -> list[Any]:
    assert shell.work is not None
    seen: list[Any] = []
    shell.work.read("x", lambda s, p: s.year.overview(), seen.append)
    settle(shell)
    return [act for act in seen[0].acts if act.total > 0]


def test_that_each_act_with_something_to_do_has_a_bar_with_the_service_s_figures(shell: Shell, overview: Any) -> None:
    cards = overview.findChildren(ActCard)
    acts = acts_of(shell)
    assert [c.accessibleName() for c in cards] == [f"{a.name} {a.done} / {a.total} {a.counted}" for a in acts]
    assert [c.findChild(QProgressBar).value() for c in cards] == [min(a.done, a.total) for a in acts]


def test_that_every_open_line_is_a_button_that_leads_to_its_page(shell: Shell, overview: Any) -> None:
    assert shell.work is not None
    shell.work.change("x", lambda s, p: s.units.save_unit(Unit(code="D9", name="第九局", level="department", order=9)))
    settle(shell)
    lines = [line for act in acts_of(shell) for line in act.lines]
    buttons = overview.findChildren(LineButton)
    assert sorted(b.accessibleName() for b in buttons) == sorted(line.text for line in lines)
    assert lines
    button = next(b for b in buttons if b.accessibleName() == lines[0].text)
    button.click()
    settle(shell)
    assert shell.view.page == lines[0].page


def test_that_a_level_shows_its_grades_counted_and_leads_to_its_ranking(shell: Shell, overview: Any) -> None:
    cards = overview.findChildren(LevelCard)
    assert len(cards) == 2
    cards[0].click()
    settle(shell)
    assert shell.view.page == "results"
    assert shell.work is not None
    assert shell.work.scheme == "branch"


def test_that_a_stale_result_says_so(shell: Shell, overview: Any) -> None:
    from app.ui.widgets.chips import Chip

    assert shell.work is not None
    before = [c.text() for c in overview.findChildren(Chip)]
    shell.work.change("x", lambda s, p: s.units.save_unit(Unit(code="D9", name="第九局", level="department", order=9)))
    settle(shell)
    assert "已过期，请重新计算" not in before
    assert "已过期，请重新计算" in [c.text() for c in overview.findChildren(Chip)]
