"""What was copied in Word, WPS or a browser, as plain paragraphs: one a line, nothing that can be read is lost.

Clipboard HTML is full of style sheets, conditional comments and empty spans; the numbers of lists stand in spans that
Word itself ignores; tables, soft line ends and indents have to become lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser

from app.files.word.texts import tidy_lines

_HTML = re.compile(
    r"<(?:!doctype|html|body|meta|p|div|span|table|ul|ol|br|b|i|strong|font|h[1-6])\b[^<>]*>", re.IGNORECASE
)
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.IGNORECASE | re.DOTALL)
_HEADER = re.compile(r"\AVersion:\d[^<]{0,600}(?=<)")
_SKIPPED = frozenset({"style", "script", "head", "title", "xml", "template", "del"})
_BLOCKS = frozenset(
    re.findall(
        r"\S+",
        "p div li ul ol tr table thead tbody tfoot h1 h2 h3 h4 h5 h6 blockquote pre section article header footer dl dt dd hr "
        "figure figcaption caption address center form body",
    )
)
_ROWS = frozenset({"tr", "table", "thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th"})
_GAP = "\x1f"  # between the cells of a row, and between the paragraphs of a cell
_NUMBER = re.compile(r"[0-9０-９一二三四五六七八九十①-⑳]|[A-Za-z][.)）、]")


def clean_paste(text_or_html: str) -> str:
    """Plain paragraphs of a pasted text or HTML fragment, one a line, without empty ones. The cells of a row stand in one
    line, a full-width blank between them; numbers of lists are kept or counted, bullets go."""
    if _HTML.search(text_or_html) and ("</" in text_or_html or "<!--StartFragment" in text_or_html):
        found = _FRAGMENT.search(text_or_html)
        reader = _Reader()
        reader.feed(found.group(1) if found else _HEADER.sub("", text_or_html))
        reader.close()
        return tidy_lines(reader.text())
    return tidy_lines(text_or_html)


@dataclass
class _List:
    ordered: bool
    number: int


class _Reader(HTMLParser):
    """Lines out of HTML. A line end in the source is a blank; only elements make lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._skipped: list[str] = []  # open elements whose content nobody sees
        self._lists: list[_List] = []
        self._in_cell = False
        self._as_it_is = 0  # inside <pre>
        self._spans = 0  # open spans since the one with a list's number
        self._label: list[str] | None = None  # the list's number as far as read

    def text(self) -> str:
        """What was read, line by line."""
        self._end_label()
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SKIPPED or tag in self._skipped:
            self._skipped.append(tag)
        elif self._skipped:
            return
        elif tag == "span":
            self._open_span(given.get("style", ""))
        elif tag == "br":
            self._say("\n" if not self._in_cell else _GAP)
        elif tag in _CELLS:
            self._in_cell = True
            self._say(_GAP)
        elif tag in _BLOCKS:
            self._break(tag)
            self._open_block(tag, given)
        elif tag == "img" and given.get("alt", "").strip():
            self._say(f"［图：{given['alt'].strip()}］")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag == self._skipped[-1]:
                self._skipped.pop()
        elif tag == "span" and self._label is not None:
            self._spans -= 1
            if self._spans == 0:
                self._end_label()
        elif tag in _CELLS:
            self._in_cell = False
        elif tag in _BLOCKS:
            self._break(tag)
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            if tag == "pre" and self._as_it_is:
                self._as_it_is -= 1

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._say(data if self._as_it_is else re.sub(r"[ \t\r\n\f]+", " ", data))

    def unknown_decl(self, data: str) -> None:
        """Office's conditional sections (``<![if !supportLists]>``): what they surround is shown."""

    def _say(self, text: str) -> None:
        (self._pieces if self._label is None else self._label).append(text)

    def _break(self, tag: str) -> None:
        """A new line; inside a cell, where only rows make lines, a gap."""
        self._end_label()
        if tag in _ROWS:
            self._in_cell = False
        self._pieces.append(_GAP if self._in_cell else "\n")

    def _open_block(self, tag: str, given: dict[str, str]) -> None:
        if tag in ("ul", "ol"):
            start = given.get("start", "")
            self._lists.append(_List(tag == "ol", int(start) - 1 if start.isdecimal() else 0))
        elif tag == "pre":
            self._as_it_is += 1
        elif tag == "li" and self._lists:
            here, value = self._lists[-1], given.get("value", "")
            here.number = int(value) if value.isdecimal() else here.number + 1
            if here.ordered:
                self._pieces.append(f"{here.number}.")

    def _open_span(self, style: str) -> None:
        if self._label is not None:
            self._spans += 1
        elif re.search(r"mso-list:\s*ignore", style, re.IGNORECASE):
            self._label, self._spans = [], 1

    def _end_label(self) -> None:
        """The number of a list as Word has written it; a bullet is left out."""
        said = "".join(self._label or ()).strip(" \u00a0\t")
        self._label, self._spans = None, 0
        if _NUMBER.search(said):
            self._pieces.append(said)
