"""Whatever happens in the middle of a write, what was confirmed is there and nothing is half there (R-01, R-02, R-09)."""

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.domain.errors import AppError, Fault
from app.domain.facts import MarkBlock, Unit
from app.storage.checks import check_year_file
from app.storage.records import AuditEntry, BatchFile
from app.storage.year_file import YearFile
from tests.storage.besides import make_received, make_report, make_version

ROOT = Path(__file__).parents[2]
SEED = 1

# A working day: imports, an edit, a computation, a frozen result, undo and redo, without end. Each step is confirmed
# on stdout by the number of its entry, only after the transaction has ended.
CHILD = """
import random, sys
from pathlib import Path
from app.domain.facts import MarkBlock, MarkEdit, Origin, Unit
from app.storage.records import BatchFile
from app.storage.year_file import YearFile
from tests.storage.besides import make_received, make_report, make_version

rng = random.Random(int(sys.argv[2]))
year = YearFile.open(Path(sys.argv[1]))
print("open", year.recovered, flush=True)
units = tuple(f"D{i:03}" for i in range(60)); items = tuple(f"i{i:02}" for i in range(30))

def block(evaluator, batch):
    origin = Origin(file=f"{evaluator}.xlsx", sha256="a" * 64, sheet="s", rows=tuple(range(60)), columns=items, batch=batch)
    return MarkBlock(sheet=evaluator, evaluator=evaluator, scheme="d", units=units, items=items,
                     values=rng.randbytes(3600), width=2, digits=(2,) * 30, origin=origin)

def confirm():
    with year.read() as work:
        print(work.number, len(work.blocks.all()), flush=True)

while True:
    with year.transaction("import", "张三", "导入") as work:
        batch = work.batches.add("导入", [BatchFile(name=f"{i}.xlsx", sha256="a" * 64) for i in range(20)]).number
        work.blocks.save([block(f"E{rng.randrange(40):03}-{i}", batch) for i in range(20)], batch)
        work.units.save(Unit(code="D000", name="演练", level="department"))
        number = len(work.report_versions.of("department", "D000")) + 1
        work.report_versions.add(make_version(number, "D000", "报告" * 2000 + str(batch)))
        work.reports.save(make_report("D000", "报告" * 2000 + str(batch)))
        work.packages_in.add(make_received(batch, batch, "包" * 2000 + str(batch)))
    confirm()
    with year.transaction("edit", "张三", "修改评分") as work:
        edit = MarkEdit(unit="D001", item="i01", before="", after="", by="", at="", reason="核对")
        one = work.blocks.all()[0]
        work.edits.add(one.scheme, one.evaluator, edit, 5)
    confirm()
    with year.transaction("compute", "张三", "计算", undoable=False) as work:
        made = work.snapshots.add(str(rng.random()) * 20000, {}, "")
        work.snapshots.freeze(made.version, "张三", "定稿")
    confirm()
    year.undo("张三"); confirm(); year.undo("张三"); confirm(); year.redo("张三"); confirm()
    with year.transaction("withdraw", "张三", "撤销导入") as work:
        work.blocks.withdraw(batch - 1)
    confirm()
"""


