"""Renews docs/pictures: the practice year is built and every page is painted as on a 1366 × 768 screen.

    .venv/bin/python tests/pictures.py [FOLDER] [SCALE]

Needs no display. FOLDER: where the pictures go, docs/pictures if nothing is said. SCALE: 1.5 for a second look at
150 %. A page that wants more than its first view adds a line to SHOTS.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZE = (1366, 728)  # without the task bar


def main(folder: Path, scale: str) -> None:
    """Build, open, paint."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = scale
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory(prefix="演练 ") as temporary:
        os.environ["SLK_HOME"] = str(Path(temporary) / "own")
        paint_all(folder, Path(temporary) / "演练年度", scale)


def paint_all(folder: Path, practice: Path, scale: str) -> None:
    """Every page of the practice year, and the start screen."""
    from PySide6.QtGui import QImage

    from app.bootstrap import desk
    from app.ui import application
    from app.ui.page_list import ENTRIES
    from app.ui.window import Window

    folder.mkdir(parents=True, exist_ok=True)
    year = desk().build_practice(practice)
    app = application.make_application()
    window = Window()
    shell = application.begin(window, desk)
    small = float(scale) > 1
    window.resize(1280, 680) if small else window.resize(*SIZE)
    window.show()

    def settle() -> None:
        for _ in range(5):
            app.processEvents()
            shell.jobs.wait()
        app.processEvents()

    def keep(name: str, shown: Any = window) -> None:
        settle()
        window.statusBar().clearMessage()  # said long before
        shown.grab().toImage().convertToFormat(QImage.Format.Format_RGB888).save(str(folder / f"{name}.png"), None, 0)
        print(folder / f"{name}.png")

    shell.begin(None)
    keep("start")
    shell.open_year(year)
    settle()
    for entry in ENTRIES:
        shell.view.show_page(entry.id)
        keep(entry.id)
    for name, page, prepare in SHOTS:
        shell.view.show_page(page)
        settle()
        shown = prepare(shell, shell.view.current_page(), settle)
        keep(name, shown or window)
        if shown is not None:
            shown.close()
    paint_exchange(shell, practice.parent, settle, keep)
    shell.leave()
    settle()
    shell.end()


def paint_exchange(shell: Any, folder: Path, settle: Settle, keep: Callable[..., None]) -> None:
    """A task on its way to a unit that was given its report back, and its return with two conflicts."""
    from app.bootstrap import desk
    from app.ui.crash import Crashes
    from app.ui.shell import Shell
    from app.ui.window import Window

    office, unit, pc = shell.work.services, "D26", folder / "单位的电脑"
    stick = folder / "U盘"
    tasks = office.exchange.send_tasks(stick, ["D02", "D07", unit]).value
    shell.view.show_page("exchange")
    shell.view.current_page().show_tab("send")
    shell.view.current_page().current.refresh()
    keep("exchange")
    pc.mkdir()
    there = desk().aside(pc)
    there.open_task(next(f for f in tasks.files if unit in f.name), pc / "2026年度.slk").close()
    window = Window()
    second = Shell(window, lambda: there, Crashes(pc))
    window.resize(shell.window.size())
    window.show()
    second.begin(pc / "2026年度.slk")
    for _ in range(5):
        settle()
        second.jobs.wait()
    keep("tasks", window)
    sheet = second.work.services.sheets.forms("department")[0]
    cells = [(one.code, sheet.items[0].id) for one in sheet.units[:2]]
    for services, marks in ((second.work.services, ("8.8", "7.2")), (office, ("9.5", "9.1"))):
        for (code, item), text in zip(cells, marks, strict=True):
            services.sheets.edit_mark("department", sheet.identity.evaluator, code, item, text, "书面更正")
    page = second.view.current_page()
    receipt = second.work.services.tasks.submit(stick).value
    page._show_receipt(receipt, fresh=True)
    keep("tasks-receipt", page.dialog)
    shell.view.current_page().receive([receipt.path])
    settle()
    preview = shell.view.current_page().current.receiving.preview
    preview.answered.emit({q.id: "confirm" for q in preview.plan.questions})
    keep("exchange-preview")
    page.dialog.accept()
    second.leave()
    for _ in range(5):
        settle()
        second.jobs.wait()
    second.end()


Settle = Callable[[], None]
Prepare = Callable[[Any, Any, Settle], Any]  # brings the window into its state; returns a dialog that is meant instead


def downgrade(shell: Any, page: Any, settle: Settle) -> None:
    """The way of a downgraded unit (市文澜办), unfolded as far as the event."""
    shell.work.explain("department", "D01")
    settle()
    root = shell.view.basis.root
    for view in root.views():
        view.unfold("调整" in view.step.title or "降" in view.step.title)


def inner(tab_id: str) -> Callable[[Any, Any, Settle], None]:
    """Show a tab that is a page of its own."""

    def prepare(shell: Any, page: Any, settle: Settle) -> None:
        page.show_tab(tab_id)

    return prepare


def preview(shell: Any, page: Any, settle: Settle) -> None:
    """What importing the sheets that came late would do."""
    page.show_tab("import")
    settle()
    page.current.scan([shell.files.path.parent / "迟交"])


def faulty(shell: Any, page: Any, settle: Settle) -> None:
    """The same, with words where numbers belong and a number that is too large."""
    from openpyxl import load_workbook

    late = shell.files.path.parent / "迟交"
    folder = late.parent.parent / "有误"
    folder.mkdir(exist_ok=True)
    for file in sorted(late.glob("*.xlsx")):
        book = load_workbook(file)
        if file.name.startswith(("E005", "E057")):
            sheet = book["评分表"]
            sheet["F11"], sheet["F13"], sheet["G12"] = "很好", "95分", 25
        book.save(folder / file.name)
    page.show_tab("import")
    settle()
    page.current.leave()
    page.current.scan([folder])


