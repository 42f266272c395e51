"""Whether what a package carries fits together: nothing twice, and everything in a report about that report. Pure.

The signature says who made a package, not that his program made no mistake.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator

from app.domain.errors import Fault
from app.domain.packages import Package, PackageContent, UnitReport
from app.services.exchange.state import Standing
from app.services.exchange.trust import Refusal


def unsound(package: Package, state: Standing) -> Refusal | None:
    """The first thing that does not fit; none: all does."""
    content = package.content
    said = next(_doubles(content), "") or next((s for r in content.reports for s in _strange(r, state)), "")
    return Refusal(Fault.PKG_FORMAT, f"{said}。") if said else None


def _doubles(content: PackageContent) -> Iterator[str]:
    keys: dict[str, list[Hashable]] = {
        "评分表": [(b.scheme, b.evaluator) for b in content.blocks],
        "述职报告": [(r.report.scheme, r.report.unit) for r in content.reports],
        "清单": [e.id for e in content.entries],
        "结果": [(r.scheme, r.unit) for r in content.results],
        "单位": [u.code for u in content.units],
        "评议人": [e.code for e in content.evaluators],
        "述职安排": [(h.scheme, h.unit, h.body) for h in content.hearings],
        "批注": [m.id for r in content.reports for m in r.remarks],
    }
    for block in content.blocks:
        keys[f"{block.evaluator}的评分表的行"] = list(block.units)
        keys[f"{block.evaluator}的评分表的列"] = list(block.items)
    for one in (r.report for r in content.reports):
        keys[f"{one.unit}的报告的栏目"] = [s.section for s in one.sections]
        keys[f"{one.unit}的报告的指标"] = [a.item for a in one.answers]
        keys[f"{one.unit}的报告的佐证材料"] = [(e.digest, e.item) for e in one.evidence]
    for name, values in keys.items():
        most = Counter(values).most_common(1)
        if most and most[0][1] > 1:
            yield f"同一{name}有两份（{most[0][0]}）"


def _strange(told: UnitReport, state: Standing) -> Iterator[str]:
    """What in a report is about another one."""
    key = (told.report.scheme, told.report.unit)
    others = {m.id for k, r in state.reports.items() if k != key for m in r.remarks}
    if any((v.report.scheme, v.report.unit) != key for v in told.versions):
        yield f"{key[1]}的报告的留存版本不是它的"
    if any((m.scheme, m.unit) != key or m.id in others for m in told.remarks):
        yield f"{key[1]}的报告的批注不是它的"
