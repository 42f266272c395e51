"""Search as one types: words, and pinyin initials of Chinese names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtWidgets import QLineEdit

from app.ui import icons


class SearchField(QLineEdit):
    """A search line; connect ``textChanged`` to ``table.narrow``. Escape clears it."""

    def __init__(self, hint: str = "搜索名称、编码或拼音首字母") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(200)
        self.setMaximumWidth(280)
        self.addAction(icons.icon("search", size=16), QLineEdit.ActionPosition.LeadingPosition)


def matches(words: str, texts: Sequence[str]) -> bool:
    """Whether every word stands in one of the texts, as it is or as the pinyin initials of its characters."""
    for word in words.lower().split():
        if any(word in text.lower() for text in texts):
            continue
        if not (word.isascii() and word.isalpha() and any(word in initials(text) for text in texts)):
            return False
    return True


@lru_cache(maxsize=20_000)
def initials(text: str) -> str:
    """First letters of the pinyin of a text, lower case; other signs are left out (组织部 → zzb)."""
    if text.isascii():
        return ""
    from pypinyin import Style, lazy_pinyin  # loaded at the first search: its tables take a tenth of a second

    return "".join(lazy_pinyin(text[:60], style=Style.FIRST_LETTER, errors="ignore")).lower()
