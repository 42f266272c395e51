"""A small made-up result for chart tests: 14 units, four grades, a quota, a downgrade, a part that does not concern all."""

from __future__ import annotations

from fractions import Fraction

from app.domain.quantities import Quantity
from app.domain.results import GradeOutcome, QuotaLine, SchemeResult, SeriesResult, UnitResult
from app.domain.schemes import Grade, Item, Ladder, MarksSource, Node, OfficeSource, Quota, Scheme
from app.ui.charts.building import ChartSource

NAMES = ("市发展改革委", "市教育局", "市科技局", "市公安局", "市民政局", "市司法局", "市财政局", "市人力资源社会保障局")
NAMES += ("市自然资源局", "市生态环境局", "市住房城乡建设局", "市交通运输局", "市水务局", "市退役军人事务局（双拥办）")


def item(number: int, name: str, points: int) -> Item:
    return Item(id=f"i{number}", name=name, points=Fraction(points), source=MarksSource())


SCHEME = Scheme(
    id="department",
    name="部门党建责任制考核",
    year=2026,
    level="department",
    level_name="部门单位",
    practice=True,
    tree=Node(
        id="root",
        name="总分",
        points=Fraction(100),
        children=(
            item(1, "述职评议", 25),
            item(2, "政治建设与理论武装", 15),
            item(3, "意识形态工作责任制落实", 15),
            item(4, "基层党组织建设", 20),
            item(5, "民主测评", 25),
            Item(id="bonus", name="加分", on_top=True, source=OfficeSource()),
        ),
    ),
    ladder=Ladder(
        grades=(
            Grade(id="good", name="好", line=Fraction(90), quota=Quota(count=4)),
            Grade(id="fair", name="较好", line=Fraction(80)),
            Grade(id="plain", name="一般", line=Fraction(60)),
            Grade(id="poor", name="差"),
        )
    ),
)
FULL = {"i1": 25, "i2": 15, "i3": 15, "i4": 20, "i5": 25}


def unit_result(at: int) -> UnitResult:
    total = Fraction(9750 - at * 173 - (at * 37) % 50, 100)
    parts = {key: Quantity.of(total * full / 100 - Fraction((at + full) % 5, 10)) for key, full in FULL.items()}
    if at % 5 == 4:
        parts["i3"] = Quantity.not_applicable("不承担此项工作")
    parts["bonus"] = Quantity.of(Fraction(at % 3, 2))
    by_quota = "good" if at < 4 else "fair" if total >= 80 else "plain"
    final = "fair" if at == 2 else by_quota
    return UnitResult(
        unit=f"D{at:02d}",
        series="党政机关",
        participation="ranked",
        total=Quantity.of(total),
        shown_total=total,
        rank=at + 1,
        shared=at in (6, 7),
        grades=(GradeOutcome(scope="unit", by_quota=by_quota, final=final),),
        adjustments=(),
        parts=parts,
    )


def source() -> ChartSource:
    results = {f"D{at:02d}": unit_result(at) for at in range(len(NAMES))}
    quota = QuotaLine("good", 4, 14, 4, (), 0, results["D03"].total.value, "")
    series = SeriesResult("党政机关", tuple(results), (quota,))
    result = SchemeResult("department", "0" * 64, results, (series,))
    return ChartSource(scheme=SCHEME, result=result, names=dict(zip(results, NAMES, strict=True)), practice=True)
