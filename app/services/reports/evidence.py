"""Evidence files: taken in under the hash of their bytes, named in the report, handed out again. Never opened or run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.report_forms import EvidenceKind, EvidenceLimits
from app.domain.reports import Evidence, Report
from app.files.saving.whole import file_error, write_whole
from app.files.word.kinds import kind_of
from app.services.changes import Area, Outcome
from app.services.reports.store import Place, items_asked, place_of, require_open, store
from app.services.session import Session, done, need_reason, note_export
from app.storage.records import Details
from app.storage.work import Work

KIND_NAMES: dict[EvidenceKind, str] = {"pdf": "PDF", "image": "图片", "docx": "Word 文档", "xlsx": "Excel 工作簿"}
_MB = 1 << 20
_LONGEST_NAME = 120


class EvidenceFiles:
    """Attached files of the open year's reports."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def attach(self, scheme: str, unit: str, path: Path, item: str, note: str) -> Outcome[Evidence]:
        """Take a file in and name it in the report; the same file at the same indicator again: its name and note are
        the new ones."""
        with self._session.read() as work:
            place = place_of(self._session, work, scheme, unit)
            require_open(place)
            limits = place.form.evidence
        data = _read(path, limits)
        kind = _checked_kind(path, data, limits)
        label = f"添加佐证材料“{path.name}”"
        with self._session.write("attach-evidence", label, details=Details(), touches_facts=False) as work:
            place = self._open_place(work, scheme, unit, item)
            digest = work.evidence.put(data)
            name = path.name[-_LONGEST_NAME:]
            added = Evidence(digest=digest, name=name, kind=kind, size=len(data), item=item, note=note.strip())
            others = tuple(e for e in place.report.evidence if (e.digest, e.item) != (digest, item))
            _require_room((*others, added), limits)
            store(work, place, replace(place.report, evidence=(*others, added)), place.state)
            work.describe(subject=_subject(place), after=f"{name}（{size_text(len(data))}）", fingerprint=digest)
        return done(added, label, Area.REPORTS)

    def change(self, scheme: str, unit: str, digest: str, item: str, new_item: str, note: str) -> Outcome[Evidence]:
        """Put it to another indicator, or change the note."""
        label = "修改佐证材料说明"

        def changed(report: Report, found: Evidence) -> tuple[Report, Evidence]:
            new = replace(found, item=new_item, note=note.strip())
            gone = {(digest, item), (digest, new_item)}
            others = tuple(e for e in report.evidence if (e.digest, e.item) not in gone)
            return replace(report, evidence=(*others, new)), new

        return done(
            self._edit("change-evidence", label, (scheme, unit, digest, item), changed, new_item), label, Area.REPORTS
        )

    def detach(self, scheme: str, unit: str, digest: str, item: str) -> Outcome[None]:
        """Name it no longer. Its bytes stay: versions and undo may still want them."""
        label = "移除佐证材料"

        def removed(report: Report, found: Evidence) -> tuple[Report, Evidence]:
            return replace(report, evidence=tuple(e for e in report.evidence if e != found)), found

        self._edit("detach-evidence", label, (scheme, unit, digest, item), removed, "")
        return done(None, label, Area.REPORTS)

    def purge(self, reason: str) -> Outcome[int]:
        """Clear away contents that nothing names any more."""
        need_reason(reason, "清理佐证材料")
        label = "清理不再引用的佐证材料"
        with self._session.read() as work:
            if not work.evidence.digests() - work.evidence.named():
                return done(0, label, undoable=False)
        self._session.backups.make("清理佐证材料前")
        with self._session.write("purge-evidence", label, undoable=False, reason=reason, touches_facts=False) as work:
            keep = work.evidence.named()
            gone = sorted(work.evidence.digests() - keep)
            size = sum(work.evidence.size(d) or 0 for d in gone)
            work.evidence.purge(keep)
            work.describe(subject=f"{len(gone)} 个，{size} 字节", before="；".join(gone)[:2000])
        return done(len(gone), label, Area.REPORTS, undoable=False)

    def _edit(
        self,
        action: str,
        label: str,
        which: tuple[str, str, str, str],
        edit: Callable[[Report, Evidence], tuple[Report, Evidence]],
        new_item: str,
    ) -> Evidence:
        scheme, unit, digest, item = which
        with self._session.write(action, label, details=Details(), touches_facts=False) as work:
            place = self._open_place(work, scheme, unit, new_item)
            found = next((e for e in place.report.evidence if (e.digest, e.item) == (digest, item)), None)
            if found is None:
                raise AppError(Fault.NOT_FOUND, f"{place.unit.name}的报告中没有这份佐证材料。")
            report, result = edit(place.report, found)
            store(work, place, report, place.state)
            after = "" if result == found else _said(result)
            work.describe(subject=_subject(place), before=_said(found), after=after, fingerprint=digest)
        return result

    def _open_place(self, work: Work, scheme: str, unit: str, item: str) -> Place:
        place = place_of(self._session, work, scheme, unit)
        require_open(place)
        if item and item not in {i.id for i in items_asked(work, place)}:
            raise AppError(Fault.NOT_FOUND, f"报告不要求填写指标“{item}”，不能给它添加佐证材料。")
        return place

    def bytes_of(self, digest: str) -> bytes:
        """The bytes. Raises NOT_FOUND."""
        with self._session.read() as work:
            data = work.evidence.get(digest)
        if data is None:
            raise AppError(Fault.NOT_FOUND, "年度文件中没有这份佐证材料。")
        return data

    def save_to(self, digest: str, path: Path) -> Path:
        """Write it to a place, whole or not at all."""
        write_whole(path, self.bytes_of(digest))
        note_export(self._session, f"另存佐证材料“{path.name}”", path, digest)
        return path


def _read(path: Path, limits: EvidenceLimits) -> bytes:
    try:
        size = path.stat().st_size
        if size > limits.file * _MB:
            said = f"“{path.name}”有 {size_text(size)}，单个文件不能超过 {limits.file} MB。"
            raise AppError(Fault.EVIDENCE_TOO_LARGE, said)
        return path.read_bytes()
    except OSError as error:
        raise file_error(error, path) from error


def _checked_kind(path: Path, data: bytes, limits: EvidenceLimits) -> EvidenceKind:
    kind, instead = kind_of(data)
    allowed = "、".join(KIND_NAMES[k] for k in limits.kinds) or "（本方案不收佐证材料）"
    if kind is None:
        raise AppError(Fault.EVIDENCE_KIND, f"“{path.name}”是{instead}。允许：{allowed}。")
    if kind not in limits.kinds:
        raise AppError(Fault.EVIDENCE_KIND, f"“{path.name}”是{KIND_NAMES[kind]}。允许：{allowed}。")
    return kind


def _require_room(evidence: Sequence[Evidence], limits: EvidenceLimits) -> None:
    total = sum({e.digest: e.size for e in evidence}.values())
    if total > limits.total * _MB:
        said = f"加上这份，全部佐证材料共 {size_text(total)}，合计不能超过 {limits.total} MB。"
        raise AppError(Fault.EVIDENCE_TOO_LARGE, said)


def size_text(count: int) -> str:
    """1.2 MB, 340 KB."""
    return f"{count / _MB:.1f} MB" if count >= _MB else f"{max(1, count // 1024)} KB"


def _said(evidence: Evidence) -> str:
    return " ".join(w for w in (evidence.name, evidence.item, evidence.note) if w)


def _subject(place: Place) -> str:
    return f"述职报告 {place.scheme.id} {place.unit.code}"
