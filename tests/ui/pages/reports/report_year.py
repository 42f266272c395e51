"""A year whose units write reports: two sections of text, a list, one indicator with a score of their own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from app.domain.facts import Unit
from app.domain.reports import ListEntry
from app.domain.schemes import Answers, EvidenceLimits, ReportForm, Section
from app.files.documents import write_scheme
from app.services.container import Desk, Services
from tests.builders import item, scheme

WHO = "考核办甲"
FORM = ReportForm(
    title="述职报告",
    minimum=40,
    problem_share=Fraction(1, 4),
    sections=(
        Section(id="work", name="主要做法", purpose="done", guide="用事例和数字说话。", minimum=20, maximum=400),
        Section(id="problems", name="存在问题", purpose="problems", minimum=10),
        Section(id="plans", name="下一步打算", purpose="plans", shape="list", entries=2, required=False),
    ),
    answers=Answers(score="required", text="optional", evidence="optional", items=("duty",), gap=Fraction(1, 10)),
    evidence=EvidenceLimits(file=1, total=2),
    manner="oral",
    lots=True,
)
WORK = "全年召开党组会专题研究党建 4 次，制定责任清单 26 条，逐季对账销号，讲党课 12 次。"
PROBLEMS = "谈心谈话不够经常，全年只有 2 个支部按季开展。"


def create(folder: Path, form: ReportForm | None = FORM, year: int = 2026) -> Services:
    """The year file with scheme, units and a list; no report yet. Also a second scheme without a form."""
    paths: list[Path] = []
    reporting = scheme(
        item("duty", 60), item("study", 40), id="department", level="department", level_name="部门", report=form
    )
    for one in (scheme(item("meeting"), id="branch", level="branch", level_name="支部"), reporting):
        paths.append(folder / f"{one.id}.json")
        paths[-1].write_text(write_scheme(replace(one, year=year)), encoding="utf-8")
    services = Desk(WHO, folder / "own").create(folder / f"{year}年度 #1.slk", paths, None, "", "试验年度")
    services.units.save_unit(Unit(code="C1", name="机关工委", level="office", order=1))
    for n, name in enumerate(("文澜局", "同心局", "青藤局"), start=1):
        services.units.save_unit(Unit(code=f"D{n}", name=name, level="department", order=n, parent="C1"))
    services.lists.save(
        ListEntry(
            id="", kind="problem", level="department", unit="D1", text="支部换届超期", year=2025, source="上年评议"
        )
    )
    return services
