"""Lines of text as reports keep them: no invisible signs, no soft line ends, no indents, one blank at most."""

from __future__ import annotations

import re

# Control and direction signs, zero-width signs, soft hyphens, what XML forbids.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f]+")
_GAPS = re.compile("(?:[ \u00a0]*[\t\u3000\x1f]+[ \u00a0]*)+")
_HAN = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018-\u201d\u2026"
_NEEDLESS = re.compile(f"(?<=[{_HAN}]) +| +(?=[{_HAN}])|(?<=^[0-9][.]) +|(?<=^[0-9][0-9][.]) +")


def tidy_lines(text: str) -> str:
    """Every line that is not empty, tidied; soft line ends are line ends. Tabs, wide gaps and full-width blanks inside a
    line become one full-width blank; indents go."""
    lines = (tidy_line(line) for line in _LINE_ENDS.split(text))
    return "\n".join(line for line in lines if line)


def plain_lines(text: str) -> str:
    """Every line that is not empty, as it was written: only invisible signs and the blanks around it go."""
    lines = (plain_line(line) for line in _LINE_ENDS.split(text))
    return "\n".join(line for line in lines if line)


def plain_line(line: str) -> str:
    """One line of them; a tab is a full-width blank."""
    return _INVISIBLE.sub("", line).replace("\t", "\u3000").replace("\x1f", "").strip(" \u00a0\u3000")


def tidy_line(line: str) -> str:
    """One line of them."""
    line = _GAPS.sub("\u3000", _INVISIBLE.sub("", line)).strip(" \u00a0\u3000")
    return _NEEDLESS.sub("", _BLANKS.sub(" ", line)).strip(" \u3000")
