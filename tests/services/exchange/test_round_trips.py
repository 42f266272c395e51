"""R-19: unit → centre → unit. What the unit has made comes to the office and back again, and nothing of it has changed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from app.domain.reports import Evidence, ItemAnswer, Report, SectionText
from app.services.container import Services
from app.services.exchange.state import content_of
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs

SETS, SEED = 30, 19
WORDS = [
    "抓责任落实",
    "三会一课",
    "  缩进的一段",
    "带“引号”和<尖括号>",
    "",
    "100%",
    "一、",
    "𠮷野家",
    "tab\t之后",
    "长" * 300,
]
MARKS = ["弃权", "", "40", "45.5", "38.25", "50", "0"]


def one_data_set(unit: Services, dice: Random, folder: Path) -> None:
    """A day's work at the unit, different every time."""
    for form in unit.sheets.forms():
        cells = [(u.code, i.id, dice.choice(MARKS)) for u in form.units for i in form.items if dice.random() < 0.7]
        limits = {i.id: i.maximum for i in form.items}
        fitting = [c for c in cells if not c[2][:1].isdigit() or Fraction(c[2]) <= (limits[c[1]] or 0)]
        if fitting:
            unit.sheets.edit_marks("department", form.identity.evaluator, fitting, dice.choice(["程序内填写", "更正"]))
    state = unit.reports.get("department", "D1").state
    if state in ("submitted", "accepted"):
        unit.reports.reopen("department", "D1", "继续写")
    evidence: tuple[Evidence, ...] = unit.reports.get("department", "D1").report.evidence
    unit.reports.save(
        Report(
            scheme="department",
            unit="D1",
            sections=tuple(
                SectionText(section=s, text="\n".join(dice.choices(WORDS, k=dice.randrange(6))))
                for s in ("done", "problems", "plans")
            ),
            answers=tuple(
                ItemAnswer(item=i, score=dice.choice([None, Fraction(dice.randrange(100), 4)]), text=dice.choice(WORDS))
                for i in ("problems", "manner")
            ),
            evidence=evidence,
        )
    )
    if dice.random() < 0.4:
        path = folder / f"附件 {dice.randrange(3)}.pdf"
        path.write_bytes(b"%PDF-1.4\n" + dice.randbytes(200) + b"\n%%EOF\n")
        unit.reports.attach("department", "D1", path, dice.choice(["", "problems"]), dice.choice(WORDS).strip())
    for entry in unit.lists.entries(unit="D1"):
        if entry.unit:
            unit.lists.save(
                replace(entry, state=dice.choice(["open", "doing", "done"]), owner=dice.choice(["张三", "李四"]))
            )


def carried(services: Services) -> str:
    """What the newest package that came in held, as canonical text."""
    with services.session.read() as work:
        return work.packages_in.all()[-1].content


def test_that_thirty_data_sets_are_the_same_at_the_unit_the_centre_and_the_unit_again(three: Pcs) -> None:
    dice, unit, office = Random(SEED), three.units["D1"], three.office
    for number in range(SETS):
        one_data_set(unit, dice, three.root)
        with_reports = dice.random() < 0.8
        path = unit.tasks.submit(three.root / f"盘{number}.slp", with_reports=with_reports).value.path
        assert path is not None
        pcs.receive(office, path)
        assert pcs.state_of(office) == pcs.state_of(unit), f"data set {number}, seed {SEED}"
        if dice.random() < 0.3:
            before = pcs.state_of(unit)
            task = office.exchange.send_tasks(three.root / "盘", ["D1"]).value.files[0]
            pcs.receive(unit, task)
            assert pcs.state_of(unit) == before, f"data set {number}, seed {SEED}: the way back"
    task = office.exchange.send_tasks(three.root / "盘", ["D1"]).value.files[0]
    fresh = pcs.place(three.root, "新电脑")
    again = fresh.desk.open_task(task, fresh.year)
    assert pcs.state_of(again) == pcs.state_of(office) == pcs.state_of(unit)
    sent = content_of(carried(again))
    assert sent is not None and len(sent.reports[0].versions) == len(unit.reports.get("department", "D1").versions)
    digests = {e.digest for e in again.reports.get("department", "D1").report.evidence}
    assert digests and all(again.reports.evidence(d) == unit.reports.evidence(d) for d in digests)
    for services in (again, unit, office):
        assert services.backups.check_file() == ()
    again.close()


def test_that_a_package_is_read_from_a_read_only_folder(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    path = three.submit("D1")
    disc = three.root / "光盘"
    disc.mkdir()
    shutil.copy(path, disc / path.name)
    (disc / path.name).chmod(0o444)
    disc.chmod(0o555)
    try:
        pcs.receive(three.office, disc)
    finally:
        disc.chmod(0o755)
    assert pcs.marks_of(three.office) == pcs.marks_of(three.units["D1"])


@pytest.mark.release
def test_that_a_hundred_data_sets_are_the_same(three: Pcs) -> None:
    dice, unit = Random(SEED + 1), three.units["D1"]
    for number in range(100):
        one_data_set(unit, dice, three.root)
        path = unit.tasks.submit(three.root / f"盘{number}.slp").value.path
        assert path is not None
        pcs.receive(three.office, path)
        assert pcs.state_of(three.office) == pcs.state_of(unit), f"data set {number}"


def test_that_a_place_without_the_ending_of_a_package_is_a_folder_and_made(three: Pcs) -> None:
    pcs.fill_in(three.units["D1"])
    folder = three.root / "U 盘" / "回传 #1"
    path = three.units["D1"].tasks.submit(folder).value.path
    assert path is not None and path.parent == folder and path.suffix == ".slp"
    pcs.receive(three.office, path)
