"""Somebody who knows only a published rule sets it up in the window: empty scheme, two parts, votes, bands, quota, 降档;
the check is clean, the try-out gives the worked numbers, and it is published.

The rule: 日常工作 60 分（考核办按完成率定档：90% 以上 60 分，80% 以上 50 分，其余 40 分）；民主测评 40 分（好 40、较好 32、
一般 20，按有效票平均）。90 分以上为好，不超过参加排名单位的 20%；80 分以上较好，60 分以上一般，其余差。约谈一次降一档。

Worked:  A 95% → 60，好 8 较好 2 → (320 + 64) ÷ 10 = 38.4，共 98.4   第 1，好；有一次约谈 → 较好
         B 91% → 60，好 5 较好 5 → 36，共 96                          第 2，名额只有 5 × 20% = 1 个 → 较好
         C 85% → 50，好 5 一般 5 → 30，共 80                           第 3，较好
         D 70% → 40，较好 10 → 32，共 72                               第 4，一般
         E 60% → 40，一般 10 → 20，共 60                               第 5，一般
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.domain.facts import Event, OfficeMark, Unit, VoteCount, VoteSession
from app.domain.findings import Severity
from app.services.container import Services
from app.ui.pages.schemes.starting import StartForm
from app.ui.pages.schemes.tree_model import NAME, POINTS
from app.ui.pages.schemes.versions import PublishForm
from app.ui.shell import Shell
from tests.ui.conftest import closed_shell, crashes, dressed, jobs, notices, shell, year_file, year_folder
from tests.ui.recording_notices import RecordingNotices
from tests.ui.scheme_hands import Hands
from tests.ui.settling import settle

__all__ = ["closed_shell", "crashes", "dressed", "jobs", "notices", "shell", "year_file", "year_folder"]

WORKED = {
    "甲": ("98.40", 1, "较好"),
    "乙": ("96.00", 2, "较好"),
    "丙": ("80.00", 3, "较好"),
    "丁": ("72.00", 4, "一般"),
    "戊": ("60.00", 5, "一般"),
}


def test_a_published_rule_is_set_up_by_hand_and_gives_its_worked_numbers(
    shell: Shell, notices: RecordingNotices
) -> None:
    hands = Hands(shell)
    an_empty_scheme(hands)
    work, votes = two_parts(hands)
    bands_for(hands, work)
    levels_for(hands, votes)
    the_ladder(hands)
    talks_lower_by_one(hands)
    hands.rest()
    assert [f for f in hands.page.findings.found if f.severity is not Severity.NOTE] == []
    assert hands.stored() == hands.scheme
    facts(hands)
    the_try_out_gives_the_worked_numbers(hands)
    it_is_published(hands)
    assert notices.asked == []


def test_that_parts_by_the_month_may_be_chosen_before_the_months_are_written_and_nothing_is_lost(
    shell: Shell, notices: RecordingNotices
) -> None:
    hands = Hands(shell)
    an_empty_scheme(hands)
    work, _ = two_parts(hands)
    hands.choose(work)
    hands.kind("来源", "office")
    hands.kind("分期", True)
    hands.page.show_section("ladder")
    hands.link("＋名额（按比例）")
    hands.rest()
    assert notices.faults == [] and [f.code for f in hands.page.findings.found] == ["S-PERIODS"]
    assert hands.stored() == hands.scheme and hands.scheme.ladder.grades[0].quota is not None


def an_empty_scheme(hands: Hands) -> None:
    hands.page.commands.new_scheme.trigger()
    settle(hands.shell)
    form = next(d for d in hands.shell.window.findChildren(StartForm) if d.isVisible())
    form.choose_way("empty")
    form.create_button.click()
    settle(hands.shell)
    assert "名称" in form.problem.text()
    form.name.setText("局属单位考核方案")
    form.level.setEditText("bureau")
    form.level_name.setText("局属单位")
    form.create_button.click()
    settle(hands.shell)
    hands.rest()
    assert hands.scheme.level == "bureau"


def two_parts(hands: Hands) -> tuple[str, str]:
    first = hands.scheme.tree.children[0].id
    hands.choose(first)
    hands.type_cell(first, NAME, "日常工作")
    hands.type_cell(first, POINTS, "60")
    left = hands.page.tree.contents.left(hands.page.tree.contents.lines[hands.scheme.tree.id])
    assert left.text == "60，还差 40"
    second = hands.insert("民主测评", after=first)
    hands.type_cell(second, POINTS, "40")
    left = hands.page.tree.contents.left(hands.page.tree.contents.lines[hands.scheme.tree.id])
    assert (left.text, left.good) == ("100 ✓", True)
    return first, second


def bands_for(hands: Hands, item: str) -> None:
    hands.choose(item)
    hands.kind("来源", "office")
    hands.kind("读法", "bands")
    for n, (minimum, points) in enumerate((("90", "60"), ("80", "50"), ("", "40"))):
        hands.link("＋分段")
        hands.write(hands.part(item, "reading", "bands", n, "points"), points)
        if minimum:
            hands.write(hands.part(item, "reading", "bands", n, "minimum"), minimum)
    settle(hands.shell)
    assert "90 → 60.00 分" in examples(hands) and "80 → 50.00 分" in examples(hands)


def levels_for(hands: Hands, item: str) -> None:
    hands.choose(item)
    hands.kind("来源", "votes")
    hands.kind("读法", "levels")
    for n, (name, points) in enumerate((("好", "40"), ("较好", "32"), ("一般", "20"))):
        hands.link("＋等级")
        hands.write(hands.part(item, "reading", "levels", n, "name"), name)
        hands.write(hands.part(item, "reading", "levels", n, "points"), points)
    assert hands.editor(*hands.part(item, "source", "denominator")).value() == "valid"


def examples(hands: Hands) -> str:
    """The lines below the form, once they have been worked out."""
    pane = hands.page.side.examples
    pane.work_out()
    settle(hands.shell)
    return pane.text.text()


def the_ladder(hands: Hands) -> None:
    hands.page.show_section("ladder")
    hands.link("＋名额（按比例）")
    assert hands.scheme.ladder.grades[0].quota.share == 20
    hands.write(("ladder", "grades", 0, "line"), "90")
    assert [g.line for g in hands.scheme.ladder.grades] == [90, 80, 60, None]
    assert hands.editor("ladder", "grades", 0, "quota", "ties").value() == "decide"


def talks_lower_by_one(hands: Hands) -> None:
    hands.page.show_section("event_kinds")
    hands.link("＋事项种类")
    hands.write(("event_kinds", 0, "name"), "约谈")
    hands.page.show_section("adjustments")
    hands.link("＋等次调整")
    hands.write(("adjustments", 0, "name"), "约谈降一档")
    hands.pick(("adjustments", 0, "events"), hands.scheme.event_kinds[0].id)
    hands.pick(("adjustments", 0, "effect"), "down")
    assert hands.scheme.adjustments[0].steps == 1
    pane = hands.page.sheet.examples
    pane.work_out()
    settle(hands.shell)
    assert [pane.table.item(0, column).text() for column in range(5)] == ["约谈降一档", "较好", "一般", "差", "差"]


def facts(hands: Hands) -> None:
    """Five units, their rates of completion, a vote, a talk; by the services, as other pages do."""
    scheme = hands.scheme
    work, votes = hands.id_of("日常工作"), hands.id_of("民主测评")
    good, fair, plain = (level.id for level in scheme.tree.children[1].reading.levels)
    rates = (95, 91, 85, 70, 60)
    counts = ({good: 8, fair: 2}, {good: 5, fair: 5}, {good: 5, plain: 5}, {fair: 10}, {plain: 10})

    def store(services: Services, progress: Any) -> None:
        for n, name in enumerate(WORKED):
            services.units.save_unit(Unit(code=f"Q{n}", name=name, level="bureau", order=100 + n))
        marks = tuple(
            OfficeMark(scheme=scheme.id, unit=f"Q{n}", item=work, value=Fraction(rate), basis="台账", by="考核办")
            for n, rate in enumerate(rates)
        )
        services.events.save_office_marks(marks)
        services.votes.save(
            VoteSession(
                id="", name="民主测评会", scheme=scheme.id, group="", date="2026-12-10", expected=10, present=10,
                issued=10, returned=10, invalid=0,
                counts=tuple(VoteCount(unit=f"Q{n}", item=votes, counts=c) for n, c in enumerate(counts)),
            )
        )  # fmt: skip
        services.events.save(
            Event(
                id="", kind=scheme.event_kinds[0].id, unit="Q0", title="约谈", concluded="2026-06-01", evidence="约谈记录",
                approver="分管领导", provider="纪检组",
            )
        )  # fmt: skip

    assert hands.shell.work is not None
    stored: list[None] = []
    wrong: list[BaseException] = []
    hands.shell.work.read("x", store, stored.append, failed=lambda error: wrong.append(error) is None)
    settle(hands.shell)
    assert stored == [None], [getattr(w, "findings", w) for w in wrong]
    hands.page.refresh()
    settle(hands.shell)


def the_try_out_gives_the_worked_numbers(hands: Hands) -> None:
    hands.page.show_section("tree")
    hands.page.side.show_try_out()
    settle(hands.shell)
    rows = {r.name: r for r in hands.page.side.try_out.table.contents.rows}
    names = {g.id: g.name for g in hands.scheme.ladder.grades}
    assert rows.keys() == WORKED.keys(), hands.page.side.try_out.said.text()
    for name, (total, rank, grade) in WORKED.items():
        now = rows[name].now
        assert (f"{float(now.total):.2f}", now.rank, names[now.grade]) == (total, rank, grade), name


def it_is_published(hands: Hands) -> None:
    assert hands.page.commands.publish.isEnabled(), hands.page.commands.publish.toolTip()
    hands.page.commands.publish.trigger()
    settle(hands.shell)
    form = next(d for d in hands.shell.window.findChildren(PublishForm) if d.isVisible())
    form.save_button.click()
    assert "发布人" in form.problem.text() or "由谁" in form.problem.text()
    form.by.setText("考核办")
    form.reason.setPlainText("局党组会议审议通过")
    form.save_button.click()
    settle(hands.shell)
    assert "已发布" in hands.page.subtitle.text()
    assert not hands.page.commands.publish.isEnabled()


@pytest.fixture(autouse=True)
def _own_folder(dressed: None) -> None:
    """The program's look and folder."""
