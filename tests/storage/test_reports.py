"""Reports, their versions, remarks, attached files, lists and sheets being typed in: out as they went in, undone as rows."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts, MarkBlock
from app.storage.year_file import YearFile
from tests.storage.besides import (
    EARLIER,
    EVIDENCE,
    HEARING,
    LINES,
    REMARK,
    SENDER,
    TYPED,
    make_received,
    make_report,
    make_version,
    store_besides,
)

DIGEST = hashlib.sha256(EVIDENCE).hexdigest()
BESIDES = "report report_version earlier_report remark hearing list_entry package_in sender sheet_entry"  # every tracked table without facts


def besides(year: YearFile) -> object:
    with year.read() as work:
        return (
            work.reports.all(),
            work.report_versions.of("department", "D000"),
            work.earlier_reports.all(),
            work.remarks.all(),
            work.hearings.all(),
            work.list_entries.all(),
            work.packages_in.all(),
            work.senders.all(),
            work.entries.all(),
        )


def test_that_everything_besides_facts_comes_back_as_it_went_in(filled: YearFile) -> None:
    present, versions, *others = besides(filled)  # type: ignore[misc]
    assert present == (make_report("D000", "抓了五件事", DIGEST), make_report("D001"))
    assert versions == (make_version(1), make_version(2, "D000", "抓了四件事", DIGEST))
    assert others == [
        (EARLIER,),
        (REMARK,),
        (HEARING,),
        LINES,
        (make_received(1, 0, "包" * 2000),),
        (SENDER,),
        (TYPED,),
    ]
    with filled.read() as work:
        assert work.reports.get("department", "D001") == make_report("D001")
        assert work.reports.get("branch", "D001") is None
        assert work.report_versions.of("department", "D001") == ()


def test_that_a_report_is_replaced_and_its_versions_stay(filled: YearFile) -> None:
    with filled.transaction("save-report", "张三", "修改报告") as work:
        work.reports.save(replace(make_report("D000", "重写"), state="submitted"))
        assert work.reports.delete("department", "D001")
        work.remarks.save(replace(REMARK, settled=True))
        assert [(r.unit, r.state) for r in work.reports.all()] == [("D000", "submitted")]
        assert len(work.report_versions.of("department", "D000")) == 2
        assert work.remarks.get(REMARK.id) == replace(REMARK, settled=True)


def test_that_a_wrong_fingerprint_of_a_report_is_our_bug(filled: YearFile) -> None:
    for wrong in (replace(make_report(), content="{}"), replace(make_version(3), content="{}")):
        with pytest.raises(ValueError, match="fingerprint"), filled.transaction("x", "张三", "x") as work:
            (work.reports.save if wrong == replace(make_report(), content="{}") else work.report_versions.add)(wrong)  # type: ignore[operator]


def test_that_a_unit_with_a_report_cannot_go(filled: YearFile) -> None:
    with pytest.raises(AppError) as caught, filled.transaction("x", "张三", "删除单位") as work:
        for unit in ("D001",):
            work.events.delete("e0")
            work.exemptions.delete("department", unit, "item1")
            work.office_marks.delete("department", unit, "daily", "")
            work.decisions.delete("department", unit, "unit")
            work.earlier.delete("department", unit, 2026)
            work.sessions.delete("v1")
            work.units.delete(unit)
    assert caught.value.fault is Fault.INPUT_BAD


def test_that_every_table_besides_facts_can_be_undone_and_redone(
    year: YearFile, facts: Facts, block: Callable[..., MarkBlock]
) -> None:
    with year.transaction("register", "张三", "名册", undoable=False) as work:
        work.units.save(*facts.units)
    empty = besides(year)
    with year.transaction("import", "张三", "并入 1 个交换包") as work:
        batch = work.batches.add("并入", []).number
        store_besides(work, batch)
        packed = block("E01", 3, batch=batch)
        assert packed.origin
        work.blocks.save([replace(packed, origin=replace(packed.origin, packages=("甲.slp", "乙.slp")))], batch)
        marks = work.blocks.all()
    full = besides(year)
    with year.transaction("change", "张三", "修改") as work:
        work.reports.save(make_report("D001", "改写"))
        work.report_versions.add(make_version(1, "D001", "改写"))
        work.earlier_reports.delete("department", "D001", 2025)
        work.remarks.save(replace(REMARK, settled=True))
        work.hearings.replace_all([replace(HEARING, order=1)])
        work.list_entries.delete("L1")
        work.packages_in.withdraw(batch)
        work.senders.save(replace(SENDER, confirmed_by=""))
        work.entries.save(replace(TYPED, values=TYPED.values | {"D001/item2": "弃权"}, finished=True))
    with year.read() as work:
        assert set(work.audit.head().touched) == set(BESIDES.split())
    changed = besides(year)
    for _ in range(2):
        year.undo("李四")
        assert besides(year) == full
        year.undo("李四")
        assert besides(year) == empty
        year.redo("李四")
        assert besides(year) == full
        with year.read() as work:
            assert work.blocks.all() == marks
        year.redo("李四")
        assert besides(year) == changed


def test_that_what_is_no_fact_does_not_move_the_revision(filled: YearFile) -> None:
    with filled.read() as work:
        before = work.facts_revision(), work.facts()
    with filled.transaction("report", "张三", "写报告、设密级") as work:
        store_again = replace(make_report("D001", "又写"), state="submitted")
        work.reports.save(store_again)
        work.settings.set("secrecy", "内部")
        work.hearings.delete("department", "D000", "ROOT")
        work.packages_in.add(make_received(2))
    with filled.read() as work:
        assert (work.facts_revision(), work.facts()) == before
    filled.undo("李四")
    with filled.read() as work:
        assert work.facts_revision() == before[0]
    with filled.transaction("both", "张三", "并入报告和评分") as work:
        work.reports.save(store_again)
        work.exemptions.delete("department", "D001", "item1")
    with filled.read() as work:
        assert work.facts_revision() == work.audit.head().number


# ---- attached files


def test_that_a_file_lies_once_and_stays_when_attaching_is_undone(year: YearFile, facts: Facts) -> None:
    with year.transaction("attach", "张三", "添加附件") as work:
        work.units.save(*facts.units)
        assert work.evidence.put(EVIDENCE) == work.evidence.put(EVIDENCE) == DIGEST
        work.reports.save(make_report("D000", "有附件", DIGEST))
    year.undo("张三")
    with year.read() as work:
        assert work.reports.all() == ()
        assert (work.evidence.digests(), work.evidence.size(DIGEST)) == ({DIGEST}, len(EVIDENCE))
        assert (work.evidence.get(DIGEST), work.evidence.get("0" * 64)) == (EVIDENCE, None)
    assert year.redo_label == "添加附件"


def test_that_clearing_files_away_ends_the_steps_that_may_need_them(filled: YearFile) -> None:
    with filled.transaction("save-unit", "张三", "改名") as work:
        work.settings.set("a", "b")
        other = work.evidence.put(b"")
    with pytest.raises(RuntimeError, match="step of undo"), filled.transaction("purge", "张三", "清理附件") as work:
        work.evidence.purge(frozenset([DIGEST]))
    assert filled.undo_label == "改名"
    with filled.transaction("purge", "张三", "清理附件", undoable=False) as work:
        assert work.evidence.purge(frozenset([DIGEST])) == 1
        assert work.evidence.digests() == {DIGEST}
        assert work.evidence.size(other) is None
    assert filled.undo_label is None
    with filled.read() as work:
        assert work.facts_revision() < work.audit.head().number


def test_that_no_other_program_changes_a_file_or_a_package(filled: YearFile) -> None:
    statements = (
        "UPDATE evidence_file SET bytes = x'00'",
        "DELETE FROM evidence_file",
        "DELETE FROM package_out",
        "UPDATE package_in SET sequence = 9",
        "UPDATE report SET state = 'accepted'",
    )
    for statement in statements:
        with closing(sqlite3.connect(filled.path)) as connection, pytest.raises(sqlite3.IntegrityError), connection:
            connection.execute(statement)
