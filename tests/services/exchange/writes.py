"""Every writing method of the exchange and of the tasks, for the test that each leaves one entry."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.services.container import Services
from app.services.exchange.values import ReadyMerge, Upper
from tests.services.exchange import pcs

KEY = "ab" * 32
UPPER = Upper(office="上级考核办", year_file="cd" * 8, year=2026, unit="T1", unit_name="本市")


def nothing(services: Services, _: Path) -> None:
    return None


def returned(services: Services, folder: Path) -> object:
    """A plan to take in what a department has handed in."""
    task = services.exchange.send_tasks(folder / "任务", ["D1"]).value.files[0]
    there = pcs.place(folder, "单位")
    unit = there.desk.open_task(task, there.year)
    form = unit.sheets.forms()[0]
    unit.sheets.edit_mark("department", form.identity.evaluator, form.units[0].code, "problems", "20", "程序内填写")
    path = unit.tasks.submit(there.folder / "回传.slp").value.path
    unit.close()
    assert path is not None
    plan = pcs.planned(services, path, rule="theirs")
    assert isinstance(plan, ReadyMerge) and plan.writes
    return plan


def as_unit(services: Services, _: Path) -> None:
    """As if the year file had been made from a task."""
    with services.session.write("演练", "演练", touches_facts=False) as work:
        work.settings.set("role", "unit")
        work.settings.set("own_unit", "D1")


def computed(services: Services, _: Path) -> None:
    services.results.compute()


def confirmed(services: Services, _: Path) -> None:
    services.exchange.confirm_sender(KEY, "D1")


WRITES: dict[str, tuple[Callable[[Services, Path], object], Callable[..., object]]] = {
    "exchange.send_tasks": (nothing, lambda s, f, x: s.exchange.send_tasks(f / "任务", ["D1"])),
    "exchange.apply": (returned, lambda s, f, x: s.exchange.apply(x)),
    "exchange.send_results": (computed, lambda s, f, x: s.exchange.send_results(f / "结果.slp", UPPER)),
    "exchange.confirm_sender": (nothing, lambda s, f, x: s.exchange.confirm_sender(KEY, "D1")),
    "exchange.forget_sender": (confirmed, lambda s, f, x: s.exchange.forget_sender(KEY, "电脑报废")),
    "exchange.write_reminders": (nothing, lambda s, f, x: s.exchange.write_reminders(f / "催交.xlsx")),
    "tasks.set_worker": (as_unit, lambda s, f, x: s.tasks.set_worker("王接手")),
    "tasks.submit": (as_unit, lambda s, f, x: s.tasks.submit(f / "回传.slp", with_reports=False)),
}
WITHOUT_OUTCOME = {"exchange.write_reminders"}
