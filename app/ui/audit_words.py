"""What the audit trail keeps in codes, in the words of the register and the schemes, for people who read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from app.domain.facts import Evaluator, Unit
from app.domain.schemes import Scheme

_CODE = re.compile(r"(?<![\w./\-])[A-Za-z][A-Za-z0-9_]*(?![\w./\-])")
_FINGERPRINT = "指纹："
_ONLY_CODE = re.compile(r"^[原现]：[0-9a-f]{16,64}$")
_MOST = 240  # signs of an entry in a table's cell


def names_of(schemes: Sequence[Scheme], units: Sequence[Unit], evaluators: Sequence[Evaluator]) -> dict[str, str]:
    """Code → name: schemes by their level, everything in them that has a name, units, evaluators."""
    found: dict[str, str] = {}
    for scheme in schemes:
        for id, name in _named(scheme):
            found.setdefault(id, name)
    found.update((s.id, s.level_name or s.name) for s in schemes)
    found.update((e.code, e.name) for e in evaluators)
    found.update((u.code, u.name) for u in units)
    return found


def _named(value: Any) -> Iterator[tuple[str, str]]:
    """Everything in a scheme that has an id and a name."""
    if isinstance(value, tuple):
        for one in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _named(one)
    elif is_dataclass(value):
        id, name = getattr(value, "id", ""), getattr(value, "name", "")
        if isinstance(id, str) and isinstance(name, str) and id and name:
            yield id, name
        for field in fields(value):
            yield from _named(getattr(value, field.name))


def in_words(text: str, names: Mapping[str, str]) -> str:
    """The text with a name for every code that is known."""
    return _CODE.sub(lambda code: names.get(code[0], code[0]), text)


def in_short(details: Sequence[str], names: Mapping[str, str]) -> str:
    """For a cell: without fingerprints, and not longer than one reads."""
    text = "；".join(line for line in details if not (line.startswith(_FINGERPRINT) or _ONLY_CODE.search(line)))
    return in_words(f"{text[:_MOST]}…" if len(text) > _MOST else text, names)


def at_length(details: Sequence[str], names: Mapping[str, str]) -> str:
    """Everything; what was a list of many stands in lines."""
    return "\n".join(
        in_words(line.replace("；", "\n　　") if line.count("；") > 2 else line, names) for line in details
    )
