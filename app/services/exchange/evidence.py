"""Attached files of reports in a package: all there, and each what it says it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.errors import Fault
from app.domain.packages import Package
from app.domain.reports import Evidence, Report
from app.files.word.kinds import kind_of
from app.services.exchange.state import Standing
from app.services.exchange.trust import Refusal
from app.services.exchange.values import MergedReport


def named_evidence(reports: Iterable[MergedReport]) -> frozenset[str]:
    """Digests of the files that these reports and their new versions name."""
    every = (r for merged in reports for r in (merged.report, *(v.report for v in merged.versions)))
    return frozenset(e.digest for report in every for e in report.evidence)


def wrong_evidence(package: Package, state: Standing) -> Refusal | None:
    """A file that is named and neither in the package nor here, or one that is no kind of file that may be attached; the
    kind is told by the content, whatever the package says."""
    for evidence in _named(package):
        data = package.evidence.get(evidence.digest)
        if data is None and evidence.digest not in state.evidence:
            return Refusal(Fault.PKG_CHANGED, f"缺少佐证材料“{evidence.name}”。")
        if data is not None and (kind_of(data)[0] != evidence.kind or len(data) != evidence.size):
            return Refusal(Fault.EVIDENCE_KIND, f"佐证材料“{evidence.name}”的内容与所写的种类、大小不符。")
    return None


def _named(package: Package) -> tuple[Evidence, ...]:
    reports: list[Report] = []
    for one in package.content.reports:
        reports += [one.report, *(v.report for v in one.versions)]
    return tuple({(e.digest, e.kind, e.size): e for r in reports for e in r.evidence}.values())
