"""R-05 for packages: killed while one is packed, unpacked or merged, nothing is half done."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from app.files.package import read_package
from app.services.container import Services
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs, opened

ROOT = Path(__file__).parents[3]
KILLS, SEED = 12, 41

# A day with sticks: the unit changes a mark, its report and its list to the same number, hands in, the office takes it in,
# sends the task again, somebody opens it on a new computer. Each step is confirmed on stdout when it has returned.
CHILD = """
import sys
from dataclasses import replace
from pathlib import Path
from tests.services.exchange import pcs
from tests.services.exchange.conftest import opened

root, number = Path(sys.argv[1]), int(sys.argv[2])
three = opened(root)
unit, office = three.units["D1"], three.office
print("open", flush=True)
while True:
    number += 1
    if unit.reports.get("department", "D1").state != "draft":
        unit.reports.reopen("department", "D1", "演练")
    pcs.write(unit, "D1", done=str(number))
    unit.sheets.edit_mark("department", "P11", "D2", "problems", str(number % 50), "程序内填写")
    entry = next(e for e in unit.lists.entries(unit="D1") if e.unit)
    unit.lists.save(replace(entry, owner=str(number)))
    print("pack", number, flush=True)
    path = unit.tasks.submit(root / f"上报{number}.slp").value.path
    print("merge", number, flush=True)
    pcs.receive(office, path, rule="theirs")
    print("send", number, flush=True)
    task = office.exchange.send_tasks(root / "再发", ["D1"]).value.files[0]
    print("unpack", number, flush=True)
    there = pcs.place(root, f"新电脑{number}")
    there.desk.open_task(task, there.year).close()
    print("done", number, flush=True)
"""
STEPS = ("pack", "merge", "send", "unpack")


def run_and_kill(root: Path, number: int, step: str, chance: random.Random) -> None:
    """Killed at a moment within the step, in the first or second round."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(root), str(number)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert child.stdout is not None
    wanted = chance.randrange(1, 3)
    while wanted:
        line = child.stdout.readline()
        assert line, "the child has ended by itself"
        wanted -= line.startswith(step)
    end = time.perf_counter() + chance.random() * 0.08
    while time.perf_counter() < end:  # a moment that is not a step of the child's
        pass
    child.kill()
    child.stdout.read()
    child.wait(timeout=20)
    child.stdout.close()


def told(services: Services) -> tuple[str, str, str]:
    """The number as the mark, the report and the list tell it."""
    mark = pcs.marks_of(services).get(("department", "P11", "D2", "problems"), "")
    return pcs.sections(services, "D1").get("done", ""), mark, services.lists.entries(unit="D1")[0].owner


def check(root: Path) -> int:
    """Nothing is half done; the last number the office has."""
    for path in root.rglob("*.slp"):
        if not any(part.startswith(".") for part in path.relative_to(root).parts):
            read_package(path)  # raises for a torn one
    for folder in root.glob("新电脑*"):
        year = folder / pcs.YEAR
        if year.exists():
            services = pcs.place(root, folder.name).desk.open(year)
            assert services.year.info().own_unit == "D1" and len(services.sheets.forms()) == 2
            report, mark, owner = told(services)
            assert report == owner and int(report) % 50 == int(mark)
            services.close()
        shutil.rmtree(folder)
    three: Pcs = opened(root)
    report, mark, owner = told(three.office)
    assert report == owner and (not report or int(report) % 50 == int(mark)), "a package was taken in by halves"
    assert len({p.sequence for p in three.office.exchange.packages().received}) == len(
        three.office.exchange.packages().received
    )
    for services in (three.office, three.units["D1"]):
        assert services.audit.verify() == () and services.backups.check_file() == ()
    three.close()
    return int(report or 0)


def test_that_kills_while_packing_unpacking_and_merging_leave_nothing_half_done(
    started: Path, awkward_folder: Path
) -> None:
    shutil.copytree(started, awkward_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("备份"))
    chance, last = random.Random(SEED), 0
    for turn in range(KILLS):
        run_and_kill(awkward_folder, 100 * (turn + 1), STEPS[turn % len(STEPS)], chance)
        if turn % 3 == 2:
            last = max(last, check(awkward_folder))
    assert last > 100, f"seed {SEED}: hardly anything was reached"
