"""Whose report stands where: one line a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.ui import colours
from app.ui.colours import Tone
from app.ui.pages.reports.words import MANNERS, NOT_BEGUN, NOT_BEGUN_TONE, STATE_TONES, STATES, when
from app.ui.widgets.table import Column

if TYPE_CHECKING:
    from app.services.reports import HearingLine, ReportLine

FILTERS = ("", "none", "draft", "submitted", "returned", "accepted")


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A unit's line. hearings: before whom it reports."""

    line: ReportLine
    hearings: tuple[HearingLine, ...]

    @property
    def group(self) -> str:
        """Which filter it belongs to."""
        return self.line.state or "none"

    @property
    def order(self) -> int:
        """Its place by lot, of the first body that has drawn; 0: none."""
        return next((h.hearing.order for h in self.hearings if h.hearing.order), 0)


def state_text(row: OverviewRow) -> str:
    """The state as a word."""
    return STATES[row.line.state] if row.line.state else NOT_BEGUN


def _tone(row: OverviewRow) -> Tone:
    return STATE_TONES[row.line.state] if row.line.state else NOT_BEGUN_TONE


def _bodies(row: OverviewRow) -> str:
    if not row.hearings:
        return "、".join(row.line.bodies) or "—"
    return "；".join(f"{h.body_name}（{MANNERS[h.hearing.manner]}）" for h in row.hearings)


def _findings(row: OverviewRow) -> str:
    if row.line.state is None:
        return "—"
    return "未检查" if row.line.findings is None else f"{row.line.findings} 条" if row.line.findings else "无"


def columns() -> tuple[Column[OverviewRow], ...]:
    """The columns of the list."""
    faint = colours.TEXT_FAINT
    return (
        Column(
            key="order",
            title="顺序",
            text=lambda r: str(r.order or "—"),
            sort=lambda r: r.order or 1_000_000,
            width=58,
            align="center",
            head_tip="抽签定下的口头述职顺序",
        ),
        Column(key="name", title="单位", text=lambda r: r.line.name, tip=lambda r: r.line.name, width=170, strong=True),
        Column(key="series", title="系列", text=lambda r: r.line.series or "—", width=92),
        Column(
            key="state",
            title="状态",
            text=state_text,
            tone=_tone,
            sort=lambda r: FILTERS.index(r.group),
            align="center",
            width=88,
        ),
        Column(
            key="characters",
            title="字数",
            text=lambda r: str(r.line.characters) if r.line.state else "—",
            sort=lambda r: r.line.characters,
            align="right",
            width=66,
        ),
        Column(
            key="findings",
            title="检查意见",
            text=_findings,
            sort=lambda r: -1 if r.line.findings is None else r.line.findings,
            ink=lambda r: colours.WARN if r.line.findings else faint,
            align="right",
            width=80,
        ),
        Column(
            key="remarks",
            title="批注",
            text=lambda r: f"{r.line.remarks} 条" if r.line.remarks else "—",
            sort=lambda r: r.line.remarks,
            ink=lambda r: "" if r.line.remarks else faint,
            align="right",
            width=60,
        ),
        Column(
            key="evidence",
            title="佐证",
            text=lambda r: f"{r.line.evidence} 件" if r.line.evidence else "—",
            sort=lambda r: r.line.evidence,
            ink=lambda r: "" if r.line.evidence else faint,
            align="right",
            width=60,
        ),
        Column(
            key="at",
            title="最近变动",
            text=lambda r: when(r.line.at) or "—",
            sort=lambda r: r.line.at or None,
            tip=lambda r: r.line.by,
            width=136,
        ),
        Column(key="bodies", title="向谁述职", text=_bodies, tip=_bodies, width=150, stretch=True),
    )
