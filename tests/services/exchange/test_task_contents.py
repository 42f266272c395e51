"""What a task package holds: what its unit needs, and not one word of anybody else's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.errors import Cancelled
from app.domain.facts import EarlierResult, Exemption, UnitRelation
from app.domain.reports import ListEntry, Report, SectionText
from app.files.documents.packages import write_content, write_manifest
from app.files.documents.reports import write_report
from app.files.excel.named_table import read_named_table
from app.files.package import read_package
from app.storage.records import EarlierReport
from tests.services import small_year
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs

SECRET = "机密"


def planted(three: Pcs) -> set[str]:
    """Words that must not leave the office with the task of the first department; they are put wherever there is a text."""
    office, words = three.office, list[str]()

    def word(where: str) -> str:
        words.append(f"{SECRET}{where}")
        return words[-1]

    pcs.write(office, "D2", done=word("报告二"), problems=word("问题二"))
    pcs.write(office, "D3", done=word("报告三"))
    for code in ("D2", "D3"):
        office.lists.save(
            ListEntry(id="", kind="problem", level="department", unit=code, text=word(f"清单{code}"), year=2025)
        )
        unit = next(u for u in office.units.units() if u.code == code)
        office.units.save_unit(
            replace(unit, series=word(f"系列{code}"), reason=word(f"缘由{code}"), tags=(word(f"标签{code}"),))
        )
    office.lists.save(ListEntry(id="", kind="duty", level="branch", text=word("支部职责")))
    office.lists.save(ListEntry(id="", kind="problem", level="branch", unit="B21", text=word("支部问题"), year=2025))
    for evaluator in ("L1", "P21"):
        known = next(e for e in office.units.evaluators() if e.code == evaluator)
        office.units.save_evaluator(
            replace(known, name=word(evaluator), relations=(UnitRelation(unit="D3", relation="other"),))
        )
    office.sheets.edit_mark("department", "L1", "D1", "problems", "47.25", word("领导改分"))
    office.sheets.edit_mark("department", "P21", "D1", "problems", "48.75", word("同级改分"))
    office.events.exempt(Exemption(scheme="department", unit="D2", part="manner", reason=word("不适用")))
    office.earlier.save(
        [EarlierResult(scheme="department", unit="D1", year=2025, grade="g0", total=Fraction("91.375"))]
    )
    return set(words)


def test_that_no_planted_word_of_others_is_in_a_task(three: Pcs) -> None:
    words = planted(three)
    assert len(words) > 12
    path = three.office.exchange.send_tasks(three.root / "盘3", ["D1"]).value.files[0]
    package = read_package(path)
    whole = write_manifest(package.manifest) + write_content(package.content) + "".join(package.schemes.values())
    assert [w for w in words if w in whole] == []
    assert SECRET not in whole and "91.375" not in whole
    content = package.content
    assert {b.evaluator for b in content.blocks} == set() and {e.code for e in content.evaluators} == {"P11", "P12"}
    assert {r.report.unit for r in content.reports} <= {"D1"} and content.results == () and content.ways == ()
    others = [u for u in content.units if u.code in ("D2", "D3")]
    assert {(u.name, u.series, u.reason, u.tags, u.parent) for u in others} == {
        ("第2局", "", "", (), ""),
        ("第3局", "", "", (), ""),
    }
    assert {u.code for u in content.units} == {"D1", "D2", "D3", "B11", "B12"}


def test_that_marks_and_reports_that_are_known_already_travel_with_the_task_and_back_without_a_question(
    three: Pcs,
) -> None:
    office = three.office
    form = next(f for f in office.sheets.forms("department") if f.identity.evaluator == "P11")
    file = office.sheets.send(three.root / "发出", "department", ["P11"]).value.files[0]
    filled = small_year.fill(form, file, three.root / "收回" / file.name, {c[:2]: c[2] for c in pcs.answers(form)})
    small_year.take_in(office, filled)
    task = office.exchange.send_tasks(three.root / "盘3", ["D1"]).value.files[0]
    unit = three.units["D1"]
    pcs.receive(unit, task)
    assert pcs.marks_of(unit) == pcs.marks_of(office) != {}
    pcs.mark(unit, {("P11", "D2", "problems"): "50"})
    pcs.receive(office, three.submit("D1"))
    assert pcs.marks_of(unit) == pcs.marks_of(office)
    step = office.results.explain("department", "D2", "problems/peers/P11")
    assert step.source is not None and step.source.file == file.name and "更正为 50" in step.sentence
    plan = small_year.planned(office, filled)
    assert not plan.writes and plan.totals.changed_here == 1, "the same workbook does not undo what was corrected later"


def test_that_workbooks_of_the_task_can_be_filled_and_taken_in_at_either_end(three: Pcs) -> None:
    unit = three.units["D1"]
    forms = unit.sheets.forms()
    for _ in range(2):  # sent twice: the issue is the office's
        sent = unit.sheets.send(three.root / "发给评议人").value
    files = [
        small_year.fill(f, p, three.root / "交回" / p.name, {c[:2]: c[2] for c in pcs.answers(f)})
        for f, p in zip(forms, sent.files, strict=True)
    ]
    small_year.take_in(unit, files[0])
    small_year.take_in(three.office, files[1])
    path = three.submit("D1")
    pcs.receive(three.office, path)
    marks = pcs.marks_of(three.office)
    assert len(marks) == 8
    step = three.office.results.explain("department", "D2", "problems/peers/P11")
    assert step.source is not None and step.source.file == files[0].name and path.name in step.sentence
    assert {s.status for s in three.office.sheets.progress().sheets if s.evaluator in ("P11", "P12")} == {"returned"}


def test_that_a_name_of_a_unit_that_changed_at_the_office_comes_with_the_next_task(three: Pcs) -> None:
    unit = next(u for u in three.office.units.units() if u.code == "D2")
    three.office.units.save_unit(replace(unit, name="第2局（新名）"))
    task = three.office.exchange.send_tasks(three.root / "盘3", ["D1"]).value.files[0]
    pcs.receive(three.units["D1"], task)
    assert "第2局（新名）" in {u.name for f in three.units["D1"].sheets.forms() for u in f.units}


def test_that_a_cancelled_sending_leaves_no_file_and_no_note(three: Pcs) -> None:
    def stop(text: str, percent: int) -> None:
        raise Cancelled

    before = three.office.exchange.packages().sent
    with pytest.raises(Cancelled):
        three.office.exchange.send_tasks(three.root / "盘4", progress=stop)
    assert list((three.root / "盘4").iterdir()) == [] and three.office.exchange.packages().sent == before


def test_that_the_list_of_who_has_not_returned_can_be_printed(three: Pcs, tmp_path: Path) -> None:
    waiting = three.office.exchange.outstanding()
    assert [(o.unit, o.times, o.last_return) for o in waiting] == [("D1", 1, ""), ("D2", 1, "")]
    assert waiting[0].what == ("述职报告", "评分表 2 份", "清单事项 1 条")
    path = three.office.exchange.write_reminders(tmp_path / "催交清单.xlsx")
    rows = read_named_table(path, ("单位编码", "单位")).rows
    assert [r.texts["单位编码"] for r in rows] == ["D1", "D2"]
    pcs.fill_in(three.units["D1"])
    pcs.receive(three.office, three.submit("D1"))
    assert [o.unit for o in three.office.exchange.outstanding()] == ["D2"]
    assert {t.unit: bool(t.returned_at) for t in three.office.exchange.taskable() if t.sent_at} == {
        "D1": True,
        "D2": False,
    }


def test_that_a_units_report_of_last_year_goes_with_its_task_and_nobody_elses(three: Pcs) -> None:
    office = three.office
    with office.session.write("演练", "上年报告", touches_facts=False) as work:
        for code in ("D1", "D2"):
            report = Report(scheme="department", unit=code, sections=(SectionText(section="done", text=f"{code}上年"),))
            kept = EarlierReport(
                scheme="department", unit=code, year=2025, content=write_report(report), source="2025年度.slk"
            )
            work.earlier_reports.save(kept)
    task = office.exchange.send_tasks(three.root / "盘3", ["D1"]).value.files[0]
    pcs.receive(three.units["D1"], task)
    view = three.units["D1"].reports.get("department", "D1")
    assert view.last_year is not None and view.last_year.sections[0].text == "D1上年"
    with three.units["D1"].session.read() as work:
        assert [e.unit for e in work.earlier_reports.all()] == ["D1"]
