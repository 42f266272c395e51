"""Who reports to whom, out of the register and what was settled by hand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.facts import Unit
from app.domain.report_forms import ReportForm
from app.domain.reports import Hearing
from app.domain.schemes import Scheme
from app.services.reports.values import HearingLine

OFFICE_NAME = "考核办"


def bodies_of(unit: Unit) -> tuple[str, ...]:
    """Codes of those it reports to: the parent, then the further bodies; who has neither reports to the office ("")."""
    codes = tuple(dict.fromkeys(c for c in (unit.parent, *unit.reports_to) if c))
    return codes or ("",)


def hearing_lines(
    scheme: Scheme, form: ReportForm, units: Iterable[Unit], stored: Sequence[Hearing], names: Mapping[str, str]
) -> tuple[HearingLine, ...]:
    """Every unit of the scheme before every body it reports to, in official order. A hearing that was stored for a body
    which the register no longer names is left out."""
    settled = {(h.unit, h.body): h for h in stored if h.scheme == scheme.id}
    lines: list[HearingLine] = []
    for unit in units:
        if unit.level != scheme.level or unit.participation == "ceased":
            continue
        for body in bodies_of(unit):
            plain = Hearing(scheme=scheme.id, unit=unit.code, body=body, manner=form.manner)
            hearing = settled.get((unit.code, body), plain)
            body_name = names.get(body, body) or OFFICE_NAME
            lines.append(HearingLine(hearing=hearing, unit_name=unit.name, body_name=body_name))
    return tuple(lines)
