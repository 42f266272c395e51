"""The verbs for written reports: out as Word files, in from one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.speaking import DONE, WITH_FINDINGS, Speaker
from app.cli.year_verbs import opened
from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.reports import Report
from app.services.plain import to_plain
from app.services.reports.values import DocxProposal

if TYPE_CHECKING:
    from app.services.container import Desk, Services


def reports(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """reports FILE --out DIR: every report that was begun, of all levels unless --scheme names some."""
    with opened(desk, arguments.file) as services:
        schemes = arguments.scheme or [form.scheme for form in services.reports.forms()]
        files = services.reports.export_all(schemes, arguments.out, speaker.progress).value
    speaker.say(f"已导出 {len(files)} 份述职报告：{arguments.out}")
    names = [str(file) for file in files]
    speaker.result({"folder": str(arguments.out), "files": names}, *names)
    return DONE


def take_report(desk: Desk, arguments: Namespace, speaker: Speaker) -> int:
    """take-report FILE REPORT.docx: the sections found in it take the place of those written so far; whatever was not
    taken is named. Files are attached to an indicator, or to the report as a whole."""
    files = [_evidence(text) for text in arguments.evidence]
    with opened(desk, arguments.file) as services:
        scheme, unit = _whose(services, arguments.unit, arguments.scheme)
        proposal = services.reports.read_docx(arguments.path, scheme)
        report = _with(services.reports.get(scheme, unit).report, proposal)
        services.reports.save(report)
        for item, path in files:
            services.reports.attach(scheme, unit, path, item)
        report = services.reports.get(scheme, unit).report
    left = tuple(_left(proposal))
    findings = (*proposal.findings, *left)
    speaker.findings(findings)
    taken = len(proposal.sections())
    speaker.say(f"已写入述职报告：{taken} 个部分，{len(report.evidence)} 份佐证材料；{len(left)} 段没有写入")
    document = {"scheme": scheme, "unit": unit, "report": to_plain(report), "findings": to_plain(findings)}
    speaker.result(document, unit)
    return WITH_FINDINGS if findings else DONE


def _with(report: Report, proposal: DocxProposal) -> Report:
    found = proposal.sections()
    if not found:
        said = f"“{proposal.file}”里没有找到本方案报告的任何部分。请给各部分加上与方案相同的标题。"
        raise AppError(Fault.INPUT_BAD, said, (*proposal.findings, *_left(proposal)))
    read = {s.section for s in found}
    return replace(report, sections=(*(s for s in report.sections if s.section not in read), *found))


def _left(proposal: DocxProposal) -> Sequence[Finding]:
    """A remark for every paragraph that belongs to no section."""
    lost = (p for p in proposal.unassigned() if not p.names_section and p.text.strip())
    return [Finding("DOC-LEFT", proposal.file, f"没有写入：{p.text}", p.why, Severity.WARNING) for p in lost]


def _whose(services: Services, unit: str | None, scheme: str | None) -> tuple[str, str]:
    """The scheme under which the unit reports. Raises NOT_FOUND."""
    wanted = unit or services.year.info().own_unit
    lines = [line for form in services.reports.forms() for line in services.reports.list(form.scheme)]
    found = [line for line in lines if wanted in (line.unit, line.name) and scheme in (None, line.scheme)]
    if not found:
        said = f"没有要“{wanted}”写的述职报告。" if wanted else "请用 --unit 写明单位。"
        raise AppError(Fault.NOT_FOUND, said)
    return found[0].scheme, found[0].unit


def _evidence(text: str) -> tuple[str, Path]:
    """Indicator and file of ``指标=文件``; without an indicator that of the report as a whole."""
    item, _, path = text.partition("=") if not Path(text).exists() else ("", "", text)
    if not path:
        raise AppError(Fault.FILE_MISSING, f"没有这个佐证材料文件：{text}")
    return item, Path(path)
