"""Passages of a text and their places on the screen: Qt counts UTF-16 units, a report counts characters. Pure."""

from __future__ import annotations


def shown_place(text: str, place: int) -> int:
    """The place on the screen of a character's place: rare characters count twice there."""
    return place + sum(ord(sign) > 0xFFFF for sign in text[:place])


def text_place(text: str, shown: int) -> int:
    """The character's place of a place on the screen."""
    seen = 0
    for place, sign in enumerate(text):
        if seen >= shown:
            return place
        seen += 2 if ord(sign) > 0xFFFF else 1
    return len(text)


def found_again(text: str, start: int, end: int, quote: str) -> tuple[int, int] | None:
    """Where a quoted passage stands now: at its place, else where the same words stand, the nearest one; none: it is
    no longer there."""
    if not quote:
        return None
    if text[start:end] == quote:
        return start, end
    places: list[int] = []
    at = text.find(quote)
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    if not places:
        return None
    nearest = min(places, key=lambda p: abs(p - start))
    return nearest, nearest + len(quote)
