"""Files for people: the result workbook, the explanation of one unit, the report of an import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.domain.errors import AppError, Fault
from app.domain.facts import Facts
from app.domain.progress import Progress, no_progress
from app.domain.schemes import Scheme
from app.domain.sheets import ResultBook
from app.files.excel import write_result_workbook
from app.files.saving.whole import write_whole
from app.scoring.rounding import round_value
from app.services.changes import Outcome
from app.services.exchange.report import merge_report_lines
from app.services.exchange.values import MergePlan
from app.services.hand_changes import standing
from app.services.imports.report import import_report_lines
from app.services.imports.values import ImportPlan
from app.services.results import ResultService, is_fresh
from app.services.session import Session, done, note_export
from app.storage.work import Work

PRACTICE = "演练数据"
_LEAVING_NO_MARK = ("export", "backup", "restore")
_LOOKED_AT = 50


class ExportService:
    """Exports of the open year. Each is written whole or not at all, and noted in the audit trail."""

    def __init__(self, session: Session, results: ResultService) -> None:
        self._session = session
        self._results = results

    def results(self, path: Path, version: int | None = None, progress: Progress = no_progress) -> Outcome[Path]:
        """The result workbook of a kept result (the newest when none is named). Raises CALC_STALE when schemes or
        facts have changed since: the workbook would not agree with them."""
        progress("正在准备结果", 0)
        book = self.book(version)
        progress("正在写结果工作簿", 30)
        write_result_workbook(book, path)
        progress("导出完成", 100)
        return self._noted(path, f"导出第 {book.version} 版结果", book.results.facts)

    def book(self, version: int | None = None) -> ResultBook:
        """Everything the result workbook shows."""
        with self._session.read() as work:
            kept = work.snapshots.newest() if version is None else work.snapshots.get(version)
            if kept is None:
                if version is not None and work.snapshots.newest() is not None:
                    raise AppError(Fault.NOT_FOUND, f"没有第 {version} 版结果。")
                raise AppError(Fault.CALC_STALE, "还没有计算过结果。")
            if not is_fresh(self._session, work, kept):
                raise AppError(Fault.CALC_STALE, f"第 {kept.version} 版结果计算之后，方案或数据又有改动。")
            schemes, facts = tuple(s.scheme for s in self._session.schemes(work)), self._session.facts(work)
            return ResultBook(
                title=work.settings.get("title"),
                year=int(work.settings.get("year")),
                schemes=schemes,
                facts=_without_ballots(schemes, facts),
                results=self._results.loaded(work, kept).results,
                rounded=round_value,
                fingerprints=dict(kept.schemes),
                version=kept.version,
                made=kept.made_at[:16].replace("T", " "),
                frozen=kept.frozen,
                checkpoint=settled_checkpoint(work),
                office=work.settings.get("office"),
                secrecy=work.settings.get("secrecy"),
                practice=bool(work.settings.get("practice")),
                hand_changes=tuple(c for s in schemes for c in standing(work.hand_changes.all(), s)),
            )

    def explanation(self, path: Path, scheme_id: str, unit: str) -> Outcome[Path]:
        """The way to one unit's grade as a text file (UTF-8 with signature, so that Notepad and WPS read it)."""
        step = self._results.explain(scheme_id, unit)
        with self._session.read() as work:
            stored = self._session.scheme(work, scheme_id)
            known = work.units.get(unit)
            head = self._head(f"{known.name if known else unit}：{stored.scheme.name}计算依据")
            foot = (f"方案指纹：{stored.fingerprint[:16]}", f"核对指纹：{settled_checkpoint(work)}")
        _write_lines(path, (*head, *self._results.sentences(step), "", *foot))
        return self._noted(path, f"导出{known.name if known else unit}的计算依据")

    def import_report(self, path: Path, plan: ImportPlan) -> Outcome[Path]:
        """What an import would do, or did: files, cells by kind, findings cell by cell, as a text file."""
        with self._session.read() as work:
            names = {u.code: u.name for u in work.units.all()}
        _write_lines(path, (*self._head("导入报告"), *import_report_lines(plan, names)))
        return self._noted(path, "导出导入报告")

    def merge_report(self, path: Path, plan: MergePlan) -> Outcome[Path]:
        """What receiving packages would do, or did: packages, changes with both sides, findings, as a text file."""
        _write_lines(path, (*self._head("接收清单"), *merge_report_lines(plan)))
        return self._noted(path, "导出接收清单")

    def receipt(self, path: Path, pdf: bytes, title: str) -> Outcome[Path]:
        """The receipt of a package as the window has set it. title: which, for the trail."""
        write_whole(path, pdf)
        return self._noted(path, f"导出回执：{title}")

    def picture(self, path: Path, png: bytes, title: str) -> Outcome[Path]:
        """A chart as the window has drawn it. title: what stands above it, for the trail."""
        write_whole(path, png)
        return self._noted(path, f"导出图片：{title}")

    def _head(self, title: str) -> tuple[str, ...]:
        with self._session.read() as work:
            settings = work.settings.all()
        marks = [PRACTICE] if settings.get("practice") else []
        marks += [settings["secrecy"]] if settings.get("secrecy") else []
        return (*marks, settings.get("title", ""), title, "")

    def _noted(self, path: Path, label: str, fingerprint: str = "") -> Outcome[Path]:
        note_export(self._session, label, path, fingerprint)
        return done(path, label, undoable=False)


def _without_ballots(schemes: Sequence[Scheme], facts: Facts) -> Facts:
    """What may leave the house: sums instead of single ballots."""
    if not facts.ballots:
        return facts
    from app.services.ballot_tallies import summed_up

    return summed_up(schemes, facts)


def settled_checkpoint(work: Work) -> str:
    """The code that goes on paper: of the newest entry that is more than the note of an export or a backup, so that
    the same state printed twice gives the same bytes."""
    offset = 0
    while entries := work.audit.entries(_LOOKED_AT, offset):
        found = next((e for e in entries if e.action not in _LEAVING_NO_MARK), None)
        if found is not None:
            return found.code
        offset += _LOOKED_AT
    return ""


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    write_whole(path, ("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
