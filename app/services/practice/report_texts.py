"""Practice reports put together from small clauses, always the same for the same unit. Every text is invented."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from app.domain.report_forms import ReportForm, Section
from app.domain.reports import SectionText

_CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_SALT = 0  # chosen so that no two practice reports happen to share a passage


@cache
def _stock() -> dict[str, Any]:
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[3]))
    return json.loads((root / "resources" / "practice" / "述职素材.json").read_text(encoding="utf-8"))


class Writer:
    """Writes one unit's report. year: of the report; what is to come falls into the next one. fullness: 1 for a branch,
    2 where a form wants more, up to 4."""

    def __init__(self, unit: str, year: int, fullness: int = 1) -> None:
        self._fullness = fullness
        self._chance = Random(f"{year}/{unit}/{_SALT}")
        self._year = year
        stock = _stock()
        self._stock = {name: self._mixed(lines) for name, lines in stock.items() if name != "topics"}
        self._topics = self._mixed(stock["topics"])
        self._point = self._chance.choice(("是", "numbered", "plain"))

    def sections(self, form: ReportForm) -> tuple[SectionText, ...]:
        """A text for every section that is asked for, long enough and with problems enough."""
        return tuple(SectionText(section=s.id, text=self._section(s)) for s in form.sections if s.required)

    def _section(self, section: Section) -> str:
        lines = {
            "done": self._work,
            "problems": self._problems,
            "causes": self._causes,
            "plans": self._plans,
            "promises": self._past,
            "inspection": self._past,
            "other": self._past,
        }[section.purpose]()
        if section.shape == "list":
            return "\n".join(f"{n}.{line}" for n, line in enumerate(lines, 1))
        return self._numbered(lines)

    def _numbered(self, lines: list[str]) -> str:
        """As points (一是), under numbers, or plain paragraphs: every unit has its own habit."""
        if self._point == "是":
            return "\n".join(f"{_CHINESE[n]}是{line}" for n, line in enumerate(lines))
        if self._point == "numbered":
            return "\n".join(f"（{_CHINESE[n]}）{line}" for n, line in enumerate(lines))
        return "\n".join(lines)

    def _work(self) -> list[str]:
        count = min(3 + 2 * self._fullness + self._chance.randint(0, 2), len(self._topics))
        return [self._topic(topic) for topic in self._topics[:count]]

    def _topic(self, topic: dict[str, Any]) -> str:
        clauses = self._mixed(topic["clauses"])[: self._chance.randint(6, 8)]
        said = [self._filled(c) for c in clauses]
        cut = self._chance.randint(2, len(said) - 2)
        opener = self._chance.choice(_stock()["openers"])
        return f"{topic['name']}。{opener}{'，'.join(said[:cut])}。{'，'.join(said[cut:])}。"

    def _problems(self) -> list[str]:
        count = self._count()
        examples = self._stock["examples"]
        leads = self._stock["problem_leads"]
        return [
            f"{problem}。{leads[n % len(leads)]}{self._filled(examples[2 * n])}；{self._filled(examples[2 * n + 1])}。"
            for n, problem in enumerate(self._stock["problems"][:count])
        ]

    def _causes(self) -> list[str]:
        details = self._stock["cause_details"]
        count = min(self._count(), len(details) // 2)
        lines: list[str] = []
        for n, cause in enumerate(self._stock["causes"][:count]):
            said = [self._filled(text) for text in (cause, details[2 * n], details[2 * n + 1])]
            lines.append(
                self._chance.choice(("{0}，{1}，{2}。", "{0}：{2}，{1}。", "{1}，{0}。", "{0}。{2}；{1}。")).format(
                    *said
                )
            )
        return lines

    def _plans(self) -> list[str]:
        count = self._count()
        tails = self._stock["measure_tails"]
        measures = self._stock["measures"]
        return [f"{self._filled(m)}，{self._filled(tails[n % len(tails)])}。" for n, m in enumerate(measures[:count])]

    def _past(self) -> list[str]:
        pairs = list(zip(self._stock["past"], self._stock["past_tails"], strict=False))
        leads = ("", "对照台账，", "说好的事里，", "先说一件，", "按去年清单，", "逐条核过，")
        lines: list[str] = []
        for line, tail in pairs[: self._count() - 1]:
            said = self._chance.choice(leads) + self._filled(line)
            lines.append(f"{said}，{self._filled(tail)}。" if self._chance.random() < 0.5 else f"{said}。")
        return lines

    def _count(self) -> int:
        return 3 + self._fullness + self._chance.randint(0, 1)

    def _filled(self, text: str) -> str:
        number = self._chance.randint
        return text.format(
            n=number(2, 9),
            n2=number(1, 3),
            k=number(11, 96),
            p=number(86, 99),
            m=number(2, 11),
            q=number(1, 3),
            t=number(3, 11),
            y=self._year + 1,
            o=self._chance.choice(_stock()["owners"]),
        )

    def _mixed(self, lines: list[Any]) -> list[Any]:
        return self._chance.sample(lines, len(lines))
