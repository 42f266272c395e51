"""Making a package: who it is from, who it is for, its number and its name."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import AppError
from app.domain.packages import Manifest, Package, PackageContent, PackageKind, Party, SchemeStamp
from app.files.documents.packages import write_content
from app.files.excel.texts import safe_file_name
from app.files.package import Key, write_package
from app.files.saving.whole import move_over
from app.services.exchange.contents import without_received
from app.services.exchange.trust import KINDS
from app.services.session import Session
from app.storage.records import SentPackage
from app.storage.work import Work

PROGRAM = "三联考评"
SUFFIX = ".slp"


def manifest_of(
    work: Work,
    kind: PackageKind,
    sender: Party,
    receiver: Party,
    schemes: tuple[SchemeStamp, ...],
    year_file: str,
    answers: str = "",
) -> Manifest:
    """The manifest of the next package of this kind to this receiver."""
    settings = work.settings.all()
    last = work.packages_out.newest(receiver.unit, kind)
    year = int(settings["year"])
    about = receiver.name if kind == "task" else sender.name
    return Manifest(
        id=secrets.token_hex(16),
        kind=kind,
        year=year,
        year_file=year_file,
        title=f"{year} 年度{KINDS[kind]} {about}",
        practice=bool(settings.get("practice")),
        secrecy=settings.get("secrecy", ""),
        sender=sender,
        receiver=receiver,
        sequence=last.sequence + 1 if last else 1,
        answers=answers,
        made=work.at,
        by=work.who,
        program=PROGRAM,
        checkpoint=work.audit.checkpoint(),
        schemes=schemes,
    )


def file_name(manifest: Manifest) -> str:
    """``任务包_D01_市清波办_2026_第1号.slp``; practice data says so."""
    unit = manifest.receiver if manifest.kind == "task" else manifest.sender
    practice = "演练数据_" if manifest.practice else ""
    who = safe_file_name(f"{unit.unit}_{unit.name}", 60)
    return f"{practice}{KINDS[manifest.kind]}_{who}_{manifest.year}_第{manifest.sequence}号{SUFFIX}"


def package_of(
    manifest: Manifest, content: PackageContent, schemes: dict[str, str], evidence: dict[str, bytes]
) -> Package:
    """The package, ready to be written."""
    return Package(manifest=manifest, content=without_received(content), schemes=schemes, evidence=evidence)


def write_and_note(work: Work, package: Package, key: Key, path: Path, name: str, passphrase: str) -> SentPackage:
    """Write the file (under ``path``, where it waits) and note that it goes out under this name."""
    manifest = package.manifest
    digest = write_package(package, key, path, passphrase)
    sent = SentPackage(
        id=manifest.id,
        kind=manifest.kind,
        unit=manifest.receiver.unit,
        sequence=manifest.sequence,
        at=work.at,
        by=work.who,
        file=name,
        sha256=digest,
        answers=manifest.answers,
        content=write_content(package.content),
    )
    work.packages_out.add(sent)
    return sent


def deliver(session: Session, sent: Sequence[SentPackage], place: Path, folder: Path) -> None:
    """Move what is noted as sent to where it was asked for. What cannot be moved is taken out of the register again, with
    an entry in the trail, so that its number is given to the next try. Raises AppError that says what lies there
    already."""
    for number, package in enumerate(sent):
        try:
            move_over(place / package.file, folder / package.file)
        except AppError as error:
            failed = sent[number:]
            with session.write(
                "not-sent", f"没有写成：{len(failed)} 个数据包", undoable=False, touches_facts=False
            ) as work:
                work.packages_out.withdraw(*(p.id for p in failed))
                work.describe(subject="、".join(p.file for p in failed)[:2000], after=error.detail)
            done = f"已写好 {number} 个，其余 {len(failed)} 个没有写出" if number else "没有写出"
            raise AppError(
                error.fault, f"{error.detail}数据包{done}，没有记作已发出；排除原因后再做一次，序号不变。"
            ) from error


def code_of(package: str) -> str:
    """The id of a package as it stands on paper: ``1A2B-3C4D``."""
    return f"{package[:4]}-{package[4:8]}".upper()
