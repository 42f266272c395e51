"""One way through the whole chain, as one process: 200 workbooks → year file or database → grades → workbook.

    python -m tests.bench.chain_ways ours|limit|careful|tutorial FOLDER

``limit`` checks and explains nothing: inflate, one C pass, blocks, C sums, a Rust writer. ``careful`` and ``tutorial``
are what one writes with openpyxl, SQLAlchemy and pandas, with and without care.
"""

import ctypes
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

WEIGHTS = (30, 25, 20, 15, 10)
HERE = Path(__file__).parent


class Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}
        self.start = self.last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.stages[name], self.last = now - self.last, now

    def told(self, **more: float) -> None:
        print(json.dumps({"wall": time.perf_counter() - self.start, **self.stages, **more}))


def ours(folder: Path, work: Path) -> None:
    clock = Clock()
    from app.bootstrap import collect_seldom, desk

    collect_seldom()  # as every way to start the program does

    shutil.copy(folder / "year.slk", work / "year.slk")
    services = desk().open(work / "year.slk")
    clock.lap("open")
    scan = services.sheets.scan([folder / "returned"])
    clock.lap("read")
    plan = services.sheets.plan(scan)
    clock.lap("plan")
    services.sheets.apply(plan)  # type: ignore[arg-type]  # nothing to ask in a clean folder
    clock.lap("store")
    services.results.compute()
    clock.lap("compute")
    services.exports.results(work / "results.xlsx")
    clock.lap("export")
    services.close()
    clock.told()


def _where(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "meta.json").read_text(encoding="utf-8"))


