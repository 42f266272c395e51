"""Plan: a pure function from what was read and what is stored to what an import would do, with open questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import groupby

from app.domain.errors import Fault
from app.domain.findings import Finding, Severity
from app.services.imports import asking
from app.services.imports.ages import Age, age_of
from app.services.imports.asking import Asking
from app.services.imports.draft import Draft, ImportState, words_of
from app.services.imports.grid import are_marks
from app.services.imports.merge import Keeping, Merge, StoredSheet, changes, compare_sheet, outcome
from app.services.imports.values import CellKind, CellTotals, OpenPlan, PlannedFile, ReadyPlan, Scan, UnreadFile

_MISMATCH = Fault.XLS_MISMATCH.value.code
_IMPORTED = Fault.XLS_IMPORTED.value.code
_BLANK = Fault.XLS_BLANK.value


def make_plan(scan: Scan, state: ImportState, answers: Mapping[str, str]) -> OpenPlan | ReadyPlan:
    """Every file gets a fate and every cell a kind. The plan is ready when no question is open."""
    ask = Asking(answers)
    drafts = [Draft(file=file) for file in scan.files]
    for draft in drafts:
        _identify(draft, state, ask)
    _choose_versions(drafts, state, ask)
    planned: list[PlannedFile] = []
    for draft in drafts:
        if draft.going and draft.evaluator:
            _compare(draft, state, ask)
        planned.append(_planned(draft, state))
        draft.merge = None  # its grids, of two hundred files together, would be the most that importing takes
    files = (*planned, *map(_unread, scan.unread))
    totals = sum((f.totals for f in files), CellTotals())
    questions = tuple(ask.questions.values())
    if any(not q.answer for q in questions):
        return OpenPlan(files=files, questions=questions, totals=totals)
    return ReadyPlan(files=files, questions=questions, totals=totals, state=state.token)


# ---- whose sheet is it


def _identify(draft: Draft, state: ImportState, ask: Asking) -> None:
    reading = draft.file.reading
    who = reading.identity
    if reading.block is None or who is None:
        first = next((f for f in reading.findings if f.severity is Severity.ERROR), None)
        draft.stop("refused", first.message if first else "不能识别")
        return
    if who.scheme not in state.schemes:
        _refuse(draft, f"当前年度没有方案 {who.scheme}")
        return
    draft.scheme = who.scheme
    draft.evaluator = who.evaluator
    if (who.year, who.year_file) != (state.year, state.year_file):
        _skip_if(draft, asking.foreign_year(ask, draft, state), "不是本年度文件发出的表")
    if draft.going:
        _check_scheme(draft, state, ask)
    if draft.going and who.evaluator not in state.evaluators:
        _find_evaluator(draft, state, ask)


def _refuse(draft: Draft, message: str) -> None:
    draft.notes.append(Finding(_MISMATCH, draft.file.name, message, Fault.XLS_MISMATCH.value.step))
    draft.stop("refused", message)


def _skip_if(draft: Draft, answer: str, reason: str) -> None:
    if answer == asking.SKIP:
        draft.notes.append(Finding(_MISMATCH, draft.file.name, reason, "按您的选择没有导入", Severity.WARNING))
        draft.stop("skipped", reason)


def _check_scheme(draft: Draft, state: ImportState, ask: Asking) -> None:
    scheme = state.schemes[draft.scheme]
    version = draft.identity.fingerprint[:16] if draft.identity else ""
    if version == scheme.current:
        return
    if scheme.rules.get(version) != scheme.rules[scheme.current]:
        _skip_if(draft, asking.other_scheme(ask, draft, state), "方案在发表之后有改动")
        return
    message = "发表之后方案有改动，但评分项目和分值范围没有变"
    draft.notes.append(Finding(_MISMATCH, draft.file.name, message, "照常导入", Severity.NOTE))


def _find_evaluator(draft: Draft, state: ImportState, ask: Asking) -> None:
    answer = asking.unknown_evaluator(ask, draft, state, draft.evaluator)
    _skip_if(draft, answer, f"名册中没有评议人 {draft.evaluator}")
    draft.evaluator = answer.removeprefix(asking.AS) if answer.startswith(asking.AS) else ""


# ---- which of several files


def _choose_versions(drafts: list[Draft], state: ImportState, ask: Asking) -> None:
    going = sorted((d for d in drafts if d.going and d.evaluator), key=lambda d: d.key)
    for _, group in groupby(going, key=lambda d: d.key):
        different = _without_copies(list(group))
        if len(different) < 2:
            continue
        answer = asking.two_versions(ask, different, state)
        for draft in different:
            if answer and answer != asking.FILE + draft.file.reading.sha256[:16]:
                draft.stop("skipped", "同一评议人的另一份表已选用" if answer != asking.SKIP else "两份表都没有选用")


def _without_copies(group: list[Draft]) -> list[Draft]:
    """Copies with the same content count once; the newest stands for them."""
    newest_first = sorted(group, key=_newness, reverse=True)
    kept: dict[str, Draft] = {}
    for draft in newest_first:
        twin = kept.setdefault(draft.file.reading.content or draft.file.reading.sha256, draft)
        if twin is not draft:
            draft.stop("same", f"与“{twin.file.name}”内容相同")
    return list(kept.values())


def _newness(draft: Draft) -> tuple[int, float, float, str]:
    """To put the probably newest first, and always in the same order."""
    return draft.stamp.issue, draft.stamp.saved, draft.stamp.modified, draft.file.name


# ---- cell by cell


def _compare(draft: Draft, state: ImportState, ask: Asking) -> None:
    reading, stored = draft.file.reading, state.stored.get(draft.key)
    batch = state.imported.get(reading.sha256)
    current = stored is not None and stored.block.origin is not None and stored.block.origin.sha256 == reading.sha256
    if batch and not current:
        message = f"此文件已在第 {batch} 批导入，之后又导入了较新的一份"
        draft.notes.append(Finding(_IMPORTED, draft.file.name, message, "无需再次导入", Severity.NOTE))
        draft.stop("skipped", message)
        return
    draft.merge = merge = compare_sheet(reading, stored)
    if stored is None or _would_change(merge):
        _ask_about_file(draft, merge, stored, state, ask)
    if draft.going:
        _ask_about_cells(draft, merge, state, ask)
    if draft.going and not draft.open:
        _settle(draft, merge, state, stored)


def _would_change(merge: Merge) -> bool:
    return bool(merge.totals.new or merge.totals.changed_there or merge.totals.both or merge.dropped)


def _ask_about_file(draft: Draft, merge: Merge, stored: StoredSheet | None, state: ImportState, ask: Asking) -> None:
    """Whether the file is meant at all: an older one never overwrites a newer one by itself, a blank one is no return."""
    if stored is not None:
        age = age_of(draft.stamp, stored.stamp)
        if age is not Age.NEWER and asking.older_file(ask, draft, merge, stored, age, state) == asking.SKIP:
            draft.stop("skipped", "比已导入的旧" if age is Age.OLDER else "按您的选择保留已导入的")
            return
    if _is_blank(draft) and asking.blank_sheet(ask, draft, state) == asking.SKIP:
        draft.notes.append(Finding(_BLANK.code, draft.file.name, _BLANK.cause, "按您的选择没有导入", Severity.WARNING))
        draft.stop("skipped", "整张表都是空白")


def _is_blank(draft: Draft) -> bool:
    """Whether the evaluator filled in nothing; the cells that were closed on the hand-out do not count."""
    counts = draft.file.reading.counts
    return bool(counts.blanks) and not (counts.numbers or counts.abstained or counts.refused)


def _ask_about_cells(draft: Draft, merge: Merge, state: ImportState, ask: Asking) -> None:
    own = state.own_unit.get(draft.key, "")
    if own and own in merge.block.units and are_marks(merge.file[merge.block.units.index(own)]).any():
        answer = asking.own_unit(ask, draft, state, own)
        draft.recused = (own,) if answer == asking.LEAVE_OUT else ()
    if merge.emptied:
        draft.keep_emptied = asking.emptied(ask, draft, merge.emptied) != asking.TAKE
    if merge.totals.both:
        cells = [
            f"{state.unit_names.get(c.unit, c.unit)} {c.item_name}（{c.address}）：程序中 {c.stored or '空白'}，表中 {c.file or '空白'}"
            for c in changes(merge, partial(words_of, draft, state))
            if c.kind is CellKind.BOTH
        ]
        draft.conflicts_to_file = asking.conflict(ask, draft, cells) == asking.TAKE


def _settle(draft: Draft, merge: Merge, state: ImportState, stored: StoredSheet | None) -> None:
    for unit, marks in merge.dropped:
        message = f"表中不再有{state.unit_names.get(unit, unit)}，原有的 {marks} 个分数不再使用"
        draft.notes.append(Finding(_MISMATCH, draft.file.name, message, "如不对，请撤销这次导入", Severity.WARNING))
    if _is_blank(draft):
        draft.notes.append(Finding(_BLANK.code, draft.file.name, _BLANK.cause, _BLANK.step, Severity.WARNING))
    keeping = Keeping(draft.conflicts_to_file, draft.keep_emptied, draft.recused)
    result = outcome(merge, keeping, partial(words_of, draft, state), stored.block if stored else None)
    if result is None:
        draft.stop("same", "与已导入的相同" if not merge.totals.changed_here else "表没有变；程序中改过的分数保留")
        return
    draft.block, draft.edits = result
    draft.fate = "update" if stored else "import"
    draft.reason = _summary(merge.totals)


def _summary(totals: CellTotals) -> str:
    parts: Iterable[tuple[int, str]] = (
        (totals.new, "新"),
        (totals.changed_there, "表中已改"),
        (totals.both, "两边都改"),
        (totals.changed_here, "保留程序中的改动"),
        (totals.blank, "空白"),
        (totals.refused, "不能识别"),
    )
    return "，".join(f"{text} {count} 格" for count, text in parts if count)


# ---- the answer


def _planned(draft: Draft, state: ImportState) -> PlannedFile:
    reading, merge = draft.file.reading, draft.merge
    waiting = draft.going and draft.open
    taken = merge is not None and draft.fate in ("import", "update", "same")
    who = state.evaluators.get(draft.evaluator)
    return PlannedFile(
        name=draft.file.name,
        path=draft.file.path,
        sha256=reading.sha256,
        sheet=draft.identity.sheet if draft.identity else "",
        evaluator=draft.evaluator,
        evaluator_name=who.name if who else "",
        scheme=draft.scheme,
        fate="waiting" if waiting else draft.fate,
        reason="等待您的选择" if waiting else draft.reason,
        totals=merge.totals if merge and taken else CellTotals(skipped=reading.counts.cells),
        changes=changes(merge, partial(words_of, draft, state)) if merge and taken else (),
        findings=(*reading.findings, *draft.notes),
        content=reading.content,
        issue=draft.issue,
        saved=draft.file.reading.saved,
        modified=draft.file.modified,
        block=None if waiting else draft.block,
        edits=() if waiting else draft.edits,
    )


def _unread(file: UnreadFile) -> PlannedFile:
    return PlannedFile(
        name=file.name,
        path=file.path,
        sha256="",
        sheet="",
        evaluator="",
        evaluator_name="",
        scheme="",
        fate="unread",
        reason=file.finding.message,
        totals=CellTotals(),
        changes=(),
        findings=(file.finding,),
    )
