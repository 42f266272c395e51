"""Results of the level below: merged three-way by unit, and only for units that stand under the sender. Pure."""

from __future__ import annotations

from dataclasses import replace

from app.domain.errors import Fault
from app.domain.facts import EarlierResult, Unit
from app.domain.packages import Package, PackageContent
from app.domain.quantities import number_text
from app.services.exchange.deciding import Decider
from app.services.exchange.state import Standing
from app.services.exchange.trust import Refusal
from app.services.exchange.values import Effects


def wrong_results(package: Package, state: Standing) -> Refusal | None:
    """Why results cannot be taken in: of a unit that does not stand under the sender, or not of this year; none: they can."""
    said = _wrong(package, state) if package.manifest.kind == "results" else ""
    return Refusal(Fault.PKG_WRONG_UNIT, said) if said else None


def units_below(package: Package, state: Standing) -> tuple[Unit, ...]:
    """The units in a package of results that stand under its sender and are not known here."""
    units = {u.code: u for u in package.content.units} | state.units
    sender = package.manifest.sender.unit
    new = (u for u in package.content.units if u.code not in state.units and sender in _above(u.code, units))
    return tuple(new) if package.manifest.kind == "results" else ()


def _wrong(package: Package, state: Standing) -> str:
    units = {u.code: u for u in package.content.units} | state.units
    sender = package.manifest.sender.unit
    for result in package.content.results:
        if result.year != state.year:
            return f"其中有 {result.year} 年的结果。"
        if sender not in _above(result.unit, units):
            return f"“{_name(result.unit, units)}”不是“{package.manifest.sender.name}”的下级单位。"
        scheme = state.schemes.get(result.scheme)
        if scheme is None and result.scheme not in package.schemes:
            return f"没有方案“{result.scheme}”。"
        if scheme is not None and result.unit in state.units and state.units[result.unit].level != scheme.level:
            return f"“{_name(result.unit, units)}”不由“{scheme.name}”考核。"
    return ""


def _name(code: str, units: dict[str, Unit]) -> str:
    return units[code].name if code in units else code


def _above(code: str, units: dict[str, Unit]) -> tuple[str, ...]:
    chain: list[str] = []
    while code in units and units[code].parent and units[code].parent not in chain:
        code = units[code].parent
        chain.append(code)
    return tuple(chain)


def merge_results(decider: Decider, effects: Effects, state: Standing, base: PackageContent) -> Effects:
    """Which results are stored and which are taken out."""
    before = {(r.scheme, r.unit): r for r in base.results}
    theirs = {(r.scheme, r.unit): r for r in effects.package.content.results}
    kept: list[EarlierResult] = []
    gone: list[EarlierResult] = []
    for key in dict.fromkeys((*before, *theirs)):
        mine = state.results.get(key)
        base_one, ours, their = (
            None if r is None else replace(r, package="") for r in (before.get(key), mine, theirs.get(key))
        )
        place = f"{state.schemes[key[0]].name if key[0] in state.schemes else key[0]} › {state.unit_name(key[1])}"
        found = decider.take("result", "/".join(key), place, base_one, ours, their, lambda r: _said(r, state))
        if found is None and mine is not None:
            gone.append(mine)
        elif found is not None and found != ours:
            kept.append(replace(found, package=effects.package.name))
    return replace(effects, results=tuple(kept), gone_results=tuple(gone))


def _said(result: EarlierResult, state: Standing) -> str:
    scheme = state.schemes.get(result.scheme)
    grades = {g.id: g.name for g in scheme.ladder.grades} if scheme else {}
    rank = f"第 {result.rank} 名" if result.rank is not None else ""
    total = number_text(result.total) if result.total is not None else ""
    return "，".join(w for w in (total, rank, grades.get(result.grade, result.grade)) if w)
