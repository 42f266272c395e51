"""Where something stands in a scheme: the path of a name, the part of a path, the section that holds a typed word."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.errors import AppError
from app.domain.findings import Finding
from app.domain.scheme_editing import MEASURES, Path, parse_path, part_path, path_of
from app.domain.schemes import Scheme

SPACES = ("part", "grade", "event_kind", "adjustment", "group", "ballot_rule")


def place_of_finding(scheme: Scheme, finding: Finding) -> Path:
    """The field that the finding names, else its node; empty: neither."""
    try:
        path = parse_path(finding.place)
    except AppError:
        path = ()
    return path or (place_of(scheme, finding.node) if finding.node else ())


def place_of(scheme: Scheme, id: str) -> Path:
    """The part, grade, adjustment … with this id; empty: there is none."""
    for space in SPACES:
        try:
            return path_of(scheme, space, id)
        except AppError:
            continue
    return ()


def part_at(scheme: Scheme, parts: Iterable[str], path: Path) -> str:
    """Which of the parts (ids) the path lies in, not counting those below it; none: the root."""
    for id in parts:
        if id != MEASURES:
            own = part_path(scheme, id)
            rest = path[len(own) :]
            if path[: len(own)] == own and rest[:1] != ("children",):
                return id
    return scheme.tree.id


def section_with(scheme: Scheme, typed: str) -> str:
    """The id of the first section beside the tree with a name that holds what is typed; empty: there is none."""
    for id, rows in (
        ("ladder", scheme.ladder.grades),
        ("adjustments", scheme.adjustments),
        ("event_kinds", scheme.event_kinds),
        ("groups", scheme.groups),
    ):
        if any(typed in one.name for one in rows):
            return id
    return ""
