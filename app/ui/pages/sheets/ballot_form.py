"""Keying in secret ballots: one key for each answer, one ballot at a time, kept in memory until the box is taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.findings import Finding, has_errors
from app.ui import colours
from app.ui.notices import Notices
from app.ui.pages.sheets.secrecy import SecrecyBand
from app.ui.widgets.forms import FormDialog, Wrong
from app.ui.widgets.table import Column, Table
from app.ui.widgets.text import button, label

if TYPE_CHECKING:
    from app.services.ballots import BallotBox, BallotEntry, BallotForm, BallotReading

DIGITS = "123456789"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the ballot that is being keyed in. answer: as it is shown."""

    unit: str
    item: str
    head: str
    answer: str
    asked: str
    current: bool


class BallotPad(Table[FieldRow]):
    """One ballot. Keys: 1–9 choose an answer, 0 or blank leaves a field empty, backspace goes back; a number ends with
    Enter. After the last field Enter puts the ballot into the box (``finished``) and the next one begins."""

    finished = Signal(object)
    troubled = Signal(str)

    def __init__(self, form: BallotForm, names: Callable[[str], str]) -> None:
        columns: tuple[Column[FieldRow], ...] = (
            Column(
                key="unit",
                title="单位",
                text=lambda r: ("▶ " if r.current else "　 ") + names(r.unit),
                width=250,
                strong=True,
            ),
            Column(key="item", title="项目", text=lambda r: r.item, width=150),
            Column(key="answer", title="答案", text=lambda r: r.answer, align="center", width=120, strong=True),
            Column(
                key="asked",
                title="按键",
                text=lambda r: r.asked if r.current else "",
                width=300,
                stretch=True,
                ink=lambda r: colours.TEXT_SOFT,
            ),
        )
        super().__init__(columns, row_height=30, sortable=False)
        self._form = form
        self._at = 0
        self._answers = [""] * len(form.columns)
        self._typed = ""
        self._show()

    @property
    def is_begun(self) -> bool:
        """Whether something of a ballot is keyed in that is not in the box."""
        return self._at > 0 or bool(self._typed)

    def clear(self) -> None:
        """Begin this ballot anew."""
        self._at, self._typed = 0, ""
        self._answers = [""] * len(self._form.columns)
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Up):
            self._back()
        elif self._at < len(self._answers) and (text in (*DIGITS, "0", " ", ".") and text):
            self._press(text)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            super().keyPressEvent(event)

    def _choices(self) -> tuple[tuple[str, str], ...]:
        return self._form.answers[self._form.columns[self._at][1]]

    def _press(self, text: str) -> None:
        choices = self._choices()
        if not choices:
            self._typed = "" if text == " " else self._typed + text
            self._show()
        elif text in (" ", "0"):
            self._answer("")
        elif text in DIGITS and int(text) <= len(choices):
            self._answer(choices[int(text) - 1][0])
        else:
            self.troubled.emit(f"这一项只有 {len(choices)} 个选项，请按 1 至 {len(choices)}，不填按 0。")

    def _answer(self, answer: str) -> None:
        self._answers[self._at] = answer
        self._at, self._typed = self._at + 1, ""
        self.troubled.emit("")
        self._show()

    def _enter(self) -> None:
        if self._at < len(self._answers):
            if self._choices():
                self.troubled.emit("这张票还没有录完：按数字选择，不填按 0；全部录完再按回车。")
            else:
                self._answer(self._typed)
            return
        ballot = tuple(self._answers)
        self.clear()
        self.finished.emit(ballot)

    def _back(self) -> None:
        if self._typed:
            self._typed = self._typed[:-1]
        elif self._at > 0:
            self._at -= 1
            self._answers[self._at] = ""
        self._show()

    def _show(self) -> None:
        rows: list[FieldRow] = []
        for at, (unit, item, head) in enumerate(self._form.columns):
            choices = self._form.answers[item]
            names = dict(choices)
            answer = names.get(self._answers[at], self._answers[at])
            shown = answer or ("（不填）" if at < self._at else self._typed if at == self._at else "")
            asked = "　".join(f"{n} {name}" for n, (_, name) in zip(DIGITS, choices, strict=False))
            asked = f"{asked}　0 不填" if choices else "键入分数后按回车"
            rows.append(FieldRow(unit, head.partition("·")[2], head, shown, asked, at == self._at))
        self.show_rows(rows)
        if rows:
            index = self.contents.index(min(self._at, len(rows) - 1), 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)


