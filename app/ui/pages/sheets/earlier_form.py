"""The form of one earlier result, and the preview of many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.facts import EarlierResult
from app.domain.quantities import number_text
from app.domain.schemes import Scheme
from app.ui.widgets.chips import grade_name, tone_of
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.grid import FULL_WIDTH
from app.ui.widgets.picker import Picker
from app.ui.widgets.table import Column
from app.ui.widgets.table_preview import TablePreview

if TYPE_CHECKING:
    from app.services.earlier import EarlierPlan


class EarlierForm(FormDialog[EarlierResult]):
    """What a unit had in an earlier year. units: (code, name)."""

    def __init__(
        self, parent: QWidget, scheme: Scheme, units: Sequence[tuple[str, str]], known: EarlierResult | None
    ) -> None:
        super().__init__(parent, "修改往年结果" if known else "录入往年结果")
        self._known = known or EarlierResult(scheme=scheme.id, unit="", year=scheme.year - 1)
        now = self._known
        self.unit = Picker(units, now.unit)
        self.unit.setEnabled(known is None)
        self.add_field("单位", self.unit)
        self.year = self.add_line("年度", str(now.year), number=True)
        self.year.setEnabled(known is None)
        self.grade = self.add_choice(
            "等次", (("", "（没有）"), *((g.id, g.name) for g in scheme.ladder.grades)), now.grade
        )
        self.total = self.add_line("总分", "" if now.total is None else number_text(now.total), "可不填", number=True)
        self.rank = self.add_line("名次", str(now.rank or ""), "可不填", number=True)
        self.last = self.add_line("倒数名次", str(now.rank_from_last or ""), "末位填 1；可不填", number=True)

    def value(self) -> EarlierResult:
        unit = self.unit.code()
        if not unit:
            raise Wrong(self.unit, "请从列表里选一家单位。")
        year = _whole(self.year, "年度")
        if year is None:
            raise Wrong(self.year, "请填写年度。")
        return replace(
            self._known,
            unit=unit,
            year=year,
            grade=str(self.grade.currentData() or ""),
            total=_number(self.total),
            rank=_whole(self.rank, "名次"),
            rank_from_last=_whole(self.last, "倒数名次"),
        )


def _whole(field: QLineEdit, name: str) -> int | None:
    text = field.text().strip().translate(FULL_WIDTH)
    if text and (not text.isdecimal() or len(text) > 5):
        raise Wrong(field, f"{name}应填整数，现在是“{text}”。")
    return int(text) if text else None


def _number(field: QLineEdit) -> Fraction | None:
    text = field.text().strip().translate(FULL_WIDTH)
    try:
        return Fraction(text) if text else None
    except (ValueError, ZeroDivisionError):
        raise Wrong(field, f"总分应填数字，现在是“{text}”。") from None


def earlier_columns(scheme: Scheme | None, names: Mapping[str, str]) -> tuple[Column[EarlierResult], ...]:
    """The columns of earlier results."""

    def number(value: Fraction | int | None) -> str:
        return "—" if value is None else number_text(Fraction(value))

    return (
        Column(key="year", title="年度", text=lambda r: str(r.year), sort=lambda r: -r.year, width=72),
        Column(
            key="unit", title="单位", text=lambda r: names.get(r.unit, r.unit), width=240, stretch=True, strong=True
        ),
        Column(
            key="grade",
            title="等次",
            text=lambda r: grade_name(scheme, r.grade) or "—",
            tone=lambda r: tone_of(scheme, r.grade) if r.grade else None,
            align="center",
            width=110,
        ),
        Column(key="total", title="总分", text=lambda r: number(r.total), sort=lambda r: r.total, align="right"),
        Column(key="rank", title="名次", text=lambda r: number(r.rank), sort=lambda r: r.rank, align="right", width=72),
        Column(
            key="last",
            title="倒数名次",
            text=lambda r: number(r.rank_from_last),
            sort=lambda r: r.rank_from_last,
            align="right",
            width=88,
        ),
        Column(
            key="parts",
            title="分项",
            text=lambda r: f"{len(r.parts)} 项" if r.parts else "—",
            tip=lambda r: "\n".join(f"{part}：{number_text(value)}" for part, value in r.parts.items()),
            align="right",
            width=72,
        ),
        Column(key="code", title="单位编码", text=lambda r: r.unit, width=96),
    )


def earlier_preview(
    parent: QWidget,
    plan: EarlierPlan,
    scheme: Scheme | None,
    names: Mapping[str, str],
    apply: Callable[[Callable[[], object], Callable[[BaseException], bool]], object],
) -> TablePreview:
    """The preview of earlier results from a table or a year file."""
    summary = f"{plan.source}：共 {len(plan.rows)} 条"
    summary += f"，其中 {plan.replaced} 条与现有的不同，将被取代" if plan.replaced else ""
    return TablePreview(
        parent,
        "取入往年结果：预览",
        f"{summary}。",
        earlier_columns(scheme, names),
        plan.rows,
        plan.findings,
        f"写入 {len(plan.rows)} 条",
        apply,
    )
