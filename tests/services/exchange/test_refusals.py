"""R-18 at the services: every package that must not be taken in is refused by its own name, and nothing of it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import AppError
from app.domain.facts import EarlierResult, Unit
from app.domain.packages import Manifest, Package, Party, SchemeStamp, UnitReport
from app.files.package import load_key, read_package, write_package
from app.services.exchange.values import OpenMerge, ReadyMerge
from app.services.reports import RemarkDraft
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs

Change = Callable[[Manifest], Manifest]
NEW_ID = "ab" * 16


def altered(three: Pcs, path: Path, change: Change, name: str = "改过.slp", own: str = "D1的电脑") -> Path:
    """The package with another manifest, signed by the department's own key as if its program had made it so."""
    package = read_package(path)
    made = Package(
        manifest=change(package.manifest), content=package.content, schemes=package.schemes, evidence=package.evidence
    )
    target = three.root / name
    write_package(made, load_key(three.root / own / "own"), target)
    return target


CHANGES: dict[str, tuple[Change, str, str]] = {
    "another year": (lambda m: replace(m, year=2025), "E-PKG-10", "2025"),
    "another office's year file": (lambda m: replace(m, year_file="00" * 8), "E-PKG-11", "年度文件"),
    "for another unit": (lambda m: replace(m, receiver=Party(name="第9局", unit="D9")), "E-PKG-05", "第9局"),
    "from a unit nobody knows": (lambda m: replace(m, sender=Party(name="第9局", unit="D9")), "E-PKG-05", "D9"),
    "a task where a return is wanted": (lambda m: replace(m, kind="task"), "E-PKG-15", "任务包"),
    "a scheme of another wording": (
        lambda m: replace(m, id=NEW_ID, sequence=3, schemes=(SchemeStamp(id="department", fingerprint="0" * 64),)),
        "E-PKG-13",
        "department",
    ),
    "a scheme nobody knows": (
        lambda m: replace(m, id=NEW_ID, sequence=3, schemes=(SchemeStamp(id="strange", fingerprint="0" * 64),)),
        "E-PKG-13",
        "strange",
    ),
    "an older sequence": (lambda m: replace(m, id=NEW_ID, sequence=1), "E-PKG-04", "已经收过第 2 号"),
    "the same sequence again": (lambda m: replace(m, id=NEW_ID), "E-PKG-04", "已经收过第 2 号"),
    "the same package under another name": (lambda m: m, "E-PKG-12", "已经"),
}


@pytest.fixture
def returned(three: Pcs) -> Path:
    """The second return of the first department; both have been taken in."""
    pcs.fill_in(three.units["D1"])
    pcs.receive(three.office, three.submit("D1"))
    pcs.mark(three.units["D1"], {("P11", "D2", "problems"): "39"})
    path = three.submit("D1")
    pcs.receive(three.office, path)
    return path


def test_that_each_wrong_package_is_refused_with_its_own_name_and_nothing_is_written(
    three: Pcs, returned: Path
) -> None:
    before, revision = pcs.state_of(three.office), three.office.audit.entries(limit=1)[0].number
    for case, (change, code, said) in CHANGES.items():
        plan = pcs.planned(three.office, altered(three, returned, change))
        assert isinstance(plan, ReadyMerge) and not plan.writes, case
        assert [p.fault for p in plan.packages] == [code], case
        assert said in plan.packages[0].reason, case
        with pytest.raises(AppError):
            three.office.exchange.apply(plan)
    assert pcs.state_of(three.office) == before
    assert three.office.audit.entries(limit=1)[0].number == revision


def test_that_a_unit_takes_only_its_own_task_of_its_own_office(three: Pcs, awkward_folder: Path) -> None:
    unit = three.units["D1"]
    plan = pcs.planned(unit, three.tasks["D2"], confirm=False)
    assert [p.fault for p in plan.packages] == ["E-PKG-05"]
    assert [p.fault for p in pcs.planned(unit, three.tasks["D1"]).packages] == ["E-PKG-12"]
    _, strange = pcs.office(awkward_folder / "外地")
    task = strange.exchange.send_tasks(awkward_folder / "外地", ["D1"]).value.files[0]
    assert [p.fault for p in pcs.planned(unit, task).packages] == ["E-PKG-11"]
    strange.close()


