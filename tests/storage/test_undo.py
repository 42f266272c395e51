"""Undo and redo at the level of rows: named, kept in the file, exact, and refusing rather than guessing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import AppError, Fault
from app.domain.facts import Event, Facts, MarkBlock, MarkEdit, Unit
from app.storage import undo
from app.storage.records import BatchFile
from app.storage.work import Work
from app.storage.year_file import YearFile
from tests.storage.besides import make_report

Blocks = Callable[..., MarkBlock]


def unit(code: str, name: str = "演练局") -> Unit:
    return Unit(code=code, name=name, level="department")


def save(year: YearFile, *units: Unit, label: str = "保存单位", undoable: bool = True) -> None:
    with year.transaction("save-unit", "张三", label, undoable=undoable) as work:
        work.units.save(*units)


def units_of(year: YearFile) -> tuple[Unit, ...]:
    with year.read() as work:
        return work.units.all()


def everything(year: YearFile) -> object:
    with year.read() as work:
        return work.facts(), work.schemes.current(), work.settings.all(), work.batches.all()


def test_that_steps_are_undone_and_redone_by_name(year: YearFile) -> None:
    save(year, unit("A"), label="新增 A")
    save(year, unit("A", "改名"), label="修改 A")
    assert (year.undo_label, year.redo_label) == ("修改 A", None)
    assert year.undo("李四").label == "修改 A"
    assert (units_of(year), year.undo_label, year.redo_label) == ((unit("A"),), "新增 A", "修改 A")
    assert year.undo("李四").touched == {"unit"}
    assert (units_of(year), year.undo_label, year.redo_label) == ((), None, "新增 A")
    year.redo("李四")
    year.redo("李四")
    assert (units_of(year), year.undo_label, year.redo_label) == ((unit("A", "改名"),), "修改 A", None)


def test_that_undo_and_redo_stand_in_the_trail(year: YearFile) -> None:
    save(year, unit("A"), label="新增 A")
    year.undo("李四")
    year.redo("王五")
    with year.read() as work:
        said = [(e.who, e.action, e.label, e.subject, e.touched) for e in work.audit.entries(2)]
        assert work.audit.verify() == ()
    assert said == [
        ("王五", "redo", "重做：新增 A", "第 3 条记录", ("unit",)),
        ("李四", "undo", "撤销：新增 A", "第 2 条记录", ("unit",)),
    ]


def test_that_there_may_be_nothing_to_undo(year: YearFile) -> None:
    for turn in (year.undo, year.redo):
        with pytest.raises(AppError) as caught:
            turn("李四")
        assert caught.value.fault is Fault.NOT_UNDOABLE
    with year.read() as work:
        assert work.audit.count() == 1


def test_that_a_new_step_forgets_what_could_be_redone(year: YearFile) -> None:
    save(year, unit("A"))
    year.undo("李四")
    save(year, unit("B"))
    assert year.redo_label is None


def test_that_a_step_that_cannot_be_undone_clears_the_stack_when_it_changed_facts(year: YearFile) -> None:
    save(year, unit("A"))
    save(year, unit("B"), undoable=False)
    assert year.undo_label is None


def test_that_computing_freezing_and_exporting_leave_the_stack_alone(year: YearFile) -> None:
    save(year, unit("A"), label="新增 A")
    with year.transaction("compute", "张三", "计算", undoable=False) as work:
        work.snapshots.add("结果", {}, "")
        work.snapshots.freeze(1, "张三", "通过")
    with year.transaction("export", "张三", "导出"):
        pass
    assert year.undo_label == "新增 A"
    year.undo("张三")
    with year.read() as work:
        newest = work.snapshots.newest()
    assert newest is not None
    assert newest.frozen


def test_that_a_hundred_steps_survive_closing_and_older_ones_go(
    year: YearFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert undo.STEPS_KEPT >= 100
    monkeypatch.setattr(undo, "STEPS_KEPT", 100)
    for i in range(103):
        save(year, unit("A", f"名称{i}"), label=f"第 {i} 步")
    year.close()
    again = YearFile.open(path)
    for _ in range(100):
        again.undo("李四")
    assert units_of(again) == (unit("A", "名称2"),)
    assert again.undo_label is None
    for _ in range(100):
        again.redo("李四")
    assert units_of(again) == (unit("A", "名称102"),)
    again.close()


def test_that_an_import_is_one_step_and_its_blobs_come_back(filled: YearFile, block: Blocks) -> None:
    before = everything(filled)
    with filled.transaction("import", "张三", "导入 2 份评分表") as work:
        number = work.batches.add("导入", [BatchFile(name="a.xlsx", sha256="a" * 64)], "报告").number
        work.blocks.save([block("E01", 5, batch=number), block("E09", 6, batch=number)], number)
        edit = MarkEdit(unit="D001", item="item2", before="", after="1", by="张三", at="", reason="核对")
        work.edits.add("department", "E09", edit, 100)
    after = everything(filled)
    for _ in range(3):
        filled.undo("李四")
        assert everything(filled) == before
        filled.redo("李四")
        assert everything(filled) == after


def test_that_a_batch_number_is_never_used_again(year: YearFile) -> None:
    with year.transaction("import", "张三", "导入") as work:
        assert work.batches.add("导入", []).number == 1
    year.undo("张三")
    with year.transaction("import", "张三", "导入") as work:
        assert work.batches.add("导入", []).number == 2


def test_that_the_file_does_not_grow_for_ever_by_doing_and_undoing(year: YearFile, block: Blocks, path: Path) -> None:
    def import_undo_redo() -> int:
        with year.transaction("import", "张三", "导入") as work:
            number = work.batches.add("导入", []).number
            work.blocks.save([block(f"E{i:02}", i, 60, 40, number) for i in range(20)], number)
        year.undo("张三")
        year.redo("张三")
        year.undo("张三")
        return path.stat().st_size

    first = import_undo_redo()
    sizes = [import_undo_redo() for _ in range(12)]
    assert sizes[-1] <= first * 1.6


def test_that_thinning_by_size_lets_the_far_end_go_and_keeps_the_near_one(
    year: YearFile, block: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "BYTES_KEPT", 30_000)
    for seed in range(4):
        with year.transaction("import", "张三", f"导入 {seed}") as work:
            work.blocks.save([block(f"E{seed}", seed, 100, 60)])
    for _ in range(4):
        year.undo("张三")
    with year.read() as work:
        assert work.blocks.all() == ()
    for seed in range(2):
        assert year.redo("张三").label == f"导入 {seed}"
    assert year.redo_label is None
    with year.read() as work:
        assert work.blocks.all() == (block("E0", 0, 100, 60), block("E1", 1, 100, 60))
    year.undo("张三")
    assert year.undo_label == "导入 0"


def test_that_undo_refuses_when_a_row_has_moved_on(year: YearFile) -> None:
    """Somebody else has written into the file, past the trail: nothing is overwritten."""
    save(year, unit("A", "旧名"))
    save(year, unit("A", "新名"))
    with year._writing.begin() as connection:  # type: ignore[union-attr]
        connection.exec_driver_sql("DROP TRIGGER unit_updated")
        connection.exec_driver_sql("UPDATE unit SET name = '外来'")
    with pytest.raises(AppError) as caught:
        year.undo("李四")
    assert caught.value.fault is Fault.NOT_UNDOABLE
    assert [u.name for u in units_of(year)] == ["外来"]
    with year.read() as work:
        assert work.audit.count() == 3


def test_that_undo_refuses_to_delete_a_unit_that_newer_facts_refer_to(year: YearFile) -> None:
    save(year, unit("A"))
    with year.transaction("x", "张三", "x", undoable=False) as work:
        work.snapshots.add("", {}, "")
    with year._writing.begin() as connection:  # type: ignore[union-attr]
        connection.exec_driver_sql("DROP TRIGGER event_inserted")
        columns = "id, kind, unit, title, occurred, concluded, matter, evidence, provider, approver, note"
        connection.exec_driver_sql(f"INSERT INTO event ({columns}) VALUES ('e','k','A','','','','','','','','')")
    with pytest.raises(AppError):
        year.undo("李四")
    assert units_of(year) == (unit("A"),)


def test_that_the_next_step_tells_whether_it_changes_facts(year: YearFile) -> None:
    save(year, unit("D000"))
    assert (year.next_touches_facts("undo"), year.next_touches_facts("redo")) == (True, False)
    with year.transaction("report", "张三", "写报告") as work:
        work.reports.save(make_report("D000"))
        work.settings.set("secrecy", "内部")
    assert not year.next_touches_facts("undo")
    year.undo("张三")
    assert (year.next_touches_facts("undo"), year.next_touches_facts("redo")) == (True, False)


# ---- any history

CODES = st.sampled_from(["A", "B", "C"])
CHANGES = st.one_of(
    st.tuples(st.just("save"), CODES, st.sampled_from(["甲", "乙", "丙"])),
    st.tuples(st.just("delete"), CODES, st.just("")),
    st.tuples(st.just("event"), CODES, st.sampled_from(["1", "2"])),
    st.tuples(st.just("no-event"), CODES, st.sampled_from(["1", "2"])),
    st.tuples(st.just("marks"), CODES, st.sampled_from(["3", "4"])),
)


def carry_out(work: Work, change: tuple[str, str, str], block: Blocks) -> None:
    kind, code, word = change
    if kind == "save":
        work.units.save(unit(code, word))
    elif kind == "delete":
        for event in work.events.all():
            if event.unit == code:
                work.events.delete(event.id)
        work.units.delete(code)
    elif kind == "event" and work.units.get(code):
        work.events.save(Event(id=f"{code}{word}", kind="k", unit=code, note=word))
    elif kind == "no-event":
        work.events.delete(f"{code}{word}")
    elif kind == "marks":
        work.blocks.save([block(code, int(word))])


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.lists(CHANGES, min_size=1, max_size=5), min_size=1, max_size=5), turns=st.data())
def test_that_any_history_can_be_walked_back_and_forth(
    tmp_path_factory: pytest.TempPathFactory,
    block: Blocks,
    steps: list[list[tuple[str, str, str]]],
    turns: st.DataObject,
) -> None:
    year = YearFile.create(tmp_path_factory.mktemp("年度 a#b%") / "y.slk", 2026, "演练", True, "张三")
    states = [everything(year)]
    for step in steps:
        count = len(states)
        with year.transaction("step", "张三", f"第 {count} 步") as work:
            for change in step:
                carry_out(work, change, block)
        if everything(year) != states[-1]:
            states.append(everything(year))
    at = len(states) - 1
    for goal in turns.draw(st.lists(st.integers(0, len(states) - 1), min_size=2, max_size=4)):
        while at != goal and (year.undo_label if goal < at else year.redo_label) is not None:
            (year.undo if goal < at else year.redo)("李四")
            if everything(year) == states[at + (-1 if goal < at else 1)]:
                at += -1 if goal < at else 1
        assert everything(year) == states[goal]
    year.close()


def test_that_facts_of_every_kind_can_be_undone(
    year: YearFile, facts: Facts, store: Callable[[Work, Facts], None]
) -> None:
    empty = everything(year)
    with year.transaction("fill", "张三", "填入") as work:
        store(work, facts)
        work.schemes.add("department", "{}")
        work.settings.set("secrecy", "内部")
    full = everything(year)
    with year.transaction("clear", "张三", "清空") as work:
        work.sessions.delete("v1")
        work.events.replace_all([replace(facts.events[0], amount=None)])
        work.office_marks.replace_all(())
        work.exemptions.delete("department", "D001", "item1")
        work.decisions.replace_all(())
        work.assignments.replace_all(())
        work.schemes.publish("department")
    year.undo("张三")
    assert everything(year) == full
    year.undo("张三")
    assert everything(year) == empty
    year.redo("张三")
    assert everything(year) == full
