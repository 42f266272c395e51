"""票决: the vote sessions of a level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from app.domain.facts import Unit, VoteSession
from app.domain.progress import Progress
from app.domain.schemes import Scheme
from app.services.changes import Area
from app.ui.colours import GOOD_TONE, NEUTRAL
from app.ui.pages.sheets.reasons import ask_reason
from app.ui.pages.sheets.vote_form import VoteForm, vote_items
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from app.services.container import Services


@dataclass(frozen=True, slots=True)
class VoteData:
    """The sessions of one scheme, and the units that can be voted on."""

    sessions: tuple[VoteSession, ...]
    units: tuple[Unit, ...]


class VotesTab(Tab[VoteData]):
    id, title = "votes", "票决"
    areas = frozenset({Area.VOTES, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = VoteData((), ())
        self.add = Command(self, "录入票决…", lambda: self.edit(None), icon="plus", tip="录入一次会议的票数")
        self.remove = Command(self, "删除…", self._remove, icon="trash-2")
        self.tools.addWidget(self.remove.button("danger"))
        self.tools.addWidget(self.add.button("primary"))
        columns: tuple[Column[VoteSession], ...] = (
            Column(key="date", title="日期", text=lambda v: v.date or "—", width=100),
            Column(
                key="name",
                title="会议",
                text=lambda v: v.name,
                tip=lambda v: v.name,
                width=240,
                stretch=True,
                strong=True,
            ),
            Column(key="group", title="评议人分组", text=self._group_name, width=150),
            Column(
                key="expected",
                title="应到",
                text=lambda v: _number(v.expected),
                sort=lambda v: v.expected,
                align="right",
                width=60,
            ),
            Column(
                key="present",
                title="实到",
                text=lambda v: _number(v.present),
                sort=lambda v: v.present,
                align="right",
                width=60,
            ),
            Column(
                key="issued",
                title="发出",
                text=lambda v: _number(v.issued),
                sort=lambda v: v.issued,
                align="right",
                width=60,
            ),
            Column(
                key="returned",
                title="收回",
                text=lambda v: _number(v.returned),
                sort=lambda v: v.returned,
                align="right",
                width=60,
            ),
            Column(
                key="invalid",
                title="无效",
                text=lambda v: str(v.invalid),
                sort=lambda v: v.invalid,
                align="right",
                width=60,
            ),
            Column(
                key="valid",
                title="有效",
                text=lambda v: str(v.returned - v.invalid),
                sort=lambda v: v.returned - v.invalid,
                align="right",
                width=60,
            ),
            Column(
                key="units",
                title="表决单位",
                text=lambda v: f"{len({c.unit for c in v.counts})} 家",
                align="right",
                width=84,
            ),
            Column(
                key="state",
                title="状态",
                text=lambda v: "已被取代" if self._is_replaced(v) else "计入",
                tone=lambda v: NEUTRAL if self._is_replaced(v) else GOOD_TONE,
                align="center",
                width=96,
            ),
        )
        self.table = Table(columns)
        self.table.opened.connect(self._opened)
        self.table.picked.connect(self._allow)
        self.empty = EmptyState(
            "vote",
            "还没有票决",
            "会议计票后在这里录入：应到、实到、发出、收回、无效和各单位的得票，边填边核对是否平衡。",
            self.add,
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.body.addWidget(self.stack, 1)

    def loader(self) -> Callable[[Services, Progress], VoteData]:
        scheme = self.work.scheme_document()
        return lambda services, progress: _read(services, scheme)

    def show_data(self, data: VoteData) -> None:
        self.data = data
        self.table.show_rows(data.sessions)
        self.stack.setCurrentIndex(1 if data.sessions else 0)
        scheme = self.work.scheme_document()
        if scheme is not None and not vote_items(scheme):
            self.empty.show_text("这一层级的方案没有票决项目", "方案里没有以票决为来源的指标，不需要录入。")
        self.subtitle.setText(f"{len(data.sessions)} 次会议" if data.sessions else "")
        self._allow()

    def reveal(self, target: str) -> None:
        self.table.go_to(lambda session: session.id == target)

    def edit(self, session: VoteSession | None) -> None:
        """Open the form of a session, or of a new one."""
        scheme = self.work.scheme_document()
        if scheme is None or self.work.read_only:
            self.work.notices.say(self.work.read_only or "这一年还没有方案。")
            return
        others = tuple(
            (s.id, f"{s.name}（{s.date}）") for s in self.data.sessions if session is None or s.id != session.id
        )
        self.form = VoteForm(self, session, scheme, self.data.units, others)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存票决…", lambda s, p: s.votes.save(value), lambda _: close(), wrong
            )
        )

    # ---- inside

    def _allow(self) -> None:
        scheme = self.work.scheme_document()
        self.writable(self.add, why="" if scheme and vote_items(scheme) else "这一层级的方案没有票决项目。")
        self.writable(self.remove, why="" if self.table.current() else "请先选中一次会议。")

    def _opened(self, session: VoteSession, key: str) -> None:
        self.edit(session)

    def _remove(self) -> None:
        session = self.table.current()
        if session is not None:
            ask_reason(
                self,
                f"删除票决“{session.name}”",
                "删除后这次会议的票不再计入；可以撤销。",
                "删除",
                lambda reason, close, wrong: self.change(
                    "正在删除…", lambda s, p: s.votes.delete(session.id, reason), lambda _: close(), wrong
                ),
            )

    def _group_name(self, session: VoteSession) -> str:
        scheme = self.work.scheme_document(session.scheme)
        return (
            next((g.name for g in scheme.groups if g.id == session.group), session.group or "—")
            if scheme
            else session.group
        )

    def _is_replaced(self, session: VoteSession) -> bool:
        return any(other.replaces == session.id for other in self.data.sessions)


def _read(services: Services, scheme: Scheme | None) -> VoteData:
    if scheme is None:
        return VoteData((), ())
    units = tuple(u for u in services.units.units() if u.level == scheme.level and u.participation != "ceased")
    return VoteData(tuple(s for s in services.votes.sessions() if s.scheme == scheme.id), units)


def _number(value: int) -> str:
    return str(value) if value else "—"
