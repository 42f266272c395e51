"""G1 and G2: a returned year read, checked and committed against openpyxl and against inflate + one C pass; marks
stored and reloaded against ORM rows. Processor time beside the clock, so that a busy machine matters less.

python -m tests.bench.bench_files            (about two minutes; needs gcc)
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

from openpyxl import load_workbook
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.bootstrap import desk
from app.services.container import Services
from app.services.imports.values import ReadyPlan
from tests.bench.chain_ways import limit_library, scan_all
from tests.bench.chain_world import META, RETURNED, YEAR, build

EVALUATORS, UNITS, ITEMS = 200, 120, 60
MARKS = EVALUATORS * UNITS * ITEMS
SAMPLE = 4  # workbooks that openpyxl reads, and sheets that the ORM stores: both grow in proportion


class Spent(NamedTuple):
    """Seconds of the processor and on the clock."""

    cpu: float
    wall: float

    def times(self, factor: float) -> Spent:
        return Spent(self.cpu * factor, self.wall * factor)


def spent(work: Callable[[], object]) -> Spent:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall)


def middle(runs: list[Spent]) -> Spent:
    return Spent(median(r.cpu for r in runs), median(r.wall for r in runs))


def line(name: str, one: Spent, base: Spent) -> None:
    cpu, wall = one.cpu / base.cpu, one.wall / base.wall
    print(f"  {name:<46}{one.cpu:9.3f} s cpu {cpu:8.2f} × {one.wall:9.3f} s clock {wall:8.2f} ×")


# ---- G1


def opened(world: Path, place: Path) -> Services:
    """The year as it was sent out, as a new copy."""
    shutil.copy(world / YEAR, place)
    return desk().open(place)


def imported(services: Services, world: Path) -> tuple[Spent, Spent, Spent]:
    """Time of scan, plan and apply."""
    kept: list[object] = []
    scan = spent(lambda: kept.append(services.sheets.scan([world / RETURNED])))
    plan = spent(lambda: kept.append(services.sheets.plan(kept[0])))  # type: ignore[arg-type]
    assert isinstance(kept[1], ReadyPlan) and kept[1].totals.new > 0.9 * MARKS
    ready = kept[1]
    return scan, plan, spent(lambda: services.sheets.apply(ready))


def read_with_openpyxl(paths: list[Path], read_only: bool) -> None:
    for path in paths:
        book = load_workbook(path, data_only=True, read_only=read_only)
        _ = [row for row in book.worksheets[0].iter_rows(values_only=True)]
        book.close()


def importing(world: Path, folder: Path) -> Path:
    """G1; returns a year file with all marks."""
    paths = sorted((world / RETURNED).iterdir())[:SAMPLE]
    library = limit_library()
    runs: list[tuple[Spent, Spent, Spent]] = []
    limit, normal, read_only = list[Spent](), list[Spent](), list[Spent]()
    for turn in range(4):
        services = opened(world, folder / f"year{turn}.slk")
        runs.append(imported(services, world))
        services.close()
        limit.append(spent(lambda: scan_all(world, library)))
        normal.append(spent(lambda: read_with_openpyxl(paths, False)).times(EVALUATORS / SAMPLE))
        read_only.append(spent(lambda: read_with_openpyxl(paths, True)).times(EVALUATORS / SAMPLE))
    scan, plan, apply = (middle([run[stage] for run in runs[1:]]) for stage in range(3))
    whole = middle([Spent(sum(s.cpu for s in run), sum(s.wall for s in run)) for run in runs[1:]])
    print(f"\nG1 {EVALUATORS} workbooks of {UNITS} × {ITEMS}, every check, backup, one durable commit (× of ours)")
    for name, one in (("reading", scan), ("plan", plan), ("backup and commit", apply), ("ours, whole", whole)):
        line(name, one, whole)
    line("openpyxl (aim: at least 12 ×)", middle(normal[1:]), whole)
    line("openpyxl read_only (aim: at least 8 ×)", middle(read_only[1:]), whole)
    line("inflate + one C pass, 2 threads", middle(limit[1:]), whole)
    base = middle(limit[1:])
    print(
        f"  ours ÷ inflate + one C pass: {whole.cpu / base.cpu:.1f} cpu, {whole.wall / base.wall:.1f} clock (goal 4.5)"
    )
    return folder / "year3.slk"


# ---- G2


class Base(DeclarativeBase):
    """Tables of the yardstick."""


class Score(Base):
    """A mark as a row, as it is usually stored."""

    __tablename__ = "score"
    id: Mapped[int] = mapped_column(primary_key=True)
    sheet: Mapped[int]
    unit: Mapped[int]
    item: Mapped[int]
    value: Mapped[float | None]


def storing(year: Path, folder: Path) -> None:
    """G2."""
    services = desk().open(year)
    with services.session.read() as work:
        blocks = work.blocks.all()
        load = middle([spent(work.blocks.all) for _ in range(9)])

    def save() -> None:
        with services.session.write("bench", "bench", touches_facts=False) as work:
            work.blocks.save(blocks)

    store = middle([spent(save) for _ in range(5)])
    services.close()
    with closing(sqlite3.connect(year)) as base:
        size = base.execute("SELECT sum(length(marks)) FROM mark_block WHERE batch IS NOT NULL").fetchone()[0]
        pages = base.execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'mark_block'").fetchone()
        rows = base.execute("SELECT count(*) FROM mark_block").fetchone()[0]
    engine = create_engine(f"sqlite:///{folder / 'rows.db'}")
    Base.metadata.create_all(engine)

    def add_all() -> None:
        with Session(engine) as session:
            for sheet in range(SAMPLE):
                session.add_all(
                    Score(sheet=sheet, unit=u, item=i, value=87.5) for u in range(UNITS) for i in range(ITEMS)
                )
            session.commit()

    def load_rows() -> None:
        with Session(engine) as session:
            assert len(session.scalars(select(Score)).all()) == SAMPLE * UNITS * ITEMS

    orm, orm_load = spent(add_all).times(EVALUATORS / SAMPLE), spent(load_rows).times(EVALUATORS / SAMPLE)
    engine.dispose()
    print(f"\nG2 {MARKS:,} marks (× of ours; the ORM from {SAMPLE} sheets)")
    line("store: one block per sheet, trail and commit", store, store)
    line("store: ORM rows (aim: at least 1,000 ×)", orm, store)
    line("reload: blocks (goal: at most 5 ms)", load, load)
    line("reload: ORM objects", orm_load, load)
    print(
        f"  {size / MARKS:.2f} bytes per mark in blocks, {pages[0] / rows / (UNITS * ITEMS):.2f} with the table (aim 2.5)"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder / "world", EVALUATORS, UNITS, ITEMS)
        assert (folder / "world" / META).exists()
        storing(importing(folder / "world", folder), folder)


if __name__ == "__main__":
    main()
