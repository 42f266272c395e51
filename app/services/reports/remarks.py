"""Remarks of the office at passages of a report."""

from __future__ import annotations

import secrets
from dataclasses import replace

from app.domain.errors import AppError, Fault
from app.domain.reports import Remark
from app.services.reports.passages import text_at
from app.services.reports.store import Place
from app.services.reports.values import RemarkDraft
from app.services.session import Session
from app.storage.work import Work


class Remarks:
    """Inside a transaction of the report service."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, work: Work, place: Place, draft: RemarkDraft) -> Remark:
        """Set one on the stored report. Raises INPUT_BAD when it says nothing or lies outside the text."""
        text = text_at(place.report, draft.where)
        if not draft.text.strip():
            raise AppError(Fault.INPUT_BAD, "批注没有写内容。请写明要改什么。")
        if not 0 <= draft.start <= draft.end <= len(text):
            raise AppError(Fault.INPUT_BAD, "批注的位置不在报告文字里。请重新选中要批注的文字。")
        remark = Remark(
            id=secrets.token_hex(16),
            scheme=place.scheme.id,
            unit=place.unit.code,
            version=place.stored.fingerprint if place.stored else "",
            where=draft.where,
            start=draft.start,
            end=draft.end,
            quote=text[draft.start : draft.end],
            text=draft.text.strip(),
            by=work.who,
            at=work.at,
        )
        work.remarks.save(remark)
        return remark

    def settle(self, work: Work, remark_id: str, settled: bool) -> Remark:
        """Note whether it has been dealt with."""
        remark = replace(_found(work, remark_id), settled=settled)
        work.remarks.save(remark)
        said = ("未处理", "已处理")
        work.describe(subject=_subject(remark), before=said[not settled], after=f"{said[settled]}：{remark.text}")
        return remark

    def delete(self, work: Work, remark_id: str) -> None:
        """Take one out."""
        remark = _found(work, remark_id)
        work.describe(subject=_subject(remark), before=remark.text)
        work.remarks.delete(remark_id)


def _found(work: Work, remark_id: str) -> Remark:
    remark = work.remarks.get(remark_id)
    if remark is None:
        raise AppError(Fault.NOT_FOUND, "没有这条批注，可能已经删除。")
    return remark


def _subject(remark: Remark) -> str:
    return f"批注 {remark.scheme} {remark.unit} {remark.where}".rstrip()