def limit_library() -> ctypes.CDLL:
    """The C part, compiled once."""
    library = Path(tempfile.gettempdir()) / "slk-bench-liblimit.so"
    source = HERE / "limit.c"
    if not library.exists() or library.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["gcc", "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    found = ctypes.CDLL(str(library))
    found.scan_sheet.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_void_p, *[ctypes.c_int] * 4]
    found.trimmed_sums.argtypes = [
        ctypes.c_void_p, ctypes.c_long, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    return found


def scan_all(folder: Path, library: ctypes.CDLL) -> Any:
    """Inflate and scan every returned workbook on two threads: the limit of reading."""
    import numpy as np

    where = _where(folder)

    def one(path: Path) -> Any:
        with zipfile.ZipFile(path) as book:
            xml = book.read("xl/worksheets/sheet1.xml")
        out = np.full((where["units"], where["items"]), -32768, np.int16)
        library.scan_sheet(
            xml, len(xml), out.ctypes.data, where["row"], where["units"], where["column"], where["items"]
        )
        return out

    with ThreadPoolExecutor(2) as pool:
        return np.stack(list(pool.map(one, sorted((folder / "returned").iterdir()))))


def limit(folder: Path, work: Path) -> None:
    library = limit_library()
    clock = Clock()
    import numpy as np
    import rustpy_xlsxwriter as rust

    where = _where(folder)
    units, items, groups = where["units"], where["items"], where["groups"]
    clock.lap("import")
    marks = scan_all(folder, library)
    clock.lap("read")
    base = sqlite3.connect(work / "limit.db", isolation_level=None)
    base.execute("PRAGMA synchronous=FULL")
    base.execute("CREATE TABLE sheet(id INTEGER PRIMARY KEY, marks BLOB)")
    base.execute("BEGIN")
    base.executemany("INSERT INTO sheet(marks) VALUES (?)", [(sheet.tobytes(),) for sheet in marks])
    base.execute("COMMIT")
    clock.lap("store")
    bounds = np.concatenate([[0], np.cumsum(groups)]).astype(np.int64)
    sums, counts = (np.empty((len(groups), units, items), np.int32) for _ in range(2))
    library.trimmed_sums(
        marks.ctypes.data, units * items, bounds.ctypes.data, len(groups), sums.ctypes.data, counts.ctypes.data
    )
    means = sums / np.maximum(counts, 1) / 100
    leaf = np.tensordot(np.array(WEIGHTS) / 100, means, 1)
    total = leaf.sum(axis=1)
    rank = len(total) - np.searchsorted(np.sort(total), total, side="right") + 1
    clock.lap("compute")
    heads = ["序号", "总分", "名次", *(f"指标{i + 1}" for i in range(items))]
    sheets = [("汇总", heads, [[i + 1, total[i], int(rank[i]), *leaf[i].tolist()] for i in range(units)])]
    sheets += [
        (f"第{g + 1}组", [heads[0], *heads[3:]], [[i + 1, *row] for i, row in enumerate(means[g].tolist())])
        for g in range(len(groups))
    ]
    look = rust.Format().set_font_name("仿宋_GB2312").set_border("thin").set_num_format("0.00")
    book = rust.FastExcel(str(work / "limit.xlsx"))
    for name, head, rows in sheets:
        book.sheet(name, [dict(zip(head, row, strict=True)) for row in rows], column_formats=dict.fromkeys(head, look))
    book.save()
    clock.lap("export")
    clock.told()


def usual(folder: Path, work: Path, careful: bool) -> None:
    clock = Clock()
    import numpy as np
    import openpyxl
    import pandas
    from openpyxl.styles import Border, Font, Side
    from sqlalchemy import create_engine, insert
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

    class Base(DeclarativeBase):
        pass

    class Score(Base):
        __tablename__ = "score"
        id: Mapped[int] = mapped_column(primary_key=True)
        sheet: Mapped[int]
        unit: Mapped[int] = mapped_column(index=not careful)
        item: Mapped[int]
        value: Mapped[float | None]

    where = _where(folder)
    units, items, groups = where["units"], where["items"], where["groups"]
    clock.lap("import")
    read = []
    for path in sorted((folder / "returned").iterdir()):
        book = openpyxl.load_workbook(path, data_only=True, read_only=careful)
        rows = book.worksheets[0].iter_rows(
            min_row=where["row"], max_row=where["row"] + units - 1,
            min_col=where["column"], max_col=where["column"] + items - 1, values_only=True,
        )  # fmt: skip
        read.append([[v if isinstance(v, int | float) else None for v in row] for row in rows])
    clock.lap("read")
    engine = create_engine(f"sqlite:///{work / 'usual.db'}")
    Base.metadata.create_all(engine)
    for sheet, rows in enumerate(read):
        lines = [
            {"sheet": sheet, "unit": u, "item": i, "value": v} for u, row in enumerate(rows) for i, v in enumerate(row)
        ]
        if careful:
            with engine.begin() as connection:
                connection.execute(insert(Score.__table__), lines)
        else:
            with Session(engine) as session:
                session.add_all([Score(**line) for line in lines])
                session.commit()
    clock.lap("store")
    frame = pandas.read_sql("SELECT sheet, unit, item, value FROM score WHERE value IS NOT NULL", engine)
    frame["g"] = np.repeat(np.arange(len(groups)), groups)[frame["sheet"]]

    def trimmed(values: Any) -> float:
        ordered = np.sort(values.to_numpy())
        return (ordered[1:-1] if len(ordered) > 4 else ordered).mean()

    means = frame.groupby(["unit", "item", "g"])["value"].apply(trimmed).unstack("g")
    weights = np.array(WEIGHTS)
    leaf = (means.fillna(0).to_numpy() * weights).sum(1) / (means.notna().to_numpy() * weights).sum(1)
    leaf = leaf.reshape(units, items)
    total = np.round(leaf.sum(1), 2)
    rank = pandas.Series(total).rank(ascending=False, method="min").astype(int).to_numpy()
    clock.lap("compute")
    book = openpyxl.Workbook()
    line = Side(style="thin")
    border, font = Border(line, line, line, line), Font(name="仿宋_GB2312")
    tables = [("汇总", np.column_stack([total, rank, leaf]))]
    tables += [(f"第{g + 1}组", means[g].to_numpy().reshape(units, items)) for g in range(len(groups))]
    for name, table in tables:
        page, style = book.create_sheet(name), None
        for r, row in enumerate(table.tolist(), 2):
            for c, value in enumerate(row, 1):
                cell = page.cell(r, c, value)
                if careful and style is not None:
                    cell._style = style
                else:
                    cell.font, cell.border, cell.number_format = font, border, "0.00"
                    style = cell._style
    book.save(work / "usual.xlsx")
    clock.lap("export")
    clock.told()


def main(way: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as work:
        if way in ("careful", "tutorial"):
            usual(folder, Path(work), way == "careful")
        else:
            {"ours": ours, "limit": limit}[way](folder, Path(work))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
