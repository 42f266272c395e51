"""Whose year file it is: the office's own, or a unit's, made from the office's task package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.storage.work import Work

RoleName = Literal["office", "unit"]
OFFICE_ROLE, UNIT_ROLE = "考核办", "填报单位"  # as the trail says them
WORKER = "worker"  # setting of a unit's year file: the name of the person who works in it


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """What a year file is for. file: id of the year file itself; forms: id of the office's year file, which stands in the
    identities of score sheets and in packages (at the office: its own); own_unit: code of the unit (at the office: empty);
    task: id of the newest task; office_key: public key of the office's installation (at the office: empty)."""

    name: RoleName
    file: str
    forms: str
    own_unit: str = ""
    task: str = ""
    office_key: str = ""

    @property
    def is_unit(self) -> bool:
        """Whether it is a unit's."""
        return self.name == "unit"


def role_of(work: Work) -> Role:
    """As the settings say."""
    settings = work.settings.all()
    file = settings["file_id"]
    if settings.get("role") != "unit":
        return Role(name="office", file=file, forms=file)
    return Role(
        name="unit",
        file=file,
        forms=settings.get("office_file", ""),
        own_unit=settings.get("own_unit", ""),
        task=settings.get("task", ""),
        office_key=settings.get("office_key", ""),
    )


def received_schemes(work: Work) -> frozenset[str]:
    """Schemes whose documents came only with results of the level below: they are known, but not computed here."""
    return frozenset(work.settings.get("received_schemes").split())


def note_received_schemes(work: Work, schemes: frozenset[str]) -> None:
    """Keep which they are."""
    work.settings.set("received_schemes", " ".join(sorted(schemes)))