Check = Callable[["BallotEntry", Callable[[tuple[Finding, ...]], None]], object]
TakeIn = Callable[["BallotEntry", Callable[[], object], Callable[[BaseException], bool]], object]


class BallotDialog(QDialog):
    """A box for one session. check(entry, show): what is wrong with the box so far; take_in(entry, close, wrong): store
    it; read(done): the ballots of a workbook the user chooses; blank(): write an empty table."""

    def __init__(
        self,
        parent: QWidget,
        form: BallotForm,
        names: Callable[[str], str],
        notices: Notices,
        *,
        check: Check,
        take_in: TakeIn,
        read: Callable[[Callable[[BallotReading], None]], object],
        blank: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(f"录入选票：{form.session.name}")
        self.resize(940, 640)
        self._form, self._notices, self._check, self._take_in = form, notices, check, take_in
        self._units, self._items = form.units, form.items
        self.ballots: list[tuple[str, ...]] = []
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 16, 20, 16)
        rows.setSpacing(10)
        rows.addWidget(SecrecyBand(secret=True))
        head = QHBoxLayout()
        self.count = label("", "heading")
        head.addWidget(self.count, 1)
        for text, run in (
            ("重录本张", self._again),
            ("空白选票表…", blank),
            ("从表格读入…", lambda: read(self._read)),
        ):
            made = button(text)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the ballot
            made.clicked.connect(lambda _=False, run=run: run())
            head.addWidget(made)
        rows.addLayout(head)
        self.pad = BallotPad(form, names)
        self.pad.finished.connect(self._one_more)
        self.pad.troubled.connect(self._say)
        rows.addWidget(self.pad, 1)
        self.codes = QPlainTextEdit()
        self.codes.setPlaceholderText("一次性票码，每行一个，次序任意；每张选票都要有一个")
        self.codes.setFixedHeight(64)
        self.codes.setVisible(form.coded)
        rows.addWidget(self.codes)
        people = QHBoxLayout()
        self.counted_by, self.watched_by = QLineEdit(), QLineEdit()
        for name, field in (("计票人", self.counted_by), ("监票人", self.watched_by)):
            field.setPlaceholderText("姓名")
            people.addWidget(label(name, "soft"))
            people.addWidget(field, 1)
        rows.addLayout(people)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        rows.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.addWidget(label("选票只在内存中，按“收入票箱”才打乱后整箱写入；写入后不能逐张更改。", "soft"), 1)
        cancel = button("取消")
        cancel.clicked.connect(self.reject)
        self.save = button("收入票箱", "primary")
        self.save.clicked.connect(self._save)
        foot.addWidget(cancel)
        foot.addWidget(self.save)
        rows.addLayout(foot)
        self._recount()
        self.pad.setFocus()

    # ---- ballots

    def _one_more(self, ballot: tuple[str, ...]) -> None:
        self.ballots.append(ballot)
        self._recount()

    def _again(self) -> None:
        self.pad.clear()
        self.pad.setFocus()

    def _read(self, reading: BallotReading) -> None:
        entry = reading.entry
        if self.ballots and (entry.units, entry.items) != (self._units, self._items):
            self._say("表格的栏与已录入的选票不同，没有读入。请先收入已录的票箱，再读这个表。")
            return
        if has_errors(reading.findings):
            self._show_findings(reading.findings, places=True)
            return
        if entry.ballots:
            self._units, self._items = entry.units, entry.items
            self.ballots += entry.ballots
            if entry.codes:
                self.codes.setPlainText("\n".join((*self._codes(), *entry.codes)))
        self.pad.setEnabled((self._units, self._items) == (self._form.units, self._form.items))
        self._recount()
        self._show_findings(reading.findings, places=True)

    def _codes(self) -> tuple[str, ...]:
        return tuple(sorted(line.strip() for line in self.codes.toPlainText().splitlines() if line.strip()))

    def _recount(self) -> None:
        session = self._form.session
        wanted = session.returned - session.invalid - self._form.taken_in
        text = f"已录入 {len(self.ballots)} 张，本次会议还应有 {max(wanted, 0)} 张"
        self.count.setText(text + (f"（先前已收入 {self._form.taken_in} 张）" if self._form.taken_in else ""))
        self.save.setEnabled(bool(self.ballots))
        self._say("")

    def entry(self) -> BallotEntry:
        """The box as it is now."""
        from app.services.ballots import BallotEntry

        return BallotEntry(
            session=self._form.session.id,
            units=self._units,
            items=self._items,
            ballots=tuple(sorted(self.ballots)),
            counted_by=self.counted_by.text().strip(),
            watched_by=self.watched_by.text().strip(),
            codes=self._codes(),
        )

    # ---- taking in

    def _save(self) -> None:
        if self.pad.is_begun:
            self._say("有一张票还没有录完：录完按回车，或点“重录本张”。")
            self.pad.setFocus()
            return
        self.save.setEnabled(False)
        self._check(self.entry(), self._checked)

    def _checked(self, findings: tuple[Finding, ...]) -> None:
        self._show_findings(findings)
        if has_errors(findings):
            self.save.setEnabled(True)
            return
        if findings and not self._notices.confirm(
            "还有提醒", "\n".join(f"· {f.message}。{f.step}" for f in findings[:5]), "仍然收入"
        ):
            self.save.setEnabled(True)
            return
        self._take_in(self.entry(), self._taken, self._refused)

    def _taken(self) -> None:
        self.ballots.clear()
        self.accept()

    def _refused(self, error: BaseException) -> bool:
        self.save.setEnabled(True)
        if not isinstance(error, AppError):
            return False
        lines = [error.detail or error.fault.value.cause, *(f"· {finding}" for finding in error.findings[:5])]
        self._say("\n".join(lines))
        return True

    def _show_findings(self, findings: Sequence[Finding], *, places: bool = False) -> None:
        """places: only for a workbook, which lies before whoever reads this."""
        lines = [f"· {f.place + '：' if places and f.place else ''}{f.message}。{f.step}" for f in findings[:5]]
        lines += [f"……另有 {len(findings) - 5} 条"] if len(findings) > 5 else []
        self._say("\n".join(lines))

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    # ---- leaving

    def reject(self) -> None:
        """Ballots in memory are not thrown away unasked."""
        if self._may_leave():
            self.ballots.clear()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.ballots and not self._may_leave():
            event.ignore()
            return
        super().closeEvent(event)

    def _may_leave(self) -> bool:
        return not self.ballots or self._notices.confirm(
            "丢弃已录入的选票？",
            f"已录入的 {len(self.ballots)} 张还没有收入票箱，离开后要重新录入。",
            "丢弃",
            danger=True,
        )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Which box is withdrawn, why, and by which two persons."""

    key: str
    reason: str
    first: str
    second: str


class WithdrawForm(FormDialog[TakenBack]):
    """A box can only be taken back as a whole, by two persons, with a reason."""

    def __init__(self, parent: QWidget, boxes: Sequence[BallotBox]) -> None:
        super().__init__(
            parent,
            "整箱撤出选票",
            save="撤出",
            lead="只能整箱撤出，由两人共同办理；年度文件和备份中的这一箱一并清除，不能撤销。",
        )
        self.box = self.add_choice(
            "票箱",
            tuple((box.key, f"{box.size} 张，计票 {box.counted_by}，监票 {box.watched_by}") for box in boxes),
        )
        self.reason = self.add_text("理由", hint="如：计票有误，重新清点")
        self.first = self.add_line("办理人一", hint="姓名")
        self.second = self.add_line("办理人二", hint="姓名，须是另一人")

    def value(self) -> TakenBack:
        reason = self.reason.toPlainText().strip()
        if not reason:
            raise Wrong(self.reason, "请写明理由，它会留在审计记录里。")
        first, second = self.first.text().strip(), self.second.text().strip()
        if not first or not second or first == second:
            raise Wrong(self.second, "撤出选票要由两个人共同办理，请写明两个人的姓名。")
        return TakenBack(str(self.box.currentData()), reason, first, second)
