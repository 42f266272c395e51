"""Twenty good reports of invented units and a form they fit: four written by hand, sixteen put together from clauses once and then kept."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from app.domain.report_forms import Answers, ReportForm, Section
from app.domain.reports import Evidence, ItemAnswer, ListEntry, Report, ReportFinding, SectionText
from app.services.reports.concepts import OWN
from app.services.reports.examination import Neighbour, Question, copies_among, examine
from app.services.reports.values import ItemLine

YEAR = 2026
FORM = ReportForm(
    sections=(
        Section(
            id="work",
            name="履行责任的做法和成效",
            purpose="done",
            guide="讲怎样履行责任、做成了什么，用事例和数字说话。",
            minimum=400,
            maximum=2500,
        ),
        Section(id="promises", name="上年问题整改和承诺兑现", purpose="promises", minimum=100),
        Section(id="problems", name="存在的主要问题", purpose="problems", minimum=200),
        Section(id="causes", name="原因分析", purpose="causes", minimum=100),
        Section(id="plans", name="下一步打算", purpose="plans", minimum=100),
    ),
    minimum=1200,
    maximum=5000,
    problem_share=Fraction(1, 4),
    answers=Answers(
        score="required", text="required", evidence="required", items=("study", "style"), gap=Fraction(1, 10)
    ),
)
ITEMS = (
    ItemLine(id="study", name="理论学习", note="", path=(), points=Fraction(10), given=Fraction(17, 2), concern=""),
    ItemLine(id="style", name="作风建设", note="", path=(), points=Fraction(8), given=Fraction(7), concern=""),
)
DUTIES = (
    ListEntry(
        id="1" * 32,
        kind="duty",
        level="department",
        text="每年至少两次专题研究机关党建工作，听取机关党委工作汇报，及时解决突出问题，做到党建和业务工作一起谋划、一起部署、一起落实、一起检查",
    ),
    ListEntry(
        id="2" * 32,
        kind="duty",
        level="department",
        text="履行党建工作第一责任人职责，带头参加双重组织生活，每年为所在支部党员讲党课不少于一次，定期与班子成员开展谈心谈话",
    ),
    ListEntry(id="3" * 32, kind="duty", level="department", text="按期换届"),
)
EVIDENCE = tuple(
    Evidence(digest=digit * 64, name="图.png", kind="image", size=10, item=item)
    for digit, item in (("a", "study"), ("b", "style"))
)
ANSWERS = (
    ItemAnswer(item="study", score=Fraction(9), text="中心组学习12次，支部学习按月检查。"),
    ItemAnswer(item="style", score=Fraction(7), text="明察暗访四次，减少会议两成。"),
)


def good_reports() -> dict[str, Report]:
    """Unit → report, in a fixed order."""
    kept = json.loads((Path(__file__).parent / "good_reports.json").read_text(encoding="utf-8"))
    return {
        one["unit"]: Report(
            scheme="department",
            unit=one["unit"],
            sections=tuple(SectionText(section=s, text=t) for s, t in one["sections"].items()),
            answers=ANSWERS,
            evidence=EVIDENCE,
        )
        for one in kept
    }


def question(report: Report, **other: object) -> Question:
    """The report held against everything that the examination knows."""
    plain = Question(form=FORM, report=report, year=YEAR, items=ITEMS, duties=DUTIES, concepts=OWN)
    return replace(plain, **other)  # type: ignore[arg-type]


def with_section(report: Report, section: str, text: str) -> Report:
    """The report with another text in one section."""
    texts = {s.section: s.text for s in report.sections} | {section: text}
    return replace(report, sections=tuple(SectionText(section=s, text=t) for s, t in texts.items()))


def text_of(report: Report, section: str) -> str:
    return next(s.text for s in report.sections if s.section == section)


def findings_of(report: Report, others: dict[str, Report] | None = None, **other: object) -> tuple[ReportFinding, ...]:
    """Everything that is found on a report beside the other good ones."""
    reports = {**(good_reports() if others is None else others), report.unit: report}
    neighbours = {("department", u): Neighbour(r, FORM, f"单位{u}") for u, r in reports.items()}
    copied = copies_among(neighbours, YEAR).get(("department", report.unit), ())
    return (*examine(question(report, **other)), *copied)
