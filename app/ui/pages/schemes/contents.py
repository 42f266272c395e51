"""What the page 方案 reads: the chosen scheme, its findings and versions, and the words the registers know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.facts import Unit
from app.domain.findings import Finding
from app.domain.schemes import Scheme
from app.services.schemes import SchemeVersion, check_document
from app.ui.pages.schemes.draft import Known

if TYPE_CHECKING:
    from app.services.container import Services


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page shows of the chosen scheme. units: by code."""

    scheme: Scheme
    findings: tuple[Finding, ...]
    versions: tuple[SchemeVersion, ...]
    known: Known
    units: dict[str, Unit]


def read_sheet(services: Services, scheme: str) -> Sheet:
    """Read the scheme with this id; on the database lane."""
    schemes = services.schemes
    units, evaluators = services.units.units(), services.units.evaluators()
    document, everything = schemes.get(scheme), schemes.all()
    known = Known(
        others=tuple(s for s in everything if s.id != scheme),
        roles=_distinct(e.role for e in evaluators),
        series=_distinct(u.series for u in units if u.level == document.level),
        kinds=_distinct(u.kind for u in units),
        tags=_distinct(t for u in units for t in u.tags),
        links=_distinct(li.name for u in units for li in u.links),
        levels=tuple((s.level, s.level_name) for s in everything),
    )
    findings = check_document(document, everything)
    return Sheet(document, findings, schemes.versions(scheme), known, {u.code: u for u in units})


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each word once, in the order of its first place; without empty ones."""
    return tuple(dict.fromkeys(w for w in words if w))
