"""From schemes and register to the forms of score sheets: who rates what, with which limits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.domain.facts import Evaluator, Facts, Unit
from app.domain.schemes import (
    DirectReading,
    Item,
    LevelsReading,
    Node,
    Scheme,
    full_points,
    sheet_items,
)
from app.domain.sheets import FormItem, FormLevel, FormUnit, SheetForm, SheetIdentity
from app.scoring.membership import Membership
from app.scoring.parts import digits_of
from app.services.applicability import not_applicable
from app.services.limits import highest
from app.services.roles import received_schemes, role_of
from app.storage.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """What every sheet of a year shows and carries besides its marks. given: the forms of a unit's task: these, and no
    others, are its sheets (none: forms are built); without: schemes whose results come from below, and not from sheets."""

    year: int
    year_file: str
    practice: bool = False
    secrecy: str = ""
    office: str = ""
    due: str = ""
    given: tuple[SheetForm, ...] | None = None
    without: frozenset[str] = frozenset()


def letterhead(work: Work) -> Letterhead:
    """What every sheet of this year carries."""
    role = role_of(work)
    return Letterhead(
        year=int(work.settings.get("year")),
        year_file=role.forms,
        given=_given(work, role.task) if role.is_unit else None,
        without=received_schemes(work),
        practice=bool(work.settings.get("practice")),
        secrecy=work.settings.get("secrecy"),
        office=work.settings.get("office"),
    )


def _given(work: Work, task: str) -> tuple[SheetForm, ...]:
    package = work.packages_in.get(task)
    return _forms_in(package.content) if package else ()


@lru_cache(maxsize=2)
def _forms_in(content: str) -> tuple[SheetForm, ...]:
    """A pure function of the text: kept, because every look at the sheets asks for it."""
    from app.files.documents.packages import read_content

    carried, _ = read_content(content)
    return carried.forms if carried else ()


def sheet_id(year: int, scheme: str, evaluator: str) -> str:
    """The stable id of a sheet (``2026-department-E012``)."""
    return f"{year}-{scheme}-{evaluator}"


def build_forms(
    scheme: Scheme, fingerprint: str, facts: Facts, head: Letterhead, issues: Mapping[str, int]
) -> tuple[SheetForm, ...]:
    """One form per evaluator who rates somebody under this scheme, in the order of the register. issues: sheet id →
    issue to print (1 when it is not named). Of a unit's task: its forms as they are."""
    if head.given is not None:
        return tuple(f for f in head.given if f.identity.scheme == scheme.id)
    items = () if scheme.id in head.without else form_items(scheme)
    if not items:
        return ()
    rows = _Rows(scheme, facts)
    forms: list[SheetForm] = []
    for evaluator in sorted(facts.evaluators, key=lambda e: (e.order, e.code)):
        units = rows.of(evaluator)
        if units:
            sheet = sheet_id(head.year, scheme.id, evaluator.code)
            identity = SheetIdentity(
                sheet=sheet,
                year=head.year,
                year_file=head.year_file,
                scheme=scheme.id,
                fingerprint=fingerprint,
                evaluator=evaluator.code,
                issue=issues.get(sheet, 1),
            )
            forms.append(_form(scheme, identity, evaluator, units, items, head))
    return tuple(forms)


def _form(
    scheme: Scheme,
    identity: SheetIdentity,
    evaluator: Evaluator,
    units: tuple[FormUnit, ...],
    items: tuple[FormItem, ...],
    head: Letterhead,
) -> SheetForm:
    return SheetForm(
        identity=identity,
        scheme_name=scheme.name,
        evaluator_name=evaluator.name,
        units=units,
        items=items,
        practice=head.practice or scheme.practice,
        secrecy=head.secrecy,
        office=head.office,
        due=head.due,
    )


class _Rows:
    """The rows of each evaluator's sheet; evaluators who stand alike to all units share theirs."""

    def __init__(self, scheme: Scheme, facts: Facts) -> None:
        self._scheme = scheme
        self._membership = Membership(facts)
        self._assigned = {a.evaluator for a in facts.assignments if a.scheme == scheme.id}
        self._missing = _not_applicable(scheme, facts)
        self._shared: dict[tuple[str, str], tuple[FormUnit, ...]] = {}
        self._rows: dict[str, FormUnit] = {}

    def of(self, evaluator: Evaluator) -> tuple[FormUnit, ...]:
        if evaluator.code in self._assigned or evaluator.relations:
            return self._made(evaluator)
        alike = (evaluator.role, evaluator.unit)
        if alike not in self._shared:
            self._shared[alike] = self._made(evaluator)
        return self._shared[alike]

    def _made(self, evaluator: Evaluator) -> tuple[FormUnit, ...]:
        return tuple(self._row(u) for u in self._membership.rated_units(self._scheme, evaluator))

    def _row(self, unit: Unit) -> FormUnit:
        if unit.code not in self._rows:
            missing = self._missing.get(unit.code, ())
            self._rows[unit.code] = FormUnit(code=unit.code, name=unit.name, not_applicable=missing)
        return self._rows[unit.code]


def _not_applicable(scheme: Scheme, facts: Facts) -> dict[str, tuple[str, ...]]:
    """Unit → items of its sheets that do not concern it."""
    gone = not_applicable(scheme, facts.units, facts.exemptions)
    items = sheet_items(scheme)
    return {
        u.code: tuple(i.id for i in items if (u.code, i.id) in gone) for u in facts.units if u.level == scheme.level
    }


def form_items(scheme: Scheme) -> tuple[FormItem, ...]:
    """The columns of the scheme's sheets."""
    above = _names_above(scheme.tree)
    return tuple(_form_item(item, above.get(item.id, ())) for item in sheet_items(scheme))


def _names_above(tree: Node) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}

    def descend(node: Node, names: tuple[str, ...]) -> None:
        for child in node.children:
            found[child.id] = names
            if isinstance(child, Node):
                descend(child, (*names, child.name))

    descend(tree, ())
    return found


def _form_item(item: Item, above: tuple[str, ...]) -> FormItem:
    reading, points = item.reading, full_points(item)
    if isinstance(reading, LevelsReading):
        levels = tuple(FormLevel(id=level.id, name=level.name, points=level.points) for level in reading.levels)
        return FormItem(
            id=item.id,
            name=item.name,
            above=above,
            note=item.note,
            points=points,
            minimum=None,
            digits=0,
            levels=levels,
        )
    if not isinstance(reading, DirectReading):  # a raw number, which the reading then makes points of
        return FormItem(
            id=item.id, name=item.name, above=above, note=item.note, points=points, minimum=None, digits=digits_of(item)
        )
    return _number_item(item, reading, above)


def _number_item(item: Item, reading: DirectReading, above: tuple[str, ...]) -> FormItem:
    points = full_points(item)
    open_range = bool(reading.allowed)
    return FormItem(
        id=item.id,
        name=item.name,
        above=above,
        note=item.note,
        points=points,
        minimum=None if open_range else reading.minimum,
        maximum=None if open_range else highest(item, reading),
        step=None if open_range else reading.step,
        allowed=reading.allowed,
        digits=digits_of(item),
    )


def rules_of(scheme: Scheme) -> str:
    """Fingerprint of what the scheme's sheets ask: items, limits, levels; not weights, names or notes."""
    asked = [
        (i.id, str(i.minimum), str(i.maximum), str(i.step), str(i.allowed), i.digits, [level.id for level in i.levels])
        for i in form_items(scheme)
    ]
    return hashlib.sha256(repr(asked).encode()).hexdigest()
