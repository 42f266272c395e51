"""Secret ballots (无记名投票): whole boxes in, sums out. Scoring by name (评委打分) is the other thing: see ``sheets``.

A box is entered or read in memory, and taken in as a whole, sorted: no order, time, name or file is kept with a ballot.
It is no step of undo; it can only be withdrawn as a whole, by two persons, and is then wiped out of the backups too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import AppError, Fault
from app.domain.facts import BallotBatch, Facts, VoteSession
from app.domain.findings import Finding, has_errors
from app.domain.schemes import Item, LevelsReading, Scheme
from app.files.excel.named_table import NamedRow, read_named_table, write_named_table
from app.files.excel.texts import tight
from app.services.ballot_checks import LEAST, BallotEntry, Known, Tally, check_entry, plain_ballots
from app.services.changes import Area, Outcome
from app.services.session import Session, done, need_reason, note_export, refuse_when_wrong
from app.services.votes import vote_items, wrong_answer
from app.storage.ballot_purge import purge_box
from app.storage.records import BallotBox
from app.storage.work import Work

if TYPE_CHECKING:
    from app.services.ballot_tallies import Standing

SECRET = "无记名投票：选票整箱收入，程序不记录是谁、何时、按什么顺序投的，收入后不能逐张查看或更改。"
_MINIMUM = "ballots_minimum"
_CODE = "票码"
_BAD = Fault.INPUT_BAD.value.code


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotForm:
    """What one ballot of a session asks. columns: (unit, item) in the order of a ballot's answers, with the head of the
    column; answers: item → (level id, name), none for an item answered by a number; coded: one-time codes were issued."""

    session: VoteSession
    units: tuple[str, ...]
    items: tuple[str, ...]
    columns: tuple[tuple[str, str, str], ...]
    answers: dict[str, tuple[tuple[str, str], ...]]
    coded: bool
    taken_in: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BallotReading:
    """A workbook of ballots as read; the ballots are sorted already. It knows nothing of the file."""

    entry: BallotEntry
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawal:
    """A box that was taken out. backups: from how many it was wiped; untouched: backups that could not be rewritten."""

    box: BallotBox
    backups: int
    untouched: tuple[Path, ...] = ()


class BallotService:
    """Single ballots of the open year's vote sessions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # ---- what is asked, what is there

    def form(self, session_id: str, units: Sequence[str] = (), items: Sequence[str] = ()) -> BallotForm:
        """What a ballot of this session asks: all units of the level (official order) and items that are voted on,
        unless others are named. Raises NOT_FOUND."""
        with self._session.read() as work:
            session, scheme = self._of(work, session_id)
            known = {
                u.code: u.name for u in work.units.all() if u.level == scheme.level and u.participation != "ceased"
            }
            voted = vote_items(scheme)
            taken, coded = work.ballots.sizes().get(session_id, 0), bool(work.ballots.count_codes(session_id)[0])
        codes, names = tuple(units or known), tuple(items or voted)
        columns = tuple((u, i, _head(known.get(u, u), voted[i], voted)) for u in codes for i in names if i in voted)
        answers = {i: _answers(voted[i]) for i in names if i in voted}
        return BallotForm(
            session=session, units=codes, items=names, columns=columns, answers=answers, coded=coded, taken_in=taken
        )

    def boxes(self, session_id: str = "") -> tuple[BallotBox, ...]:
        """The boxes taken in for a session, or for all; how many ballots, who counted and watched. Not their contents."""
        with self._session.read() as work:
            return work.ballots.boxes(session_id)

    def minimum(self) -> int:
        """The fewest ballots that may be taken in, or shown apart (at least 5)."""
        with self._session.read() as work:
            return _minimum(work)

    def set_minimum(self, number: int) -> Outcome[int]:
        """Ask for more ballots in a box than 5. Raises INPUT_BAD for fewer."""
        if not LEAST <= number <= 1000:
            raise AppError(Fault.INPUT_BAD, f"每箱最少张数应在 {LEAST} 至 1000 之间。")
        label = f"选票每箱最少 {number} 张"
        with self._session.write("set-ballots-minimum", label, touches_facts=False) as work:
            work.describe(subject="选票每箱最少张数", before=str(_minimum(work)), after=str(number))
            work.settings.set(_MINIMUM, str(number))
        return done(number, label, Area.VOTES)

    # ---- taking in

    def check(self, entry: BallotEntry) -> tuple[Finding, ...]:
        """What is wrong with a box as entered so far. Nothing is stored."""
        with self._session.read() as work:
            return check_entry(entry, self._known(work, entry))

    def take_in(self, entry: BallotEntry) -> Outcome[BallotBox]:
        """Take a whole box in. Raises VOTE_BAD_COUNT or INPUT_BAD with findings: fewer ballots than the minimum, more than
        were returned, a code spent already. Cannot be undone, only withdrawn."""
        with self._session.read() as work:
            name = self._of(work, entry.session)[0].name
        label = f"收入选票 {len(entry.ballots)} 张：{name}"
        with self._session.write("take-in-ballots", label, undoable=False) as work:
            known = self._known(work, entry)
            _refuse(check_entry(entry, known))
            batch = BallotBatch(
                session=entry.session,
                units=entry.units,
                items=entry.items,
                ballots=plain_ballots(entry, known.scheme),
            )
            _refuse(_left_valid(batch, known, self._session.facts(work)))
            box = work.ballots.add(batch, entry.counted_by.strip(), entry.watched_by.strip())
            if entry.codes:
                work.ballots.spend_codes(entry.session, entry.codes, box.key)
            work.describe(subject=f"票决 {entry.session}", after=_said(box), fingerprint=box.digest)
        return done(box, label, Area.VOTES, undoable=False)

    def withdraw(self, key: str, reason: str, first: str, second: str) -> Outcome[Withdrawal]:
        """Take a whole box out, on the word of two persons; its codes may be used again. It is wiped out of the year
        file and the backups beside it. Raises NOT_FOUND, INPUT_BAD."""
        need_reason(reason, "撤出选票")
        people = (first.strip(), second.strip())
        if not all(people) or people[0] == people[1]:
            raise AppError(Fault.INPUT_BAD, "撤出选票要由两个人共同办理，请写明两个人的姓名。")
        label = "撤出一箱选票"
        with self._session.write("withdraw-ballots", label, undoable=False, reason=reason) as work:
            box = work.ballots.withdraw(key)
            if box is None:
                raise AppError(Fault.NOT_FOUND, "没有这一箱选票。")
            after = f"由{'、'.join(people)}撤出"
            work.describe(subject=f"票决 {box.session}", before=_said(box), after=after, fingerprint=box.digest)
        self._session.file.compact()
        wiped, untouched = purge_box(self._session.backups.folder, self._session.file.path, key)
        return done(Withdrawal(box=box, backups=wiped, untouched=untouched), label, Area.VOTES, undoable=False)

    # ---- one-time codes

    def issue_codes(self, session_id: str, count: int) -> Outcome[tuple[str, ...]]:
        """One-time codes to hand out with the ballots, shuffled by nature; shown this once, only their hashes are kept.
        From then on every ballot of the session needs one. Raises NOT_FOUND, INPUT_BAD."""
        if not 1 <= count <= 5000:
            raise AppError(Fault.INPUT_BAD, "票码一次可发 1 至 5000 个。")
        label = f"发出一次性票码 {count} 个"
        with self._session.write("issue-codes", label, undoable=False) as work:
            self._of(work, session_id)
            codes = work.ballots.issue_codes(session_id, count)
            work.describe(subject=f"票决 {session_id}", after=f"{count} 个")
        return done(codes, label, Area.VOTES, undoable=False)

    def codes(self, session_id: str) -> tuple[int, int]:
        """How many codes were issued for a session, and how many are spent."""
        with self._session.read() as work:
            return work.ballots.count_codes(session_id)

    # ---- workbooks

    def write_table(self, session_id: str, path: Path) -> Path:
        """An empty table to type the ballots of a session into: one line for each, a column for each unit and item."""
        form = self.form(session_id)
        columns = [(_CODE, 18)] if form.coded else []
        columns += [(head, 14) for _, _, head in form.columns]
        choices = "；".join("、".join(name for _, name in answers) for answers in form.answers.values() if answers)
        guide = f"每行一张选票，不要写姓名，次序任意。没有填的空着。{'可填：' + choices if choices else '填分数'}。"
        write_named_table(path, f"选票 {form.session.name}"[:31], guide, columns, [])
        note_export(self._session, f"导出空白选票表：{form.session.name}", path)
        return path

    def read_table(self, session_id: str, path: Path, counted_by: str = "", watched_by: str = "") -> BallotReading:
        """The ballots of a workbook without names; units and items are those that it has columns for. Nothing is stored,
        and nothing but the remarks, which are for the eyes of whoever has the file, says where a ballot stood."""
        form = self.form(session_id)
        with self._session.read() as work:
            items = vote_items(self._of(work, session_id)[1])
        heads = {tight(head): (unit, item) for unit, item, head in form.columns}
        read = read_named_table(path, [form.columns[0][2]] if form.columns else [_CODE])
        asked = {c: heads[tight(c)] for c in read.columns if tight(c) in heads}
        units = tuple(u for u in form.units if u in {unit for unit, _ in asked.values()})
        named = tuple(i for i in form.items if i in {item for _, item in asked.values()})
        strange = [c for c in read.columns if c not in asked and tight(c) != tight(_CODE)]
        wrong = [
            Finding(_BAD, path.name, f"多出一栏“{c}”", "选票表中不能有姓名等其他栏，请删去这一栏") for c in strange
        ]
        lines = [_Line(row, asked, items) for row in read.rows]
        findings = (*read.findings, *wrong, *(f for line in lines for f in line.findings))
        entry = BallotEntry(
            session=session_id,
            units=units,
            items=named,
            ballots=tuple(sorted(line.ballot(units, named) for line in lines)),
            counted_by=counted_by,
            watched_by=watched_by,
            codes=tuple(sorted(t for row in read.rows for c, t in row.texts.items() if tight(c) == _CODE and t)),
        )
        return BallotReading(entry=entry, findings=findings)

    # ---- what may be shown

    def tallies(self, scheme_id: str) -> tuple[Tally, ...]:
        """The answers of all standing sessions with single ballots, valid ones only, small groups merged."""
        from app.services.ballot_tallies import tallies

        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            return tallies(scheme, self._session.facts(work), _minimum(work))

    def standings(self, scheme_id: str) -> dict[str, Standing]:
        """What the scheme makes of each session that is not replaced: whether it stands, and how many single ballots are
        void by which rule."""
        from app.services.ballot_tallies import standings

        with self._session.read() as work:
            scheme = self._session.scheme(work, scheme_id).scheme
            return standings(scheme, self._session.facts(work))

    # ---- what a box is judged against

    def _of(self, work: Work, session_id: str) -> tuple[VoteSession, Scheme]:
        session = work.sessions.get(session_id)
        if session is None:
            raise AppError(Fault.NOT_FOUND, f"没有票决会议“{session_id}”。")
        return session, self._session.scheme(work, session.scheme).scheme

    def _known(self, work: Work, entry: BallotEntry) -> Known:
        session, scheme = self._of(work, entry.session)
        return Known(
            session=session,
            scheme=scheme,
            units={u.code: u for u in work.units.all()},
            size=work.ballots.sizes().get(session.id, 0),
            minimum=_minimum(work),
            codes=work.ballots.code_states(session.id, entry.codes),
            issued=work.ballots.count_codes(session.id)[0],
        )


