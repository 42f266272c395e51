"""Words, colours and lengths of self-reports, as this page says them."""

from __future__ import annotations

from app.domain.report_forms import EvidenceKind, Manner, Section
from app.domain.reports import EntryKind, EntryState, ReportState
from app.services.reports.passages import characters
from app.ui import colours
from app.ui.colours import BAD_TONE, GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone

STATES: dict[ReportState, str] = {"draft": "草稿", "submitted": "已提交", "returned": "已退回", "accepted": "已通过"}
STATE_TONES: dict[ReportState, Tone] = {
    "draft": NEUTRAL,
    "submitted": INFO_TONE,
    "returned": WARN_TONE,
    "accepted": GOOD_TONE,
}
NOT_BEGUN, NOT_BEGUN_TONE = "未动笔", BAD_TONE
MANNERS: dict[Manner, str] = {"oral": "口头", "written": "书面"}
ENTRY_KINDS: dict[EntryKind, str] = {"duty": "责任清单", "problem": "上年问题", "promise": "上年承诺"}
ENTRY_STATES: dict[EntryState, str] = {"open": "未开始", "doing": "进行中", "done": "已完成"}
ENTRY_TONES: dict[EntryState, Tone] = {"open": WARN_TONE, "doing": INFO_TONE, "done": GOOD_TONE}
EVIDENCE_KINDS: dict[EvidenceKind, str] = {"pdf": "PDF", "image": "图片", "docx": "Word", "xlsx": "Excel"}
WHOLE = "整份报告"


def entries(text: str) -> int:
    """How many lines of a list are written on."""
    return sum(bool(line.strip()) for line in text.split("\n"))


def range_text(minimum: int, maximum: int | None) -> str:
    """``300–800 字``; empty when there is no limit."""
    if maximum is not None:
        return f"{minimum}–{maximum} 字" if minimum else f"不超过 {maximum} 字"
    return f"不少于 {minimum} 字" if minimum else ""


def limits_text(section: Section) -> str:
    """What the form asks of a section, in one line."""
    parts = ["必填" if section.required else "可不写"]
    if section.shape == "list":
        parts.append(f"一行一条，至少 {section.entries} 条" if section.entries else "一行一条")
    parts.append(range_text(section.minimum, section.maximum))
    return " · ".join(part for part in parts if part)


def shortfall(section: Section, text: str) -> str:
    """What is still wrong with the length of a section's text; empty: nothing."""
    count = characters(text)
    if not count:
        return "未写" if section.required else ""
    if section.shape == "list" and entries(text) < section.entries:
        return f"还差 {section.entries - entries(text)} 条"
    if count < section.minimum:
        return f"还差 {section.minimum - count} 字"
    if section.maximum is not None and count > section.maximum:
        return f"超出 {count - section.maximum} 字"
    return ""


def count_ink(section: Section, text: str) -> str:
    """The colour of a section's count."""
    wrong = shortfall(section, text)
    if wrong.startswith("超出"):
        return colours.BAD
    if wrong:
        return colours.WARN
    return colours.GOOD if characters(text) else colours.TEXT_FAINT


def size_text(size: int) -> str:
    """A file's size: ``820 KB``, ``3.4 MB``."""
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} MB"
    return f"{max(1, round(size / 1024))} KB"


def when(at: str) -> str:
    """A moment as it is shown: ``2026-11-20 09:30``."""
    return at[:16].replace("T", " ")
