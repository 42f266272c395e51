"""收回: nothing is written before everything is answered; locked, faulty and foreign packages are told by name."""

from __future__ import annotations

from pathlib import Path

from app.services.exchange.values import ReadyMerge
from tests.services.exchange import pcs
from tests.ui.seats import Computers, Seat, Sit, confirm, receive, submit, take

MARKS = {("P11", "D2", "problems"): "40", ("P11", "D3", "problems"): "41", ("P12", "D2", "manner"): "22"}
OTHERS = {("P11", "D2", "problems"): "42", ("P11", "D3", "problems"): "43", ("P12", "D2", "manner"): "24"}


def conflicting(office: Seat, unit: Seat, computers: Computers) -> Path:
    """Both have typed other marks into the same three cells; the unit's package."""
    pcs.mark(unit.services, MARKS)
    pcs.mark(office.services, OTHERS)
    return submit(unit, computers.stick)


def stored(office: Seat) -> dict[tuple[str, str, str], str]:
    return {(e, u, i): text for (_, e, u, i), text in pcs.marks_of(office.services).items()}


def test_that_one_rule_answers_all_conflicts_but_never_who_a_computer_is(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    preview = receive(office, conflicting(office, unit, computers)).receiving.preview
    assert preview.plan is not None
    assert [q.kind for q in preview.plan.questions] == ["unknown_sender"]
    confirm(office, preview)
    assert "3 个问题" in preview.state.text()
    assert preview.questions is not None
    preview.questions.rules["theirs"].click()
    office.settle()
    assert isinstance(preview.plan, ReadyMerge)
    assert preview.questions.rules["theirs"].isChecked()
    preview.questions.rules["ours"].click()
    office.settle()
    take(office, preview)
    assert stored(office) == OTHERS


def test_that_conflicts_are_decided_together_in_the_table_of_changes(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    preview = receive(office, conflicting(office, unit, computers)).receiving.preview
    confirm(office, preview)
    assert not preview.take.isEnabled() and "选中" in preview.take.toolTip()
    assert [c.kind.value for c in preview.changes.contents.rows] == ["both"] * 3
    assert [field.toPlainText() for field in preview.sides] == ["", "42", "40"]
    preview.changes.selectRow(1)
    assert [field.toPlainText() for field in preview.sides] == ["", "43", "41"]
    preview.changes.selectAll()
    preview.take.trigger()
    office.settle()
    take(office, preview)
    assert stored(office) == MARKS


def test_that_a_computer_whose_code_differs_is_refused_and_may_still_be_confirmed(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    pcs.mark(unit.services, MARKS)
    preview = receive(office, submit(unit, computers.stick)).receiving.preview
    assert preview.plan is not None
    (question,) = preview.plan.questions
    preview.answered.emit({question.id: "skip"})
    office.settle()
    assert preview.packages.contents.rows[0].fault == "E-PKG-03"
    assert not preview.apply.isEnabled()
    preview.answered.emit({question.id: ""})
    office.settle()
    confirm(office, preview)
    take(office, preview)
    assert stored(office) == MARKS
    assert [s.unit for s in office.services.exchange.senders()] == ["D1"]


def test_that_leaving_the_preview_writes_nothing_and_the_list_of_it_is_text(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    pcs.mark(unit.services, MARKS)
    tab = receive(office, submit(unit, computers.stick))
    preview = tab.receiving.preview
    confirm(office, preview)
    target = computers.stick / "接收清单.txt"
    office.notices.files = [target]
    preview.report_wanted.emit()
    office.settle()
    assert "第1局（D1）第 1 号回传包：新 3 处" in target.read_text("utf-8-sig")
    preview.left.emit()
    office.settle()
    assert tab.receiving.currentIndex() == 0
    assert stored(office) == {} and office.services.exchange.packages().received == ()


def test_that_a_locked_package_asks_for_its_passphrase_and_the_others_do_not_wait(
    office: Seat, unit: Seat, sit: Sit, computers: Computers
) -> None:
    pcs.mark(unit.services, MARKS)
    locked = submit(unit, computers.stick, "一二三四五六七八")
    second = computers.units["D2"]
    other = sit(second).begin(second.year)
    submit(other, computers.stick)
    tab = office.page("exchange", "receive")
    office.notices.files = [computers.stick]
    tab.choose_folder.trigger()
    office.settle()
    form = tab.receiving.form
    assert form is not None and form.isVisible() and locked.name in form.names.text()
    form.phrase.setText("不对不对不对不对")
    form.save_button.click()
    office.settle()
    assert form.isVisible() and "口令不对" in form.problem.text() and form.save_button.isEnabled()
    form.reject()
    preview = tab.receiving.preview
    assert "1 个包设了口令" in preview.state.text()
    assert sorted(p.fate for p in preview.packages.contents.rows) == ["refused", "waiting"]
    preview.unlock.trigger()
    form = tab.receiving.form
    form.phrase.setText("一二三四五六七八")
    form.save_button.click()
    office.settle()
    assert not preview.unlock.isVisible()
    assert len(confirm(office, preview)) == 2
    take(office, preview)
    assert stored(office) == MARKS
    assert {p.unit for p in office.services.exchange.packages().received} == {"D1", "D2"}


def test_that_faulty_and_foreign_packages_are_refused_by_name_beside_good_ones(
    office: Seat, unit: Seat, computers: Computers
) -> None:
    pcs.mark(unit.services, MARKS)
    good = submit(unit, computers.stick)
    cut = computers.stick / "剪断.slp"
    cut.write_bytes(good.read_bytes()[:-40])
    (computers.stick / "不是包.slp").write_bytes("不是数据包".encode() * 40)
    tab = receive(office, good, cut, computers.stick / "不是包.slp", computers.tasks["D2"])
    preview = tab.receiving.preview
    rows = {p.name: p for p in preview.packages.contents.rows}
    assert rows["剪断.slp"].fault == "E-PKG-08"
    assert rows["不是包.slp"].fault == "E-PKG-01"
    assert rows[computers.tasks["D2"].name].fault == "E-PKG-15"
    confirm(office, preview)
    assert "另有 3 个拒收" in preview.state.text()
    take(office, preview)
    again = receive(office, good).receiving.preview
    assert [p.fault for p in again.packages.contents.rows] == ["E-PKG-12"]
    assert not again.apply.isEnabled() and "没有可以接收的包" in again.apply.toolTip()


def test_that_a_folder_without_packages_is_told_and_a_read_only_year_takes_nothing(
    office: Seat, computers: Computers
) -> None:
    tab = receive(office)
    tab.receiving.take([computers.stick])
    office.settle()
    assert office.notices.asked[-1].title == "没有找到数据包"
    assert tab.receiving.currentIndex() == 0
    assert office.shell.work is not None
    office.shell.work.read_only = "只读"
    tab.receiving.take([computers.tasks["D1"]])
    assert office.notices.asked[-1].title == "年度文件只读"
