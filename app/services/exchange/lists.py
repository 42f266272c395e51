"""What went out, what came in, who has not answered: as the window and the printed list show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from app.domain.facts import Unit
from app.domain.packages import key_code
from app.files.excel.named_table import write_named_table
from app.services.exchange.answering import tasks_of
from app.services.exchange.contents import Sources
from app.services.exchange.making import code_of
from app.services.exchange.trust import units_of
from app.services.exchange.values import Outstanding, Packages, ReceivedInfo, SenderInfo, SentInfo, TaskUnit
from app.storage.records import SentPackage
from app.storage.work import Work

_COLUMNS = (
    ("单位编码", 12), ("单位", 30), ("任务发出时间", 20), ("已过天数", 10), ("第几次发出", 12), ("要交的内容", 40),
    ("上次交回", 20), ("经办人签字", 20),
)  # fmt: skip


def sent_info(sent: SentPackage, unit_name: str) -> SentInfo:
    """A package that went out, as shown."""
    return SentInfo(
        id=sent.id,
        kind=sent.kind,
        unit=sent.unit,
        unit_name=unit_name,
        sequence=sent.sequence,
        at=sent.at,
        by=sent.by,
        file=sent.file,
        code=code_of(sent.id),
        answers=sent.answers,
    )


def packages(work: Work) -> Packages:
    """Both ways, newest first."""
    names = {u.code: u.name for u in work.units.all()}
    office = work.settings.get("office")
    sent = [sent_info(p, names.get(p.unit, p.unit) or office) for p in work.packages_out.all(contents=False)]
    received = [
        ReceivedInfo(
            id=p.id,
            kind=p.kind,
            unit=p.unit,
            unit_name=names.get(p.unit, p.unit),
            sequence=p.sequence,
            at=p.at,
            by=p.by,
            file=p.file,
            code=code_of(p.id),
            key_code=key_code(p.key),
            batch=p.batch,
        )
        for p in work.packages_in.all(contents=False)
    ]
    return Packages(tuple(reversed(sent)), tuple(reversed(received)))


def senders(work: Work) -> tuple[SenderInfo, ...]:
    """One line for each unit an installation sends for; the office itself is no unit."""
    names = {u.code: u.name for u in work.units.all()}
    return tuple(
        SenderInfo(
            key=s.key,
            code=key_code(s.key),
            unit=unit,
            unit_name=names.get(unit, unit) or s.name,
            confirmed_by=s.confirmed_by,
            at=s.at,
        )
        for s in work.senders.all()
        for unit in units_of(s.unit)
    )


# ---- tasks


def with_tasks(all_of: Sources) -> tuple[Unit, ...]:
    """Units that have something to do, in official order; ceased ones are left out."""
    return tuple(u for u in all_of.units.values() if u.participation != "ceased" and all_of.asked_of(u))


def task_units(all_of: Sources, work: Work) -> tuple[TaskUnit, ...]:
    """Units to which a task could be sent."""
    levels = {s.scheme.level: s.scheme.level_name or s.scheme.name for s in all_of.schemes}
    newest, answered = tasks_of(work)
    return tuple(
        TaskUnit(
            unit=unit.code,
            name=unit.name,
            level=unit.level,
            level_name=levels.get(unit.level, unit.level),
            report=bool(all_of.report_schemes(unit)),
            sheets=len(all_of.forms.get(unit.code, ())),
            entries=sum(e.unit == unit.code for e in all_of.entries),
            sent_at=newest[unit.code][-1].at if unit.code in newest else "",
            returned_at=answered.get(newest[unit.code][-1].id, "") if unit.code in newest else "",
        )
        for unit in with_tasks(all_of)
    )


def outstanding(all_of: Sources, work: Work, now: datetime) -> tuple[Outstanding, ...]:
    """Units whose newest task is not answered, the longest waiting first."""
    sent, answered = tasks_of(work)
    found: list[Outstanding] = []
    for code, tasks in sent.items():
        newest = tasks[-1]
        if newest.id in answered or code not in all_of.units:
            continue
        unit = all_of.units[code]
        found.append(
            Outstanding(
                unit=code,
                unit_name=unit.name,
                since=newest.at,
                days=(now.date() - datetime.fromisoformat(newest.at).date()).days,
                times=len(tasks),
                file=newest.file,
                last_return=max((answered[t.id] for t in tasks if t.id in answered), default=""),
                what=all_of.asked_of(unit),
            )
        )
    return tuple(sorted(found, key=lambda o: (o.since, o.unit)))


def write_reminders(path: Path, title: str, waiting: Sequence[Outstanding], *, practice: bool) -> None:
    """The list to print and to have signed."""
    rows = [
        (
            o.unit,
            o.unit_name,
            o.since[:16].replace("T", " "),
            Fraction(o.days),
            Fraction(o.times),
            "、".join(o.what),
            o.last_return[:16].replace("T", " "),
            "",
        )
        for o in waiting
    ]
    mark = "（演练数据）" if practice else ""
    guide = f"{title}{mark}：{len(rows)} 个单位还没有交回最近一次的任务包。"
    write_named_table(path, f"催交清单{mark}", guide, _COLUMNS, rows, row_height=32)
