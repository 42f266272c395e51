"""双人录入: the paper sheets of a level, how far each is; typing one's own turn; then what the two have differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from app.domain.progress import Progress
from app.services.changes import Area
from app.services.entry_comparison import Cell, Entry, EntryComparison, EntryState, EntryTurn, Side
from app.ui.colours import GOOD_TONE, INFO_TONE, NEUTRAL, WARN_TONE, Tone
from app.ui.pages.sheets.entry_differences import Differences
from app.ui.pages.sheets.words import moment
from app.ui.score_sheet import ScoreSheet
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label, mark_wrong

if TYPE_CHECKING:
    from app.services.container import Services

PAUSE = 1500  # milliseconds without typing after which what was typed is kept
_TURNS = {1: "第一遍", 2: "第二遍"}
EMPTY, LIST, TYPING, COMPARING = range(4)


@dataclass(frozen=True, slots=True)
class EntryData:
    """The double entries of one level."""

    states: tuple[EntryState, ...]


class DoubleEntryTab(Tab[EntryData]):
    id, title = "double", "双人录入"
    areas = frozenset({Area.SHEETS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.entry: Entry | None = None
        self.unsaved: dict[Cell, str] = {}
        self.gestures: list[dict[Cell, str]] = []  # what stood there before each gesture that is not kept yet
        self.pause = QTimer(self)
        self.pause.setSingleShot(True)
        self.pause.setInterval(PAUSE)
        self.pause.timeout.connect(self._keep)
        self.name = QLineEdit()
        self.name.setPlaceholderText("录入人姓名")
        self.name.setToolTip("两遍要由两个人各录一遍；姓名写进审计记录")
        self.name.setFixedWidth(130)
        self.start = Command(self, "开始录入", self._begin, icon="pencil", tip="录选中的评分表；自己没录完的接着录")
        self.compare = Command(self, "核对差异", self._compare, icon="git-compare", tip="两个人都录完后，逐处核对不同")
        self.discard = Command(self, "作废一遍…", self._discard, tip="作废最后一遍，重新录入")
        self.of_list: tuple[QWidget, ...] = (
            label("录入人", "soft"),
            self.name,
            self.compare.button(),
            self.discard.button(),
            self.start.button("primary"),
        )
        for widget in self.of_list:
            self.tools.addWidget(widget)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState("pencil", "这一层级还没有评分表", "先在“单位与评议人”里导入名册和谁评谁，再来录入纸质评分表。")
        )
        self.table = Table(_columns())
        self.table.picked.connect(self._allow)
        self.table.opened.connect(self._opened)
        self.stack.addWidget(self.table)
        self.stack.addWidget(self._typing_page())
        self.differences = Differences()
        self.differences.left.connect(self.leave)
        self.differences.adopted.connect(self._adopt)
        self.stack.addWidget(self.differences)
        self.body.addWidget(self.stack, 1)

    def _typing_page(self) -> QWidget:
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        head = QHBoxLayout()
        self.typing_title, self.typing_state = label("", "heading"), label("", "soft")
        head.addWidget(self.typing_title)
        head.addSpacing(8)
        head.addWidget(self.typing_state, 1)
        gap = button("下一处空白")
        gap.clicked.connect(self._next_gap)
        later = button("先放下", tip="已录的都保存着，以后接着录")
        later.clicked.connect(self.leave)
        self.finish = Command(self, "录完", self._finish, icon="check", tip="这一遍录完；录完后不能再改")
        head.addWidget(gap)
        head.addWidget(later)
        head.addWidget(self.finish.button("primary"))
        rows.addLayout(head)
        self.sheet = ScoreSheet()
        self.sheet.typed.connect(self._typed)
        self.sheet.refused.connect(self._refused)
        self.sheet.summed.connect(self.work.sum_up)
        rows.addWidget(self.sheet, 1)
        return page

    # ---- reading

    def loader(self) -> Callable[[Services, Progress], EntryData]:
        scheme = self.work.scheme
        return lambda services, progress: EntryData(services.double_entry.states(scheme) if scheme else ())

    def show_data(self, data: EntryData) -> None:
        self.table.show_rows(data.states)
        waiting = sum(s.ready for s in data.states)
        self.subtitle.setText(
            f"{len(data.states)} 份；{sum(bool(s.turns) for s in data.states)} 份在录，{waiting} 份可以核对"
        )
        if self.entry is not None and self.entry.form.identity.scheme != self.work.scheme:
            self.leave()  # another level was chosen in the header
        elif self.stack.currentIndex() in (EMPTY, LIST):
            self.stack.setCurrentIndex(LIST if data.states else EMPTY)
        elif self.stack.currentIndex() == TYPING:
            self._read_own()
        self._allow()

    def reveal(self, target: str) -> None:
        self.table.go_to(lambda state: state.evaluator == target)

    def _allow(self, *_: object) -> None:
        state = self.table.current()
        listed = self.stack.currentIndex() == LIST
        self.subtitle.setVisible(listed)
        for widget in self.of_list:
            widget.setVisible(listed)
        none = "" if listed and state else "请先在列表里选中一份评分表。"
        ready = "" if state and state.ready else "两个人都录完以后才能核对。"
        begun = "" if state and state.turns else "这份表还没有录入。"
        self.writable(self.start, why=none or ("两遍都已录完，请核对差异。" if state and state.ready else ""))
        self.writable(self.compare, why=none or ready)
        self.writable(self.discard, why=none or begun)
        self.writable(self.finish)

    def _opened(self, state: EntryState, column: str) -> None:
        (self.compare if state.ready else self.start).trigger()

    # ---- typing

    def _begin(self) -> None:
        state, by = self.table.current(), self.name.text().strip()
        mark_wrong(self.name, not by)
        if not by:
            self.name.setFocus()
            self.work.notices.say("先写录入人的姓名；两遍要由两个人各录一遍。")
        elif state is not None:
            scheme, evaluator = state.scheme, state.evaluator
            self.change("正在准备录入…", lambda s, p: s.double_entry.begin(scheme, evaluator, by), self._show_entry)

    def _show_entry(self, entry: Entry) -> None:
        self.entry = entry
        self.unsaved, self.gestures = {}, []
        self.sheet.show_texts(entry.form, entry.values)
        self.typing_title.setText(f"{entry.form.evaluator_name}：{_TURNS[entry.turn]}")
        self.stack.setCurrentIndex(TYPING)
        self._show_typing_state()
        self._allow()
        if self.sheet.grid is not None:
            self.sheet.grid.setFocus()

    def _show_typing_state(self) -> None:
        if self.entry is not None:
            self.typing_state.setText(f"录入人 {self.entry.by}，{self.sheet.progress_text().replace('已评', '已录')}")

    def _typed(self, changes: tuple[tuple[str, str, str], ...]) -> None:
        if self.work.read_only or self.entry is None:
            self.work.notices.say(self.work.read_only)
            return
        before = dict(self._texts())
        self.gestures.append({(unit, item): before.get((unit, item), "") for unit, item, _ in changes})
        self._take({(unit, item): text for unit, item, text in changes})

    def _take(self, changes: Mapping[Cell, str]) -> None:
        self.sheet.take(tuple((unit, item, text) for (unit, item), text in changes.items()))
        self.unsaved |= changes
        self._show_typing_state()
        self.pause.start()

    def _texts(self) -> dict[Cell, str]:
        """What stands on the screen now."""
        return {} if self.entry is None else {**self.entry.values, **self.unsaved}

    def take_back(self) -> bool:
        """Ctrl+Z before what was typed is kept: only on the screen."""
        if self.stack.currentIndex() != TYPING or not self.gestures:
            return False
        self._take(self.gestures.pop())
        return True

    def settle(self) -> bool:
        self._keep()
        return True

    def _keep(self) -> None:
        """Keep what was typed since the last time."""
        self.pause.stop()
        entry = self.entry
        if entry is None:
            return
        kept = {cell: text for cell, text in self.unsaved.items() if entry.values.get(cell, "") != text}
        if not kept:
            self.unsaved = {}
            return
        self._hand_over(kept)
        scheme, evaluator, turn = entry.form.identity.scheme, entry.form.identity.evaluator, entry.turn
        self.work.change(  # not to be cancelled, for instance by closing the window
            "正在保存录入…",
            lambda s, p: s.double_entry.save(scheme, evaluator, turn, kept),
            failed=self._not_kept(kept),
            cancellable=False,
        )

    def _hand_over(self, kept: Mapping[Cell, str]) -> None:
        """What is on its way counts as typed by this entry; nothing is unsaved."""
        assert self.entry is not None
        values = {**self.entry.values, **kept}
        self.entry = Entry(form=self.entry.form, turn=self.entry.turn, by=self.entry.by, values=values)
        self.unsaved, self.gestures = {}, []

    def _not_kept(self, kept: Mapping[Cell, str]) -> Callable[[BaseException], bool]:
        def failed(error: BaseException) -> bool:
            self.unsaved = {**kept, **self.unsaved}  # stays on the screen and is tried again
            return False

        return failed

    def _read_own(self) -> None:
        """After a step back or forward the sheet shows what is kept."""
        entry = self.entry
        if entry is None or self.unsaved:
            return
        scheme, evaluator, by = entry.form.identity.scheme, entry.form.identity.evaluator, entry.by

        def shown(own: Entry | None) -> None:
            if self.entry is None or self.unsaved or self.stack.currentIndex() != TYPING:
                return
            if own is None or own.finished:
                self.leave()
            else:
                self.entry = own
                self.sheet.show_texts(own.form, own.values)
                self._show_typing_state()

        self.read("正在读取录入…", lambda s, p: s.double_entry.own(scheme, evaluator, by), shown)

    def _refused(self, reasons: list[str]) -> None:
        shown = "\n".join(f"· {reason}" for reason in reasons[:5])
        more = f"\n……另有 {len(reasons) - 5} 处。" if len(reasons) > 5 else ""
        self.work.notices.tell("没有写入任何内容", f"{shown}{more}")

    def _next_gap(self) -> None:
        if not self.sheet.go_to_gap():
            self.work.notices.say("没有空白的格子了。")
        elif self.sheet.grid is not None:
            self.sheet.grid.setFocus()

    def _finish(self) -> None:
        entry = self.entry
        if entry is None:
            return
        done, cells = self.sheet.filled()
        text = f"还有 {cells - done} 格空白，将按空白计。" if done < cells else "所有的格都录了。"
        if not self.work.notices.confirm("这一遍录完了吗？", f"{text}录完后这一遍不能再改。", "录完"):
            return
        kept = self.unsaved
        self.pause.stop()
        self._hand_over(kept)
        scheme, evaluator, turn = entry.form.identity.scheme, entry.form.identity.evaluator, entry.turn
        self.change(
            "正在保存录入…",
            lambda s, p: s.double_entry.finish(scheme, evaluator, turn, kept),
            lambda _: self.leave(),
            self._not_kept(kept),
        )

    def leave(self) -> None:
        """Back to the list; what was typed is kept."""
        self._keep()
        self.entry = None
        self.stack.setCurrentIndex(LIST if self.table.contents.rows else EMPTY)
        self._allow()

    # ---- comparing

    def _compare(self) -> None:
        state = self.table.current()
        if state is not None:
            scheme, evaluator, name = state.scheme, state.evaluator, state.evaluator_name
            self.read(
                "正在核对两遍录入…",
                lambda s, p: s.double_entry.compare(scheme, evaluator),
                lambda found: self._show_differences(found, name),
            )

    def _show_differences(self, found: EntryComparison, name: str) -> None:
        self.differences.show_comparison(found, name)
        self.stack.setCurrentIndex(COMPARING)
        self._allow()

    def _adopt(self, decisions: dict[Cell, Side]) -> None:
        found = self.differences.found
        self.change(
            "正在存入评分表…",
            lambda s, p: s.double_entry.adopt(found.scheme, found.evaluator, decisions),
            lambda _: self.leave(),
        )

    def _discard(self) -> None:
        state = self.table.current()
        if state is None or not state.turns:
            return
        last = state.turns[-1]
        ask_reason(
            self,
            f"作废{_TURNS[last.turn]}录入",
            f"{state.evaluator_name}的评分表，{last.by} 录的{_TURNS[last.turn]}（{last.filled} 格）将不再使用，可以撤销。",
            "作废",
            lambda reason, close, wrong: self.change(
                "正在作废…",
                lambda s, p: s.double_entry.discard(state.scheme, state.evaluator, last.turn, reason),
                lambda _: close(),
                wrong,
            ),
        )


def _turn_text(state: EntryState, number: int) -> str:
    turn = next((t for t in state.turns if t.turn == number), None)
    if turn is None:
        return "—"
    return f"{turn.by}　{'录完' if turn.finished else f'{turn.filled}/{state.cells}'}"


def _turn_tip(state: EntryState, number: int) -> str:
    turn: EntryTurn | None = next((t for t in state.turns if t.turn == number), None)
    return f"{turn.by}，已录 {turn.filled}/{state.cells} 格，最后保存 {moment(turn.at)}" if turn else ""


def _status(state: EntryState) -> tuple[str, Tone]:
    if state.ready:
        return "可以核对", WARN_TONE
    if state.turns:
        waits = len(state.turns) == 1 and state.turns[0].finished
        return ("等第二人录", INFO_TONE) if waits else ("录入中", INFO_TONE)
    return ("已有分数", GOOD_TONE) if state.stored else ("未录", NEUTRAL)


def _columns() -> tuple[Column[EntryState], ...]:
    return (
        Column(key="evaluator", title="评议人", text=lambda s: s.evaluator_name, width=170, strong=True, stretch=True),
        Column(
            key="status",
            title="状态",
            text=lambda s: _status(s)[0],
            tone=lambda s: _status(s)[1],
            align="center",
            width=110,
        ),
        Column(key="first", title="第一遍", text=lambda s: _turn_text(s, 1), tip=lambda s: _turn_tip(s, 1), width=200),
        Column(key="second", title="第二遍", text=lambda s: _turn_text(s, 2), tip=lambda s: _turn_tip(s, 2), width=200),
        Column(
            key="stored",
            title="已有分数",
            text=lambda s: f"{s.stored}/{s.cells}",
            sort=lambda s: s.stored,
            align="right",
            width=110,
        ),
    )
