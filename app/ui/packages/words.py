"""Words and colours of packages, as every page says them."""

from __future__ import annotations

from app.domain.packages import PackageKind
from app.services.exchange.report import NOUNS as NOUNS
from app.services.exchange.values import Fate
from app.services.imports.values import CellKind
from app.ui.colours import BAD_TONE, GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone

FILES = "数据包 (*.slp)"
PACKAGES: dict[PackageKind, str] = {"task": "任务包", "return": "回传包", "results": "结果包"}
FATES: dict[Fate, str] = {
    "take": "接收",
    "same": "无新内容",
    "waiting": "待答复",
    "skipped": "跳过",
    "refused": "拒收",
}
FATE_TONES: dict[Fate, Tone] = {
    "take": GOOD_TONE,
    "same": NEUTRAL,
    "waiting": WARN_TONE,
    "skipped": NEUTRAL,
    "refused": BAD_TONE,
}
FATE_ORDER: tuple[Fate, ...] = ("refused", "waiting", "take", "same", "skipped")
KINDS: dict[CellKind, str] = {
    CellKind.NEW: "新增",
    CellKind.SAME: "不变",
    CellKind.CHANGED_THERE: "包里已改",
    CellKind.CHANGED_HERE: "这里已改",
    CellKind.BOTH: "两边都改",
    CellKind.BLANK: "空白",
    CellKind.REFUSED: "拒收",
    CellKind.SKIPPED: "不接收",
}
KIND_TONES: dict[CellKind, Tone] = {
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


def shown_kind(kind: PackageKind | str) -> str:
    """任务包, 回传包, 结果包; a file that could not be read has none."""
    return next((name for key, name in PACKAGES.items() if key == kind), "—")
