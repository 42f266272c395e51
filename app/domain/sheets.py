"""What goes out to Excel and comes back: the form of a score sheet, what was read from one, registers, the result book."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.domain.facts import Assignment, Evaluator, Facts, HandChange, MarkBlock, Unit
from app.domain.findings import Finding, Severity
from app.domain.quantities import MarkState
from app.domain.results import Results
from app.domain.schemes import Rounding, Scheme

# The words that stand for a mark which is not a number; an office may hand its own list to the form.
MARK_WORDS: tuple[tuple[str, MarkState], ...] = (
    ("弃权", MarkState.ABSTAINED),
    ("弃", MarkState.ABSTAINED),
    ("缺考", MarkState.ABSTAINED),
    ("不了解", MarkState.ABSTAINED),
    ("不评", MarkState.ABSTAINED),
    ("未评", MarkState.BLANK),
    ("空", MarkState.BLANK),
    ("不适用", MarkState.NOT_APPLICABLE),
    ("不涉及", MarkState.NOT_APPLICABLE),
    ("无此项", MarkState.NOT_APPLICABLE),
    ("—", MarkState.NOT_APPLICABLE),
    ("——", MarkState.NOT_APPLICABLE),
    ("-", MarkState.NOT_APPLICABLE),
    ("--", MarkState.NOT_APPLICABLE),
    ("/", MarkState.NOT_APPLICABLE),
    ("n/a", MarkState.NOT_APPLICABLE),
    ("回避", MarkState.RECUSED),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetIdentity:
    """Whose sheet it is. sheet: stable id (``2026-dept-E012``); year_file: id of the year file that sent it;
    fingerprint: of the scheme, sha256 hex, of which the first 16 stand in the workbook; issue: 1 for the first
    hand-out, higher for a re-issue."""

    sheet: str
    year: int
    year_file: str
    scheme: str
    fingerprint: str
    evaluator: str
    issue: int = 1

    @property
    def text(self) -> str:
        """The identity as one line of at most 255 characters, as it is stored in the workbook three times."""
        fields = (self.sheet, str(self.year), self.year_file, self.scheme, self.fingerprint[:16], self.evaluator)
        body = "|".join(["SLK1", *(_SPECIAL.sub(_escaped, f) for f in fields), str(self.issue)])
        return f"{body}|{_check_code(body)}"

    @property
    def code(self) -> str:
        """Eight hex digits in two groups, printed in the footer of the sheet: the identity for paper."""
        check = self.text.rsplit("|", 1)[1]
        return f"{check[:4]}-{check[4:]}"

    @classmethod
    def parse(cls, text: str) -> SheetIdentity | None:
        """The identity out of its stored line; none when it is not one, or was damaged."""
        body, _, check = text.strip().rpartition("|")
        fields = [_ESCAPED.sub(lambda found: chr(int(found[1], 16)), f) for f in body.split("|")]
        if len(fields) != 8 or fields[0] != "SLK1" or check != _check_code(body):
            return None
        if not (fields[2].isdecimal() and fields[7].isdecimal()):
            return None
        sheet, year, year_file, scheme, fingerprint, evaluator, issue = fields[1:]
        return cls(
            sheet=sheet,
            year=int(year),
            year_file=year_file,
            scheme=scheme,
            fingerprint=fingerprint,
            evaluator=evaluator,
            issue=int(issue),
        )


# What would end a field, or cannot stand in a workbook, is written as %XX.
_SPECIAL = re.compile("[|%\x00-\x1f]")
_ESCAPED = re.compile("%([0-9A-F]{2})")


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


def _check_code(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:8].upper()


# ---- out: everything a hand-out sheet shows


@dataclass(frozen=True, kw_only=True, slots=True)
class FormLevel:
    """One answer that may be chosen; points: shown beside it (none: outside the count)."""

    id: str
    name: str
    points: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FormItem:
    """One column. above: names of the parts above, outermost first, without the scheme's root. points: full points,
    shown only. A number: minimum to maximum (none: open), in steps counted from the minimum (or from 0 without
    one), or one of ``allowed``, with at most ``digits`` decimals. With ``levels`` it is a choice, and the others are
    empty."""

    id: str
    name: str
    above: tuple[str, ...] = ()
    note: str = ""
    points: Fraction | None = None
    minimum: Fraction | None = Fraction(0)
    maximum: Fraction | None = None
    step: Fraction | None = None
    allowed: tuple[Fraction, ...] = ()
    digits: int = 2
    levels: tuple[FormLevel, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class FormUnit:
    """One row. recused: the evaluator must not score this unit; not_applicable: ids of the items that do not
    concern it. Such cells stand on the sheet locked and marked 回避 or —."""

    code: str
    name: str
    recused: bool = False
    not_applicable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetForm:
    """One evaluator's sheet under one scheme. secrecy: the mark in the page header (密级, empty: none); office: who
    sends it; due: until when it should come back (as shown). words: the accepted words for marks without number."""

    identity: SheetIdentity
    scheme_name: str
    evaluator_name: str
    units: tuple[FormUnit, ...]
    items: tuple[FormItem, ...]
    practice: bool = False
    secrecy: str = ""
    office: str = ""
    due: str = ""
    words: tuple[tuple[str, MarkState], ...] = MARK_WORDS


# ---- back: what one returned file holds


@dataclass(frozen=True, slots=True)
class CellCounts:
    """How the cells of a form are accounted for. cells = numbers + blanks + abstained + not_applicable + recused +
    refused, always. numbers: marks with a value, chosen levels among them."""

    cells: int = 0
    numbers: int = 0
    blanks: int = 0
    abstained: int = 0
    not_applicable: int = 0
    recused: int = 0
    refused: int = 0

    def __add__(self, other: CellCounts) -> CellCounts:
        return CellCounts(
            self.cells + other.cells,
            self.numbers + other.numbers,
            self.blanks + other.blanks,
            self.abstained + other.abstained,
            self.not_applicable + other.not_applicable,
            self.recused + other.recused,
            self.refused + other.refused,
        )


@dataclass(frozen=True, slots=True)
class CellRemark:
    """What was special about one cell of the form. unit, item: indexes in the block; address: ``F17``; seen: the
    content as found. An ERROR finding: the cell was refused and holds no mark; else it was taken as the finding
    says."""

    unit: int
    item: int
    address: str
    seen: str
    finding: Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetReading:
    """One returned file. file: its name; sha256: of its bytes; content: sha256 of what it says (the same sheet saved
    again by another program has the same). block: none when the whole file was refused, and the findings say why.
    A refused cell is blank in the block and its (unit index, item index) is in ``refused``. findings: all of them;
    remarks: those that belong to one cell. saved: when it was saved last, as the file itself says, in seconds since
    1970; 0: it does not say."""

    file: str
    sha256: str
    identity: SheetIdentity | None = None
    block: MarkBlock | None = None
    content: str = ""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[CellRemark, ...] = ()
    refused: frozenset[tuple[int, int]] = frozenset()
    counts: CellCounts = CellCounts()
    saved: float = 0

    @property
    def accepted(self) -> bool:
        """Whether the file as a whole could be read (single cells may still be refused)."""
        return self.block is not None

    @property
    def worst(self) -> Severity | None:
        """The gravest finding's severity; none when nothing was found."""
        order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
        found = {f.severity for f in self.findings}
        return next((s for s in order if s in found), None)


