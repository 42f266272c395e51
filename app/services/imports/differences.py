"""What a question about two files of one sheet shows of them: folder, time of saving, which cells differ. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from app.services.imports.ages import Stamp
from app.services.imports.draft import Draft
from app.services.imports.grid import mark_text
from app.services.imports.merge import ItemWords, Merge, StoredSheet, address, compare_sheet

_SHOWN = 6


def labels(drafts: Sequence[Draft]) -> list[str]:
    """A text for each file by which it is told from the others: name, folder, time of saving."""
    names = [d.file.path.name for d in drafts]
    parts = [d.file.path.parent.parts for d in drafts]
    depth = 1
    while depth < max(len(p) for p in parts) and _alike([p[-depth:] for p in parts], names):
        depth += 1
    folders = ["/".join(p[-depth:]) for p in parts]
    return [_label(n, f, d.stamp) for n, f, d in zip(names, folders, drafts, strict=True)]


def _alike(folders: Sequence[tuple[str, ...]], names: Sequence[str]) -> bool:
    """Whether two files of the same name could not be told apart by these ends of their folders."""
    return len(set(zip(folders, names, strict=True))) < len(names)


def _label(name: str, folder: str, stamp: Stamp) -> str:
    return f"{name}（文件夹“{folder}”，{stamp.text}）"


def stored_label(sheet: StoredSheet) -> str:
    """The same for what was imported before."""
    origin = sheet.block.origin
    return f"{origin.file}（第 {origin.batch} 批导入，{sheet.stamp.text}）" if origin else "在程序中录入"


def from_stored(merge: Merge, words: Sequence[ItemWords], units: Mapping[str, str]) -> str:
    """Where a file differs from what is stored."""
    return _differences(merge, words, units, "已有")


def from_other(draft: Draft, other: Draft, words: Sequence[ItemWords], units: Mapping[str, str]) -> str:
    """Where a file differs from another one of the same sheet."""
    against = other.file.reading.block
    if against is None:
        return ""
    return _differences(compare_sheet(draft.file.reading, StoredSheet(block=against, base=None)), words, units, "那份")


def _differences(merge: Merge, words: Sequence[ItemWords], units: Mapping[str, str], there: str) -> str:
    """``12 格不同：市清波办 述职报告质量 F11 已有 8，这份 5.5；…``; at most six are named."""
    places = np.argwhere(merge.file != merge.stored)
    named: list[str] = []
    for u, i in ((int(u), int(i)) for u, i in places[:_SHOWN]):
        was, now = (mark_text(int(g[u, i]), merge.digits[i], words[i].levels) for g in (merge.stored, merge.file))
        now = "不能识别" if (u, i) in merge.reading.refused else now or "空白"
        unit = units.get(merge.block.units[u], merge.block.units[u])
        named.append(f"{unit} {words[i].name} {address(merge.block, u, i)} {there} {was or '空白'}，这份 {now}")
    rest = len(places) - len(named)
    if not named:
        return "分数相同，不能识别的格子不同"
    return f"{len(places)} 格不同：" + "；".join(named) + (f"；另有 {rest} 格" if rest else "")
