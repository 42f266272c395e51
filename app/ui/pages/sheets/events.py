"""事项: events that deduct, add or lower a grade, with basis and approver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QLineEdit, QStackedWidget

from app.domain.facts import Event, Unit
from app.domain.progress import Progress
from app.domain.schemes import EventKind, EventsSource, Scheme, items_of
from app.services.changes import Area
from app.services.event_checks import kinds_for
from app.services.event_effects import EventEffects, effects_of
from app.ui import colours
from app.ui.colours import BAD_TONE, WARN_TONE, Tone
from app.ui.pages.sheets.event_form import EventForm, adjustments_of, effect_text
from app.ui.tab import Tab
from app.ui.widgets.commands import Command
from app.ui.widgets.empty import EmptyState
from app.ui.widgets.reasons import ask_reason
from app.ui.widgets.search import SearchField
from app.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from app.services.container import Services


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event with its unit and what it does."""

    event: Event
    unit: Unit | None
    scheme: Scheme | None
    kind: EventKind | None
    effects: EventEffects

    @property
    def missing(self) -> str:
        """What keeps the event from acting on the grade."""
        rules = adjustments_of(self.scheme, self.event.kind) if self.scheme else []
        lacks = [
            name
            for name, wanted, given in (
                ("依据", any(a.evidence_required for a in rules), self.event.evidence.strip()),
                ("批准人", any(a.approver_required for a in rules), self.event.approver.strip()),
            )
            if wanted and not given
        ]
        return f"缺{'、'.join(lacks)}" if lacks else ""

    @property
    def grade_effect(self) -> str:
        """``降 1 档``; empty when it does not act on the grade."""
        if self.scheme is None:
            return ""
        rules = adjustments_of(self.scheme, self.event.kind)
        return "；".join(effect_text(self.scheme, a) for a in rules if a.effect != "remark")

    @property
    def recorded(self) -> str:
        """What it only has recorded in the result (取消评先资格)."""
        rules = adjustments_of(self.scheme, self.event.kind) if self.scheme else []
        return "；".join(a.name for a in rules if a.effect == "remark")

    @property
    def score(self) -> str:
        """What it brings, short: ``扣 2 分``; empty: nothing is counted."""
        return "；".join(text.rpartition("”")[2].partition("（")[0] for text in self.effects.counted)

    @property
    def whom(self) -> str:
        """The person, class of person and sanction."""
        return " ".join(w for w in (self.event.person, self.event.person_class, self.event.sanction) if w)

    @property
    def score_tip(self) -> str:
        """What it brings, item by item, and what keeps it from acting."""
        return "\n".join((*self.effects.counted, *self.effects.silent))


@dataclass(frozen=True, slots=True)
class EventData:
    """Events and units of the year."""

    events: tuple[Event, ...]
    units: tuple[Unit, ...]


