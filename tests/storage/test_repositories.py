"""Facts, schemes, batches, hand-outs, snapshots and settings come out as they went in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts, MarkBlock, MarkEdit, Unit
from app.storage.records import BatchFile, SentSheet
from app.storage.year_file import YearFile

Blocks = Callable[..., MarkBlock]


def test_that_all_facts_come_back_as_they_went_in(filled: YearFile, facts: Facts) -> None:
    with filled.read() as work:
        assert work.facts() == facts


def test_that_facts_survive_closing_and_opening(filled: YearFile, facts: Facts, path: Path) -> None:
    filled.close()
    again = YearFile.open(path)
    with again.read() as work:
        assert work.facts() == facts
    again.close()


def test_that_a_new_year_says_what_it_is(year: YearFile) -> None:
    with year.read() as work:
        texts = work.settings.all()
    assert (texts["year"], texts["title"], texts["practice"]) == ("2026", "演练市 2026 年度", "1")
    assert len(texts["file_id"]) == 16


def test_that_saving_replaces_what_has_the_same_key_and_keeps_its_place(filled: YearFile, facts: Facts) -> None:
    with filled.transaction("save-event", "张三", "修改事项") as work:
        work.events.save(replace(facts.events[0], title="改题"))
        assert [e.title for e in work.events.all()] == ["改题", ""]
        assert work.events.get("e1") == replace(facts.events[0], title="改题")
        assert work.events.get("e9") is None


def test_that_vote_counts_are_replaced_with_their_session(filled: YearFile, facts: Facts) -> None:
    fewer = replace(facts.sessions[0], counts=facts.sessions[0].counts[1:], present=40)
    with filled.transaction("save-session", "张三", "修改票决") as work:
        work.sessions.save(fewer)
        assert work.sessions.all()[0] == fewer
        assert work.sessions.delete("v1")
        assert not work.sessions.delete("v1")
        assert [s.id for s in work.sessions.all()] == ["v2"]


def test_that_replacing_all_touches_only_what_differs(filled: YearFile, facts: Facts) -> None:
    wanted = (*facts.units, Unit(code="D002", name="演练三局", level="department", order=9))
    with filled.transaction("register", "张三", "导入名册") as work:
        work.evaluators.replace_all(facts.evaluators)
        work.assignments.replace_all(facts.assignments)
        work.units.replace_all(wanted)
        assert work.units.all() == wanted
    with filled.read() as work:
        assert work.audit.head().touched == ("unit",)


def test_that_assignments_of_one_evaluator_are_replaced_alone(filled: YearFile, facts: Facts) -> None:
    line = replace(facts.assignments[0], evaluator="E02")
    with filled.transaction("assign", "张三", "指定评议关系") as work:
        work.assignments.replace("E02", "department", [line])
        work.assignments.replace("E01", "department", [])
        assert work.assignments.all() == (line,)


def test_that_a_unit_that_is_referred_to_cannot_go(filled: YearFile) -> None:
    with pytest.raises(AppError) as caught, filled.transaction("delete-unit", "张三", "删除单位") as work:
        work.units.delete("D000")
    assert caught.value.fault is Fault.INPUT_BAD
    with filled.read() as work:
        assert work.units.get("D000") is not None


# ---- marks


def test_that_an_edit_is_applied_and_kept_beside_the_block(filled: YearFile) -> None:
    edit = MarkEdit(
        unit="D001", item="item2", before="1.0", after="弃权", by="张三", at="2026-11-23", reason="核对原件"
    )
    with filled.transaction("edit-mark", "张三", "修改评分") as work:
        block = work.edits.add("department", "E01", edit, -32767)
    assert int.from_bytes(block.values[10:12], "little", signed=True) == -32767
    with filled.read() as work:
        assert work.blocks.get("department", "E01") == block
        assert work.edits.of("department", "E01") == (edit,)
        assert work.facts().blocks[0] == block


def test_that_an_edit_of_a_cell_that_is_not_on_the_sheet_is_refused(filled: YearFile) -> None:
    edit = MarkEdit(unit="D999", item="item2", before="", after="", by="", at="", reason="")
    with pytest.raises(AppError) as caught, filled.transaction("edit-mark", "张三", "修改评分") as work:
        work.edits.add("department", "E01", edit, 0)
    assert caught.value.fault is Fault.NOT_FOUND


def test_that_a_newer_sheet_supersedes_and_a_withdrawn_batch_brings_the_older_back(
    year: YearFile, block: Blocks
) -> None:
    with year.transaction("import", "张三", "导入") as work:
        first = work.batches.add("导入 2 份", [BatchFile(name="a.xlsx", sha256="a" * 64)]).number
        work.blocks.save([block("E01", 1, batch=first), block("E02", 2, batch=first)], first)
    with year.transaction("import", "张三", "导入") as work:
        second = work.batches.add("导入 1 份", [BatchFile(name="b.xlsx", sha256="b" * 64)], "报告").number
        work.blocks.save([block("E01", 3, batch=second)], second)
        assert [b.origin and b.origin.batch for b in work.blocks.versions("department", "E01")] == [2, 1]
    with year.transaction("undo-batch", "张三", "撤销导入") as work:
        assert work.blocks.withdraw(second) == 1
        assert work.batches.withdraw(second, "交错了").withdrawn == "交错了"
        assert work.blocks.get("department", "E01") == block("E01", 1, batch=first)
        assert work.blocks.of_batch(second) == (block("E01", 3, batch=second),)
        assert work.batches.of_file("b" * 64) is None
        standing = work.batches.of_file("a" * 64)
        assert standing is not None
        assert standing.number == first


def test_that_withdrawing_an_older_batch_leaves_the_newer_sheet_standing(year: YearFile, block: Blocks) -> None:
    with year.transaction("import", "张三", "导入") as work:
        for seed in (1, 2):
            number = work.batches.add("导入", []).number
            work.blocks.save([block("E01", seed, batch=number)], number)
        assert work.blocks.withdraw(1) == 0
        assert work.blocks.all() == (block("E01", 2, batch=2),)
        assert work.blocks.withdraw(2) == 1
        assert work.blocks.all() == ()


def test_that_marks_that_do_not_fit_their_layout_are_our_bug(year: YearFile, block: Blocks) -> None:
    with pytest.raises(ValueError, match="layout"), year.transaction("import", "张三", "导入") as work:
        work.blocks.save([replace(block("E01"), values=b"\0\0")])


def test_that_sheets_that_look_alike_share_one_layout(year: YearFile, block: Blocks) -> None:
    with year.transaction("import", "张三", "导入") as work:
        number = work.batches.add("导入", []).number
        work.blocks.save([block(f"E{i:03}", i, batch=number) for i in range(50)], number)
    with year._reading.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(DISTINCT layout) FROM mark_block").scalar() == 1


def test_that_two_hundred_sheets_take_at_most_two_and_a_half_bytes_per_score(
    year: YearFile, block: Blocks, path: Path
) -> None:
    before = path.stat().st_size
    with year.transaction("import", "张三", "导入") as work:
        files = [BatchFile(name=f"{i}.xlsx", sha256=f"{i:064x}") for i in range(200)]
        number = work.batches.add("导入", files).number
        work.blocks.save([block(f"E{i:03}", i, 120, 60, number) for i in range(200)], number)
    assert (path.stat().st_size - before) / (200 * 120 * 60) <= 2.5
    with year.read() as work:
        assert [b.values for b in work.blocks.all()] == [block(f"E{i:03}", i, 120, 60).values for i in range(200)]


# ---- versions


def test_that_a_scheme_gets_a_new_version_and_keeps_the_old_ones(year: YearFile) -> None:
    with year.transaction("scheme", "张三", "修改方案") as work:
        work.schemes.add("branch", "一")
        work.schemes.add("department", "二" * 3000)
        work.schemes.add("branch", "三")
        work.schemes.publish("branch")
        assert [(s.scheme, s.version, s.text) for s in work.schemes.current()] == [
            ("branch", 2, "三"),
            ("department", 1, "二" * 3000),
        ]
        assert [(s.version, bool(s.published)) for s in work.schemes.versions("branch")] == [(2, True), (1, False)]
        assert work.schemes.get("branch", 1) == work.schemes.versions("branch")[1]
        assert work.schemes.get("nobody") is None
        with pytest.raises(AppError):
            work.schemes.publish("nobody")


def test_that_a_draft_is_replaced_until_it_is_published_or_something_rests_on_it(filled: YearFile) -> None:
    with filled.transaction("scheme", "张三", "修改方案") as work:
        first = work.schemes.save("area", "一")
        assert (first.version, work.schemes.save("area", "一")) == (1, first)
        second = work.schemes.save("area", "二")
        assert (second.version, second.text) == (1, "二") and work.schemes.versions("area") == (second,)
        assert not work.schemes.is_used(second.fingerprint)
        work.snapshots.add("结果", {"area": second.fingerprint}, "facts")
        assert work.schemes.is_used(second.fingerprint)
        assert work.schemes.save("area", "三").version == 2
        work.schemes.publish("area")
        assert work.schemes.save("area", "四").version == 3
        assert [v.text for v in work.schemes.versions("area")] == ["四", "三", "二"]


def test_that_snapshots_are_numbered_frozen_and_know_what_they_saw(filled: YearFile) -> None:
    with filled.transaction("compute", "张三", "计算", undoable=False) as work:
        made = work.snapshots.add("结果" * 5000, {"department": "0" * 64}, "facts")
        frozen = work.snapshots.freeze(made.version, "李四", "常委会通过")
        assert frozen == replace(made, frozen=True, frozen_by="李四", freeze_reason="常委会通过")
    with filled.read() as work:
        assert made.version == 2
        assert made.revision == work.facts_revision() == 2
        assert work.snapshots.newest() == frozen
        assert [(s.version, s.text) for s in work.snapshots.all()] == [(2, ""), (1, "")]
    with filled.transaction("unfreeze", "张三", "解除定稿", undoable=False) as work:
        assert work.snapshots.unfreeze(2) == made
        with pytest.raises(AppError):
            work.snapshots.freeze(9, "", "")


def test_that_only_facts_and_schemes_move_the_revision(filled: YearFile) -> None:
    with filled.transaction("secrecy", "张三", "设置密级") as work:
        work.settings.set("secrecy", "内部")
    with filled.transaction("export", "张三", "导出", undoable=False):
        pass
    with filled.read() as work:
        assert (work.settings.get("secrecy"), work.facts_revision(), work.audit.count()) == ("内部", 2, 4)


def test_that_every_issue_of_a_sheet_is_kept(year: YearFile) -> None:
    sheet = SentSheet(
        sheet="2026-d-E01",
        scheme="department",
        evaluator="E01",
        issue=1,
        at="",
        by="张三",
        file="a.xlsx",
        fingerprint="f",
        form="{}",
    )
    with year.transaction("send", "张三", "发表", undoable=False) as work:
        work.sent.add([sheet, replace(sheet, issue=2, form="{ }")])
        assert work.sent.all() == (sheet, replace(sheet, issue=2, form="{ }"))
        assert work.sent.newest("2026-d-E01") == replace(sheet, issue=2, form="{ }")
        assert work.sent.newest("nobody") is None
