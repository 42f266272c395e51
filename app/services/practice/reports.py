"""Self-reports of the practice year: lists, reports in every state, evidence, and faults that the examination finds."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.progress import Progress, no_progress
from app.domain.reports import ItemAnswer, Report, ReportState, SectionText
from app.domain.schemes import items_of
from app.services.practice.report_texts import Writer
from app.services.reports import ItemLine, RemarkDraft
from app.services.reports.list_tables import DUE, ITEMS, KIND, LEVEL, OWNER, SOURCE, STATE, TEXT, UNIT, YEAR

if TYPE_CHECKING:
    from app.services.open_year import Services

_YEAR = 2026
_FULLNESS = {"department": 3, "committee": 2, "branch": 1}
_COMMITTEES = 10
_BRANCHES = 6

# Reports that are not accepted in the end; of those named nowhere the first ones of a level are.
_STATES: Mapping[str, ReportState] = {
    "D31": "submitted",
    "D32": "submitted",
    "D33": "submitted",
    "D26": "returned",
    "D35": "draft",
    "J09": "submitted",
    "J10": "draft",
}
_NOT_BEGUN = ("D36",)
_EVIDENCE = {"D02": "支部活动照片（演练）.png", "J02": "党课现场（演练）.png"}

_DUTIES = (
    (
        "部门单位",
        "党组每年专题研究机关党建工作不少于两次，主要负责人每年至少到基层支部调研四次",
        "党组书记",
        "duty_theory",
    ),
    ("部门单位", "把意识形态工作纳入重要议事日程，每半年分析研判一次并向上级党组织报告情况", "党组书记", "duty_theory"),
    ("部门单位", "支持派驻纪检监察机构履行监督责任，定期会商党风廉政建设情况", "党组成员", "duty_style"),
    ("机关党委书记", "每年向机关工委和本单位党组各述职一次，如实报告问题和整改情况", "机关党委书记", ""),
    ("机关党委书记", "督促所属支部按期换届，对软弱涣散支部一年内整顿到位并报结果", "机关党委书记", ""),
    ("支部", "每月开展一次主题党日，每季度召开一次党员大会，按规定上党课并做好记录", "支部书记", ""),
)
_PROBLEMS = (
    ("D01", "机关党建巡视反馈的4项问题没有按期整改", "2026-06", "进行中", "上年述职评议"),
    ("D02", "窗口单位支部活动与业务高峰冲突，到会率低", "2026-06", "已完成", "上年述职评议"),
    ("D07", "责任清单没有分解到处室", "2026-03", "进行中", "督导检查"),
    ("D17", "巡视整改台账逾期未销号", "2026-05", "未开始", "巡视反馈"),
    ("D18", "党建与业务“两张皮”", "2026-09", "进行中", "督导检查"),
    ("D28", "组织生活走过场", "2026-09", "进行中", "督导检查"),
)


def hand_in_reports(services: Services, evidence: Path, progress: Progress = no_progress) -> None:
    """Everything of the act 述, after the scores are known: some self-scores lie far from them on purpose."""
    _lists(services)
    for form in services.reports.forms():
        lines = [line.unit for line in services.reports.list(form.scheme) if line.unit not in _NOT_BEGUN]
        wanted = {"committee": lines[:_COMMITTEES], "branch": lines[:_BRANCHES]}.get(form.level, lines)
        for n, unit in enumerate(wanted):
            progress("正在写述职报告", 100 * n // len(wanted))
            _write(services, form.scheme, unit, _FULLNESS[form.level])
            _attach(services, form.scheme, unit, evidence)
            _bring_to(services, form.scheme, unit, _STATES.get(unit, "accepted"))


def _lists(services: Services) -> None:
    items = {i.id for s in services.schemes.all() if s.id == "department" for i in items_of(s)}
    head = [KIND, LEVEL, UNIT, TEXT, OWNER, DUE, STATE, ITEMS, YEAR, SOURCE]
    rows = [
        [
            "责任",
            level,
            "",
            text,
            owner,
            "",
            "进行中",
            f"department/{item}" if item in items else "",
            "",
            "三级责任清单（演练）",
        ]
        for level, text, owner, item in _DUTIES
    ]
    rows += [
        ["问题", "部门单位", unit, text, "党组书记", due, state, "", str(_YEAR - 1), source]
        for unit, text, due, state, source in _PROBLEMS
    ]
    services.lists.apply(services.lists.plan_cells([head, *rows]))


def _write(services: Services, scheme: str, unit: str, fullness: int) -> None:
    view = services.reports.get(scheme, unit)
    report = Report(
        scheme=scheme,
        unit=unit,
        sections=Writer(unit, _YEAR, fullness).sections(view.form),
        answers=tuple(_answer(i, unit) for i in view.items if not i.concern),
    )
    services.reports.save(_FAULTS.get(unit, _as_it_is)(report))


def _answer(item: ItemLine, unit: str) -> ItemAnswer:
    """A little above the score that was given; one department thinks far too little of itself."""
    full = item.points or Fraction(10)
    given = item.given if item.given is not None else full * Fraction(9, 10)
    own = full / 2 if unit == "D15" else min(full, Fraction(int(given * 10) + len(unit), 10))
    return ItemAnswer(item=item.id, score=own, text=f"全年抓了{len(item.name) + 3}件事，见报告第一部分。")


def _attach(services: Services, scheme: str, unit: str, folder: Path) -> None:
    name = _EVIDENCE.get(unit)
    if name is not None:
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(_picture())
        services.reports.attach(scheme, unit, path, note="演练用图片，没有实际内容")


def _bring_to(services: Services, scheme: str, unit: str, state: ReportState) -> None:
    if state == "draft":
        return
    services.reports.submit(scheme, unit)
    if state == "accepted":
        services.reports.accept(scheme, unit)
    elif state == "returned":
        text = next(s.text for s in services.reports.get(scheme, unit).report.sections if s.section == "problems")
        remark = RemarkDraft(
            where="section:problems", start=0, end=text.index("。"), text="没有写出问题。请点到具体事。"
        )
        services.reports.return_(scheme, unit, "问题部分没有写问题", [remark])


# ---- planted faults


def _as_it_is(report: Report) -> Report:
    return report


def _with(section: str, words: str) -> Callable[[Report], Report]:
    """A paragraph more at the end of a section."""

    def edit(report: Report) -> Report:
        return _replaced(report, section, f"{_text(report, section)}\n{words}")

    return edit


def _replaced(report: Report, section: str, text: str) -> Report:
    sections = tuple(SectionText(section=s.section, text=text) if s.section == section else s for s in report.sections)
    return replace(report, sections=sections)


def _text(report: Report, section: str) -> str:
    return next(s.text for s in report.sections if s.section == section)


_NO_PROBLEM = (
    "班子团结，干群齐心，工作按计划推进，没有发现明显问题。今后要继续保持，把好的做法坚持下去，让群众更加满意。"
)
_SAME = (
    "对照年初下达的任务，我们发现外业班组的学习安排总被天气打乱，补课又往往集中在月底，质量没有保证；"
    "同时联系服务企业的做法停留在打电话，走进车间和工地的次数偏少。"
)
_FAULTS: Mapping[str, Callable[[Report], Report]] = {
    "D04": _with("work", "2026.5.3召开现场会,解决了３个难题。"),
    "D10": _with("problems", _SAME),
    "D11": _with("problems", _SAME),
    "D17": _with("plans", "由××处负责，20XX年×月底前完成。"),
    "D26": lambda report: _replaced(report, "problems", _NO_PROBLEM * 5),
    "D30": _with("work", f"一年来，{_DUTIES[0][1]}。"),
    "J07": _with("work", "认真落实党风廉政建设主体责任，层层签订责任书。"),
    "Z0203": lambda report: _replaced(report, "plans", _text(report, "plans").replace("2.", "3.", 1)),
}


def _picture() -> bytes:
    """A plain grey PNG of 64 × 36."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\xc8" * 64 for _ in range(36))
    head = struct.pack(">IIBBBBB", 64, 36, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
