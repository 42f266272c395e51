"""The text of one paragraph, whatever it is wrapped in: runs, links, tracked insertions, content controls, formulas.

What was deleted is left out; text boxes and pictures are handed on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.files.word.markup import MC, A, M, V, W

_LEFT_OUT = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "rPr", "pPr", "rt", "sectPr")
)
_BREAKS = frozenset({f"{W}br", f"{W}cr"})
_TABS = frozenset({f"{W}tab", f"{W}ptab"})
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_PICTURES = frozenset({f"{A}blip", f"{V}imagedata"})
_SYMBOLS = {"F0FE": "☑", "F052": "☑", "F0FC": "√", "F0A8": "□", "F06F": "□", "F0A3": "□"}


@dataclass
class Read:
    """What stands in a paragraph. boxes: elements w:txbxContent inside it; notes: kind and id of foot- and endnotes
    referred to, in order; pictures, objects: how many."""

    pieces: list[str] = field(default_factory=list[str])
    boxes: list[Any] = field(default_factory=list[Any])
    notes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    pictures: int = 0
    objects: int = 0

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def read_paragraph(paragraph: Any) -> Read:
    """Everything in it. A note's place is marked ［注］ with its number as counted by the caller's ``notes``."""
    read = Read()
    _walk(paragraph, read)
    return read


def _walk(element: Any, read: Read) -> None:
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _LEFT_OUT:
            continue
        if tag in (f"{W}t", f"{M}t"):
            read.pieces.append(str(child.text or ""))
        elif tag in _TABS:
            read.pieces.append("\t")
        elif tag in _BREAKS:
            read.pieces.append("\n")
        elif tag == f"{W}txbxContent":
            read.boxes.append(child)
        elif tag == f"{MC}AlternateContent":
            _walk_alternatives(child, read)
        elif not _is_sign(child, tag, read):
            read.objects += tag == f"{W}object"
            _walk(child, read)


def _is_sign(child: Any, tag: str, read: Read) -> bool:
    """Whether the element is one sign, a reference or a picture, and has been noted."""
    if tag in _NOTES:
        read.notes.append((_NOTES[tag], str(child.get(f"{W}id") or "")))
        read.pieces.append("\ufdd0")  # its number is known when the whole document is
    elif tag in (f"{W}noBreakHyphen", f"{W}softHyphen"):
        read.pieces.append("-" if tag.endswith("noBreakHyphen") else "")
    elif tag == f"{W}sym":
        read.pieces.append(_symbol(str(child.get(f"{W}char") or "")))
    elif tag in _PICTURES:
        read.pictures += 1
    else:
        return False
    return True


def _walk_alternatives(element: Any, read: Read) -> None:
    """The first choice; what is only there for older programs says the same once more."""
    choices = element.findall(f"{MC}Choice") or element.findall(f"{MC}Fallback")
    for choice in choices[:1]:
        _walk(choice, read)


def _symbol(code: str) -> str:
    if code.upper() in _SYMBOLS:
        return _SYMBOLS[code.upper()]
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "●" if 0xE000 <= number <= 0xF8FF else chr(number) if 0x20 <= number < 0xD800 else ""