def _minimum(work: Work) -> int:
    return max(LEAST, int(work.settings.get(_MINIMUM, str(LEAST))))


def _refuse(findings: tuple[Finding, ...]) -> None:
    if has_errors(findings):
        uneven = all(f.code == Fault.VOTE_BAD_COUNT.value.code for f in findings if f.severity == "error")
        refuse_when_wrong(findings, Fault.VOTE_BAD_COUNT if uneven else Fault.INPUT_BAD)


def _left_valid(batch: BallotBatch, known: Known, facts: Facts) -> tuple[Finding, ...]:
    """What the rules leave valid is shown by group: it must not be fewer than the minimum either."""
    from app.services.ballot_tallies import void_ballots

    void = void_ballots(known.scheme, facts, batch) if known.scheme.validity else 0
    if len(batch.ballots) - void >= known.minimum:
        return ()
    message = f"按方案的规定有 {void} 张无效，剩下的有效票不足 {known.minimum} 张，收入后可能认出是谁投的"
    return (Finding(_BAD, "ballots", message, "请与其他会场或其他组的选票合并为一箱"),)


def _said(box: BallotBox) -> str:
    return f"{box.size} 张，计票 {box.counted_by}，监票 {box.watched_by}，票箱 {box.key[:8]}"


def _head(unit: str, item: Item, items: Mapping[str, Item]) -> str:
    """The head of a column; with a single item the unit's name says enough."""
    return unit if len(items) == 1 else f"{unit}·{item.name}"


