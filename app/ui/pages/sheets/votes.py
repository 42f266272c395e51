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
from app.ui.colours import BAD_TONE, GOOD_TONE, NEUTRAL, WARN_TONE, Tone
from app.ui.pages.sheets.ballot_form import BallotDialog, WithdrawForm
from app.ui.pages.sheets.secrecy import SecrecyBand
from app.ui.pages.sheets.vote_form import VoteForm, vote_items
from app.ui.pages.sheets.vote_tools import VoteTools
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from app.services.ballot_tallies import Standing
    from app.services.ballots import BallotBox, BallotForm, BallotReading, Withdrawal
    from app.services.container import Services


BOOK = "Excel 工作簿 (*.xlsx)"
TABLES = "表格 (*.xlsx *.xlsm *.xls *.et *.ods)"


@dataclass(frozen=True, slots=True)
class VoteData:
    """The sessions of one scheme, the units that can be voted on, what the scheme makes of each session, and the boxes."""

    sessions: tuple[VoteSession, ...]
    units: tuple[Unit, ...]
    standings: dict[str, Standing]
    boxes: tuple[BallotBox, ...]

    def taken_in(self, session: str) -> int:
        """Single ballots that a session has."""
        return sum(box.size for box in self.boxes if box.session == session)


class VotesTab(Tab[VoteData]):
    id, title = "votes", "票决"
    areas = frozenset({Area.VOTES, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = VoteData((), (), {}, ())
        self.add = Command(self, "录入票决…", lambda: self.edit(None), icon="plus", tip="录入一次会议的票数")
        self.remove = Command(self, "删除…", self._remove, icon="trash-2")
        self.ballots = Command(
            self, "录入选票…", self._key_in, icon="inbox", tip="逐张录入无记名选票，或从没有姓名的表格读入；整箱收入"
        )
        self.withdraw = Command(self, "撤出选票…", self._withdraw, icon="undo-2", tip="整箱撤出，写明理由，由两人办理")
        self.basis = Command(self, "看依据", self._explain, icon="search", tip="票数怎样变成得分")
        self.more = VoteTools(self, lambda: self.table.current(), self._unit_name)
        self.tools.addWidget(self.more.button())
        for command in (self.basis, self.ballots, self.withdraw):
            self.tools.addWidget(command.button())
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
            Column(key="group", title="评议人分组", text=self._group_name, tip=self._group_name, width=130),
            Column(key="period", title="期次", text=lambda v: v.period or "—", width=80),
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
                text=lambda v: str(self._valid(v)),
                sort=self._valid,
                tip=self._void_tip,
                align="right",
                width=60,
            ),
            Column(key="counted", title="计票", text=self._counted, tip=self._void_tip, width=110),
            Column(
                key="state",
                title="状态",
                text=self._state,
                tone=self._tone,
                tip=self._state_tip,
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
        self.body.addWidget(SecrecyBand(secret=True))
        self.body.addWidget(self.stack, 1)

    def loader(self) -> Callable[[Services, Progress], VoteData]:
        scheme = self.work.scheme_document()
        return lambda services, progress: _read(services, scheme)

    def show_data(self, data: VoteData) -> None:
        self.data = data
        self.table.show_rows(data.sessions)
        keys = [column.key for column in self.table.contents.columns]
        self.table.setColumnHidden(keys.index("period"), not any(session.period for session in data.sessions))
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
        taken_in = self.data.taken_in(session.id) if session else 0
        self.form = VoteForm(self, session, scheme, self.data.units, others, taken_in)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存票决…", lambda s, p: s.votes.save(value), lambda _: close(), wrong
            )
        )

    # ---- inside

    def _allow(self) -> None:
        scheme = self.work.scheme_document()
        self.writable(self.add, why="" if scheme and vote_items(scheme) else "这一层级的方案没有票决项目。")
        session = self.table.current()
        chosen = "" if session else "请先选中一次会议。"
        counted = "这次会议已录入计票结果；要逐张收入选票，请先在会议中改“计票”。" if session and session.counts else ""
        boxes = session is not None and self.data.taken_in(session.id) > 0
        self.writable(self.remove, why=chosen)
        self.writable(self.ballots, why=chosen or counted)
        self.more.allow(chosen or counted)
        self.writable(self.withdraw, why=chosen or ("" if boxes else "这次会议没有收入选票。"))
        self.basis.set_reason(chosen or ("" if self._place(session) else "这次会议还没有计票结果。"))

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

    def _unit_name(self, code: str) -> str:
        return next((unit.name for unit in self.data.units if unit.code == code), code)

    # ---- single ballots

    def _key_in(self) -> None:
        session = self.table.current()
        if session is not None:
            self.read("正在准备选票…", lambda s, p: s.ballots.form(session.id), self._open_box)

    def _open_box(self, form: BallotForm) -> None:
        session = form.session
        self.box = BallotDialog(
            self,
            form,
            self._unit_name,
            self.work.notices,
            check=lambda entry, show: self.read("正在检查票箱…", lambda s, p: s.ballots.check(entry), show),
            take_in=lambda entry, close, wrong: self.change(
                "正在收入选票…",
                lambda s, p: s.ballots.take_in(entry),
                lambda taken: self._taken_in(session, taken, close),
                wrong,
            ),
            read=lambda done: self._read_table(session, done),
            blank=lambda: self._write_blank(session),
        )
        self.box.open()

    def _taken_in(self, session: VoteSession, box: BallotBox, close: Callable[[], object]) -> None:
        """After the count: how many are void, and why; never which ones."""
        close()

        def tell(standings: dict[str, Standing]) -> None:
            now = standings.get(session.id)
            void = _said_void(now) if now is not None else "按方案没有无效的"
            failed = f"\n这次会议不成立：{now.failed}。" if now is not None and now.failed else ""
            self.work.notices.tell("选票已收入", f"收入 {box.size} 张。{void}。{failed}")

        self.read("正在计票…", lambda s, p: s.ballots.standings(session.scheme), tell)

    def _read_table(self, session: VoteSession, done: Callable[[BallotReading], None]) -> None:
        path = self.work.notices.open_file("读入选票", TABLES)
        if path is not None:
            self.read("正在读入选票…", lambda s, p: s.ballots.read_table(session.id, path), done)

    def _write_blank(self, session: VoteSession) -> None:
        path = self.work.notices.save_file("空白选票表", BOOK, f"选票 {session.name}.xlsx")
        if path is not None:
            self.read(
                "正在写出选票表…",
                lambda s, p: s.ballots.write_table(session.id, path),
                lambda written: self.work.notices.say(f"空白选票表已写入 {written}"),
            )

    def _withdraw(self) -> None:
        session = self.table.current()
        if session is not None:
            boxes = [box for box in self.data.boxes if box.session == session.id]
            self.back = WithdrawForm(self, boxes)
            self.back.submit(
                lambda value, close, wrong: self.change(
                    "正在撤出选票…",
                    lambda s, p: s.ballots.withdraw(value.key, value.reason, value.first, value.second),
                    lambda done: self._withdrawn(done, close),
                    wrong,
                )
            )

    def _withdrawn(self, done: Withdrawal, close: Callable[[], object]) -> None:
        close()
        text = f"已撤出 {done.box.size} 张，{done.backups} 份备份中的这一箱也已清除。"
        if done.untouched:
            text += "下列备份没有能改写，请自行销毁：\n" + "\n".join(str(path) for path in done.untouched)
        self.work.notices.tell("选票已撤出", text)

    # ---- figures

    def _place(self, session: VoteSession | None) -> tuple[str, str] | None:
        """A unit and an item of the session."""
        if session is None:
            return None
        if session.counts:
            return session.counts[0].unit, session.counts[0].item
        scheme = self.work.scheme_document(session.scheme)
        if scheme is None or not self.data.taken_in(session.id) or not self.data.units:
            return None
        return self.data.units[0].code, vote_items(scheme)[0].id

    def _explain(self) -> None:
        session = self.table.current()
        place = self._place(session)
        if session is not None and place is not None:
            self.work.explain(session.scheme, *place)

    def _valid(self, session: VoteSession) -> int:
        standing = self.data.standings.get(session.id)
        return session.returned - session.invalid - (standing.void if standing else 0)

    def _counted(self, session: VoteSession) -> str:
        taken = self.data.taken_in(session.id)
        return (
            f"选票 {taken} 张" if taken else f"{len({c.unit for c in session.counts})} 家" if session.counts else "未计"
        )

    def _void_tip(self, session: VoteSession) -> str:
        standing = self.data.standings.get(session.id)
        if standing is None or not standing.ballots:
            return ""
        return f"收入选票 {standing.ballots} 张：{_said_void(standing)}"

    def _state(self, session: VoteSession) -> str:
        if self._is_replaced(session):
            return "已被取代"
        standing = self.data.standings.get(session.id)
        if standing is not None and standing.failed:
            return "不成立"
        return "计入" if session.counts or self.data.taken_in(session.id) else "待计票"

    def _tone(self, session: VoteSession) -> Tone:
        return {"计入": GOOD_TONE, "不成立": BAD_TONE, "待计票": WARN_TONE}.get(self._state(session), NEUTRAL)

    def _state_tip(self, session: VoteSession) -> str:
        standing = self.data.standings.get(session.id)
        return f"不成立：{standing.failed}" if standing is not None and standing.failed else ""

    def _is_replaced(self, session: VoteSession) -> bool:
        return any(other.replaces == session.id for other in self.data.sessions)


def _read(services: Services, scheme: Scheme | None) -> VoteData:
    if scheme is None:
        return VoteData((), (), {}, ())
    units = tuple(u for u in services.units.units() if u.level == scheme.level and u.participation != "ceased")
    sessions = tuple(s for s in services.votes.sessions() if s.scheme == scheme.id)
    standings = services.ballots.standings(scheme.id) if sessions else {}
    return VoteData(sessions, units, standings, services.ballots.boxes() if sessions else ())


def _said_void(standing: Standing) -> str:
    """How many ballots are void by which rule."""
    if not standing.void:
        return "按方案没有无效的"
    rules = "、".join(f"“{name}”{number} 张" for name, number in standing.rules)
    return f"按方案无效 {standing.void} 张，不符合{rules}（一张可能不符合几条）"


def _number(value: int) -> str:
    return str(value) if value else "—"
