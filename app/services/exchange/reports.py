"""A unit's report out of a package against the one that is stored: text by paragraph, everything else piece by piece. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from app.domain.packages import UnitReport
from app.domain.quantities import number_text
from app.domain.reports import Evidence, ItemAnswer, Remark, Report, ReportState, ReportVersion, SectionText
from app.files.documents.reports import write_report
from app.services.exchange.deciding import THEIRS, Decider
from app.services.exchange.paragraphs import kind_of
from app.services.exchange.values import MergedReport
from app.services.imports.values import CellKind

STATES: dict[ReportState, str] = {"draft": "草稿", "submitted": "已提交", "returned": "已退回", "accepted": "已通过"}
_REMARK = {
    "text": "批注",
    "quote": "引文",
    "start": "起点",
    "end": "终点",
    "where": "位置",
    "version": "版本",
    "settled": "已处理",
}
_WRITES: tuple[tuple[ReportState | None, ReportState], ...] = (
    (None, "draft"),
    (None, "submitted"),
    ("draft", "submitted"),
    ("returned", "submitted"),
    ("submitted", "draft"),  # taken back by the unit itself
)
V = TypeVar("V")
K = TypeVar("K")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportWords:
    """How places of a report are called: ids of sections and items → names."""

    place: str
    sections: Mapping[str, str] = field(default_factory=dict[str, str])
    items: Mapping[str, str] = field(default_factory=dict[str, str])


class Three(NamedTuple):
    """The same report at three places. brought: what others who began with the same base have made of it."""

    base: Report
    ours: Report
    theirs: Report
    brought: tuple[Report, ...] = ()


def merge_report(
    decider: Decider,
    base: UnitReport | None,
    ours: UnitReport | None,
    theirs: UnitReport,
    words: ReportWords,
    *,
    from_unit: bool,
    brought: Sequence[Report] = (),
) -> MergedReport | None:
    """The report that stands then; none when nothing would change. from_unit: the sender is the unit, which writes and submits;
    else the office, which returns and accepts. brought: what others who began with the same base have sent."""
    if ours is not None and _is_closed(decider, base, ours, theirs, words, from_unit=from_unit):
        return None
    empty = Report(scheme=theirs.report.scheme, unit=theirs.report.unit)
    before, mine = (r.report if r else empty for r in (base, ours))
    reports = Three(before, mine, theirs.report, tuple(brought))
    report = Report(
        scheme=empty.scheme,
        unit=empty.unit,
        sections=tuple(_sections(decider, reports, words)),
        answers=tuple(_answers(decider, reports, words)),
        evidence=tuple(_evidence(decider, reports, words)),
    )
    state = _state(decider, base, ours, theirs, words, from_unit=from_unit)
    remarks = tuple(_remarks(decider, base, ours, theirs, words))
    versions = tuple(_versions(decider, ours, theirs, words))
    changed = ours is None or state != ours.state or not same_report(report, ours.report)
    if not changed and not remarks and not versions:
        return None
    return MergedReport(report=report, state=state, changed=changed, versions=versions, remarks=remarks)


def _is_closed(
    decider: Decider,
    base: UnitReport | None,
    ours: UnitReport,
    theirs: UnitReport,
    words: ReportWords,
    *,
    from_unit: bool,
) -> bool:
    """Whether an accepted report stays although the unit has sent another text: only when that is decided."""
    moved = not any(same_report(theirs.report, r.report) for r in (base, ours) if r)
    if not from_unit or ours.state != "accepted" or not moved:
        return False
    place = f"{words.place} › 已通过的报告"
    key = f"{theirs.report.scheme}/{theirs.report.unit}"
    said = ("", "已通过，不改动", f"按包里的内容改，状态：{STATES[theirs.state]}")
    decider.count("state", CellKind.BOTH)
    return decider.side("state", f"{key}/accepted", place, CellKind.BOTH, *said) != THEIRS


def same_report(one: Report, other: Report) -> bool:
    """Whether two reports say the same, in whatever order their parts stand."""
    return write_report(one) == write_report(other)


# ---- the pieces


def _by(values: Iterable[V], key: Callable[[V], K]) -> dict[K, V]:
    return {key(v): v for v in values}


def _sections(decider: Decider, three: Three, words: ReportWords) -> Iterable[SectionText]:
    sides = [{s.section: s.text for s in r.sections} for r in three[:3]]
    brought = [{s.section: s.text for s in r.sections} for r in three.brought]
    for section in dict.fromkeys(s for side in (sides[1], sides[2]) for s in side):
        base, ours, theirs = (side.get(section, "") for side in sides)
        name = words.sections.get(section, section)
        key = f"{three.theirs.scheme}/{three.theirs.unit}/{section}"
        others = [side.get(section, "") for side in brought]
        merged = decider.text("text", key, f"{words.place} › {name}", base, ours, theirs, others)
        if merged or section in sides[1]:
            yield SectionText(section=section, text=merged)


def _answers(decider: Decider, three: Three, words: ReportWords) -> Iterable[ItemAnswer]:
    sides = [_by(r.answers, lambda a: a.item) for r in three[:3]]
    brought = [{a.item: a.text for a in r.answers} for r in three.brought]
    for item in dict.fromkeys(i for side in (sides[1], sides[2]) for i in side):
        base, ours, theirs = (side.get(item, ItemAnswer(item=item)) for side in sides)
        place = f"{words.place} › {words.items.get(item, item)}"
        key, said = f"{three.theirs.scheme}/{three.theirs.unit}/{item}", f"{place} › 自评分"
        score = decider.take("answer", f"{key}/score", said, base.score, ours.score, theirs.score, number_text)
        others = [side.get(item, "") for side in brought]
        text = decider.text("answer", key, place, base.text, ours.text, theirs.text, others)
        if score is not None or text or item in sides[1]:
            yield ItemAnswer(item=item, score=score, text=text)


def _evidence(decider: Decider, three: Three, words: ReportWords) -> Iterable[Evidence]:
    sides = [_by(r.evidence, lambda e: (e.digest, e.item)) for r in three[:3]]
    for one in dict.fromkeys(e for side in (sides[1], sides[2]) for e in side):
        base, ours, theirs = (side.get(one) for side in sides)
        name = next(e.name for e in (theirs, ours) if e)
        key = f"{three.theirs.scheme}/{three.theirs.unit}/{one[1]}/{one[0][:12]}"
        kept = decider.take("evidence", key, f"{words.place} › 佐证材料“{name}”", base, ours, theirs, _said)
        if kept is not None:
            yield kept


def _said(evidence: Evidence) -> str:
    return f"{evidence.name}{f'（{evidence.note}）' if evidence.note else ''}"


def _state(
    decider: Decider,
    base: UnitReport | None,
    ours: UnitReport | None,
    theirs: UnitReport,
    words: ReportWords,
    *,
    from_unit: bool,
) -> ReportState:
    before, mine, yours = base.state if base else None, ours.state if ours else None, theirs.state
    meant = (before, yours) in _WRITES if from_unit else yours != "draft" or mine is None
    if mine is not None and not meant and kind_of(before, mine, yours) is not CellKind.SAME:
        decider.count("state", CellKind.CHANGED_HERE)
        return mine
    key, place = f"{theirs.report.scheme}/{theirs.report.unit}/state", f"{words.place} › 状态"
    return decider.take("state", key, place, before, mine, yours, STATES.__getitem__) or yours


def _remarks(
    decider: Decider, base: UnitReport | None, ours: UnitReport | None, theirs: UnitReport, words: ReportWords
) -> Iterable[Remark]:
    """Remarks to be stored: they are never taken out, only settled."""
    sides = [_by(r.remarks if r else (), lambda m: m.id) for r in (base, ours, theirs)]
    for number, (identity, remark) in enumerate(sides[2].items(), start=1):
        mine = sides[1].get(identity)
        place = f"{words.place} › 第 {number} 条批注"
        kept = decider.fields("remark", identity[:12], place, sides[0].get(identity), mine, remark, _REMARK)
        if kept is not None and kept != mine:
            yield kept


def _versions(
    decider: Decider, ours: UnitReport | None, theirs: UnitReport, words: ReportWords
) -> Iterable[ReportVersion]:
    """Kept states that are not known here, in the order in which the sender has kept them."""
    known = {(v.fingerprint, v.state, v.at) for v in (ours.versions if ours else ())}
    for version in theirs.versions:
        if (version.fingerprint, version.state, version.at) in known:
            decider.count("version", CellKind.SAME)
            continue
        decider.count("version", CellKind.NEW)
        decider.side("version", str(version.number), f"{words.place} › 版本", CellKind.NEW, "", "", _kept(version))
        yield version


def _kept(version: ReportVersion) -> str:
    at = version.at[:16].replace("T", " ")
    return f"{at} {version.by} {STATES[version.state]}{f'（{version.reason}）' if version.reason else ''}"
