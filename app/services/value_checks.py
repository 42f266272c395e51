"""What may be wrong with a value that no evaluator gave, or with the part of a scheme that it is about."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.errors import Fault
from app.domain.facts import OfficeMark, Unit
from app.domain.findings import Finding
from app.domain.quantities import MarkState, number_text
from app.domain.schemes import (
    DirectReading,
    Item,
    LevelsReading,
    OfficeSource,
    RatioReading,
    Scheme,
    ThresholdReading,
    items_of,
    walk,
)
from app.services.limits import highest

_BAD = Fault.INPUT_BAD.value.code


def check_target(
    scheme_id: str, unit_code: str, part: str, schemes: Mapping[str, Scheme], units: Mapping[str, Unit]
) -> tuple[Finding, ...]:
    """Whether scheme, unit and part belong together."""
    scheme, unit = schemes.get(scheme_id), units.get(unit_code)
    if scheme is None:
        return (Finding(_BAD, "scheme", f"没有方案“{scheme_id}”", "请选择方案"),)
    if unit is None or unit.level != scheme.level:
        return (Finding(_BAD, "unit", f"单位“{unit_code}”不由方案“{scheme.name}”考核", "请选择单位"),)
    if part not in {p.id for p in walk(scheme.tree)} | {m.id for m in scheme.measures}:
        return (Finding(_BAD, "part", f"方案中没有“{part}”", "请选择项目"),)
    return ()


def check_office_mark(
    mark: OfficeMark, schemes: Mapping[str, Scheme], units: Mapping[str, Unit]
) -> tuple[Finding, ...]:
    """Every fault of a value set by the office."""
    wrong = check_target(mark.scheme, mark.unit, mark.item, schemes, units)
    if wrong:
        return wrong
    item = next((i for i in items_of(schemes[mark.scheme]) if i.id == mark.item), None)
    place = f"{units[mark.unit].name} › {item.name if item else mark.item}"
    if item is None or not isinstance(item.source, OfficeSource):
        return (Finding(_BAD, place, "这一项不由考核办录入", "请选择考核办录入的项目"),)
    periods = item.periods.names if item.periods else ("",)
    if mark.period not in periods:
        return (
            Finding(_BAD, place, f"没有“{mark.period or '空白'}”这一期", f"可选：{'、'.join(periods) or '不分期'}"),
        )
    if not is_given(mark):
        return ()
    if not mark.basis.strip():
        return (Finding(_BAD, place, "没有写依据", "请写明评分依据"),)
    return (*_check_value(mark, item, place), *_check_references(mark, item, place))


def is_given(mark: OfficeMark) -> bool:
    """Whether there is a value; an empty one takes out what was there."""
    return bool(mark.level) or mark.value is not MarkState.BLANK


def references(item: Item) -> frozenset[str]:
    """Which of ``target`` and ``standard`` the item compares a value with."""
    readings = [r for r in (item.reading, item.conversion) if r is not None]
    ratios = {r.to for r in readings if isinstance(r, RatioReading)}
    thresholds = {str(r.target) for r in readings if isinstance(r, ThresholdReading)}
    return frozenset((ratios | thresholds) & {"target", "standard"})


def _check_references(mark: OfficeMark, item: Item, place: str) -> tuple[Finding, ...]:
    if isinstance(mark.value, MarkState):
        return ()
    given = {"target": mark.target, "standard": mark.standard}
    names = {"target": "目标", "standard": "标准"}
    return tuple(
        Finding(_BAD, place, f"没有填{names[name]}，比不出得分", f"请填写{names[name]}")
        for name in sorted(references(item))
        if given[name] is None
    )


def _check_value(mark: OfficeMark, item: Item, place: str) -> tuple[Finding, ...]:
    reading = item.reading
    if isinstance(reading, LevelsReading):
        names = {level.id: level.name for level in reading.levels}
        if (mark.level and mark.level not in names) or not isinstance(mark.value, MarkState):
            return (Finding(_BAD, place, "应选等级", f"可选：{'、'.join(names.values())}"),)
        return ()
    if mark.level:
        return (Finding(_BAD, place, "应填分数，不是等级", "请填数字"),)
    if isinstance(mark.value, MarkState) or not isinstance(reading, DirectReading):
        return ()
    top = highest(item, reading)
    if mark.value < reading.minimum or (top is not None and mark.value > top):
        end = number_text(top) if top is not None else "不限"
        return (
            Finding(
                _BAD, place, f"{number_text(mark.value)} 不在 {number_text(reading.minimum)} 至 {end} 之间", "请改正"
            ),
        )
    if reading.allowed and mark.value not in reading.allowed:
        return (Finding(_BAD, place, f"只能填 {'、'.join(number_text(a) for a in reading.allowed)}", "请改正"),)
    return ()
