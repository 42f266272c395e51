"""Self-reports from the first word to acceptance: states, locks, versions, remarks, evidence, last year."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.domain.errors import AppError, Fault
from app.domain.reports import Evidence, ItemAnswer, Report, SectionText
from app.domain.schemes import OfficeSource, Scheme
from app.files.documents import write_scheme
from app.files.documents.reports import read_report, write_report
from app.services.changes import Area
from app.services.container import Desk, Services
from app.services.reports import RemarkDraft
from tests.services import small_year
from tests.services.conftest import opened_copy
from tests.services.reports.writes import DRAFT, PICTURE, SCHEME, UNIT, picture, report


@pytest.fixture
def year(created_folder: Path, awkward_folder: Path) -> Iterator[Services]:
    """A year with schemes, register and a report form for the departments."""
    services = opened_copy(created_folder, awkward_folder)
    yield services
    services.close()


def fault(error: pytest.ExceptionInfo[AppError]) -> Fault:
    return error.value.fault


# ---- the way of a report


def test_that_a_report_goes_from_draft_over_return_to_acceptance_with_every_step_dated_and_audited(
    year: Services,
) -> None:
    year.reports.save(report())
    assert year.reports.submit(SCHEME, UNIT).value.state == "submitted"
    year.reports.return_(SCHEME, UNIT, "问题没有写透", [DRAFT])
    year.reports.save(report(work="抓了三件实事，都有记录。", problems="学习不够深，少学一次。"))
    [remark] = year.reports.get(SCHEME, UNIT).remarks
    year.reports.settle_remark(remark.remark.id)
    year.reports.submit(SCHEME, UNIT)
    year.reports.accept(SCHEME, UNIT)
    view = year.reports.get(SCHEME, UNIT)
    assert view.state == "accepted"
    assert [(v.number, v.state, v.reason) for v in view.versions] == [
        (1, "submitted", ""),
        (2, "returned", "问题没有写透"),
        (3, "submitted", ""),
        (4, "accepted", ""),
    ]
    assert all(v.at and v.by == small_year.WHO for v in view.versions)
    entries = year.audit.entries(7)
    assert [e.action for e in reversed(entries)] == [
        "save-report", "submit-report", "return-report", "save-report", "settle-remark", "submit-report", "accept-report",
    ]  # fmt: skip
    said = "\n".join(entries[0].details)
    assert "已提交" in said
    assert hashlib.sha256(write_report(view.report).encode()).hexdigest()[:16] in said


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_that_a_submitted_or_accepted_report_cannot_be_changed(
    year: Services, awkward_folder: Path, state: str
) -> None:
    digest = year.reports.attach(SCHEME, UNIT, picture(year, awkward_folder)).value.digest
    year.reports.save(replace(report(), evidence=year.reports.get(SCHEME, UNIT).report.evidence))
    year.reports.submit(SCHEME, UNIT)
    if state == "accepted":
        year.reports.accept(SCHEME, UNIT)
    for write in (
        lambda: year.reports.save(report(work="改一改")),
        lambda: year.reports.attach(SCHEME, UNIT, picture(year, awkward_folder)),
        lambda: year.reports.detach(SCHEME, UNIT, digest),
        lambda: year.reports.change_evidence(SCHEME, UNIT, digest, "", "office", ""),
        lambda: year.reports.submit(SCHEME, UNIT),
    ):
        with pytest.raises(AppError) as error:
            write()
        assert fault(error) is Fault.REPORT_LOCKED
    assert year.reports.get(SCHEME, UNIT).locked


def test_that_only_a_submitted_report_is_returned_or_accepted(year: Services) -> None:
    year.reports.save(report())
    for step in (lambda: year.reports.accept(SCHEME, UNIT), lambda: year.reports.return_(SCHEME, UNIT, "重写")):
        with pytest.raises(AppError) as error:
            step()
        assert fault(error) is Fault.INPUT_BAD
        assert "草稿" in error.value.message
    assert year.reports.get(SCHEME, UNIT).versions == ()


def test_that_a_return_needs_a_reason_and_a_remark_that_says_something(year: Services) -> None:
    year.reports.save(report())
    year.reports.submit(SCHEME, UNIT)
    for reason, remarks in (
        (" ", []),
        ("重写", [RemarkDraft(where="section:work", start=0, end=2, text=" ")]),
        ("重写", [RemarkDraft(where="section:work", start=0, end=999, text="超出")]),
    ):
        with pytest.raises(AppError):
            year.reports.return_(SCHEME, UNIT, reason, remarks)
    view = year.reports.get(SCHEME, UNIT)
    assert (view.state, view.remarks) == ("submitted", ())


def test_that_an_empty_report_cannot_be_submitted(year: Services) -> None:
    year.reports.save(report(work="  \n"))
    with pytest.raises(AppError) as error:
        year.reports.submit(SCHEME, UNIT)
    assert "空的" in error.value.message


def test_that_reopening_says_why_and_leads_back_to_where_it_may_be_changed(year: Services) -> None:
    year.reports.save(report())
    year.reports.submit(SCHEME, UNIT)
    assert year.reports.reopen(SCHEME, UNIT, "发现错字").value.state == "draft"
    year.reports.submit(SCHEME, UNIT)
    year.reports.accept(SCHEME, UNIT)
    assert year.reports.reopen(SCHEME, UNIT, "补充数据").value.state == "returned"
    year.reports.save(report(work="改好了"))


# ---- writing


def test_that_saving_is_one_step_of_undo_and_leaves_the_result_as_it_is(year: Services) -> None:
    revision = lambda: year.audit.count()  # noqa: E731
    year.reports.save(report())
    before = revision()
    change = year.reports.save(report(work="第二稿")).change
    assert revision() == before + 1
    assert change.areas == {Area.REPORTS} and change.undoable
    undone = year.history.undo()
    assert Area.REPORTS in undone.change.areas
    assert year.reports.get(SCHEME, UNIT).report == report()


def test_that_the_same_content_in_another_order_is_the_same_report() -> None:
    one = report(work="甲", problems="乙")
    other = replace(one, sections=tuple(reversed(one.sections)))
    filled = replace(
        other, answers=(ItemAnswer(item="office"),), sections=(*other.sections, SectionText(section="plans", text=""))
    )
    assert write_report(one) == write_report(other) == write_report(filled)
    assert read_report(write_report(one)) == read_report(write_report(other))


def test_that_a_report_is_read_back_exactly() -> None:
    evidence = Evidence(digest="a" * 64, name="图“1”.png", kind="image", size=3, item="office", note="说明\n两行")
    answer = ItemAnswer(item="office", score=Fraction(1, 3), text="做了\t三件\u3000事")
    given = replace(report(), answers=(answer,), evidence=(evidence,))
    assert set(read_report(write_report(given)).answers) == {answer}
    assert read_report(write_report(given)).evidence == (evidence,)
    with pytest.raises(ValueError):
        read_report("[]")


def test_that_what_cannot_be_stored_is_named_all_at_once(year: Services) -> None:
    wrong = Report(
        scheme=SCHEME,
        unit=UNIT,
        sections=(
            SectionText(section="none", text="x"),
            SectionText(section="work", text="a"),
            SectionText(section="work", text="b"),
        ),
        answers=(ItemAnswer(item="manner", text="不问"), ItemAnswer(item="office", score=Fraction(-1))),
        evidence=(Evidence(digest="b" * 64, name="无.pdf", kind="pdf", size=1),),
    )
    with pytest.raises(AppError) as error:
        year.reports.save(wrong)
    assert fault(error) is Fault.INPUT_BAD
    assert len(error.value.findings) == 5
    assert year.reports.get(SCHEME, UNIT).versions == ()


def test_that_the_text_of_a_section_that_the_form_no_longer_has_stays(year: Services) -> None:
    year.reports.save(report(work="做了", problems="学得不深", plans="明年学"))
    scheme = next(s for s in year.schemes.all() if s.id == SCHEME)
    assert scheme.report is not None
    fewer = replace(scheme, report=replace(scheme.report, sections=scheme.report.sections[:2]))
    with_scheme(year, fewer)
    year.reports.save(report(work="又做了"))
    kept = {s.section: s.text for s in year.reports.get(SCHEME, UNIT).report.sections}
    assert kept == {"work": "又做了", "plans": "明年学"}


def with_scheme(year: Services, scheme: Scheme) -> None:
    """Another version of a scheme, through storage: the editor is not what is tested here."""
    with year.session.write("test", "换方案") as work:
        work.schemes.add(scheme.id, write_scheme(scheme))


def test_that_accepted_self_scores_are_the_values_of_items_scored_by_the_unit(year: Services) -> None:
    scheme = next(s for s in year.schemes.all() if s.id == SCHEME)
    office = tuple(
        replace(p, source=OfficeSource(kind="self")) if p.id == "office" else p for p in scheme.tree.children
    )
    with_scheme(year, replace(scheme, tree=replace(scheme.tree, children=office)))  # type: ignore[arg-type]
    answers = (ItemAnswer(item="office", score=Fraction(17, 2)), ItemAnswer(item="problems", score=Fraction(20)))
    year.reports.save(replace(report(), answers=answers))
    year.reports.submit(SCHEME, UNIT)
    assert year.events.office_marks(SCHEME) == ()
    assert year.reports.accept(SCHEME, UNIT).change.areas == {Area.REPORTS, Area.EVENTS}
    [mark] = year.events.office_marks(SCHEME)
    assert (mark.item, mark.value, mark.basis, mark.by) == ("office", Fraction(17, 2), "述职报告第 2 版自评分", "第1局")
    year.history.undo()
    assert year.events.office_marks(SCHEME) == ()
    assert year.reports.get(SCHEME, UNIT).state == "submitted"


def test_that_a_self_score_beyond_the_full_points_keeps_the_report_from_being_accepted(year: Services) -> None:
    scheme = next(s for s in year.schemes.all() if s.id == SCHEME)
    office = tuple(
        replace(p, source=OfficeSource(kind="self")) if p.id == "office" else p for p in scheme.tree.children
    )
    with_scheme(year, replace(scheme, tree=replace(scheme.tree, children=office)))  # type: ignore[arg-type]
    year.reports.save(replace(report(), answers=(ItemAnswer(item="office", score=Fraction(11)),)))
    year.reports.submit(SCHEME, UNIT)
    with pytest.raises(AppError) as error:
        year.reports.accept(SCHEME, UNIT)
    assert error.value.findings
    assert (year.reports.get(SCHEME, UNIT).state, year.events.office_marks(SCHEME)) == ("submitted", ())


def test_that_unknown_units_and_schemes_without_a_form_are_named(year: Services) -> None:
    for scheme, unit in ((SCHEME, "B11"), (SCHEME, "X"), ("branch", "B11"), ("none", "D1")):
        with pytest.raises(AppError) as error:
            year.reports.get(scheme, unit)
        assert fault(error) is Fault.NOT_FOUND


def test_that_the_list_tells_state_length_and_findings(year: Services) -> None:
    [form] = year.reports.forms()
    assert (form.scheme, form.units) == (SCHEME, 3)
    year.reports.save(report(work="一二 三\n四", problems="学习不够"))
    [first, *others] = year.reports.list(SCHEME)
    assert (first.state, first.characters, first.findings, first.bodies) == ("draft", 8, None, ("考核办",))
    assert {line.state for line in others} == {None}
    count = len(year.reports.examine(SCHEME, UNIT))
    assert year.reports.list(SCHEME)[0].findings == count > 0
    year.reports.save(report(work="又改了"))
    assert year.reports.list(SCHEME)[0].findings is None
    [line] = year.reports.examine_all(SCHEME)
    assert (line.unit, year.reports.list(SCHEME)[0].findings) == (UNIT, len(line.findings))


def test_that_a_text_being_edited_is_examined_without_being_stored(year: Services) -> None:
    found = year.reports.examine(SCHEME, UNIT, report(work="我们××干了", problems="学习不够深入，抓得不紧。"))
    assert {f.code for f in found} == {"R-PLACEHOLDER"}
    assert year.reports.list(SCHEME)[0].state is None


# ---- versions and remarks


def test_that_versions_are_compared_by_paragraph_and_within(year: Services) -> None:
    year.reports.save(report(work="第一段\n抓了三件实事\n第三段", problems="学得不深"))
    year.reports.keep_version(SCHEME, UNIT, "初稿")
    year.reports.save(
        replace(
            report(work="第一段\n抓了五件实事\n新的一段，写了另外的事情\n第三段"),
            answers=(ItemAnswer(item="office", score=Fraction(9), text="已完成"),),
        )
    )
    found = year.reports.compare(SCHEME, UNIT, 1, 0)
    kinds = [(d.where, d.kind) for d in found]
    assert kinds == [
        ("section:work", "same"),
        ("section:work", "changed"),
        ("section:work", "added"),
        ("section:work", "same"),
        ("section:problems", "removed"),
        ("item:office", "added"),
        ("item:office", "added"),
    ]
    changed = found[1]
    assert [p.text for p in changed.before if p.differs] == ["三"]
    assert [p.text for p in changed.after if p.differs] == ["五"]
    assert "".join(p.text for p in changed.after) == "抓了五件实事"
    assert year.reports.version(SCHEME, UNIT, 1) == report(work="第一段\n抓了三件实事\n第三段", problems="学得不深")
    with pytest.raises(AppError):
        year.reports.version(SCHEME, UNIT, 7)


def test_that_a_remark_follows_its_passage_and_says_when_it_has_gone(year: Services) -> None:
    year.reports.save(report(work="抓了三件实事。后来抓了三件实事。"))
    year.reports.submit(SCHEME, UNIT)
    draft = RemarkDraft(where="section:work", start=9, end=15, text="哪三件")
    year.reports.return_(SCHEME, UNIT, "不具体", [draft])

    def placed() -> tuple[int, int, bool, bool]:
        [remark] = year.reports.get(SCHEME, UNIT).remarks
        return remark.start, remark.end, remark.moved, remark.found

    assert placed() == (9, 15, False, True)
    year.reports.save(report(work="今年抓了三件实事。后来抓了三件实事。"))
    assert placed() == (11, 17, True, True)
    year.reports.save(report(work="修路一条，装灯九盏。"))
    assert placed() == (0, 0, True, False)


# ---- evidence


def docx_bytes() -> bytes:
    import docx

    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("佐证")
    document.save(buffer)
    return buffer.getvalue()


def xlsx_bytes() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
GOOD_FILES = {
    "a.pdf": (PDF, "pdf"),
    "b.png": (PICTURE, "image"),
    "c.jpg": (b"\xff\xd8\xff\xe0" + bytes(40), "image"),
    "d.docx": (docx_bytes(), "docx"),
    "e.xlsx": (xlsx_bytes(), "xlsx"),
    "名字说自己是图片.png": (PDF, "pdf"),
}


@pytest.mark.parametrize("name", GOOD_FILES)
def test_that_a_file_is_taken_by_its_content_and_handed_out_byte_for_byte(
    year: Services, awkward_folder: Path, name: str
) -> None:
    data, kind = GOOD_FILES[name]
    path = awkward_folder / name
    path.write_bytes(data)
    evidence = year.reports.attach(SCHEME, UNIT, path, item="office", note=" 现场 ").value
    assert (evidence.kind, evidence.size, evidence.note, evidence.item) == (kind, len(data), "现场", "office")
    assert evidence.digest == hashlib.sha256(data).hexdigest()
    assert year.reports.evidence(evidence.digest) == data
    out = year.reports.save_evidence(evidence.digest, awkward_folder / "另存 #1")
    assert out.read_bytes() == data


def macro_docx() -> bytes:
    source, buffer = zipfile.ZipFile(io.BytesIO(docx_bytes())), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        target.writestr("word/vbaProject.bin", b"x")
    return buffer.getvalue()


BAD_FILES = {
    "程序.pdf": b"MZ\x90\x00" + bytes(100),
    "脚本.png": b"#!/bin/sh\nrm -rf /\n",
    "网页.pdf": b"<html><script>1</script></html>",
    "旧.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "宏.docx": macro_docx(),
    "半个.pdf": b"%PDF-1.4\n1 0 obj",
    "空.png": b"",
    "压缩包.xlsx": b"PK\x03\x04" + bytes(50),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_that_a_file_of_another_kind_is_refused_whatever_its_name(
    year: Services, awkward_folder: Path, name: str
) -> None:
    path = awkward_folder / name
    path.write_bytes(BAD_FILES[name])
    with pytest.raises(AppError) as error:
        year.reports.attach(SCHEME, UNIT, path)
    assert fault(error) is Fault.EVIDENCE_KIND
    assert name in error.value.message
    assert year.reports.list(SCHEME)[0].state is None


def test_that_a_file_or_all_files_too_large_are_refused(year: Services, awkward_folder: Path) -> None:
    path = awkward_folder / "大.png"
    for size, allowed in ((1 << 20, True), ((1 << 20) + 1, False)):
        path.write_bytes(PICTURE + bytes(size - len(PICTURE)))
        if allowed:
            year.reports.attach(SCHEME, UNIT, path)
            continue
        with pytest.raises(AppError) as error:
            year.reports.attach(SCHEME, UNIT, path)
        assert fault(error) is Fault.EVIDENCE_TOO_LARGE
    for mark in (b"1", b"2"):
        path.write_bytes(PICTURE + mark * (900 << 10))
        if mark == b"1":
            year.reports.attach(SCHEME, UNIT, path)
    with pytest.raises(AppError) as error:
        year.reports.attach(SCHEME, UNIT, path)
    assert fault(error) is Fault.EVIDENCE_TOO_LARGE
    assert len(year.reports.get(SCHEME, UNIT).report.evidence) == 2


def test_that_the_same_file_twice_is_kept_once_and_detaching_can_be_undone(
    year: Services, awkward_folder: Path
) -> None:
    path = picture(year, awkward_folder)
    digest = year.reports.attach(SCHEME, UNIT, path).value.digest
    year.reports.attach(SCHEME, UNIT, path, note="又一次")
    year.reports.attach(SCHEME, UNIT, path, item="office")
    assert [(e.item, e.note) for e in year.reports.get(SCHEME, UNIT).report.evidence] == [
        ("", "又一次"),
        ("office", ""),
    ]
    year.reports.change_evidence(SCHEME, UNIT, digest, "", "problems", "问题照片")
    year.reports.detach(SCHEME, UNIT, digest, "office")
    assert [(e.item, e.note) for e in year.reports.get(SCHEME, UNIT).report.evidence] == [("problems", "问题照片")]
    year.history.undo()
    assert len(year.reports.get(SCHEME, UNIT).report.evidence) == 2
    with pytest.raises(AppError):
        year.reports.detach(SCHEME, UNIT, "f" * 64)
    with pytest.raises(AppError):
        year.reports.attach(SCHEME, UNIT, path, item="vote")
    with pytest.raises(AppError):
        year.reports.evidence("f" * 64)


def test_that_the_full_check_finds_a_year_with_reports_sound(year: Services, awkward_folder: Path) -> None:
    year.reports.save(report())
    year.reports.attach(SCHEME, UNIT, picture(year, awkward_folder))
    year.reports.submit(SCHEME, UNIT)
    path = year.session.file.path
    year.close()
    assert Desk("甲", awkward_folder / "own").check_year(path) == ()


# ---- last year


def test_that_last_years_reports_come_out_of_last_years_file(
    year: Services, created_folder: Path, tmp_path: Path
) -> None:
    year.reports.save(
        report(
            work="今年抓学习十二次，请专家三回，编印资料两册，组织参观五场，党员人人参加，还评出先进支部四个，共二十人。"
        )
    )
    old_path = earlier_file(created_folder, tmp_path)
    plan = year.reports.plan_last_year(old_path)
    assert (plan.year, [r.unit for r in plan.reports]) == (2025, ["D1", "D2"])
    assert len(plan.findings) == 1  # the second was a draft
    assert year.reports.take_last_year(plan).value == 2
    kept = year.reports.get(SCHEME, UNIT).last_year
    assert kept is not None
    codes = {f.code for f in year.reports.examine(SCHEME, UNIT)}
    assert "R-LAST-YEAR" in codes
    year.history.undo()
    assert year.reports.get(SCHEME, UNIT).last_year is None


def earlier_file(created_folder: Path, folder: Path) -> Path:
    """A year file of 2025 with two reports."""
    schemes: list[Path] = []
    for one in (small_year.branch_scheme(), small_year.department_scheme()):
        schemes.append(folder / f"{one.id}.json")
        schemes[-1].write_text(write_scheme(replace(one, year=2025)), encoding="utf-8")
    path = folder / "2025 年度#1.slk"
    services = Desk("甲", folder / "own").create(path, schemes, None, "", "上年")
    for unit in small_year.units():
        services.units.save_unit(unit)
    same = "今年抓学习十二次，请专家三回，编印资料两册，组织参观五场，党员人人参加，还评出先进支部四个，共二十人。"
    services.reports.save(report(work=same, problems="学习不够深。"))
    services.reports.submit(SCHEME, UNIT)
    services.reports.save(replace(report(work="别的"), unit="D2"))
    services.close()
    return path


def test_that_a_file_of_this_year_is_no_last_year(year: Services, created_folder: Path, tmp_path: Path) -> None:
    same = tmp_path / "同年.slk"
    shutil.copy(created_folder / "2026年度.slk", same)
    with pytest.raises(AppError) as error:
        year.reports.plan_last_year(same)
    assert fault(error) is Fault.INPUT_BAD
