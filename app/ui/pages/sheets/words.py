"""Words and colours of sheets and their import."""

from __future__ import annotations

from app.services.imports.values import CellKind
from app.services.returns import SheetState, SheetStatus
from app.ui.colours import BAD_TONE, GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone
from app.ui.widgets.table_preview import SEVERITIES as SEVERITIES
from app.ui.widgets.table_preview import SEVERITY_TONES as SEVERITY_TONES

STATUS = {
    SheetStatus.NOT_SENT: "未发出",
    SheetStatus.SENT: "已发出",
    SheetStatus.RETURNED: "已收齐",
    SheetStatus.GAPS: "有缺项",
    SheetStatus.REFUSED: "被拒收",
    SheetStatus.HANDED_BACK: "已退回",
}
STATUS_TONES = {
    SheetStatus.NOT_SENT: NEUTRAL,
    SheetStatus.SENT: INFO_TONE,
    SheetStatus.RETURNED: GOOD_TONE,
    SheetStatus.GAPS: WARN_TONE,
    SheetStatus.REFUSED: BAD_TONE,
    SheetStatus.HANDED_BACK: WARN_TONE,
}
FATE = {
    "import": "导入",
    "update": "更新",
    "same": "无变化",
    "skipped": "跳过",
    "waiting": "待答复",
    "refused": "拒收",
    "unread": "未读",
}
FATE_TONES: dict[str, Tone] = {
    "import": GOOD_TONE,
    "update": INFO_TONE,
    "same": NEUTRAL,
    "skipped": NEUTRAL,
    "waiting": WARN_TONE,
    "refused": BAD_TONE,
    "unread": WARN_TONE,
}
KINDS = {
    CellKind.NEW: "新增",
    CellKind.SAME: "不变",
    CellKind.CHANGED_THERE: "表中改动",
    CellKind.CHANGED_HERE: "程序内改过",
    CellKind.BOTH: "两边都改",
    CellKind.BLANK: "空白",
    CellKind.REFUSED: "拒收",
    CellKind.SKIPPED: "不导入",
}
KIND_TONES = {
    CellKind.NEW: GOOD_TONE,
    CellKind.SAME: NEUTRAL,
    CellKind.CHANGED_THERE: INFO_TONE,
    CellKind.CHANGED_HERE: INFO_TONE,
    CellKind.BOTH: WARN_TONE,
    CellKind.BLANK: NEUTRAL,
    CellKind.REFUSED: BAD_TONE,
    CellKind.SKIPPED: NEUTRAL,
}


def moment(text: str) -> str:
    """A stored moment as people read it: ``2026-11-23 21:40``."""
    return text[:16].replace("T", " ") or "—"


def how_far(state: SheetState) -> str:
    """``已收齐 120/120``, or only the state while nothing is back."""
    name = STATUS[state.status]
    if state.handed_back:
        return f"{name} {state.handed_back[5:10]}"
    return f"{name} {state.returned}/{state.expected}" if state.returned else name


def state_tip(state: SheetState) -> str:
    """Everything known about one sheet."""
    lines = [f"{state.evaluator_name}：{STATUS[state.status]}", f"评分表 {state.sheet}"]
    lines.append(f"应填 {state.expected} 格，已填 {state.returned} 格")
    lines += [f"拒收 {state.refused} 格"] if state.refused else []
    lines += [f"程序内更正 {state.edited} 格"] if state.edited else []
    lines += [f"发出 {moment(state.sent_at)}"] if state.sent_at else []
    lines += [f"来自 {state.file}（第 {state.batch} 批）"] if state.file else []
    lines += [f"退回 {moment(state.handed_back)}，等改好再交"] if state.handed_back else []
    lines += [f"原因：{state.reason}"] if state.reason else []
    return "\n".join(lines)
