"""One self-contained case: schemes and facts in one readable file, results with the way there out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.cases import Case
from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.results import Results
from app.files.documents import dump_facts, fingerprint, read_case, write_scheme
from app.scoring.cases import facts_of, unexpected
from app.scoring.engine import evaluate
from app.services.case_checks import check_case
from app.services.results import check_all
from app.services.sentences import sentences
from app.services.session import read_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """A computed case. ways: (scheme, unit) → the sentences of its grade, or of its total where there is no grade;
    differences: where the results are not what the case expects; findings: what the checks say of the schemes and the
    facts (with an error in a scheme a case is computed all the same: it may be about just that)."""

    case: Case
    results: Results
    ways: dict[tuple[str, str], tuple[str, ...]]
    differences: tuple[Finding, ...]
    findings: tuple[Finding, ...]


def assess_case(path: Path) -> Assessment:
    """Compute a case file. Raises CASE_BAD with findings."""
    case, findings = read_case(read_text(path), path.name)
    if case is None:
        raise AppError(Fault.CASE_BAD, f"{findings[0].place} {findings[0].message}。", findings)
    said = check_case(case)
    wrong = [f for f in said if f.severity is Severity.ERROR]
    if wrong:
        more = f"（共 {len(wrong)} 处）" if len(wrong) > 1 else ""
        raise AppError(Fault.CASE_BAD, f"{wrong[0].place} {wrong[0].message}{more}。", said)
    facts, _ = facts_of(case)
    evaluation = evaluate(case.schemes, facts)
    fingerprints = {s.id: fingerprint(write_scheme(s)) for s in case.schemes}
    results = evaluation.results(fingerprints, fingerprint(dump_facts(facts)))
    ways = {(s.scheme, u): sentences(evaluation.explain(s.scheme, u)) for s in results.schemes for u in s.units}
    return Assessment(
        case=case,
        results=results,
        ways=ways,
        differences=unexpected(case, results),
        findings=(*check_all(case.schemes), *said),
    )
