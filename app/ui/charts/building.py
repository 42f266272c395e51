"""From results to what a chart shows. Every text comes from exact values; floats are made here, and only to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from app.domain.quantities import Quantity
from app.domain.results import SchemeResult, SeriesResult, UnitResult
from app.domain.schemes import Item, Node, Part, Rounding, Scheme, full_points, walk
from app.services.figures import shown, shown_quantity
from app.ui.charts.values import (
    Bar,
    Brick,
    Distribution,
    Dot,
    GradeShare,
    Heading,
    HeatCell,
    HeatMap,
    Radar,
    RankingBars,
    Scatter,
    ScoreLine,
    Spoke,
)

PERCENT = Rounding(digits=1)
MOST_SPOKES = 12
NO_GRADE = "无等次"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartSource:
    """What charts are made from: one scheme with its result, and the names of the units."""

    scheme: Scheme
    result: SchemeResult
    names: dict[str, str]
    practice: bool = False

    def name(self, unit: str) -> str:
        """The unit's name, or its code when the register has lost it."""
        return self.names.get(unit, unit)

    def grade_name(self, grade: str) -> str:
        """The name of a grade id."""
        return next((g.name for g in self.scheme.ladder.grades if g.id == grade), NO_GRADE)

    def rung(self, grade: str) -> int:
        """The place of a grade on the ladder, 0 is best; -1 for none."""
        return next((i for i, g in enumerate(self.scheme.ladder.grades) if g.id == grade), -1)

    def heading(self, what: str, series: str = "", note: str = "") -> Heading:
        """The heading of a chart about this scheme."""
        where = f"（{series}）" if series else ""
        title = f"{self.scheme.year} 年度{self.scheme.level_name or self.scheme.name}{where}{what}"
        return Heading(title=title, note=note, practice=self.practice)


def rank_text(result: UnitResult) -> str:
    """``3``, or ``3=`` for a shared rank, or ``—``."""
    return "—" if result.rank is None else f"{result.rank}{'=' if result.shared else ''}"


def total_text(result: UnitResult, rounding: Rounding) -> str:
    """The total as shown."""
    return shown_quantity(result.total, rounding) if result.shown_total is None else shown(result.shown_total, rounding)


# ---- ranking


def ranking_bars(source: ChartSource, series: SeriesResult) -> RankingBars:
    """The series in the order of the result, with the score lines and the quota lines of the ladder."""
    results = [source.result.units[unit] for unit in series.order]
    lines = [(grade.name, grade.line) for grade in source.scheme.ladder.grades if grade.line is not None]
    low, high = _ends(
        [r.total.value for r in results if r.total.value is not None] + [line for _, line in lines], source
    )
    score_lines = tuple(ScoreLine(text=f"{name} ≥ {_short(line)}", value=float(line)) for name, line in lines)
    return RankingBars(
        heading=source.heading("总分与等次", series.series),
        bars=tuple(_bar(source, result) for result in results),
        lines=(*score_lines, *_quota_lines(source, series, results)),
        low=low,
        high=high,
        grade_count=len(source.scheme.ladder.grades),
    )


def _bar(source: ChartSource, result: UnitResult) -> Bar:
    grade = result.grade
    moved = grade.by_quota != grade.final and bool(grade.by_quota)
    return Bar(
        unit=result.unit,
        name=source.name(result.unit),
        rank=rank_text(result),
        value=None if result.total.value is None else float(result.total.value),
        text=total_text(result, source.scheme.rounding.shown),
        grade=source.rung(grade.final),
        grade_name=source.grade_name(grade.final),
        moved=source.grade_name(grade.by_quota) if moved else "",
    )


def _quota_lines(source: ChartSource, series: SeriesResult, results: Sequence[UnitResult]) -> list[ScoreLine]:
    """Where each ceiling closed: below the last ranked unit that got its place by the quota."""
    lines: list[ScoreLine] = []
    for quota in series.quotas:
        ranked = [(at, result) for at, result in enumerate(results) if result.participation == "ranked"]
        inside = [at for at, result in ranked if result.grade.by_quota == quota.grade]
        if inside:
            text = f"{source.grade_name(quota.grade)} 名额 {quota.places} 家"
            lines.append(ScoreLine(text=text, after=max(inside)))
    return lines


