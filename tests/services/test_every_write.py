"""Every writing method of every service: exactly one entry in the trail (R-22), and all or nothing (R-33)."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy import event as sqlalchemy_event

from app.domain.facts import Decision, EarlierResult, Evaluator, Exemption, Unit
from app.files.documents import write_scheme
from app.services.ballots import BallotEntry
from app.services.container import Services
from app.services.earlier import EarlierPlan
from app.services.imports.handing_back import faulty_files
from app.services.imports.values import ReadyPlan
from app.services.objections import Objection
from app.services.open_year import Services as OpenYear
from app.services.units import RegisterPlan
from app.services.values import ValuePlan
from tests.services import small_year
from tests.services.editing import edited
from tests.services.exchange import writes as exchange
from tests.services.reports import writes as reports

Write = Callable[[Services, Path], object]

DECISION = Decision(scheme="department", unit="D3", grade="g0", reason="会议决定", by="书记")
EARLIER = EarlierResult(scheme="department", unit="D1", year=2025, grade="g0", total=Fraction(90), rank=1)
OBJECTION = Objection(
    id="", scheme="department", unit="D1", by="第1局", text="分数有误", filed="2026-12-20", due="", before=0
)
EXEMPTION = Exemption(scheme="department", unit="D3", part="office", reason="今年没有此项工作")


def plan_of(services: Services, folder: Path) -> ReadyPlan:
    services.sheets.undo_batch(1, "重来")
    plan = services.sheets.plan(services.sheets.scan([folder / "收回"]))
    assert isinstance(plan, ReadyPlan)
    return plan


def faulty_sheet(services: Services, folder: Path) -> object:
    form = next(f for f in services.sheets.forms() if f.identity.sheet == "2026-branch-L1")
    [blank] = (folder / "发出").glob("L1_*_branch*.xlsx")
    bad = small_year.fill(form, blank, folder / "有错" / blank.name, {("B11", "study"): "很好"})
    return faulty_files(services.sheets.plan(services.sheets.scan([bad])))


def begun(services: Services, _: Path) -> object:
    return services.double_entry.begin("branch", "L1", "甲")


def typed_twice(services: Services, _: Path) -> None:
    for turn, who in ((1, "甲"), (2, "乙")):
        services.double_entry.begin("branch", "L1", who)
        services.double_entry.finish("branch", "L1", turn, {("B11", "study"): "50.5"})


def register_plan(services: Services, _: Path) -> RegisterPlan:
    return services.units.plan_paste("编码\t名称\nD1\t改名局\n", "单位")


def spare_unit(services: Services, _: Path) -> None:
    services.units.save_unit(Unit(code="D9", name="临时局", level="department"))


def spare_evaluator(services: Services, _: Path) -> None:
    services.units.save_evaluator(Evaluator(code="G1", name="客座"))


def changed_by_hand(services: Services, _: Path) -> None:
    services.assignment.change("department", [("L1", "D1")], (), "申请回避")


def stated_line(services: Services, _: Path) -> None:
    plan = services.units.plan_paste("评议人\t方案\t单位\nL1\tdepartment\tD1\n", "谁评谁")
    services.units.apply_register(plan)


def scheme_file(services: Services, folder: Path) -> Path:
    path = folder / "新版.json"
    path.write_text(write_scheme(edited(services, "department", "problems", name="查摆问题")), encoding="utf-8")
    return path


def edited_scheme(services: Services, _: Path) -> object:
    return edited(services, "department", "problems", name="查摆问题")


def first_event(services: Services, _: Path) -> str:
    return services.events.events()[0].id


def first_session(services: Services, _: Path) -> str:
    return services.votes.sessions()[0].id


def nothing(services: Services, _: Path) -> None:
    return None


def computed(services: Services, _: Path) -> None:
    services.results.compute()


def frozen(services: Services, _: Path) -> None:
    services.results.compute()
    services.results.freeze("审定", "主任")


def undone(services: Services, _: Path) -> None:
    services.events.save(small_year.inspection("D2"))
    services.history.undo()


def decided(services: Services, _: Path) -> None:
    services.results.decide(DECISION)


def exempted(services: Services, _: Path) -> None:
    services.events.exempt(EXEMPTION)


def voted(services: Services, _: Path) -> BallotEntry:
    session = small_year.session(name="密投", counts=(), returned=6, invalid=0)
    return BallotEntry(
        session=services.votes.save(session).value.id,
        units=("D1", "D2", "D3"),
        items=("vote",),
        ballots=(("good", "fair", "good"),) * 6,
        counted_by="甲",
        watched_by="乙",
    )


def boxed(services: Services, folder: Path) -> str:
    return services.ballots.take_in(voted(services, folder)).value.key


def value_plan(services: Services, folder: Path) -> ValuePlan:
    services.events.save_office_marks([replace(m, value=m.value - 1) for m in small_year.office_marks()])
    path = services.values.write_table("department", folder / "数值.xlsx")
    services.events.save_office_marks(small_year.office_marks())
    return services.values.plan("department", path)


def earlier(services: Services, _: Path) -> None:
    services.earlier.save([EARLIER])


def earlier_plan(services: Services, folder: Path) -> EarlierPlan:
    services.earlier.save([EARLIER])
    path = services.earlier.write_table("department", folder / "往年.xlsx")
    services.earlier.delete("department", "D1", 2025, "重录")
    return services.earlier.plan_table("department", path)


def objected(services: Services, folder: Path) -> None:
    frozen(services, folder)
    services.objections.file(OBJECTION)


# method → (what has to be there first, the write itself)
WRITES: dict[str, tuple[Callable[[Services, Path], object], Callable[[Services, Path, object], object]]] = {
    "year.set_secrecy": (nothing, lambda s, f, x: s.year.set_secrecy("内部")),
    "year.set_office": (nothing, lambda s, f, x: s.year.set_office("考核办")),
    "schemes.save": (edited_scheme, lambda s, f, x: s.schemes.save("department", x, "修改方案")),
    "schemes.create": (nothing, lambda s, f, x: s.schemes.create(s.schemes.from_nothing("area", "片区", "片区方案"))),
    "schemes.publish": (nothing, lambda s, f, x: s.schemes.publish("branch", "主任", "办公会通过")),
    "schemes.import_file": (scheme_file, lambda s, f, x: s.schemes.import_file(x)),
    "schemes.export_file": (nothing, lambda s, f, x: s.schemes.export_file("department", f / "出.json")),
    "schemes.export_indicators": (
        nothing,
        lambda s, f, x: s.schemes.export_indicators("department", f / "指标表.xlsx"),
    ),
    "units.apply_register": (register_plan, lambda s, f, x: s.units.apply_register(x)),
    "units.save_unit": (nothing, lambda s, f, x: s.units.save_unit(replace(s.units.units()[0], name="改名局"))),
    "units.save_evaluator": (
        nothing,
        lambda s, f, x: s.units.save_evaluator(replace(s.units.evaluators()[0], name="改名")),
    ),
    "units.delete_units": (spare_unit, lambda s, f, x: s.units.delete_units(["D9"])),
    "units.delete_evaluators": (spare_evaluator, lambda s, f, x: s.units.delete_evaluators(["G1"])),
    "assignment.change": (nothing, lambda s, f, x: s.assignment.change("department", [("L1", "D1")], (), "申请回避")),
    "assignment.back_to_rule": (
        changed_by_hand,
        lambda s, f, x: s.assignment.back_to_rule("department", [("L1", "D1")]),
    ),
    "assignment.drop_lines": (stated_line, lambda s, f, x: s.assignment.drop_lines("department", ["L1"])),
    "units.write_register": (nothing, lambda s, f, x: s.units.write_register(f / "名册.xlsx")),
    "units.write_template": (nothing, lambda s, f, x: s.units.write_template(f / "模板.xlsx")),
    "sheets.send": (nothing, lambda s, f, x: s.sheets.send(f / "再发", "branch")),
    "sheets.hand_back": (faulty_sheet, lambda s, f, x: s.sheets.hand_back(x, f / "退回")),
    "sheets.apply": (plan_of, lambda s, f, x: s.sheets.apply(x)),
    "sheets.undo_batch": (nothing, lambda s, f, x: s.sheets.undo_batch(1, "交错")),
    "sheets.edit_mark": (nothing, lambda s, f, x: s.sheets.edit_mark("branch", "L1", "B11", "study", "3", "核对")),
    "sheets.edit_marks": (
        nothing,
        lambda s, f, x: s.sheets.edit_marks("branch", "L1", [("B11", "study", "3"), ("B12", "duty", "4")], "核对"),
    ),
    "double_entry.begin": (nothing, lambda s, f, x: s.double_entry.begin("branch", "L1", "甲")),
    "double_entry.save": (begun, lambda s, f, x: s.double_entry.save("branch", "L1", 1, {("B11", "study"): "50"})),
    "double_entry.finish": (begun, lambda s, f, x: s.double_entry.finish("branch", "L1", 1, {})),
    "double_entry.discard": (begun, lambda s, f, x: s.double_entry.discard("branch", "L1", 1, "拿错了")),
    "double_entry.adopt": (typed_twice, lambda s, f, x: s.double_entry.adopt("branch", "L1", {})),
    "votes.save": (nothing, lambda s, f, x: s.votes.save(small_year.session(name="第二次"))),
    "votes.delete": (first_session, lambda s, f, x: s.votes.delete(x, "录错")),
    "ballots.take_in": (voted, lambda s, f, x: s.ballots.take_in(x)),
    "ballots.withdraw": (boxed, lambda s, f, x: s.ballots.withdraw(x, "装错", "甲", "乙")),
    "ballots.issue_codes": (first_session, lambda s, f, x: s.ballots.issue_codes(x, 20)),
    "ballots.set_minimum": (nothing, lambda s, f, x: s.ballots.set_minimum(8)),
    "ballots.write_table": (first_session, lambda s, f, x: s.ballots.write_table(x, f / "选票.xlsx")),
    "values.apply": (value_plan, lambda s, f, x: s.values.apply(x)),
    "values.write_table": (nothing, lambda s, f, x: s.values.write_table("department", f / "数值.xlsx")),
    "earlier.save": (nothing, lambda s, f, x: s.earlier.save([EARLIER])),
    "earlier.delete": (earlier, lambda s, f, x: s.earlier.delete("department", "D1", 2025, "录错")),
    "earlier.apply": (earlier_plan, lambda s, f, x: s.earlier.apply(x)),
    "earlier.write_table": (nothing, lambda s, f, x: s.earlier.write_table("department", f / "往年.xlsx")),
    "objections.set_days": (nothing, lambda s, f, x: s.objections.set_days(15)),
    "objections.file": (frozen, lambda s, f, x: s.objections.file(OBJECTION)),
    "objections.answer": (objected, lambda s, f, x: s.objections.answer("F001", "upheld", "核对无误", "考核办")),
    "objections.withdraw": (objected, lambda s, f, x: s.objections.withdraw("F001", "本人撤回")),
    "events.save": (nothing, lambda s, f, x: s.events.save(small_year.inspection("D2"))),
    "events.delete": (first_event, lambda s, f, x: s.events.delete(x, "录错")),
    "events.save_office_marks": (
        nothing,
        lambda s, f, x: s.events.save_office_marks([replace(m, value=m.value - 1) for m in small_year.office_marks()]),
    ),
    "events.exempt": (nothing, lambda s, f, x: s.events.exempt(EXEMPTION)),
    "events.withdraw_exemption": (
        exempted,
        lambda s, f, x: s.events.withdraw_exemption("department", "D3", "office", "有了"),
    ),
    "results.compute": (nothing, lambda s, f, x: s.results.compute()),
    "results.freeze": (computed, lambda s, f, x: s.results.freeze("审定", "主任")),
    "results.unfreeze": (frozen, lambda s, f, x: s.results.unfreeze("更正", "主任")),
    "results.decide": (nothing, lambda s, f, x: s.results.decide(DECISION)),
    "results.withdraw_decision": (
        decided,
        lambda s, f, x: s.results.withdraw_decision("department", "D3", "unit", "撤销"),
    ),
    "exports.results": (computed, lambda s, f, x: s.exports.results(f / "结果.xlsx")),
    "exports.explanation": (nothing, lambda s, f, x: s.exports.explanation(f / "依据.txt", "department", "D1")),
    "exports.merge_report": (
        nothing,
        lambda s, f, x: s.exports.merge_report(f / "接收.txt", s.exchange.plan(s.exchange.scan([]))),
    ),
    "exports.receipt": (nothing, lambda s, f, x: s.exports.receipt(f / "回执.pdf", b"%PDF", "第 1 号")),
    "exports.picture": (nothing, lambda s, f, x: s.exports.picture(f / "图.png", b"png", "排名")),
    "exports.import_report": (plan_of, lambda s, f, x: s.exports.import_report(f / "报告.txt", x)),
    "backups.make": (nothing, lambda s, f, x: s.backups.make("会前")),
    "backups.restore": (
        lambda s, f: s.backups.make("会前").value.path,
        lambda s, f, x: s.backups.restore(x, f / "恢复.slk"),
    ),
    "history.undo": (nothing, lambda s, f, x: s.history.undo()),
    "history.redo": (undone, lambda s, f, x: s.history.redo()),
}

WRITES |= reports.WRITES | exchange.WRITES

# These write, although they hand back a path instead of an outcome.
WITHOUT_OUTCOME = {
    "schemes.export_file",
    "schemes.export_indicators",
    "units.write_template",
    "units.write_register",
    "backups.restore",
    "ballots.write_table",
    "values.write_table",
    "earlier.write_table",
    *reports.WITHOUT_OUTCOME,
    *exchange.WITHOUT_OUTCOME,
}


def test_that_the_table_above_holds_every_writing_method(full: Services) -> None:
    found = {
        f"{area}.{name}"
        for area, kept in vars(OpenYear).items()
        if isinstance(kept, cached_property)
        for name, method in inspect.getmembers(getattr(full, area), inspect.ismethod)
        if not name.startswith("_") and str(method.__annotations__.get("return", "")).startswith("Outcome")
    }
    assert len(found) >= 25
    assert found | WITHOUT_OUTCOME == set(WRITES)


@pytest.mark.parametrize("name", WRITES)
def test_that_every_write_leaves_exactly_one_entry(full: Services, awkward_folder: Path, name: str) -> None:
    prepare, write = WRITES[name]
    given = prepare(full, awkward_folder)
    before = full.audit.count()
    write(full, awkward_folder, given)
    assert full.audit.count() == before + 1
    [entry] = full.audit.entries(1)
    assert entry.who == small_year.WHO
    assert entry.label
    assert full.audit.verify() == ()


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


@pytest.mark.parametrize("name", WRITES)
def test_that_nothing_sticks_when_the_entry_cannot_be_written(
    full: Services, awkward_folder: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, write = WRITES[name]
    given = prepare(full, awkward_folder)
    before = dump(full.session.file.path)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("trail broken by the test")

    monkeypatch.setattr("app.storage.year_file.write_entry", broken)
    with pytest.raises(RuntimeError, match="broken by the test"):
        write(full, awkward_folder, given)
    assert dump(full.session.file.path) == before


@pytest.mark.parametrize("name", WRITES)
def test_that_a_fault_in_the_last_statement_leaves_the_database_as_it_was_and_the_year_usable(
    full: Services, awkward_folder: Path, name: str
) -> None:
    prepare, write = WRITES[name]
    given = prepare(full, awkward_folder)
    before = dump(full.session.file.path)
    engine = full.session.file._writing  # pyright: ignore[reportPrivateUsage]
    assert engine is not None

    def fail(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "INSERT INTO audit" in statement:
            raise RuntimeError("fault injected by the test")

    sqlalchemy_event.listen(engine, "after_cursor_execute", fail)
    with pytest.raises(RuntimeError, match="fault injected"):
        write(full, awkward_folder, given)
    sqlalchemy_event.remove(engine, "after_cursor_execute", fail)
    assert dump(full.session.file.path) == before
    full.year.set_secrecy("内部")
    assert full.audit.verify() == ()
