"""How workbooks look: fonts, fills, borders. Names of the usual office fonts; Excel and WPS substitute what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

TITLE_FONT, HEAD_FONT, BODY_FONT = "方正小标宋简体", "黑体", "仿宋"
HEAD_FILL, ENTRY_FILL, CLOSED_FILL = "#E9E4DC", "#FFF9DC", "#EDEDED"
LINE_COLOUR = "#8C8479"
FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a workbook's dates have no zone; the same data give the same bytes


class HandoutStyles:
    """The cell formats of a hand-out workbook."""

    def __init__(self, book: Any) -> None:
        def made(**extra: Any) -> Any:
            base = {"font_name": BODY_FONT, "font_size": 11, "valign": "vcenter"}
            return book.add_format(base | extra)

        boxed = {"border": 1, "border_color": LINE_COLOUR, "align": "center", "text_wrap": True}
        self.title = made(font_name=TITLE_FONT, font_size=20, align="center")
        self.info = made()
        self.remaining = made(bold=True, font_color="#A3261F")
        self.head = made(**boxed, font_name=HEAD_FONT, bg_color=HEAD_FILL)
        self.small_head = made(**boxed, font_size=9, bg_color="#F5F2ED")
        self.note = made(**{**boxed, "align": "left"}, font_size=8, bg_color="#F5F2ED")
        self.number = made(**boxed)
        self.name = made(**{**boxed, "align": "left"})
        self.total = made(**boxed, num_format="0.00", font_color="#555555")
        self.open_count = made(**boxed, num_format="0", font_color="#A3261F")
        self.entry = made(**{**boxed, "text_wrap": False}, bg_color=ENTRY_FILL, locked=False, num_format="General")
        self.choice = made(**{**boxed, "shrink": True, "text_wrap": False}, bg_color=ENTRY_FILL, locked=False)
        self.closed = made(**boxed, bg_color=CLOSED_FILL, font_color="#7A7A7A")
        self.outside = book.add_format({"bg_color": "#F4B6AE", "font_color": "#8A1C14"})
        self.gap = book.add_format({"bg_color": "#FFE08A"})
        self.complete = book.add_format({"font_color": "#2F6B3A"})
        self.plain = made(text_wrap=True, valign="top")
        self.strong = made(font_name=HEAD_FONT, font_size=12)
        self.cell = made(**{**boxed, "align": "left"}, font_size=10)
        self.cell_centre = made(**boxed, font_size=10)
