"""Below a form: what its settings make of some values, and what happens when several adjustments meet. The engine's own
answers, worked out beside the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from app.domain.progress import Progress
from app.domain.schemes import Scheme
from app.ui import colours
from app.ui.colours import grade_tone
from app.ui.pages.schemes.draft import Draft
from app.ui.widgets.text import button, label
from app.ui.workspace import Workspace

SOON = 60  # milliseconds after a key
MOST = 7
LOW = 800  # pixels of the window's height below which the truth table comes folded


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth table. rows: what meets, and the grade that comes out for each grade before (grade ids)."""

    grades: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """Lines of examples, or a truth table."""

    lines: tuple[str, ...] = ()
    truth: Truth = Truth()


Make = Callable[[Scheme], Shown]


class Examples(QFrame):
    """Follows the draft, also while somebody types."""

    def __init__(self, work: Workspace, draft: Draft) -> None:
        super().__init__()
        self.work, self.draft = work, draft
        self.setProperty("role", "example")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 8, 12, 10)
        rows.setSpacing(4)
        self.title = label("例", "small")
        self.fold = button("收起", "link", tip="收起或展开对照表")
        self.fold.clicked.connect(self._turn)
        self._folded: bool | None = None  # the user's own wish; none: as the window's height allows
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.fold)
        rows.addLayout(head)
        self.text: QLabel = label("", wrap=True, selectable=True)
        rows.addWidget(self.text)
        self.table = QTableWidget()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(27)
        self.table.hide()
        rows.addWidget(self.table)
        self._make: Make | None = None
        self._asked = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self.work_out)
        draft.changed.connect(self._timer.start)
        draft.typed.connect(self._timer.start)
        self.hide()

    def show_for(self, make: Make | None) -> None:
        """What is to be worked out for what is shown now; nothing: no examples."""
        if make is not self._make:
            self.hide()  # what stands there belongs to something else
        self._make = make
        self._asked += 1
        if make is not None:
            self._timer.start()

    def work_out(self) -> None:
        """Ask the engine now."""
        make, scheme = self._make, self.draft.live
        if make is None:
            return
        self._asked += 1
        number = self._asked

        def work(progress: Progress) -> Shown:
            return make(scheme)

        def done(shown: Shown) -> None:
            if number == self._asked:
                self._show(shown)

        self.work.jobs.run("正在算例子…", work, done, owner=self, lane="pool")

    def _show(self, shown: Shown) -> None:
        self.text.setText("\n".join(shown.lines))
        self.text.setVisible(bool(shown.lines))
        self.fold.setVisible(bool(shown.truth.rows))
        self._show_table(bool(shown.truth.rows))
        if shown.truth.rows:
            self.title.setText("几项同时起作用时的对照表（不看名额）：原应得的等次 → 作用以后的等次")
            self._fill(shown.truth)
        else:
            self.title.setText("例（按现在的设置现算）")
        self.setVisible(bool(shown.lines or shown.truth.rows))

    @property
    def folded(self) -> bool:
        """Whether only the title of the table is shown; in a low window the form above needs the room."""
        return self.window().height() < LOW if self._folded is None else self._folded

    def _turn(self) -> None:
        self._folded = not self.folded
        self._show_table(True)

    def _show_table(self, there: bool) -> None:
        self.fold.setText("展开" if self.folded else "收起")
        self.table.setVisible(there and not self.folded)

    def _fill(self, truth: Truth) -> None:
        table, ids = self.table, [i for i, _ in truth.grades]
        names = dict(truth.grades)
        table.setColumnCount(1 + len(ids))
        table.setHorizontalHeaderLabels(["起作用的", *(f"原为{n}" for _, n in truth.grades)])
        table.setRowCount(len(truth.rows))
        for y, (what, after) in enumerate(truth.rows):
            cell = QTableWidgetItem(what)
            cell.setToolTip(what.replace("<", "&lt;"))
            table.setItem(y, 0, cell)
            for x, grade in enumerate(after):
                one = QTableWidgetItem(names.get(grade, grade))
                one.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                if grade != ids[x]:
                    tone = grade_tone(ids.index(grade), len(ids)) if grade in ids else None
                    if tone is not None:
                        one.setBackground(colours.colour(tone.paper))
                        one.setForeground(colours.colour(tone.ink))
                table.setItem(y, 1 + x, one)
        first = table.horizontalHeaderItem(0)
        if first is not None:
            first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for x in range(len(ids)):
            header.setSectionResizeMode(1 + x, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(1 + x, 84)
        table.setFixedHeight(min(max(148, self.window().height() // 4), 38 + 27 * len(truth.rows)))


# ---- what is worked out


def of_item(id: str) -> Make:
    """What an item makes of some values."""

    def make(scheme: Scheme) -> Shown:
        from app.services.schemes.examples import examples_of

        found = [str(e) for e in examples_of(scheme, id)]
        more = [f"……共 {len(found)} 例"] if len(found) > MOST + 1 else []
        return Shown((*found[: MOST if more else MOST + 1], *more))

    return make


def of_ladder(scheme: Scheme) -> Shown:
    """How many places the quotas give."""
    from app.services.schemes.rule_examples import examples_of_quota

    lines: list[str] = []
    for grade in scheme.ladder.grades:
        for quota, word in ((grade.quota, "名额"), (grade.floor, "名额下限")):
            if quota is not None and (quota.share is not None or quota.count is not None):
                lines.append(f"{grade.name}的{word}：" + "；".join(str(e) for e in examples_of_quota(quota)))
    return Shown(tuple(lines))


def of_validity(scheme: Scheme) -> Shown:
    """Ballots on both sides of the rules."""
    from app.services.schemes.rule_examples import examples_of_ballot_rule

    return Shown(
        tuple(f"{rule.name}：{e}" for rule in scheme.validity for e in examples_of_ballot_rule(scheme, rule)[:3])
    )


def of_adjustments(scheme: Scheme) -> Shown:
    """The truth table."""
    from app.services.schemes.examples import meetings

    names = {a.id: a.name for a in scheme.adjustments}
    grades = tuple((g.id, g.name) for g in scheme.ladder.grades)
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for one in meetings(scheme):
        found.setdefault(one.adjustments, {})[one.before] = one.after
    rows = tuple(
        ("　＋　".join(names[a] for a in pair), tuple(after[g] for g, _ in grades)) for pair, after in found.items()
    )
    return Shown(truth=Truth(grades, rows))
