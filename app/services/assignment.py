"""Who rates whom under a scheme: rules, matrix, holes, expected ballots, and changes of single cells by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.domain.errors import AppError, Fault
from app.domain.facts import Evaluator, Facts, HandChange, Unit
from app.domain.schemes import Scheme
from app.scoring.membership import Membership, groups_of
from app.services.assignment_rules import GroupRule, rules_of
from app.services.changes import Area, Outcome
from app.services.coverage import Coverage, coverage_of
from app.services.hand_changes import standing, with_hand_changes
from app.services.session import Session, done, need_reason
from app.storage.work import Work

Cell = tuple[str, str]  # evaluator, unit
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedCell:
    """A cell changed by hand: the stored change, and the groups in which the rule would have the evaluator count. idle:
    it does nothing, because the scheme no longer has its groups or the unit is no longer of this level."""

    change: HandChange
    evaluator: str
    unit: str
    rule: tuple[str, ...]
    idle: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AssignmentView:
    """All about who rates whom under one scheme. coverage: with the changes by hand in it; others: evaluators without a
    row, because they rate nobody; back: evaluators whose score sheet has come back; fixed: those for whom the register
    states lines of their own."""

    coverage: Coverage
    rules: tuple[GroupRule, ...]
    changed: tuple[ChangedCell, ...]
    others: tuple[Evaluator, ...]
    back: frozenset[str]
    fixed: frozenset[str]


class AssignmentService:
    """Who rates whom in the open year."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def view(self, scheme_id: str, at_least: int = 0) -> AssignmentView:
        """Rules, matrix and changes. at_least: raters below this are too few, besides what the gatherings ask."""
        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            facts = self._session.facts(work)
            by_rule = replace(facts, assignments=work.assignments.all())
            stored = tuple(c for c in work.hand_changes.all() if c.scheme == scheme_id)
        coverage = coverage_of(scheme, facts, at_least)
        rows = {e.code for e in coverage.evaluators}
        return AssignmentView(
            coverage=coverage,
            rules=rules_of(scheme, coverage),
            changed=_changed(scheme, by_rule, stored),
            others=tuple(e for e in facts.evaluators if e.code not in rows),
            back=frozenset(b.evaluator for b in facts.blocks if b.scheme == scheme_id),
            fixed=frozenset(a.evaluator for a in by_rule.assignments if a.scheme == scheme_id),
        )

    def change(
        self, scheme_id: str, cells: Sequence[Cell], groups: Sequence[str], reason: str
    ) -> Outcome[tuple[HandChange, ...]]:
        """Let these evaluators count for these units in exactly these groups; no group: they do not rate them. A cell
        that then says what the rule says is no change by hand any more. Raises INPUT_BAD (no reason, nothing to change,
        somebody must not score), NOT_FOUND."""
        need_reason(reason, "手工调整谁评谁")
        label = _label(cells, groups)
        with self._session.write("change-assignment", label, reason=reason.strip()) as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            by_rule = _by_rule(work)
            before = tuple(c for c in work.hand_changes.all() if c.scheme == scheme_id)
            board = _Board(scheme, by_rule, before)
            new = board.changes(cells, tuple(groups), reason.strip(), work.who, work.at)
            for evaluator, unit in board.moved:
                work.hand_changes.delete(scheme_id, evaluator, unit)
            work.hand_changes.save(*new)
            work.describe(subject=f"谁评谁 {scheme_id}", before=board.said_before(), after=board.said(groups))
        return done(new, label, Area.UNITS, Area.SHEETS)

    def back_to_rule(self, scheme_id: str, cells: Sequence[Cell]) -> Outcome[int]:
        """Take changes by hand back, so that the rule counts again; returns how many there were. Raises INPUT_BAD."""
        label = f"恢复规则：谁评谁 {len(cells)} 处"
        with self._session.write("assignment-by-rule", label) as work:
            gone = [cell for cell in cells if work.hand_changes.delete(scheme_id, *cell)]
            if not gone:
                raise AppError(Fault.INPUT_BAD, "选中的格子没有手工调整过，本来就按规则。")
            work.describe(subject=f"谁评谁 {scheme_id}", before=_listed(f"{e}→{u}" for e, u in gone), after="按规则")
        return done(len(gone), label, Area.UNITS, Area.SHEETS)

    def drop_lines(self, scheme_id: str, evaluators: Sequence[str]) -> Outcome[int]:
        """Let the rule count again for evaluators for whom the register states lines of who rates whom; returns how
        many lines went. Raises INPUT_BAD."""
        label = f"改按规则：去掉名册中 {len(evaluators)} 人的谁评谁"
        with self._session.write("drop-assignments", label) as work:
            mine = [a for a in work.assignments.all() if a.scheme == scheme_id and a.evaluator in set(evaluators)]
            if not mine:
                raise AppError(Fault.INPUT_BAD, "名册没有为他们写明谁评谁，本来就按规则。")
            work.describe(
                subject=f"谁评谁 {scheme_id}",
                before=_listed(f"{a.evaluator}：{'、'.join(a.units)}" for a in mine),
                after="按规则",
            )
            for evaluator in evaluators:
                work.assignments.replace(evaluator, scheme_id, ())
        return done(len(mine), label, Area.UNITS, Area.SHEETS)


