"""The scheme editor on the screen: 301 parts, from the key to the painted picture; saving goes beside it.

.venv/bin/python tests/bench/bench_editor.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.scheme_editing import change, duplicate, part_path, remove, switch
from app.domain.schemes import Scheme
from app.ui import style
from app.ui.jobs import Jobs
from app.ui.notices import Notices
from app.ui.pages.schemes import SchemesPage
from app.ui.pages.schemes.tree_model import POINTS, WEIGHT
from app.ui.workspace import Workspace
from tests.bench.bench_scheme import FRAME, large
from tests.services import small_year

TIMES = 25


def weighted() -> Scheme:
    """30 nodes with 9 items each; the nodes have weights."""
    one = large()
    nodes = tuple(replace(n, weight=Fraction(1), points=Fraction(9)) for n in one.tree.children)
    return replace(one, level="department", tree=replace(one.tree, join="weighted", children=nodes))


def opened(folder: Path, app: QApplication) -> tuple[SchemesPage, Jobs]:
    """The page with the large scheme, as large as on a 1920 × 1080 screen."""
    services: object = small_year.create(folder)
    jobs = Jobs()
    work = Workspace(services, jobs, Notices())  # type: ignore[arg-type]
    scheme = weighted()
    jobs.run("x", lambda p: services.schemes.create(scheme))  # type: ignore[attr-defined]
    jobs.wait()
    work.schemes = (scheme,)
    work.choose_scheme(scheme.id)
    page = SchemesPage(work)
    page.resize(1720, 960)
    page.show()
    for _ in range(6):
        app.processEvents()
        jobs.wait()
    return page, jobs


def painted(
    app: QApplication, page: SchemesPage, jobs: Jobs, step: Callable[[int], object], times: int = TIMES
) -> Taken:
    """Each step until everything that it changed has been painted. Between the steps everything comes to rest, as
    between two keys of somebody who types: the step before has been stored beside the window's thread."""
    taken = Taken([], [])
    for n in range(times):
        wall, own = time.perf_counter(), time.thread_time()
        step(n)
        app.sendPostedEvents()
        app.processEvents()
        taken.wall.append(time.perf_counter() - wall)
        taken.own.append(time.thread_time() - own)
        page.saver.flush()
        jobs.wait()
        app.processEvents()
        jobs.wait()
    return taken


@dataclass(frozen=True)
class Taken:
    """Seconds on the clock, and seconds of the window's thread (which do not grow on a machine that is busy)."""

    wall: list[float]
    own: list[float]


def said(name: str, taken: Taken) -> None:
    """One line of the report."""
    wall, own = statistics.median(taken.wall) * 1000, statistics.median(taken.own) * 1000
    high = sorted(taken.own)[int(len(taken.own) * 0.95)] * 1000
    print(
        f"  {name:44} clock {wall:6.2f} ms   thread {own:6.2f} ms   95 % {high:6.2f} ms   ÷ frame {own / 1000 / FRAME:.2f}"
    )


def main() -> None:
    """Typing in a cell and in the form, committing, moving, undoing."""
    app = QApplication.instance() or QApplication(sys.argv)
    assert isinstance(app, QApplication)
    style.dress(app)
    with tempfile.TemporaryDirectory(prefix="编辑 ") as folder:
        os.environ["SLK_HOME"] = folder
        page, jobs = opened(Path(folder), app)
        tree = page.tree
        print("Scheme editor, 301 parts, 1720 × 960 (aim: 16.7 ms)")
        tree.setCurrentIndex(tree.contents.index_of("n3", WEIGHT))
        tree.edit(tree.contents.index_of("n3", WEIGHT))
        line = tree.findChildren(QLineEdit)[-1]
        line.setFocus()
        line.selectAll()

        def key(n: int) -> None:
            if n % 3 == 2:
                QTest.keyClick(line, Qt.Key.Key_Backspace)
                QTest.keyClick(line, Qt.Key.Key_Backspace)
            else:
                QTest.keyClick(line, Qt.Key.Key_1)

        said("a weight, typed in its cell, per key", painted(app, page, jobs, key))
        QTest.keyClick(line, Qt.Key.Key_Escape)
        field = page.side.form.editors[(*part_path(page.draft.scheme, "n3"), "weight")]
        box = field.findChild(QLineEdit)
        assert box is not None
        box.setFocus()

        def form_key(n: int) -> None:
            QTest.keyClick(box, Qt.Key.Key_Backspace if n % 2 else Qt.Key.Key_2)

        said("a weight, typed in the form, per key", painted(app, page, jobs, form_key))
        QTest.keyClick(box, Qt.Key.Key_Escape)

        def step(n: int) -> None:
            path = (*part_path(page.draft.scheme, "i5-3"), "points")
            page.draft.do(lambda s: change(s, path, Fraction(n + 2)))

        said("points of an item, as a step", painted(app, page, jobs, step))

        def cell(n: int) -> None:
            tree.contents.edit("i7-2", POINTS, str(n + 3), really=True)

        said("points in the tree, as a step", painted(app, page, jobs, cell))
        tree.choose(["i8-4"])

        def moved(n: int) -> None:
            (tree.down if n % 2 else tree.up).trigger()

        said("an item moved up and down", painted(app, page, jobs, moved))

        def chosen(n: int) -> None:
            tree.choose([f"i{9 + n % 3}-{n % 9}"])

        said("another item chosen, its form shown", painted(app, page, jobs, chosen))
        ways = ("direct", "levels", "bands", "ratio")

        def kind(n: int) -> None:
            path = (*part_path(page.draft.scheme, "i9-0"), "reading")
            page.draft.do(lambda s: switch(s, path, ways[n % len(ways)]))

        tree.choose(["i9-0"])
        first = Taken([], [])
        for n in (1, 2, 3):
            one = painted(app, page, jobs, lambda _, n=n: kind(n), 1)
            first.wall.extend(one.wall)
            first.own.extend(one.own)
        said("another reading for the first time", first)
        said("another reading", painted(app, page, jobs, kind))

        def alternately(n: int) -> None:
            tree.choose(["i9-1" if n % 2 else "n9"])

        said("from a node to an item and back", painted(app, page, jobs, alternately))
        tree.choose(["n8"])
        said("a node moved up and down", painted(app, page, jobs, moved))
        tree.choose(["i8-4"])

        def put_in(n: int) -> None:
            page.draft.do(lambda s: duplicate(s, ["i8-4"]) if n % 2 == 0 else remove(s, ["i8-9"]))

        said("an item put in, taken out", painted(app, page, jobs, put_in))
        page.saver.flush()
        jobs.wait()
        jobs.stop()


if __name__ == "__main__":
    main()