class EventsTab(Tab[EventData]):
    id, title = "events", "事项与降档"
    areas = frozenset({Area.EVENTS, Area.UNITS, Area.SCHEMES})
    follows_scheme = True

    def build(self) -> None:
        self.data = EventData((), ())
        self.which = QComboBox()
        for key, name in (("all", "全部事项"), ("grade", "影响等次的"), ("missing", "缺依据或批准人的")):
            self.which.addItem(name, key)
        self.search = SearchField("搜索单位、内容")
        self.add = Command(
            self, "录入事项…", lambda: self.edit(None), icon="plus", tip="录入扣分、加分或引起降档的事项"
        )
        self.remove = Command(self, "删除…", self._remove, icon="trash-2")
        self.basis = Command(self, "看依据", self._explain, icon="search", tip="这家单位的分数怎样由事项算出")
        for widget in (
            self.which,
            self.search,
            self.basis.button(),
            self.remove.button("danger"),
            self.add.button("primary"),
        ):
            self.tools.addWidget(widget)
        columns: tuple[Column[EventRow], ...] = (
            Column(key="date", title="日期", text=lambda r: r.event.concluded or r.event.occurred or "—", width=96),
            Column(
                key="unit",
                title="单位",
                text=lambda r: r.unit.name if r.unit else r.event.unit,
                sort=lambda r: r.unit.order if r.unit else None,
                width=130,
                strong=True,
            ),
            Column(key="kind", title="种类", text=lambda r: r.kind.name if r.kind else r.event.kind, width=180),
            Column(
                key="title",
                title="内容",
                text=lambda r: r.event.title,
                tip=lambda r: r.event.note,
                width=120,
                stretch=True,
            ),
            Column(key="whom", title="当事人与处理", text=lambda r: r.whom or "—", tip=lambda r: r.whom, width=120),
            Column(
                key="score",
                title="分数",
                text=lambda r: r.score or ("不计" if r.effects.silent else "—"),
                tip=lambda r: r.score_tip,
                ink=lambda r: "" if r.score else colours.TEXT_SOFT,
                align="right",
                width=84,
            ),
            Column(
                key="effect",
                title="对等次",
                text=_effect,
                tone=_effect_tone,
                tip=_effect_tip,
                align="center",
                width=150,
            ),
            Column(
                key="evidence",
                title="依据",
                text=lambda r: r.event.evidence or "—",
                tip=lambda r: r.event.evidence,
                width=136,
            ),
            Column(
                key="approver",
                title="批准人",
                text=lambda r: r.event.approver or "—",
                tip=lambda r: r.event.approver,
                width=110,
            ),
            Column(key="code", title="单位编码", text=lambda r: r.event.unit, width=90, hidden=True),
        )
        self.table = Table(columns)
        self.table.opened.connect(self._opened)
        self.table.picked.connect(self._allow)
        self.stack = QStackedWidget()
        self.stack.addWidget(
            EmptyState(
                "gavel",
                "还没有事项",
                "巡视整改不到位、通报批评、受到表彰等在这里录入；写明依据和批准人，才会影响等次。",
                self.add,
            )
        )
        self.stack.addWidget(self.table)
        self.body.addWidget(self.stack, 1)
        self.search.textChanged.connect(self.narrow)
        self.which.currentIndexChanged.connect(self.narrow)

    def loader(self) -> Callable[[Services, Progress], EventData]:
        return lambda services, progress: EventData(services.events.events(), services.units.units())

    def search_field(self) -> QLineEdit | None:
        return self.search

    def show_data(self, data: EventData) -> None:
        self.data = data
        units = {unit.code: unit for unit in data.units}
        scheme = self.work.scheme_document()
        self._beside: dict[str, list[Event]] = {}
        for event in data.events:
            self._beside.setdefault(event.unit, []).append(event)
        rows = [self._row(event, units.get(event.unit)) for event in data.events]
        self.table.show_rows(r for r in rows if scheme is None or r.unit is None or r.unit.level == scheme.level)
        keys = [column.key for column in self.table.contents.columns]
        self.table.setColumnHidden(keys.index("whom"), not any(row.whom for row in self.table.contents.rows))
        self.stack.setCurrentIndex(1 if self.table.contents.rows else 0)
        self.narrow()
        self._allow()

    def reveal(self, target: str) -> None:
        if not self.table.go_to(lambda row: target in (row.event.id, row.event.unit)):
            self.which.setCurrentIndex(0)
            self.table.go_to(lambda row: target in (row.event.id, row.event.unit))

    def narrow(self) -> None:
        """Show the events that the choice and the search let through."""
        which = self.which.currentData()
        self.table.narrow(
            self.search.text(),
            lambda row: which == "all" or bool(row.grade_effect if which == "grade" else row.missing),
        )
        rows = self.table.contents.rows
        acting = sum(bool(row.grade_effect) for row in rows)
        missing = sum(bool(row.missing) for row in rows)
        text = f"{len(rows)} 件，{acting} 件影响等次" + (
            f"，其中 {missing} 件缺依据或批准人，暂不起作用" if missing else ""
        )
        self.subtitle.setText(text if rows else "")

    def edit(self, event: Event | None) -> None:
        """Open the form of an event, or of a new one."""
        scheme = self.work.scheme_document()
        if self.work.read_only or scheme is None:
            self.work.notices.say(self.work.read_only or "这一年还没有方案。")
            return
        units = [u for u in self.data.units if u.level == scheme.level]
        self.form = EventForm(self, event, units, self.work.schemes, others=self.data.events)
        self.form.submit(
            lambda value, close, wrong: self.change(
                "正在保存事项…", lambda s, p: s.events.save(value), lambda _: close(), wrong
            )
        )

    # ---- inside

    def _row(self, event: Event, unit: Unit | None) -> EventRow:
        offered = kinds_for(unit.level, self.work.schemes) if unit else []
        scheme, kind = next(((s, k) for s, k in offered if k.id == event.kind), (None, None))
        effects = effects_of(event, scheme, self._beside[event.unit]) if scheme and kind else EventEffects()
        return EventRow(event, unit, scheme, kind, effects)

    def _allow(self) -> None:
        self.writable(self.add)
        chosen = "" if self.table.current() else "请先选中一件事项。"
        self.writable(self.remove, why=chosen)
        self.basis.set_reason(chosen)

    def _opened(self, row: EventRow, key: str) -> None:
        self.edit(row.event)

    def _explain(self) -> None:
        """The way to the figure that the event enters into; without one, to the grade."""
        row = self.table.current()
        if row is None or row.scheme is None:
            return
        if row.unit is None or row.unit.level != row.scheme.level:
            level = row.scheme.level_name or row.scheme.name
            self.work.notices.say(f"这件事项作用于{level}的等次，请到“结果”页看那里的依据。")
            return
        counted = (
            item.id
            for item in items_of(row.scheme)
            if isinstance(item.source, EventsSource) and row.event.kind in item.source.kinds
        )
        self.work.explain(row.scheme.id, row.event.unit, next(counted, "grade"))

    def _remove(self) -> None:
        row = self.table.current()
        if row is not None:
            ask_reason(
                self,
                f"删除事项“{row.event.title or row.event.id}”",
                "删除后不再扣分、加分，也不影响等次；可以撤销。",
                "删除",
                lambda reason, close, wrong: self.change(
                    "正在删除…", lambda s, p: s.events.delete(row.event.id, reason), lambda _: close(), wrong
                ),
            )


def _effect(row: EventRow) -> str:
    if not row.grade_effect:
        if not row.recorded:
            return "—"
        return f"{row.missing}，不记录" if row.missing else row.recorded
    return row.missing + "，不起作用" if row.missing else row.grade_effect


def _effect_tone(row: EventRow) -> Tone | None:
    if not row.grade_effect:
        return WARN_TONE if row.recorded else None
    return WARN_TONE if row.missing else BAD_TONE


def _effect_tip(row: EventRow) -> str:
    if row.scheme is None:
        return ""
    return "\n".join(
        f"{a.name}：{effect_text(row.scheme, a)}　{a.basis}" for a in adjustments_of(row.scheme, row.event.kind)
    )