def _answers(item: Item) -> tuple[tuple[str, str], ...]:
    levels = item.reading.levels if isinstance(item.reading, LevelsReading) else ()
    return tuple((level.id, level.name) for level in levels)


class _Line:
    """One line of a table of ballots. asked: column → (unit, item)."""

    def __init__(self, row: NamedRow, asked: Mapping[str, tuple[str, str]], items: Mapping[str, Item]) -> None:
        self._answers = {place: _answer(items[place[1]], row.texts[column]) for column, place in asked.items()}
        self.findings = tuple(
            Finding(_BAD, row.places[column], f"{items[place[1]].name}：{why}", "请按选票改正；填错的请空着")
            for column, place in asked.items()
            if (answer := self._answers[place]) and (why := wrong_answer(items[place[1]], answer))
        )

    def ballot(self, units: Sequence[str], items: Sequence[str]) -> tuple[str, ...]:
        """The answers in the order of a ballot."""
        return tuple(self._answers.get((unit, item), "") for unit in units for item in items)


def _answer(item: Item, text: str) -> str:
    """The name of a level becomes its id, anything else stays as it stands there."""
    return next((level for level, name in _answers(item) if tight(text) in (tight(name), tight(level))), text)


__all__ = [
    "LEAST",
    "SECRET",
    "BallotBox",
    "BallotEntry",
    "BallotForm",
    "BallotReading",
    "BallotService",
    "Tally",
    "Withdrawal",
]
