"""What the buttons of 复核与申诉 do: forms, service calls, and the list anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.services.results import SnapshotInfo
from app.ui.page import Page
from app.ui.pages.results.objections import AnswerForm, Close, DaysForm, ObjectionForm, ObjectionsDialog, Ways
from app.ui.widgets.reasons import ask_reason

if TYPE_CHECKING:
    from app.services.objections import ObjectionView


class Reviewing:
    """The dialog over a page, with its ways. unit: the one chosen in the ranking."""

    def __init__(self, page: Page[Any], names: dict[str, str], versions: Sequence[SnapshotInfo], unit: str) -> None:
        self._page, self._names, self._versions, self._unit = page, names, versions, unit
        self.form: ObjectionForm | None = None
        self.days_form: DaysForm | None = None
        ways = Ways(read=self._read, file=self._file, answer=self._answer, withdraw=self._withdraw, days=self._days)
        self.dialog = ObjectionsDialog(page, page.work.schemes, names, ways, page.work.read_only)
        self.dialog.open()

    def _read(self, show: Callable[[Sequence[ObjectionView]], None]) -> None:
        self._page.read("正在读取复核…", lambda s, p: s.objections.all(), show)

    def _file(self, parent: QWidget, done: Close) -> None:
        page, scheme = self._page, self._page.work.scheme_document()
        if scheme is None:
            return
        level = scheme.level

        def ask(found: tuple[int, list[tuple[str, str]]]) -> None:
            form = ObjectionForm(parent, scheme, found[1], self._version_names(), found[0], self._unit)
            self.form = form
            form.submit(
                lambda value, close, wrong: page.change(
                    "正在登记…", lambda s, p: s.objections.file(value), _then(close, done), wrong
                )
            )

        page.read(
            "正在读取期限…",
            lambda s, p: (s.objections.days(), [(u.code, u.name) for u in s.units.units() if u.level == level]),
            ask,
        )

    def _days(self, parent: QWidget) -> None:
        def ask(now: int) -> None:
            self.days_form = form = DaysForm(parent, now)
            form.submit(
                lambda days, close, wrong: self._page.change(
                    "正在保存…", lambda s, p: s.objections.set_days(days), lambda _: close(), wrong
                )
            )

        self._page.read("正在读取期限…", lambda s, p: s.objections.days(), ask)

    def _version_names(self) -> list[tuple[int, str]]:
        return [
            (v.version, f"第 {v.version} 版 · {v.made_at[:16].replace('T', ' ')}" + ("（定稿）" if v.frozen else ""))
            for v in self._versions
        ]

    def _answer(self, parent: QWidget, view: ObjectionView, done: Close) -> None:
        one = view.objection
        self.answering = AnswerForm(parent, self._names.get(one.unit, one.unit))
        self.answering.submit(
            lambda value, close, wrong: self._page.change(
                "正在答复…",
                lambda s, p: s.objections.answer(one.id, value.outcome, value.reason, value.by, value.on),
                _then(close, done),
                wrong,
            )
        )

    def _withdraw(self, parent: QWidget, view: ObjectionView, done: Close) -> None:
        one = view.objection
        self.taking_back = ask_reason(
            parent,
            f"撤回 {one.id}",
            "由提出人撤回；记录仍保留。",
            "撤回",
            lambda reason, close, wrong: self._page.change(
                "正在撤回…", lambda s, p: s.objections.withdraw(one.id, reason), _then(close, done), wrong
            ),
        )


def _then(close: Close, done: Close) -> Callable[[object], None]:
    def both(_: object) -> None:
        close()
        done()

    return both
