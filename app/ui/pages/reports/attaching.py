"""What is done with the attached files of the report in front."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import AppError
from app.domain.reports import Evidence

if TYPE_CHECKING:
    from app.ui.pages.reports.desk import ReportDesk


class Attaching:
    """Follows what the panel 佐证 asks for."""

    def __init__(self, desk: ReportDesk) -> None:
        self.desk = desk
        desk.evidence.added.connect(self.attach)
        desk.evidence.removed.connect(self._detach)
        desk.evidence.saved.connect(self._save)
        desk.evidence.altered.connect(self._alter)

    def attach(self, paths: Sequence[Path]) -> None:
        """Attach files one after the other, to the indicator in front when one is. One that is refused does not hold up the rest."""
        desk, view = self.desk, self.desk.view
        if view is None or desk.fixed or not paths:
            return
        item, first, rest = desk.item_in_front(), paths[0], paths[1:]
        desk.side.show_panel("evidence")
        desk.writing.store()

        def refused(error: BaseException) -> bool:
            if isinstance(error, AppError):
                desk.work.notices.refuse(error)
                self.attach(rest)
            return isinstance(error, AppError)

        desk.work.change(
            "正在存入佐证…",
            lambda s, p: s.reports.attach(view.scheme, view.unit, first, item),
            lambda one: self.attach(rest),
            owner=desk,
            failed=refused,
        )

    def _detach(self, one: Evidence) -> None:
        desk, view = self.desk, self.desk.view
        if view is not None and desk.work.notices.confirm("移除佐证", f"从报告里移除“{one.name}”？可以撤销。", "移除"):
            desk.work.change("正在移除…", lambda s, p: s.reports.detach(view.scheme, view.unit, one.digest, one.item))

    def _save(self, one: Evidence) -> None:
        work = self.desk.work
        path = work.notices.save_file("另存佐证", f"文件 (*{Path(one.name).suffix})", one.name)
        if path is not None:
            work.read(
                "正在另存…",
                lambda s, p: s.reports.save_evidence(one.digest, path),
                lambda written: work.notices.say(f"已存为 {written}"),
                owner=self.desk,
            )

    def _alter(self, one: Evidence, item: str, note: str) -> None:
        view = self.desk.view
        if view is not None:
            self.desk.work.change(
                "正在保存…",
                lambda s, p: s.reports.change_evidence(view.scheme, view.unit, one.digest, one.item, item, note),
            )
