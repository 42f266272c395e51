"""What is noted of a package that is taken in: the package itself, and its sender. Pure."""

from __future__ import annotations

from app.domain.packages import Package
from app.files.documents.packages import write_content, write_manifest
from app.services.exchange.state import Standing, unit_of
from app.services.exchange.trust import units_of
from app.storage.records import ReceivedPackage, Sender


def received_of(package: Package) -> ReceivedPackage:
    """As it is kept, without time and name."""
    manifest = package.manifest
    return ReceivedPackage(
        id=manifest.id,
        kind=manifest.kind,
        unit=unit_of(manifest),
        key=manifest.sender.key,
        sequence=manifest.sequence,
        at="",
        by="",
        file=package.name,
        sha256=package.sha256,
        manifest=write_manifest(manifest),
        content=write_content(package.content),
    )


def sender_of(package: Package, state: Standing) -> Sender:
    """The sender as it is remembered from now on, besides the units it has sent for before."""
    manifest = package.manifest
    unit = "" if manifest.kind == "task" else manifest.sender.unit
    known = state.senders.get(manifest.sender.key)
    units = (*units_of(known.unit), unit) if known else (unit,)
    return Sender(key=manifest.sender.key, unit="\n".join(dict.fromkeys(units)), name=manifest.sender.name)
