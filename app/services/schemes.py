"""Schemes of the year: read, check, edit as new versions, exchange as files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding
from app.domain.schemes import Item, Node, Part, Scheme, walk
from app.files.documents import read_scheme, write_scheme
from app.scoring.checks import check_scheme
from app.scoring.engine import evaluate
from app.services.changes import Area, Outcome
from app.services.comparison import ResultChange, compare
from app.services.imports.grid import plain
from app.services.session import Session, StoredScheme, done, note_export, read_text


@dataclass(frozen=True, kw_only=True, slots=True)
class PartEdit:
    """One change of one part (or measure). value: what was typed; a number for points and weight (empty: none)."""

    part: str
    field: Literal["name", "note", "points", "weight"]
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemeVersion:
    """One stored version of a scheme. current: the one that computes now."""

    scheme: str
    version: int
    fingerprint: str
    made_at: str
    made_by: str
    current: bool


class SchemeService:
    """The schemes of the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> tuple[Scheme, ...]:
        """The current version of every scheme, lowest level first (a level before those that use its results)."""
        with self._session.read() as work:
            return tuple(s.scheme for s in self._session.schemes(work))

    def get(self, scheme_id: str) -> Scheme:
        """One scheme. Raises NOT_FOUND."""
        return self._stored(scheme_id).scheme

    def text(self, scheme_id: str) -> str:
        """The document as canonical JSON text."""
        return self._stored(scheme_id).text

    def fingerprint(self, scheme_id: str) -> str:
        """SHA-256 of the canonical text, hex."""
        return self._stored(scheme_id).fingerprint

    def _stored(self, scheme_id: str) -> StoredScheme:
        with self._session.read() as work:
            return self._session.scheme(work, scheme_id)

    def check(self, scheme_id: str) -> tuple[Finding, ...]:
        """Findings of the scheme check; Finding.node is the part."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            others = tuple(s.scheme for s in self._session.schemes(work) if s.scheme.id != scheme_id)
        return check_scheme(scheme, others)

    def edited(self, scheme_id: str, edit: PartEdit) -> Scheme:
        """The scheme as the edit would leave it; nothing is stored. Raises INPUT_BAD, NOT_FOUND."""
        return edited_scheme(self.get(scheme_id), edit)

    def edit(self, scheme_id: str, edit: PartEdit) -> Outcome[Scheme]:
        """Store the edit as a new version. Raises INPUT_BAD with what is wrong."""
        label = f"修改方案：{edit.part} 的{_FIELDS[edit.field]}"
        with self._session.write("edit-scheme", label) as work:
            stored = self._session.scheme(work, scheme_id)
            scheme = edited_scheme(stored.scheme, edit)
            version = work.schemes.add(scheme_id, write_scheme(scheme))
            before = _field_text(part_of(stored.scheme, edit.part), edit.field)
            after = _field_text(part_of(scheme, edit.part), edit.field)
            work.describe(
                subject=f"{scheme_id} {edit.part}", before=before, after=after, fingerprint=version.fingerprint
            )
        return done(scheme, label, Area.SCHEMES)

    def who_moves(self, scheme_id: str, edit: PartEdit) -> tuple[ResultChange, ...]:
        """Whose total, rank or grade the edit would change; nothing is stored."""
        with self._session.read() as work:
            schemes = tuple(s.scheme for s in self._session.schemes(work))
            facts = self._session.facts(work)
        moved = tuple(edited_scheme(s, edit) if s.id == scheme_id else s for s in schemes)
        names = {u.code: u.name for u in facts.units}
        return compare(evaluate(schemes, facts).results(), evaluate(moved, facts).results(), names)

    def import_file(self, path: Path) -> Outcome[Scheme]:
        """Take in a scheme file as a new scheme or a new version of one. Raises SCHEME_BAD with findings."""
        scheme = read_scheme_file(path)
        label = f"导入方案“{scheme.name}”"
        with self._session.write("import-scheme", label) as work:
            year = work.settings.get("year")
            if str(scheme.year) != year:
                raise AppError(Fault.SCHEME_BAD, f"{path.name} 是 {scheme.year} 年度的方案，当前年度是 {year}。")
            version = work.schemes.add(scheme.id, write_scheme(scheme))
            work.describe(subject=f"{scheme.id} 第 {version.version} 版", fingerprint=version.fingerprint)
        return done(scheme, label, Area.SCHEMES, Area.UNITS, Area.SHEETS)

    def export_file(self, scheme_id: str, path: Path) -> Path:
        """Write the scheme file; returns the path written."""
        from app.files.excel.saving import write_whole  # with it all of the workbooks' room is loaded

        stored = self._stored(scheme_id)
        write_whole(path, stored.text.encode())
        note_export(self._session, f"导出方案“{stored.scheme.name}”", path, stored.fingerprint)
        return path

    def versions(self, scheme_id: str) -> tuple[SchemeVersion, ...]:
        """All stored versions, newest first."""
        with self._session.read() as work:
            stored = work.schemes.versions(scheme_id)
        return tuple(
            SchemeVersion(
                scheme=scheme_id,
                version=v.version,
                fingerprint=v.fingerprint,
                made_at=v.made_at,
                made_by=v.made_by,
                current=n == 0,
            )
            for n, v in enumerate(stored)
        )


# ---- files and edits


def read_scheme_file(path: Path) -> Scheme:
    """A scheme out of a file. Raises SCHEME_BAD with findings, FILE_MISSING."""
    scheme, findings = read_scheme(read_text(path), path.name)
    if scheme is None:
        raise AppError(Fault.SCHEME_BAD, f"{path.name}：{findings[0].place} {findings[0].message}。", findings)
    return scheme


_FIELDS = {"name": "名称", "note": "说明", "points": "分值", "weight": "权重"}


def part_of(scheme: Scheme, part: str) -> Part:
    """A part of the tree, or a measure, by its id. Raises NOT_FOUND."""
    found = next((p for p in (*walk(scheme.tree), *scheme.measures) if p.id == part), None)
    if found is None:
        raise AppError(Fault.NOT_FOUND, f"方案“{scheme.name}”中没有“{part}”。")
    return found


def edited_scheme(scheme: Scheme, edit: PartEdit) -> Scheme:
    """The scheme with one field of one part changed. Raises INPUT_BAD, NOT_FOUND."""
    old = part_of(scheme, edit.part)
    value: str | Fraction | None = edit.value.strip()
    if edit.field == "name" and not value:
        raise AppError(Fault.INPUT_BAD, "名称不能为空。")
    if edit.field in ("points", "weight"):
        value = _number(edit.value, _FIELDS[edit.field])
    new = replace(old, **{edit.field: value})
    if isinstance(old, Item) and old in scheme.measures:
        measures = tuple(new if m is old and isinstance(new, Item) else m for m in scheme.measures)
        return replace(scheme, measures=measures)
    tree = _replaced(scheme.tree, edit.part, new)
    return replace(scheme, tree=tree) if isinstance(tree, Node) else scheme


def _replaced(part: Part, wanted: str, new: Part) -> Part:
    if part.id == wanted:
        return new
    if isinstance(part, Node):
        children = tuple(_replaced(c, wanted, new) for c in part.children)
        if any(new is not old for new, old in zip(children, part.children, strict=True)):
            return replace(part, children=children)  # what has not changed stays the same object
    return part


def _number(text: str, name: str) -> Fraction | None:
    typed = text.strip()
    if not typed:
        return None
    if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?|\d{1,9}/[1-9]\d{0,8}", typed):
        raise AppError(Fault.INPUT_BAD, f"{name}“{typed}”不是数字，请写成 12.5 这样。")
    return Fraction(typed)


def _field_text(part: Part, field: str) -> str:
    value = getattr(part, field)
    return "" if value is None else plain(value) if isinstance(value, Fraction) else str(value)