# ---- back again: a faulty sheet for its evaluator to mend


@dataclass(frozen=True, kw_only=True, slots=True)
class HandBackRemark:
    """One fault of a returned sheet. cell: address on its sheet (empty: the sheet as a whole); unit, item: names
    (empty: it concerns no single cell of the form); seen: what stood there; found: what is wrong; step: what to do;
    must: the cell was refused and has to be mended, else it is only to be looked at."""

    cell: str = ""
    unit: str = ""
    item: str = ""
    seen: str = ""
    found: str
    step: str = ""
    must: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class HandBack:
    """What is written into the copy of a faulty sheet (退回). sheet: name of the score sheet in the workbook (empty: it
    could not be found); day: as shown; note: a word of the office to the evaluator."""

    sheet: str
    evaluator: str
    scheme_name: str
    remarks: tuple[HandBackRemark, ...]
    day: str
    note: str = ""
    office: str = ""
    practice: bool = False


# ---- the register workbook


@dataclass(frozen=True, slots=True)
class Register:
    """Units, evaluators and who rates whom, as one workbook holds them."""

    units: tuple[Unit, ...] = ()
    evaluators: tuple[Evaluator, ...] = ()
    assignments: tuple[Assignment, ...] = ()


# (unit, evaluator or line of assignment, its field) → ``file › sheet › cell``. A relation is ``relations.0``, ….
RegisterCells = Mapping[tuple[Unit | Evaluator | Assignment, str], str]


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """What a register workbook says, and every remark with its cell. With an ERROR finding the register must not be
    applied: lines in error are left out of it. cells: where each field of the register stands."""

    register: Register = Register()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""
    cells: RegisterCells = field(default_factory=dict[tuple[Unit | Evaluator | Assignment, str], str])


# ---- the result workbook


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultBook:
    """All that the result workbook shows. schemes: in the order of the results; fingerprints: scheme id → sha256 hex.
    made: date and time as shown (``2026-11-23 21:40``); version: number of the result; checkpoint: code of the audit
    trail (16 hex digits in groups of 4). rounded: the engine's rounding, so that a figure in the workbook is the
    figure on the screen. hand_changes: cells of who rates whom that do not follow the rule. The same book gives the same
    bytes."""

    title: str
    year: int
    schemes: tuple[Scheme, ...]
    facts: Facts
    results: Results
    rounded: Callable[[Fraction, Rounding], Fraction]
    fingerprints: dict[str, str] = field(default_factory=dict[str, str])
    version: int = 1
    made: str = ""
    frozen: bool = False
    checkpoint: str = ""
    office: str = ""
    secrecy: str = ""
    practice: bool = False
    hand_changes: tuple[HandChange, ...] = ()
