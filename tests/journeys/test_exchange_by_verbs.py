"""A department's report, evidence and scores travel to the office and back, with faults on the way: two empty folders as
PCs, and nothing but the program's verbs. From its source with every change, the built program before a release."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook

from app import bootstrap
from app.domain.sheets import Register
from app.files.documents import write_scheme
from app.files.excel import write_register
from app.services.container import Desk
from tests.journeys.computers import PROGRAM, Computer, Run, Said, built_run
from tests.services.exchange import pcs

YEAR = "2026年度 #1.slk"
PASSPHRASE = "口令-一二三四五六"
TEXTS = {"做法成效": "第1局抓责任、抓落实，制定责任清单12项。", "存在问题": "一是调查研究不深，全年只到支部3次。"}


@pytest.fixture(params=["source", pytest.param("built", marks=pytest.mark.release)])
def run(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    if request.param == "built":
        return built_run(request.getfixturevalue("built") / PROGRAM)

    def inside(own: Path, words: Sequence[str]) -> Said:
        monkeypatch.setenv("SLK_HOME", str(own))
        code = bootstrap.main(words)
        return Said(code, *capsys.readouterr())

    return inside


@pytest.fixture
def office(run: Run, awkward_folder: Path) -> Computer:
    """The assessment office: its two schemes, its register, nothing else."""
    here = Computer(awkward_folder / "考核办 100%", run)
    here.folder.mkdir()
    for scheme in (pcs.branch_scheme(), pcs.department_scheme()):
        (here / f"{scheme.id}.json").write_text(write_scheme(scheme), encoding="utf-8")
    write_register(Register(pcs.units(), pcs.evaluators(), ()), here / "名册.xlsx")
    return here


@pytest.fixture
def department(run: Run, awkward_folder: Path) -> Computer:
    """The first department: an empty folder, a Word report, a picture of the register of problems."""
    here = Computer(awkward_folder / "第1局 的电脑", run)
    here.folder.mkdir()
    report: Any = docx.Document()
    report.add_heading("述职报告", 0)
    for heading, text in TEXTS.items():
        report.add_heading(heading, 1)
        report.add_paragraph(text)
    report.save(str(here / "述职报告.docx"))
    (here / "台账.pdf").write_bytes(b"%PDF-1.4\n% " + "问题台账".encode() + b"\n%%EOF\n")
    return here


def ends(said: Said, code: int) -> Any:
    """The document of a call that has ended so."""
    assert said.code == code, (said.code, said.out, said.err)
    return said.json


def fill(sent: Path, target: Path, steady: int = 0) -> None:
    """As an evaluator does it in Excel: a mark into every open cell."""
    book = load_workbook(sent)
    for number, cell in enumerate(open_cells(book["评分表"])):
        cell.value = 20 + (steady + number) % 9
    target.parent.mkdir(exist_ok=True)
    book.save(target)


def open_cells(sheet: Any) -> list[Any]:
    return [c for row in sheet.iter_rows() for c in row if not c.protection.locked and c.value is None]


def edited(package: Path, target: Path) -> None:
    """Somebody has unpacked it, changed a word and packed it again."""
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace("第1局".encode(), "第2局".encode()))


def test_that_a_department_s_work_reaches_the_office_s_result_with_its_way(
    office: Computer, department: Computer, awkward_folder: Path
) -> None:
    stick = awkward_folder / "U盘"
    year, there = office / YEAR, department / YEAR
    # ---- out
    schemes = [office / "branch.json", office / "department.json"]
    made = office.call(
        "new", year, "--scheme", *schemes, "--register", office / "名册.xlsx", "--title", "市直机关2026年度"
    )
    assert ends(made, made.code)["units"] == 9 and made.code in (0, 1), made.err
    ends(office.call("tasks", year, "--out", stick, "--unit", "D1"), 0)
    [task] = stick.glob("*.slp")
    torn, false = stick / "没复制完.slp", stick / "改过.slp"
    torn.write_bytes(task.read_bytes()[:-500])
    edited(task, false)
    for package, fault in ((torn, "E-PKG-08"), (false, "E-PKG-09"), (office / "名册.xlsx", "E-PKG-01")):
        assert ends(department.call("open-task", package, there), 3)["error"]["code"] == fault
        assert not there.exists() and not list(department.folder.glob("*.slk*"))
    assert ends(department.call("open-task", task, there), 0)["unit"] == "D1"
    # ---- the department's work, with a faulty sheet
    ends(department.call("sheets", there, "--out", department / "发出"), 0)
    for number, sent in enumerate(sorted((department / "发出").glob("*.xlsx"))):
        fill(sent, department / "收回" / sent.name, number)
    faulty = min((department / "收回").glob("*.xlsx"))
    address = spoil(faulty)
    refused = ends(department.call("import", there, department / "收回"), 1)
    said = json.dumps([f for f in refused["files"] if f["name"] == faulty.name], ensure_ascii=False)
    assert address in said and "评分表" in said, "the cell is named"
    fill(department / "发出" / faulty.name, faulty)
    ends(department.call("import", there, faulty), 0)
    report = ends(
        department.call("take-report", there, department / "述职报告.docx", "--evidence", department / "台账.pdf"), 1
    )
    assert [f["message"] for f in report["findings"]] == ["没有写入：述职报告"], "the title belongs to no section"
    receipt = department.call("submit", there, "--out", stick / "回来", "--passphrase", PASSPHRASE).json
    assert (receipt["sequence"], receipt["marks"]) == (1, 8)
    # ---- back, with a package that was changed on the way and one that nobody knows yet
    task.unlink(), torn.unlink(), false.unlink()
    returned = Path(receipt["path"])
    (stick / "断.slp").write_bytes(returned.read_bytes()[:-9])
    taking = ("receive", year, stick, "--passphrase", PASSPHRASE)
    plan = {p["name"]: p["fault"] for p in ends(office.call(*taking, "--dry-run"), 1)["packages"]}
    assert plan == {"断.slp": "E-PKG-06", returned.name: "E-PKG-03"}
    taken = ends(office.call(*taking, "--confirm", receipt["key_code"]), 1)
    assert taken["batch"] == 1
    assert [p["fate"] for p in taken["packages"] if p["name"] == returned.name] == ["take"]
    assert {p["fault"] for p in ends(office.call(*taking), 1)["packages"]} == {"E-PKG-06", "E-PKG-12"}, "not twice"
    # ---- the office's own evaluators, and the result
    ends(office.call("sheets", year, "--out", office / "发出"), 0)
    for number, sent in enumerate(sorted((office / "发出").glob("*.xlsx"))):
        if not sent.name.startswith("P1"):
            fill(sent, office / "收回" / sent.name, number)
    ends(office.call("import", year, office / "收回"), 0)
    results = ends(office.call("compute", year), 0)["results"]["schemes"]
    grades = {u: r["grades"][0]["final"] for s in results if s["scheme"] == "department" for u, r in s["units"].items()}
    assert set(grades) == {"D1", "D2", "D3"} and all(grades.values())
    way = ends(office.call("explain", year, "D2", "total"), 0)["step"]
    assert traced(way, awkward_folder) == {"第1局的回传包": 4, "考核办": 16}, "8 of them are of its two branches"
    # ---- the report and its evidence
    ends(office.call("reports", year, "--out", office / "述职"), 0)
    [word] = (office / "述职").glob("*.docx")
    paragraphs = [p.text for p in docx.Document(str(word)).paragraphs]
    assert all(any(text in p for p in paragraphs) for text in TEXTS.values())
    assert evidence_at(office) == {hashlib.sha256((department / "台账.pdf").read_bytes()).hexdigest()}
    ends(office.call("export", year, "--out", office / "结果.xlsx"), 0)
    for place, file in ((office, year), (department, there)):
        ends(place.call("check", file), 0)


def spoil(file: Path) -> str:
    """A mark that is none; its cell."""
    book = load_workbook(file)
    sheet = book["评分表"]
    cell = next(c for row in sheet.iter_rows() for c in row if not c.protection.locked and isinstance(c.value, int))
    cell.value = "九十多"
    book.save(file)
    return cell.coordinate


def marks(step: Any) -> Iterator[Any]:
    if step["rule"] == "mark":
        yield step
    for inner in step["inputs"]:
        yield from marks(inner)


def traced(way: Any, root: Path) -> dict[str, int]:
    """How many marks of a figure came which way; each is found again in its cell of the very file it names."""
    files = {hashlib.sha256(f.read_bytes()).hexdigest(): f for f in root.rglob("收回/*.xlsx")}
    found: dict[str, int] = {}
    for step in marks(way):
        if step["text"] == "回避":
            continue
        source = step["source"]
        file = files[source["sha256"]]
        cell = load_workbook(file)[source["sheet"]][source["address"]].value
        assert (file.name, Fraction(cell)) == (source["file"], Fraction(step["text"])), step
        by_package = "报来" in step["sentence"]
        assert by_package == file.is_relative_to(root / "第1局 的电脑"), step
        name = "第1局的回传包" if by_package else "考核办"
        found[name] = found.get(name, 0) + 1
    return found


def evidence_at(office: Computer) -> set[str]:
    """What the office's year file holds of the department's evidence, looked into beside the program."""
    services = Desk("查看的人", office / "own").open(office / YEAR)
    try:
        attached = services.reports.get("department", "D1").report.evidence
        return {hashlib.sha256(services.reports.evidence(e.digest)).hexdigest() for e in attached}
    finally:
        services.close()