def batches_whole(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        counts = connection.execute("SELECT count(*) FROM mark_block GROUP BY batch").fetchall()
        packages = connection.execute("SELECT count(*) FROM package_in").fetchone()
        versions = connection.execute("SELECT count(*) FROM report_version").fetchone()
    return all(count == 20 for (count,) in counts) and packages == versions == (len(counts),)


def run_and_kill(path: Path, rng: random.Random) -> tuple[str, int]:
    """What the child said when it opened, and the number of the last entry it confirmed."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), str(rng.randrange(10**6))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert child.stdout is not None
    opened = child.stdout.readline()
    for _ in range(rng.randrange(8)):
        child.stdout.readline()
    end = time.perf_counter() + rng.random() * 0.03
    while time.perf_counter() < end:  # a moment that is not a step of the child's
        pass
    child.kill()
    rest = child.stdout.read().split("\n")
    child.wait(timeout=20)
    child.stdout.close()
    confirmed = [int(line.split()[0]) for line in rest[:-1] if line]
    return opened, confirmed[-1] if confirmed else 0


def kill_many(path: Path, kills: int) -> int:
    """Returns how often an unfinished write had to be taken back."""
    rng = random.Random(SEED)
    taken_back = confirmed = 0
    for i in range(kills):
        opened, last = run_and_kill(path, rng)
        assert opened.startswith("open"), f"kill {i}, seed {SEED}"
        taken_back += "未完成的写入已经撤回" in opened
        confirmed = max(confirmed, last)
        if i % 5 == 4:
            start = time.perf_counter()
            year = YearFile.open(path)
            assert time.perf_counter() - start <= 5
            assert year.recovered
            with year.read() as work:
                assert work.audit.head().number >= confirmed, f"kill {i}, seed {SEED}: confirmed rows lost"
            year.close()
            assert check_year_file(path) == (), f"kill {i}, seed {SEED}"
            assert batches_whole(path), f"kill {i}, seed {SEED}: half an import"
    return taken_back


def test_that_forty_kills_lose_nothing_confirmed_and_leave_nothing_half(year: YearFile, path: Path) -> None:
    year.close()
    taken_back = kill_many(path, 40)
    assert taken_back >= 5  # or the kills have missed the writes


@pytest.mark.release
def test_that_five_hundred_kills_lose_nothing_confirmed_and_leave_nothing_half(year: YearFile, path: Path) -> None:
    year.close()
    assert kill_many(path, 500) > 0


# ----


class Failing:
    """Makes one database call of a transaction fail the way SQLite would."""

    def __init__(self, year: YearFile) -> None:
        self.calls = 0
        self.at = -1
        self.code = ("disk I/O error", sqlite3.SQLITE_IOERR, "SQLITE_IOERR")
        engine: Any = year._writing
        event.listen(engine, "before_cursor_execute", self.count)
        event.listen(engine, "commit", self.count)

    def count(self, *arguments: object) -> None:
        self.calls += 1
        if self.calls == self.at:
            text, number, name = self.code
            error = sqlite3.OperationalError(text)
            error.sqlite_errorcode = number
            error.sqlite_errorname = name
            raise error


CODES = [
    (("disk I/O error", sqlite3.SQLITE_IOERR, "SQLITE_IOERR_WRITE"), Fault.FILE_GONE),
    (("database is locked", sqlite3.SQLITE_BUSY, "SQLITE_BUSY"), Fault.FILE_BUSY),
    (("database or disk is full", sqlite3.SQLITE_FULL, "SQLITE_FULL"), Fault.FILE_NO_SPACE),
]


def import_sheets(year: YearFile, block: Callable[..., MarkBlock]) -> None:
    with year.transaction("import", "张三", "导入") as work:
        number = work.batches.add("导入", [BatchFile(name="a", sha256="a" * 64)], "报告").number
        for i in range(12):
            work.blocks.save([block(f"E{i:02}", i + number, 20, 10, number)], number)
        for i in range(12):
            work.units.save(Unit(code=f"D{i:03}", name=f"演练 {number}", level="department"))
        digest = work.evidence.put(f"附件 {number}".encode())
        version = len(work.report_versions.of("department", "D000")) + 1
        work.report_versions.add(make_version(version, "D000", f"报告 {number}", digest))
        work.reports.save(make_report("D000", f"报告 {number}", digest))
        work.packages_in.add(make_received(number + 10, number, "包" * number * 500))


def everything(year: YearFile) -> tuple[AuditEntry, object]:
    """The trail's head, facts, and what is besides."""
    with year.read() as work:
        besides = work.reports.all(), work.packages_in.all(), work.evidence.digests()
        versions = work.report_versions.of("department", "D000")
        return work.audit.head(), (work.facts(), work.batches.all(), besides, versions)


def test_that_each_database_call_of_an_import_may_fail_and_leaves_the_state_before(
    filled: YearFile, block: Callable[..., MarkBlock]
) -> None:
    import_sheets(filled, block)
    before = everything(filled)
    failing = Failing(filled)
    tried = 0
    at = 1
    while True:
        failing.calls, failing.at = 0, at
        failing.code, fault = CODES[at % 3]
        try:
            import_sheets(filled, block)
        except AppError as error:
            assert error.fault is fault
            tried += 1
        else:
            break
        assert everything(filled) == before
        at += 1
    assert tried > 60
    with filled.read() as work:
        assert work.audit.count() == before[0].number + 1
        assert work.audit.verify() == ()


def test_that_a_full_disk_is_named_and_leaves_nothing_half(filled: YearFile, block: Callable[..., MarkBlock]) -> None:
    """SQLite's own error at twelve fill levels: the file may not grow beyond so many pages."""
    with filled.read() as work:
        before = work.facts(), work.audit.head()
    pages = filled.path.stat().st_size // 4096
    levels = iter(range(pages, pages + 36, 3))
    engine: Any = filled._writing
    event.listen(engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {next(levels)}"))
    for _ in range(12):
        with pytest.raises(AppError) as caught, filled.transaction("import", "张三", "导入") as work:
            number = work.batches.add("导入", []).number
            work.blocks.save([block(f"F{i}", i, 120, 60, number) for i in range(20)], number)
        assert caught.value.fault is Fault.FILE_NO_SPACE
        with filled.read() as work:
            assert (work.facts(), work.audit.head()) == before
    filled.close()
    assert check_year_file(filled.path) == ()
