"""R-01 with the real services: killed while importing, scoring, computing or freezing, nothing confirmed is lost."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from app.services.container import Desk
from tests.services import small_year

ROOT = Path(__file__).parents[2]
KILLS, SEED = 12, 7

# A day at the office: take the sheets in, correct a mark, compute, freeze and lift it, take the import back. Each step
# is confirmed on stdout by the number of entries in the trail, only after the service has returned.
CHILD = """
import sys
from pathlib import Path
from app.services.container import Desk
from tests.services import small_year

folder = Path(sys.argv[1])
services = Desk(small_year.WHO, folder / "own").open(folder / "2026年度.slk")
print("open", services.year.info().recovered, flush=True)

def confirm():
    print(services.audit.entries(limit=1)[0].number, flush=True)

sheets = sorted((folder / "收回").glob("*.xlsx"))
if services.results.current() and services.results.current().info.frozen:
    services.results.unfreeze("演练", small_year.WHO); confirm()
for known in services.sheets.batches():
    if not known.undone:
        services.sheets.undo_batch(known.number, "演练"); confirm()
while True:
    batch = small_year.take_in(services, *sheets); confirm()
    form = services.sheets.forms("department")[0]
    unit, item = form.units[0].code, form.items[0]
    services.sheets.edit_mark("department", form.identity.evaluator, unit, item.id, "弃权", "书面更正"); confirm()
    services.results.compute(); confirm()
    services.results.freeze("演练定稿", small_year.WHO); confirm()
    services.results.unfreeze("演练", small_year.WHO); confirm()
    services.sheets.undo_batch(batch, "演练"); confirm()
"""


def run_and_kill(folder: Path, chance: random.Random) -> int:
    """The number of the last entry that the child confirmed (0: none)."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert child.stdout is not None
    assert child.stdout.readline().startswith("open")
    lines = [child.stdout.readline() for _ in range(chance.randrange(5))]
    end = time.perf_counter() + chance.random() * 0.1
    while time.perf_counter() < end:  # a moment that is not a step of the child's
        pass
    child.kill()
    lines += child.stdout.read().splitlines()
    child.wait(timeout=20)
    child.stdout.close()
    numbers = [int(line) for line in lines if line.strip().isdecimal()]
    return numbers[-1] if numbers else 0


def test_that_kills_in_the_middle_of_real_work_lose_nothing_confirmed(full_folder: Path, awkward_folder: Path) -> None:
    folder = awkward_folder / "年度"
    shutil.copytree(full_folder, folder, ignore=shutil.ignore_patterns("备份"))
    chance, confirmed = random.Random(SEED), 0
    desk = Desk(small_year.WHO, folder / "own")
    for turn in range(KILLS):
        confirmed = max(confirmed, run_and_kill(folder, chance))
        if turn % 4 == 3:
            services = desk.open(folder / "2026年度.slk")
            assert services.audit.entries(limit=1)[0].number >= confirmed, f"kill {turn}, seed {SEED}"
            assert services.audit.verify() == ()
            assert services.backups.check_file() == (), f"kill {turn}, seed {SEED}"
            services.close()
    assert confirmed > 0
