"""The verbs that check: year files, schemes and cases."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.speaking import DONE, WITH_FINDINGS, Speaker, count_text
from app.cli.year_verbs import result_lines
from app.domain.findings import Finding, Severity
from app.services.plain import to_plain

if TYPE_CHECKING:
    from app.services.container import Desk


def check(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """check FILE | SCHEME"""
    path: Path = arguments.path
    is_scheme = path.suffix.lower() == ".json"
    findings = desk.check_scheme(path) if is_scheme else desk.check_year(path)
    return report(path.name, findings, speaker)


def report(name: str, findings: tuple[Finding, ...], speaker: Speaker) -> int:
    """Say what a check has found; the exit code."""
    speaker.findings(findings)
    said = f"{name}：检查完成，{count_text(findings)}" if findings else f"{name}：检查通过"
    speaker.result({"file": name, "findings": to_plain(findings)}, said)
    return WITH_FINDINGS if findings else DONE


def assess(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """assess CASE.json"""
    found = desk.assess(arguments.path)
    names = {u.code: u.name for u in found.case.units}
    schemes = {s.id: s for s in found.case.schemes}
    lines = list(result_lines(found.results.schemes, schemes, names))
    for (scheme, unit), way in found.ways.items():
        lines += ["", f"── {schemes[scheme].name} · {names[unit]}", *way]
    speaker.findings(found.findings + found.differences)
    if found.case.expect and not found.differences:
        speaker.say(f"{len(found.case.expect)} 项应得结果全部相符")
    document = {
        "title": found.case.title,
        "results": to_plain(found.results),
        "ways": [{"scheme": s, "unit": u, "sentences": list(way)} for (s, u), way in found.ways.items()],
        "differences": to_plain(found.differences),
        "findings": to_plain(found.findings),
    }
    speaker.result(document, *lines)
    # A case that says what must come out is judged by that alone.
    grave = [f for f in found.findings if f.severity is not Severity.NOTE]
    wrong = found.differences or (grave and not found.case.expect)
    return WITH_FINDINGS if wrong else DONE
