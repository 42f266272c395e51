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
    numbers = [f"第 {n} 份，" if len(drafts) > 1 else "" for n in range(1, len(drafts) + 1)]
    return [_label(n, f"{k}文件夹“{f}”", d.stamp) for n, k, f, d in zip(names, numbers, folders, drafts, strict=True)]


def _alike(folders: Sequence[tuple[str, ...]], names: Sequence[str]) -> bool:
    """Whether two files of the same name could not be told apart by these ends of their folders."""
    return len(set(zip(folders, names, strict=True))) < len(names)


def _label(name: str, place: str, stamp: Stamp) -> str:
    return f"{name}（{place}，{stamp.text}）"


def stored_label(sheet: StoredSheet) -> str:
    """The same for what was imported before."""
    origin = sheet.block.origin
    if origin is None:
        return "在程序中录入"
    name = origin.file or f"程序内填写，随 {'、'.join(origin.packages)} 报来"
    return f"{name}（第 {origin.batch} 批导入，{sheet.stamp.text}）"


def from_stored(merge: Merge, words: Sequence[ItemWords], units: Mapping[str, str]) -> str:
    """Where a file differs from what is stored."""
    return _differences(merge, words, units, ("已有", "这份"))


def from_first(drafts: Sequence[Draft], number: int, words: Sequence[ItemWords], units: Mapping[str, str]) -> str:
    """Where the file with this number (from 2) differs from the first one."""
    first, other = drafts[0].file.reading.block, drafts[number - 1].file.reading
    if first is None:
        return ""
    merge = compare_sheet(other, StoredSheet(block=first, base=None))
    said = _differences(merge, words, units, ("第 1 份", f"第 {number} 份"))
    return f"第 {number} 份与第 1 份相比，{said}"


def _differences(merge: Merge, words: Sequence[ItemWords], units: Mapping[str, str], sides: tuple[str, str]) -> str:
    """``12 格不同：市清波办 述职报告质量 F11 已有 8，这份 5.5；…``; at most six are named."""
    places = np.argwhere(merge.file != merge.stored)
    named: list[str] = []
    for u, i in ((int(u), int(i)) for u, i in places[:_SHOWN]):
        was, now = (mark_text(int(g[u, i]), merge.digits[i], words[i].levels) for g in (merge.stored, merge.file))
        now = "不能识别" if (u, i) in merge.reading.refused else now or "空白"
        unit = units.get(merge.block.units[u], merge.block.units[u])
        named.append(
            f"{unit} {words[i].name} {address(merge.block, u, i)} {sides[0]} {was or '空白'}，{sides[1]} {now}"
        )
    rest = len(places) - len(named)
    if not named:
        return "分数相同，不能识别的格子不同"
    return f"{len(places)} 格不同：" + "；".join(named) + (f"；另有 {rest} 格" if rest else "")