class _Board:
    """Rule and present state of the cells of one scheme, while a change is made."""

    def __init__(self, scheme: Scheme, by_rule: Facts, before: tuple[HandChange, ...]) -> None:
        self._scheme = scheme
        self._rule = Membership(by_rule)
        self._now = Membership(with_hand_changes(by_rule, before, [scheme]))
        self._people = {e.code: e for e in by_rule.evaluators}
        self._units = {u.code: u for u in by_rule.units if u.level == scheme.level}
        self._known = {g.id: g for g in groups_of(scheme)}
        self.moved: dict[Cell, tuple[str, ...]] = {}  # cell → its groups before

    def changes(
        self, cells: Sequence[Cell], groups: tuple[str, ...], reason: str, by: str, at: str
    ) -> tuple[HandChange, ...]:
        """What is to be stored. Raises INPUT_BAD, NOT_FOUND."""
        if unknown := [g for g in groups if g not in self._known]:
            raise AppError(Fault.NOT_FOUND, f"方案中没有评议组“{unknown[0]}”。")
        made: list[HandChange] = []
        refused: list[str] = []
        for code, unit_code in dict.fromkeys(cells):
            evaluator, unit = self._found(code, unit_code)
            if self._now.groups_for(self._scheme, evaluator, unit) == groups:
                continue
            refused += [
                f"{evaluator.name} 对 {unit.name} 应当回避" for g in groups if self._recused(g, evaluator, unit)
            ]
            self.moved[code, unit_code] = self._now.groups_for(self._scheme, evaluator, unit)
            if self._rule.groups_for(self._scheme, evaluator, unit) != groups:
                made.append(
                    HandChange(
                        scheme=self._scheme.id,
                        evaluator=code,
                        unit=unit_code,
                        groups=groups,
                        reason=reason,
                        by=by,
                        at=at,
                    )
                )
        if refused:
            raise AppError(Fault.INPUT_BAD, f"{_listed(dict.fromkeys(refused))}，不能加入。")
        if not self.moved:
            raise AppError(Fault.INPUT_BAD, "选中的格子本来就是这样，没有要改的。")
        return tuple(made)

    def said_before(self) -> str:
        """The moved cells as they were."""
        return _listed(f"{e}→{u}：{self._names(groups)}" for (e, u), groups in self.moved.items())

    def said(self, groups: Iterable[str]) -> str:
        """What they became."""
        return f"{len(self.moved)} 处：{self._names(groups)}"

    def _names(self, groups: Iterable[str]) -> str:
        return "、".join(self._known[g].name if g in self._known else g for g in groups) or "不评"

    def _recused(self, group: str, evaluator: Evaluator, unit: Unit) -> bool:
        return self._rule.recused(self._known[group], evaluator, unit)

    def _found(self, code: str, unit_code: str) -> tuple[Evaluator, Unit]:
        evaluator, unit = self._people.get(code), self._units.get(unit_code)
        if evaluator is None:
            raise AppError(Fault.NOT_FOUND, f"名册中没有评议人 {code}。")
        if unit is None:
            raise AppError(Fault.NOT_FOUND, f"这一层级没有单位 {unit_code}。")
        if unit.participation == "ceased":
            raise AppError(Fault.INPUT_BAD, f"{unit.name} 已撤并，不再评。")
        return evaluator, unit


def _by_rule(work: Work) -> Facts:
    """The register alone: what the rules need."""
    return Facts(units=work.units.all(), evaluators=work.evaluators.all(), assignments=work.assignments.all())


def _changed(scheme: Scheme, by_rule: Facts, stored: Sequence[HandChange]) -> tuple[ChangedCell, ...]:
    membership = Membership(by_rule)
    people = {e.code: e for e in by_rule.evaluators}
    units = {u.code: u for u in by_rule.units if u.level == scheme.level}
    acting = {(c.evaluator, c.unit) for c in standing(stored, scheme)}
    person = {code: at for at, code in enumerate(people)}
    place = {code: at for at, code in enumerate(units)}
    last = len(person) + len(place)
    made: list[ChangedCell] = []
    for change in sorted(stored, key=lambda c: (person.get(c.evaluator, last), place.get(c.unit, last))):
        evaluator, unit = people.get(change.evaluator), units.get(change.unit)
        rule = membership.groups_for(scheme, evaluator, unit) if evaluator and unit else ()
        made.append(
            ChangedCell(
                change=change,
                evaluator=evaluator.name if evaluator else change.evaluator,
                unit=unit.name if unit else change.unit,
                rule=rule,
                idle=evaluator is None or unit is None or (change.evaluator, change.unit) not in acting,
            )
        )
    return tuple(made)


def _label(cells: Sequence[Cell], groups: Sequence[str]) -> str:
    verb = "加入评分" if groups else "取消评分"
    one = f"：{cells[0][0]} → {cells[0][1]}" if len(cells) == 1 else f" {len(cells)} 处"
    return f"手工调整谁评谁，{verb}{one}"


def _listed(texts: Iterable[str]) -> str:
    several = list(texts)
    more = f" 等 {len(several)} 处" if len(several) > _MOST_NAMED else ""
    return "；".join(several[:_MOST_NAMED]) + more
