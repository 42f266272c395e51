"""A case file's contents as facts, and the comparison with what it expects."""

from __future__ import annotations

from app.domain.cases import Case, Expected, Written
from app.domain.facts import Facts, MarkBlock
from app.domain.findings import Finding
from app.domain.quantities import Quantity, State
from app.domain.results import Results
from app.scoring.marks import pack


def facts_of(case: Case) -> tuple[Facts, tuple[Finding, ...]]:
    """The facts, and a finding for every mark that cannot be one."""
    schemes = {s.id: s for s in case.schemes}
    sheets: dict[tuple[str, str], dict[str, dict[str, Written]]] = {}
    findings: list[Finding] = []
    for index, line in enumerate(case.marks):
        if line.scheme not in schemes:
            findings.append(
                Finding("D-REFERENCE", f"$.marks[{index}].scheme", f"没有方案“{line.scheme}”", "请改正代号")
            )
            continue
        sheets.setdefault((line.scheme, line.evaluator), {}).setdefault(line.unit, {}).update(line.marks)
    blocks: list[MarkBlock] = []
    for (scheme, evaluator), marks in sheets.items():
        block, refused = pack(schemes[scheme], evaluator, marks)
        blocks.append(block)
        findings.extend(
            Finding("D-MARK", f"{evaluator} › {unit} › {item}", f"“{text}”不能作为分数", "请写数字、等级或规定的词")
            for unit, item, text in refused
        )
    facts = Facts(
        units=case.units,
        evaluators=case.evaluators,
        assignments=case.assignments,
        blocks=tuple(blocks),
        sessions=case.sessions,
        events=case.events,
        office_marks=case.office_marks,
        exemptions=case.exemptions,
        decisions=case.decisions,
        ballots=case.ballots,
        earlier=case.earlier,
    )
    return facts, tuple(findings)


def unexpected(case: Case, results: Results) -> tuple[Finding, ...]:
    """Where the results differ from what the case expects."""
    found = {s.scheme: s for s in results.schemes}
    findings: list[Finding] = []
    for index, expected in enumerate(case.expect):
        place = f"$.expect[{index}]"
        unit = found[expected.scheme].units.get(expected.unit) if expected.scheme in found else None
        if unit is None:
            findings.append(Finding("D-REFERENCE", place, "没有这个方案或单位", "请改正代号"))
            continue
        rank = Quantity.not_applicable("没有名次") if unit.rank is None else Quantity.of(unit.rank)
        befores = {f"before:{name}": quantity for name, quantity in unit.parts.items() if ":" not in name}
        actual = {**befores, **unit.parts, "total": unit.total, "rank": rank}
        findings.extend(_differences(place, expected, actual))
        others = {g.scope: g.final for g in unit.grades}
        for name, want, have in (
            *((f"grades.{scope}", grade, others.get(scope, "")) for scope, grade in expected.grades.items()),
            ("rank", expected.rank, unit.rank),
            ("grade", expected.grade, unit.grade.final),
            ("grade_by_quota", expected.grade_by_quota, unit.grade.by_quota),
        ):
            if want is not None and want != have:
                none = "没有名次" if name == "rank" else "没有等次"
                said = none if have in (None, "") else have
                findings.append(Finding("D-EXPECT", f"{place}.{name}", f"应为 {want or none}，算得 {said}"))
    return tuple(findings)


def _differences(place: str, expected: Expected, actual: dict[str, Quantity]) -> list[Finding]:
    wanted = {**({"total": expected.total} if expected.total is not None else {}), **expected.parts}
    found: list[Finding] = []
    for name, value in wanted.items():
        have = actual.get(name)
        if have is None or have.value != value:
            text = "没有这个量" if have is None else (str(have.value) if have.value is not None else have.reason)
            found.append(Finding("D-EXPECT", f"{place}.{name}", f"应为 {value}，算得 {text}"))
    for name in expected.none:
        have = actual.get(name)
        if have is None or have.state is State.VALUE:
            found.append(Finding("D-EXPECT", f"{place}.none", f"“{name}”应当没有值"))
    return found
