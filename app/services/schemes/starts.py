"""Where a new scheme starts from: nothing, a sample, last year, an indicator table. Values only; ``create`` stores."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.scheme_editing import fresh_id
from app.domain.schemes import Grade, Item, Ladder, MarksSource, Node, Part, Scheme
from app.services.schemes.files import read_scheme_file
from app.services.session import Session
from app.storage.year_file import YearFile

_NEW = "新建的方案：等次和分数线是通常的起点，请按本单位的办法修改。"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A sample scheme that comes with the program. source: the rule it follows."""

    path: Path
    name: str
    level_name: str
    source: str
    note: str


def samples() -> tuple[Sample, ...]:
    """The sample schemes, by name. One that cannot be read is our own fault and raises SCHEME_BAD."""
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[3]))
    found = [(path, read_scheme_file(path)) for path in sorted((root / "resources" / "schemes").glob("*.json"))]
    return tuple(
        Sample(path=path, name=s.name, level_name=s.level_name or s.level, source=s.source, note=s.note)
        for path, s in found
    )


def empty(year: int, level: str, level_name: str, name: str) -> Scheme:
    """A scheme with one item and the usual four grades. Raises INPUT_BAD without a name or a level."""
    if not name.strip() or not level.strip():
        raise AppError(Fault.INPUT_BAD, "请写明方案的名称和层级代号。")
    first = Item(id="item", name="新指标", points=Fraction(100), source=MarksSource())
    return _scheme(year, level.strip(), level_name.strip(), name.strip(), (first,))


def of_parts(year: int, level: str, level_name: str, name: str, parts: tuple[Part, ...]) -> Scheme:
    """A scheme whose tree holds these parts (out of an indicator table). Raises INPUT_BAD without any."""
    if not parts:
        raise AppError(Fault.INPUT_BAD, "表里没有可以用的指标。")
    return replace(empty(year, level, level_name, name), tree=_root(name, parts))


def _scheme(year: int, level: str, level_name: str, name: str, parts: tuple[Part, ...]) -> Scheme:
    grades = (("good", "好", 90), ("rather_good", "较好", 80), ("fair", "一般", 60), ("poor", "差", None))
    ladder = Ladder(
        grades=tuple(Grade(id=i, name=n, line=None if line is None else Fraction(line)) for i, n, line in grades)
    )
    return Scheme(
        id=level,
        name=name,
        year=year,
        level=level,
        level_name=level_name,
        note=_NEW,
        tree=_root(name, parts),
        ladder=ladder,
    )


def _root(name: str, parts: tuple[Part, ...]) -> Node:
    used = {below.id for part in parts for below in _all(part)}
    id = fresh_id("total_score", used)
    return Node(id=id, name=f"{name.removesuffix('方案')}总分", points=Fraction(100), children=parts)


def _all(part: Part) -> list[Part]:
    return [part, *(p for c in part.children for p in _all(c))] if isinstance(part, Node) else [part]


def schemes_of_year(session: Session, path: Path) -> tuple[Scheme, ...]:
    """The current schemes of another year file, as they are there. The file is only read. Raises the E-FILE and E-DB
    errors, SCHEME_BAD."""
    if path.resolve() == session.file.path.resolve():
        raise AppError(Fault.INPUT_BAD, "这就是现在打开的年度文件，请选择另一个年度的文件。")
    other = YearFile.open(path, read_only=True)
    try:
        with other.read() as work:
            return tuple(session.parse(v.text, v.fingerprint) for v in work.schemes.current())
    finally:
        other.close()


def for_year(scheme: Scheme, year: int, practice: bool, taken: set[str]) -> Scheme:
    """A copy for this year: with an id that is free. Whatever else it says stays, for the editor to change."""
    return replace(scheme, id=fresh_id(scheme.id, set(taken)), year=year, practice=practice)