def test_that_an_unknown_computer_is_asked_about_with_its_code_and_remembered_once_confirmed(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    path = three.submit("D1")
    plan = pcs.planned(three.office, path, confirm=False, rule="theirs")
    assert isinstance(plan, OpenMerge), "who a sender is, is never answered by rule"
    question = plan.questions[0]
    assert question.kind == "unknown_sender" and three.units["D1"].exchange.own_code() in question.text
    refused = pcs.planned(three.office, path, answers={question.id: "skip"}, confirm=False)
    assert [(p.fate, p.fault) for p in refused.packages] == [("refused", "E-PKG-03")] and not refused.writes
    pcs.receive(three.office, path)
    assert [(s.unit, s.code) for s in three.office.exchange.senders()] == [
        ("D1", three.units["D1"].exchange.own_code())
    ]
    pcs.mark(three.units["D1"], {("P11", "D2", "problems"): "39"})
    assert pcs.planned(three.office, three.submit("D1"), confirm=False).questions == ()
    key = three.office.exchange.senders()[0].key
    three.office.exchange.forget_sender(key, "电脑报废")
    assert [q.kind for q in pcs.planned(three.office, three.submit("D1"), confirm=False).questions] == [
        "unknown_sender"
    ]
    three.office.exchange.confirm_sender(key, "D1")
    assert pcs.planned(three.office, three.submit("D1"), confirm=False).questions == ()


def test_that_a_computer_known_for_one_unit_is_asked_about_when_it_speaks_for_another(
    three: Pcs, returned: Path
) -> None:
    path = altered(
        three, returned, lambda m: replace(m, id=NEW_ID, sender=replace(m.sender, unit="D2", name="第2局"), answers="")
    )
    plan = pcs.planned(three.office, path, confirm=False)
    assert [q.kind for q in plan.questions] == ["unknown_sender"] and "第1局" in plan.questions[0].text
    plan = pcs.planned(three.office, path)
    assert isinstance(plan, ReadyMerge)
    assert {f.message for f in plan.packages[0].findings} >= {"1局书记1的评分表不属于发件单位，没有接收"}
    assert plan.effects[0].sheets == () and plan.effects[0].reports == (), "nobody speaks for another unit's raters"


def test_that_a_version_of_the_scheme_that_the_office_still_holds_is_taken_and_told(three: Pcs) -> None:
    scheme = three.office.schemes.get("department")
    three.office.schemes.save("department", replace(scheme, note="改了说明"), "改说明")
    assert len(three.office.schemes.versions("department")) == 2, "what went out with a task is not changed in place"
    pcs.fill_in(three.units["D1"])
    plan = pcs.planned(three.office, three.submit("D1"))
    assert plan.packages[0].fate == "take"
    assert any("较早的一版" in f.message for f in plan.packages[0].findings)


def test_that_cut_flipped_and_foreign_files_in_a_folder_are_refused_one_by_one_and_the_sound_one_is_taken(
    three: Pcs,
) -> None:
    pcs.fill_in(three.units["D1"])
    sound = three.submit("D1")
    data, dice, folder = sound.read_bytes(), Random(5), three.root / "收件"
    folder.mkdir()
    (folder / sound.name).write_bytes(data)
    (folder / "断.slp").write_bytes(data[: len(data) // 2])
    (folder / "空.slp").write_bytes(b"")
    (folder / "别的.slp").write_bytes(b"PK\x03\x04 nothing")
    for number in range(40):
        changed = bytearray(data)
        changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        (folder / f"坏{number:02}.slp").write_bytes(changed)
    plan = pcs.planned(three.office, folder)
    assert isinstance(plan, ReadyMerge)
    taken = [p.name for p in plan.packages if p.fate == "take"]
    refused = [p for p in plan.packages if p.fate == "refused"]
    doubled = [p for p in plan.packages if p.fate == "skipped"]  # the flipped bit was one that says nothing
    assert taken and len(taken) + len(refused) + len(doubled) == 44
    assert all(p.fault.startswith("E-PKG-") and p.reason for p in refused)
    assert len(refused) >= 40 and all(p.fault == "E-PKG-12" for p in doubled)
    three.office.exchange.apply(plan)
    assert pcs.marks_of(three.office) == pcs.marks_of(three.units["D1"])


def test_that_a_package_under_a_passphrase_waits_for_the_right_one(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    pcs.write(three.units["D1"], "D1", done="抓责任。")
    with pytest.raises(AppError):
        three.units["D1"].tasks.submit(three.root / "密.slp", passphrase="短")
    assert three.units["D1"].reports.get("department", "D1").state == "draft", "nothing is half handed in"
    path = three.units["D1"].tasks.submit(three.root / "密.slp", passphrase="三个词 一句长话").value.path
    assert path is not None
    assert three.office.exchange.scan([path]).packages[0].locked
    wrong = three.office.exchange.scan([path], {"": "别的口令句子呀"}).packages[0]
    assert wrong.locked and wrong.finding is not None and wrong.finding.code == "E-PKG-06"
    scan = three.office.exchange.scan([path], {path.name: "三个词 一句长话"})
    assert scan.packages[0].package is not None


def test_that_a_plan_made_before_something_changed_is_not_applied(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    pcs.receive(three.office, three.submit("D1"))
    pcs.mark(three.units["D1"], {("P11", "D2", "problems"): "39"})
    plan = pcs.planned(three.office, three.submit("D1"))
    assert isinstance(plan, ReadyMerge)
    pcs.write(three.office, "D2", done="考核办代录")
    with pytest.raises(AppError) as refused:
        three.office.exchange.apply(plan)
    assert "重新预览" in refused.value.detail


def test_that_an_older_package_beside_a_newer_one_steps_back(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    older = three.submit("D1")
    pcs.mark(three.units["D1"], {("P11", "D2", "problems"): "39"})
    newer = three.submit("D1")
    plan = pcs.planned(three.office, older, newer)
    assert {p.name: (p.fate, p.fault) for p in plan.packages} == {
        older.name: ("refused", "E-PKG-04"),
        newer.name: ("take", ""),
    }


def test_that_a_program_among_the_evidence_is_refused_whatever_it_calls_itself(three: Pcs) -> None:
    unit = three.units["D1"]
    pcs.write(unit, "D1", done="抓责任。")
    picture = three.root / "图.pdf"
    picture.write_bytes(b"%PDF-1.4\n1 0 obj\n%%EOF\n")
    unit.reports.attach("department", "D1", picture)
    package = read_package(three.submit("D1"))
    program = b"MZ" + bytes(200)
    digest = hashlib.sha256(program).hexdigest()
    report = package.content.reports[0]
    evil = replace(report.report.evidence[0], digest=digest, size=len(program))
    forged = replace(report, report=replace(report.report, evidence=(evil,)), versions=())
    content = replace(package.content, reports=(forged,))
    target = three.root / "夹带.slp"
    made = Package(manifest=package.manifest, content=content, evidence={digest: program})
    write_package(made, load_key(three.root / "D1的电脑" / "own"), target)
    plan = pcs.planned(three.office, target)
    assert [(p.fate, p.fault) for p in plan.packages] == [("refused", "E-EVID-01")]
    bare = Package(manifest=package.manifest, content=package.content)
    write_package(bare, load_key(three.root / "D1的电脑" / "own"), target)
    assert [p.fault for p in pcs.planned(three.office, target).packages] == ["E-PKG-09"]


def test_that_a_return_brings_no_units_and_no_results(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    path = three.submit("D1")
    package = read_package(path)
    content = replace(
        package.content,
        units=(Unit(code="X9", name="混进来的", level="department"),),
        results=(EarlierResult(scheme="department", unit="D1", year=2026, grade="g0"),),
    )
    made = Package(manifest=package.manifest, content=content)
    write_package(made, load_key(three.root / "D1的电脑" / "own"), path)
    pcs.receive(three.office, path)
    assert "X9" not in {u.code for u in three.office.units.units()} and three.office.earlier.all() == ()


def test_that_a_signed_package_that_contradicts_itself_is_refused_whole(three: Pcs) -> None:
    unit, office = three.units["D1"], three.office
    pcs.fill_in(unit)
    pcs.write(unit, "D1", done="抓责任。")
    pcs.write(office, "D2", done="二局。")
    office.reports.submit("department", "D2")
    drafted = RemarkDraft(where="", start=0, end=0, text="给二局的批注")
    office.reports.return_("department", "D2", "补充", [drafted])
    path = three.submit("D1")
    package = read_package(path)
    content, report = package.content, package.content.reports[0]
    foreign = office.reports.get("department", "D2").remarks[0].remark
    stolen = replace(foreign, unit="D1", text="改掉别人的批注")
    cases = {
        "评分表有两份": replace(content, blocks=(*content.blocks, content.blocks[0])),
        "述职报告有两份": replace(content, reports=(report, report)),
        "栏目有两份": replace(content, reports=(_with_sections(report, 2),)),
        "留存版本不是它的": replace(content, reports=(_with_strange_version(report),)),
        "批注不是它的": replace(content, reports=(replace(report, remarks=(foreign,)),)),
        "D1的报告的批注不是它的": replace(content, reports=(replace(report, remarks=(stolen,)),)),
    }
    for said, wrong in cases.items():
        made = Package(manifest=package.manifest, content=wrong)
        write_package(made, load_key(three.root / "D1的电脑" / "own"), path)
        plan = pcs.planned(office, path)
        assert [(p.fate, p.fault) for p in plan.packages] == [("refused", "E-PKG-01")], said
        assert said in plan.packages[0].reason
    assert office.reports.get("department", "D2").remarks[0].remark.text == "给二局的批注"


def _with_sections(report: UnitReport, times: int) -> UnitReport:
    return replace(report, report=replace(report.report, sections=report.report.sections * times))


def _with_strange_version(report: UnitReport) -> UnitReport:
    version = report.versions[0]
    return replace(report, versions=(replace(version, report=replace(version.report, unit="D2")),))
