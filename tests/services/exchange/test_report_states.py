"""Who may move a report where: every pair of moves since both sides agreed last, as a table."""

from __future__ import annotations

import pytest

from app.domain.packages import UnitReport
from app.domain.reports import Report, ReportState, SectionText
from app.services.exchange.deciding import Decider
from app.services.exchange.reports import ReportWords, merge_report
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs

TEXT = Report(scheme="s", unit="D1", sections=(SectionText(section="done", text="抓责任"),))
ASKED = "asked"
# (base, here, in the package, is the package the unit's?) → what stands then
MOVES: tuple[tuple[ReportState | None, ReportState | None, ReportState, bool, str], ...] = (
    (None, None, "draft", True, "draft"),
    (None, None, "submitted", True, "submitted"),
    ("draft", "draft", "submitted", True, "submitted"),
    ("returned", "returned", "submitted", True, "submitted"),
    ("submitted", "submitted", "draft", True, "draft"),  # taken back by the unit
    ("submitted", "returned", "submitted", True, "returned"),  # sent before the unit knew of the return
    ("submitted", "accepted", "submitted", True, "accepted"),
    ("draft", "returned", "submitted", True, ASKED),  # the other computer's report was returned meanwhile
    ("submitted", "submitted", "accepted", True, "submitted"),  # no unit accepts its own report
    ("submitted", "submitted", "returned", True, "submitted"),
    ("submitted", "submitted", "returned", False, "returned"),
    ("submitted", "submitted", "accepted", False, "accepted"),
    ("accepted", "accepted", "returned", False, "returned"),  # opened again by the office
    ("draft", "submitted", "draft", False, "submitted"),  # a task made before the unit has handed in
    ("submitted", "draft", "accepted", False, ASKED),  # taken back and accepted at the same time
)


@pytest.mark.parametrize(("base", "ours", "theirs", "from_unit", "stands"), MOVES)
def test_that_each_side_moves_a_report_only_where_it_may(
    base: ReportState | None, ours: ReportState | None, theirs: ReportState, from_unit: bool, stands: str
) -> None:
    decider = Decider("f" * 32, "包.slp", {}, "ask")
    sides = [UnitReport(report=TEXT, state=s) if s else None for s in (base, ours)]
    package = UnitReport(report=TEXT, state=theirs)
    merged = merge_report(decider, sides[0], sides[1], package, ReportWords(place="第1局"), from_unit=from_unit)
    if stands == ASKED:
        assert [q.text.split("：")[0] for q in decider.questions] == ["第1局 › 状态"]
    else:
        assert decider.questions == [] and (merged.state if merged else ours) == stands


def test_that_a_lost_year_file_is_made_anew_from_a_newer_task_and_not_from_the_old_one(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    pcs.write(three.units["D1"], "D1", done="抓责任。")
    pcs.receive(three.office, three.submit("D1"))
    home = three.place("D1的电脑")
    again = home.desk.open_task(three.tasks["D1"], home.folder / "重建.slk")
    path = again.tasks.submit(three.root / "重建.slp").value.path
    assert path is not None
    assert [p.fault for p in pcs.planned(three.office, path).packages] == ["E-PKG-04"]
    again.close()
    task = three.office.exchange.send_tasks(three.root / "再发", ["D1"]).value.files[0]
    fresh = home.desk.open_task(task, home.folder / "新任务.slk")
    assert pcs.marks_of(fresh) == pcs.marks_of(three.office)
    assert pcs.sections(fresh, "D1")["done"] == "抓责任。"
    pcs.mark(fresh, {("P11", "D2", "problems"): "33"})
    path = fresh.tasks.submit(three.root / "新.slp").value.path
    assert path is not None
    pcs.receive(three.office, path)
    assert pcs.marks_of(three.office)["department", "P11", "D2", "problems"] == "33"
    fresh.close()


def test_that_one_computer_may_send_for_two_units_once_both_are_confirmed(three: Pcs) -> None:
    one = three.place("D1的电脑")
    second = one.desk.open_task(three.tasks["D2"], one.folder / "第二个单位.slk")
    pcs.fill_in(three.units["D1"])
    pcs.fill_in(second)
    pcs.receive(three.office, three.submit("D1"))
    path = second.tasks.submit(one.folder / "D2.slp").value.path
    assert path is not None
    question = pcs.planned(three.office, path, confirm=False).questions[0]
    assert question.kind == "unknown_sender" and "第1局" in question.text
    pcs.receive(three.office, path)
    assert {(s.unit, s.code) for s in three.office.exchange.senders()} == {
        ("D1", second.exchange.own_code()),
        ("D2", second.exchange.own_code()),
    }
    assert len(pcs.marks_of(three.office)) == 16
    second.close()