def _ends(values: Sequence[Fraction], source: ChartSource) -> tuple[float, float]:
    """Round ends of the axis: not from 0 when that would press all bars into the last tenth."""
    full = full_points(source.scheme.tree) or Fraction(100)
    high = max([*values, full])
    low = min([*values, high])
    if low <= high / 4:
        return float(min(low, 0)), float(ceil(high))
    return float(floor((low - (high - low) / 8) / 5) * 5), float(ceil(high))


def _short(value: Fraction) -> str:
    return shown(value, Rounding(digits=2)).rstrip("0").rstrip(".")


# ---- heat map


def heat_map(source: ChartSource, series: SeriesResult) -> HeatMap:
    """Units of the series against the items of the tree; parts without full points show their value uncoloured."""
    items = [part for part in walk(source.scheme.tree) if isinstance(part, Item)]
    results = [source.result.units[unit] for unit in series.order]
    cells = tuple(tuple(_heat_cell(source, result, item) for item in items) for result in results)
    shares = sorted(cell.share for row in cells for cell in row if cell.share is not None)
    low = (
        floor((shares[len(shares) // 20] if shares else 0.0) * 10) / 10
    )  # a few very low ones must not darken the rest
    return HeatMap(
        heading=source.heading("得分率", series.series, "格内为得分，颜色为占满分的比例；“—”为不适用。"),
        units=tuple((result.unit, source.name(result.unit)) for result in results),
        items=tuple((item.id, item.name) for item in items),
        cells=cells,
        low=min(max(low, 0.0), 0.8),
        high=1.0,
    )


def _heat_cell(source: ChartSource, result: UnitResult, item: Item) -> HeatCell:
    quantity = result.parts.get(item.id, Quantity.not_applicable(""))
    share = _share(quantity, item)
    return HeatCell(
        share=None if share is None else float(share),
        text=shown_quantity(quantity, item.rounding or source.scheme.rounding.shown),
        quantity=item.id,
    )


def _share(quantity: Quantity | None, part: Part) -> Fraction | None:
    full = full_points(part)
    return None if quantity is None or quantity.value is None or not full or part.on_top else quantity.value / full


# ---- radar


def radar(source: ChartSource, series: SeriesResult, unit: str) -> Radar:
    """The unit against mean and best of its series, along the main parts (the items when there are too few)."""
    others = [source.result.units[code] for code in series.order]
    spokes = tuple(_spoke(source, source.result.units[unit], others, part) for part in _directions(source.scheme.tree))
    shares = [s for spoke in spokes for s in (spoke.own, spoke.mean) if s is not None]
    low = floor(min(shares, default=0.0) * 10 - 1) / 10
    name = source.name(unit)
    return Radar(
        heading=source.heading(f"{name}与本系列比较", series.series, "各项为得分占满分的比例。"),
        unit=unit,
        name=name,
        spokes=spokes,
        low=min(max(low, 0.0), 0.8),
    )


def _directions(tree: Node) -> list[Part]:
    """The parts to compare along: as fine as the tree allows without crowding the picture."""
    chosen = _counted(tree)
    while True:
        fits = [p for p in chosen if isinstance(p, Node) and len(chosen) - 1 + len(_counted(p)) <= MOST_SPOKES]
        if not fits:
            return chosen
        at = chosen.index(min(fits, key=lambda p: len(_counted(p))))
        node = chosen[at]
        assert isinstance(node, Node)
        chosen = [*chosen[:at], *_counted(node), *chosen[at + 1 :]]


def _counted(node: Node) -> list[Part]:
    return [child for child in node.children if not child.on_top and full_points(child)]


def _spoke(source: ChartSource, own: UnitResult, others: Sequence[UnitResult], part: Part) -> Spoke:
    share = _share(own.parts.get(part.id), part)
    known = [s for result in others if (s := _share(result.parts.get(part.id), part)) is not None]
    mean = sum(known, Fraction(0)) / len(known) if known else None
    best = max(known, default=None)
    quantity = own.parts.get(part.id, Quantity.not_applicable(""))
    return Spoke(
        quantity=part.id,
        name=part.name,
        own=None if share is None else float(share),
        mean=None if mean is None else float(mean),
        best=None if best is None else float(best),
        text=shown_quantity(quantity, part.rounding or source.scheme.rounding.shown),
        shares=(_percent(share), _percent(mean), _percent(best)),
    )


def _percent(share: Fraction | None) -> str:
    return "—" if share is None else f"{shown(share * 100, PERCENT)}%"


# ---- distribution


def distribution(source: ChartSource) -> Distribution:
    """The final grades of every series, with the quota of each."""
    return Distribution(
        heading=source.heading("等次分布"),
        series=tuple((series.series or "全部单位", _grade_shares(source, series)) for series in source.result.series),
        grade_count=len(source.scheme.ladder.grades),
    )


def _grade_shares(source: ChartSource, series: SeriesResult) -> tuple[GradeShare, ...]:
    results = [source.result.units[unit] for unit in series.order]
    limits = {quota.grade: f"名额 {quota.places} 家" for quota in series.quotas}
    shares = [
        _grade_share(
            source,
            rung,
            grade.name,
            [r for r in results if r.grade.final == grade.id],
            results,
            limits.get(grade.id, ""),
        )
        for rung, grade in enumerate(source.scheme.ladder.grades)
    ]
    without = [r for r in results if not r.grade.final]
    if without:
        shares.append(_grade_share(source, -1, NO_GRADE, without, results))
    return tuple(shares)


def _grade_share(
    source: ChartSource, rung: int, name: str, inside: Sequence[UnitResult], of: Sequence[UnitResult], limit: str = ""
) -> GradeShare:
    bricks = tuple(
        Brick(
            unit=result.unit,
            name=source.name(result.unit),
            rank=str(result.rank) if result.rank is not None else "·",
            moved=bool(result.grade.by_quota) and result.grade.by_quota != result.grade.final,
        )
        for result in inside
    )
    return GradeShare(
        grade=rung, name=name, bricks=bricks, share=_percent(Fraction(len(bricks), len(of) or 1)), limit=limit
    )


# ---- scatter


def scatter(source: ChartSource, x: str, y: str) -> Scatter:
    """All units of the level that have a value for both quantities (``total`` or ids of parts)."""
    dots: list[Dot] = []
    for result in source.result.units.values():
        across, up = _quantity(result, x), _quantity(result, y)
        if across.value is not None and up.value is not None:
            dots.append(
                Dot(
                    unit=result.unit,
                    name=source.name(result.unit),
                    x=float(across.value),
                    y=float(up.value),
                    x_text=shown(across.value, source.scheme.rounding.shown),
                    y_text=shown(up.value, source.scheme.rounding.shown),
                    grade=source.rung(result.grade.final),
                    grade_name=source.grade_name(result.grade.final),
                )
            )
    names = quantity_names(source.scheme)
    return Scatter(
        heading=source.heading(f"：{names[x]}与{names[y]}"),
        x_name=names[x],
        y_name=names[y],
        dots=tuple(dots),
        grade_count=len(source.scheme.ladder.grades),
    )


def quantity_names(scheme: Scheme) -> dict[str, str]:
    """What can be put on an axis: the total, and every part by its name."""
    parts = [part for part in walk(scheme.tree) if part is not scheme.tree]
    return {"total": "总分", **{part.id: part.name for part in (*parts, *scheme.measures)}}


def _quantity(result: UnitResult, quantity: str) -> Quantity:
    return result.total if quantity == "total" else result.parts.get(quantity, Quantity.not_applicable(""))