def hand_back(shell: Any, page: Any, settle: Settle) -> Any:
    """What goes back to whom."""
    faulty(shell, page, settle)
    settle()
    form = page.current.hand_back()
    form.note.setPlainText("请于 12 月 5 日前改好交回。")
    return form


def typed_twice(shell: Any, page: Any, settle: Settle) -> None:
    """A paper sheet that two people have typed, at the places where they differ."""
    services, scheme, evaluator = shell.work.services, "department", "E057"
    form = next(f for f in services.sheets.forms(scheme) if f.identity.evaluator == evaluator)
    asked = [(u, i) for u in form.units if not u.recused for i in form.items if i.id not in u.not_applicable]
    cells = [(unit.code, item.id) for unit, item in asked]
    values = {(unit.code, item.id): f"{float(item.maximum or 1) * 0.9:.1f}" for unit, item in asked}
    for by in ("张三", "李四"):
        turn = services.double_entry.begin(scheme, evaluator, by).value.turn
        services.double_entry.finish(scheme, evaluator, turn, values)
        values = {**values, **dict(zip(cells[3:40:9], ("2.5", "", "1.9", "1.7", "2"), strict=False))}
    shell.work.choose_scheme(scheme)
    page.show_tab("double", evaluator)
    settle()
    page.current.refresh()
    settle()
    page.current.reveal(evaluator)
    page.current.compare.trigger()


def waiting(shell: Any, page: Any, settle: Settle) -> None:
    """The series in which two units stand equal on the quota line."""
    page.series.setCurrentIndex(2)
    shell.view.basis.hide()


def chart(kind: str) -> Callable[[Any, Any, Settle], None]:
    """Another chart."""

    def prepare(shell: Any, page: Any, settle: Settle) -> None:
        page.show_kind(kind)

    return prepare


def scheme_part(section: str, part: str = "", *, tries: bool = False) -> Callable[[Any, Any, Settle], None]:
    """A section of the scheme editor, or a part of its tree."""

    def prepare(shell: Any, page: Any, settle: Settle) -> None:
        page.side.hide_try_out()
        page.show_section(section)
        if part:
            page.tree.choose([part])
        if tries:
            page.side.show_try_out()
        for pane in (page.sheet.examples, page.side.examples):
            pane.work_out()
        settle()
        if section == "adjustments" and page.sheet.examples.folded:
            page.sheet.examples.fold.click()

    return prepare


def report(unit: str, panel: str, where: str = "") -> Callable[[Any, Any, Settle], None]:
    """One unit's report with a panel beside it and a section in front."""

    def prepare(shell: Any, page: Any, settle: Settle) -> None:
        shell.work.choose_scheme("department")
        page.open_at(f"unit:{unit}")
        settle()
        desk = page.current.desk
        desk.side.show_panel(panel)
        if where:
            desk.sections.choose(where)

    return prepare


def returned(shell: Any, page: Any, settle: Settle) -> None:
    """A report that was given back, at its first remark."""
    report("D26", "remarks")(shell, page, settle)
    desk = page.current.desk
    desk.remarks.wanted.emit(desk.view.remarks[0])


def all_examined(shell: Any, page: Any, settle: Settle) -> None:
    """The list with what the examination has found, those that wait for the office in sight."""
    page.current.examine.trigger()
    settle()
    page.current.table.go_to(lambda row: row.line.unit == "D26")


def examined(shell: Any, page: Any, settle: Settle) -> None:
    """A report with forgotten place holders, at the first of them."""
    report("D17", "findings")(shell, page, settle)
    settle()
    desk = page.current.desk
    desk.findings.wanted.emit(desk.findings.findings[0])


def report_lists(shell: Any, page: Any, settle: Settle) -> None:
    """The lists beside the reports."""
    page.current.leave()
    settle()
    page.show_tab("lists")


SHOTS: tuple[tuple[str, str, Prepare], ...] = (
    ("schemes-ladder", "schemes", scheme_part("ladder")),
    ("schemes-adjustments", "schemes", scheme_part("adjustments")),
    ("schemes-try-out", "schemes", scheme_part("tree", tries=True)),
    ("schemes", "schemes", scheme_part("tree", "report_problems")),
    ("schemes-report", "schemes", scheme_part("report")),
    ("reports", "reports", all_examined),
    ("reports-desk", "reports", returned),
    ("reports-findings", "reports", examined),
    ("reports-items", "reports", report("D02", "entries", "items")),
    ("reports-evidence", "reports", report("D02", "evidence", "section:work")),
    ("reports-lists", "reports", report_lists),
    ("units-coverage", "units", inner("coverage")),
    ("sheets-import", "sheets", preview),
    ("sheets-faulty", "sheets", faulty),
    ("sheets-hand-back", "sheets", hand_back),
    ("sheets-double", "sheets", typed_twice),
    ("sheets-progress", "sheets", inner("progress")),
    ("sheets-grid", "sheets", inner("grid")),
    ("sheets-votes", "sheets", inner("votes")),
    ("sheets-events", "sheets", inner("events")),
    ("sheets-values", "sheets", inner("office")),
    ("charts-heat", "charts", chart("heat")),
    ("charts-radar", "charts", chart("radar")),
    ("charts-grades", "charts", chart("grades")),
    ("basis", "results", downgrade),
    ("results-boundary", "results", waiting),
)


if __name__ == "__main__":
    arguments = [*sys.argv[1:], "", ""]
    main(Path(arguments[0] or ROOT / "docs" / "pictures"), arguments[1] or "1")
