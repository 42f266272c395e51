"""Schemes and register out of a package. In a task they are the office's and stand as they come; with results come units and
schemes of the level below, as far as they are not known here. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.errors import AppError, Fault
from app.domain.facts import Evaluator, Unit
from app.files.documents import read_stored_scheme
from app.services.exchange.deciding import Decider, told
from app.services.exchange.paragraphs import kind_of
from app.services.exchange.results import units_below
from app.services.exchange.state import Standing
from app.services.exchange.values import Effects
from app.services.imports.values import CellKind

_UNIT = ("name", "level", "parent", "series", "participation")


def scheme_part(decider: Decider, effects: Effects, state: Standing) -> Effects:
    """Scheme documents that are not the current ones here. Raises SCHEME_BAD for one that cannot be read."""
    package = effects.package
    found: list[tuple[str, str]] = []
    stamps = {s.id: s.fingerprint for s in package.manifest.schemes}
    used = {r.scheme for r in package.content.results}
    for identity, text in sorted(package.schemes.items()):
        if not effects.is_task and identity not in used:
            continue
        held = state.versions.get(identity, ())
        if held[-1:] == (stamps.get(identity, ""),) or (held and not effects.is_task):
            decider.count("scheme", CellKind.SAME)
            continue
        scheme, findings = read_stored_scheme(text)
        if scheme is None or scheme.id != identity or scheme.year != state.year:
            raise AppError(Fault.SCHEME_BAD, f"{package.name} 中的方案“{identity}”不能读取。", findings)
        before = state.schemes.get(identity)
        kind = CellKind.CHANGED_THERE if before else CellKind.NEW
        decider.count("scheme", kind)
        old = before.name if before else ""
        decider.side("scheme", identity, f"方案 › {scheme.name}", kind, old, old, f"{scheme.name}（包里的一版）")
        state.schemes[identity] = scheme
        state.versions = {**state.versions, identity: (*held, stamps[identity])}
        found.append((identity, text))
    only = () if effects.is_task else tuple(i for i, _ in found)
    return replace(effects, schemes=tuple(found), only_received=only)


def register_part(decider: Decider, effects: Effects, state: Standing) -> Effects:
    """Units, evaluators and who rates whom. Of results only units that are not known here: the register is the office's."""
    content = effects.package.content
    told = content.units if effects.is_task else units_below(effects.package, state)
    units = tuple(_units(decider, told, state))
    state.units |= {u.code: u for u in units}
    if not effects.is_task:
        return replace(effects, units=units)
    evaluators = tuple(_evaluators(decider, content.evaluators, state))
    state.evaluators |= {e.code: e for e in evaluators}
    return replace(
        effects,
        units=units,
        evaluators=evaluators,
        assignments=content.assignments if content.assignments != state.assignments else None,
        exemptions=content.exemptions if set(content.exemptions) != set(state.exemptions) else None,
        concepts=content.concepts,
        earlier_reports=tuple(e for e in content.earlier_reports if e.report.unit in state.units),
    )


def _units(decider: Decider, units: Iterable[Unit], state: Standing) -> Iterable[Unit]:
    for unit in units:
        mine = state.units.get(unit.code)
        kind = kind_of(mine, mine, unit)
        decider.count("unit", kind)
        if kind is not CellKind.SAME:
            before = told(mine, _UNIT) if mine else ""
            decider.side("unit", unit.code, f"名册 › {unit.name}", kind, before, before, told(unit, _UNIT))
            yield unit


def _evaluators(decider: Decider, evaluators: Iterable[Evaluator], state: Standing) -> Iterable[Evaluator]:
    for evaluator in evaluators:
        mine = state.evaluators.get(evaluator.code)
        kind = kind_of(mine, mine, evaluator)
        decider.count("unit", kind)
        if kind is not CellKind.SAME:
            before = mine.name if mine else ""
            place = f"名册 › 评议人 {evaluator.name}"
            decider.side("unit", evaluator.code, place, kind, before, before, evaluator.name)
            yield evaluator
