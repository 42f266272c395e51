"""Plan: a pure function from packages and what is stored to what receiving them would do, with open questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.domain.packages import Package, PackageContent, UnitReport, key_code
from app.domain.reports import Hearing, ListEntry
from app.services.exchange.deciding import Decider
from app.services.exchange.effects import received_of, sender_of
from app.services.exchange.evidence import named_evidence, wrong_evidence
from app.services.exchange.making import file_name
from app.services.exchange.marks import merge_sheet
from app.services.exchange.register_part import register_part, scheme_part
from app.services.exchange.reports import merge_report
from app.services.exchange.results import merge_results, wrong_results
from app.services.exchange.soundness import unsound
from app.services.exchange.state import KnownPackage, Standing, unit_of
from app.services.exchange.trust import (
    SKIP,
    Refusal,
    notes_on,
    refusal_of,
    sender_question,
)
from app.services.exchange.values import (
    Effects,
    Fate,
    MergedReport,
    MergedSheet,
    OpenMerge,
    PackageScan,
    PlannedPackage,
    ReadyMerge,
    Rule,
    ScannedPackage,
)
from app.services.imports.values import Question

_ENTRY = {
    "text": "内容", "owner": "责任人", "due": "期限", "state": "状态", "source": "出处", "year": "年度", "kind": "种类",
    "items": "对应指标", "unit": "单位", "level": "层级",
}  # fmt: skip
_HEARING = {"manner": "述职方式", "order": "次序"}
_UNKNOWN = Fault.PKG_UNKNOWN_SENDER.value.code
_STRANGE = Fault.PKG_WRONG_UNIT.value


def make_plan(scan: PackageScan, state: Standing, answers: Mapping[str, str], rule: Rule) -> OpenMerge | ReadyMerge:
    """Every file gets a fate, and everything in it a kind. state is used up. The plan is ready when no question is open.
    Packages are taken in the same order whatever the order of the files."""
    taken: set[str] = set()
    planned: dict[int, PlannedPackage] = {}
    effects: list[Effects] = []
    questions: dict[str, Question] = {}
    for place, file in sorted(enumerate(scan.packages), key=lambda entry: _turn(entry[1], state)):
        if file.package is None:
            planned[place] = _unread(file)
            continue
        one = _Planning(file, file.package, state, answers, rule, twin=file.package.manifest.id in taken)
        planned[place], effect = one.plan()
        questions |= {q.id: _joined(questions.get(q.id), q) for q in one.questions}
        if (
            planned[place].fate != "refused"
        ):  # a forged one that calls itself the same does not stand in for the sound one
            taken.add(file.package.manifest.id)
        if effect is not None:
            effects.append(effect)
    packages = tuple(planned[n] for n in range(len(scan.packages)))
    asked = tuple(questions.values())
    if any(not q.answer for q in asked):
        return OpenMerge(packages=packages, questions=asked)
    return ReadyMerge(packages=packages, questions=asked, effects=tuple(effects), state=state.token)


def _turn(file: ScannedPackage, state: Standing) -> tuple[object, ...]:
    """By unit, kind and installation, of each the newest first: what is older then steps back."""
    if file.package is None:
        return ("", "", "", 0, 0, file.name)
    manifest = file.package.manifest
    task, sequence = state.order(manifest)
    return (unit_of(manifest), manifest.kind, manifest.sender.key, -task, -sequence, file.name)


def _joined(known: Question | None, question: Question) -> Question:
    if known is None:
        return question
    return replace(known, files=tuple(dict.fromkeys((*known.files, *question.files))))


def _unread(file: ScannedPackage) -> PlannedPackage:
    finding = file.finding
    return PlannedPackage(
        name=file.name,
        path=file.path,
        fate="refused",
        reason=finding.message if finding else "不能读取",
        fault=finding.code if finding else "",
        findings=(finding,) if finding else (),
    )


class _Planning:
    """One package against the state as it stands when its turn comes."""

    def __init__(
        self,
        file: ScannedPackage,
        package: Package,
        state: Standing,
        answers: Mapping[str, str],
        rule: Rule,
        *,
        twin: bool,
    ) -> None:
        self._file = file
        self._package = package
        self._state = state
        self._answers = answers
        self._twin = twin
        self._findings: list[Finding] = []
        self._decider = Decider(package.manifest.id, file.name, answers, rule)
        self.questions: list[Question] = []

    def plan(self) -> tuple[PlannedPackage, Effects | None]:
        """What becomes of it; the state then holds what it has brought."""
        if self._twin:
            refusal = Refusal(Fault.PKG_IMPORTED, "同一个包在所选文件里有两份，只接收一份。")
            return self._planned("skipped", refusal.detail, refusal.fault), None
        refusal = refusal_of(self._package, self._state)
        if refusal is not None:
            fate: Fate = "skipped" if refusal.fault is Fault.PKG_IMPORTED else "refused"
            return self._planned(fate, refusal.text, refusal.fault), None
        asked = sender_question(self._package, self._state, self._answers)
        if asked is not None:
            self.questions.append(asked)
            if asked.answer == SKIP:
                return self._planned("refused", "来源没有确认，按您的选择没有接收。", Fault.PKG_UNKNOWN_SENDER), None
            if not asked.answer:
                return self._planned("waiting", "先确认来源"), None
        checks = (unsound, wrong_evidence, wrong_results)
        wrong = next((found for check in checks if (found := check(self._package, self._state))), None)
        if wrong is not None:
            return self._planned("refused", wrong.text, wrong.fault), None
        self._findings += notes_on(self._package, self._state)
        self._note_name()
        try:
            effects = self._merged(confirmed=asked is not None)
        except AppError as error:  # a scheme document that cannot be read
            return self._planned("refused", error.detail, error.fault), None
        self.questions += self._decider.questions
        self._note(effects)
        if self._decider.open:
            return self._planned("waiting", f"有 {len(self._decider.questions)} 处两边都改过，等待您的选择"), None
        fate = "take" if _brings(effects) else "same"
        return self._planned(fate, self._summary() if fate == "take" else "没有新内容，只登记已收到"), effects

    def _note_name(self) -> None:
        regular = file_name(self._package.manifest)
        if self._file.name != regular:
            renamed, said = Fault.PKG_RENAMED.value, f"程序起的名字是“{regular}”"
            self._findings.append(Finding(renamed.code, self._file.name, said, renamed.step, Severity.NOTE))

    # ---- what is in it

    def _merged(self, *, confirmed: bool) -> Effects:
        package, state = self._package, self._state
        manifest, content = package.manifest, package.content
        base = state.base_of(manifest) or PackageContent()
        task = manifest.kind == "task"
        effects = Effects(package=package, received=received_of(package), is_task=task)
        if confirmed:
            effects = replace(effects, sender=sender_of(package, state))
        effects = scheme_part(self._decider, effects, state)
        effects = register_part(self._decider, effects, state)
        if manifest.kind == "results":
            return merge_results(self._decider, effects, state, base)
        hearings = tuple(self._hearings(base, content)) if task else ()
        entries, gone = self._entries(base, content)
        return replace(
            effects,
            sheets=tuple(self._sheets(base, content)),
            reports=tuple(self._reports(base, content)),
            hearings=hearings,
            entries=entries,
            gone_entries=gone,
        )

    def _mine(self, unit: str) -> bool:
        """Whether the sender may speak for this unit."""
        return self._state.role.is_unit or unit == self._package.manifest.sender.unit

    def _not_mine(self, what: str) -> None:
        said = f"{what}不属于发件单位，没有接收"
        self._findings.append(Finding(_STRANGE.code, self._file.name, said, _STRANGE.step, Severity.WARNING))

    def _sheets(self, base: PackageContent, content: PackageContent) -> list[MergedSheet]:
        known = {(b.scheme, b.evaluator): b for b in base.blocks}
        names = {u.code: u.name for u in (*self._state.units.values(), *content.units)}
        raters = {e.code: e.unit for e in self._state.evaluators.values()}
        found: list[MergedSheet] = []
        for block in sorted(content.blocks, key=lambda b: (b.scheme, b.evaluator)):
            who = self._state.evaluator_name(block.evaluator)
            if not self._mine(raters.get(block.evaluator, "")) or block.scheme not in self._state.schemes:
                self._not_mine(f"{who}的评分表")
                continue
            key = (block.scheme, block.evaluator)
            words = self._state.item_words(block.scheme)
            place = f"{who}的评分表"
            merged = merge_sheet(
                self._decider, place, known.get(key), self._state.blocks.get(key), block, words, names, self._file.name
            )
            if merged is not None:
                found.append(merged)
        return found

    def _reports(self, base: PackageContent, content: PackageContent) -> list[MergedReport]:
        before = {(r.report.scheme, r.report.unit): r for r in base.reports}
        brought = self._state.brought_beside(self._package.manifest)
        found: list[MergedReport] = []
        for theirs in content.reports:
            key = (theirs.report.scheme, theirs.report.unit)
            if not self._mine(key[1]) or key[1] not in self._state.units:
                self._not_mine(f"{self._state.unit_name(key[1])}的述职报告")
                continue
            words, ours = self._state.report_words(*key), self._state.reports.get(key)
            from_unit = not self._state.role.is_unit
            others = [r for r in brought if (r.scheme, r.unit) == key]
            merged = merge_report(
                self._decider, before.get(key), ours, theirs, words, from_unit=from_unit, brought=others
            )
            if merged is not None:
                found.append(merged)
        return found

    def _entries(self, base: PackageContent, content: PackageContent) -> tuple[tuple[ListEntry, ...], tuple[str, ...]]:
        before = {e.id: e for e in base.entries if self._mine(e.unit)}
        theirs = {e.id: e for e in content.entries}
        kept: list[ListEntry] = []
        gone: list[str] = []
        for identity in dict.fromkeys((*before, *theirs)):
            mine = self._state.entries.get(identity)
            shown = theirs.get(identity) or mine or before[identity]
            if not all(self._mine(e.unit) for e in (shown, mine) if e):
                self._not_mine(f"清单“{shown.text[:20]}”")
                continue
            place = f"{self._state.unit_name(shown.unit) or '全层级'} › 清单“{shown.text[:20]}”"
            found: ListEntry | None = self._decider.fields(
                "entry", identity, place, before.get(identity), mine, theirs.get(identity), _ENTRY
            )
            if found is None and mine is not None:
                gone.append(identity)
            elif found is not None and found != mine:
                kept.append(found)
        return tuple(kept), tuple(gone)

    def _hearings(self, base: PackageContent, content: PackageContent) -> list[Hearing]:
        """Only tasks bring them: the office settles who reports to whom."""
        before = {(h.scheme, h.unit, h.body): h for h in base.hearings}
        found: list[Hearing] = []
        for theirs in content.hearings:
            key = (theirs.scheme, theirs.unit, theirs.body)
            mine = self._state.hearings.get(key)
            place = f"{self._state.unit_name(theirs.unit)} › 向{self._state.unit_name(theirs.body)}述职"
            kept = self._decider.fields("hearing", "/".join(key), place, before.get(key), mine, theirs, _HEARING)
            if kept is not None and kept != mine:
                found.append(kept)
        return found

    # ---- the state, as the next package meets it

    def _note(self, effects: Effects) -> None:
        state, manifest = self._state, self._package.manifest
        for sheet in effects.sheets:
            state.blocks[sheet.block.scheme, sheet.block.evaluator] = sheet.standing
        for merged in effects.reports:
            key = (merged.report.scheme, merged.report.unit)
            state.reports[key] = _after(state.reports.get(key), merged)
        state.entries |= {e.id: e for e in effects.entries}
        for identity in effects.gone_entries:
            state.entries.pop(identity, None)
        state.hearings |= {(h.scheme, h.unit, h.body): h for h in effects.hearings}
        state.results |= {(r.scheme, r.unit): r for r in effects.results}
        for result in effects.gone_results:
            state.results.pop((result.scheme, result.unit), None)
        state.evidence |= named_evidence(effects.reports)
        if effects.sender is not None:
            state.senders[effects.sender.key] = effects.sender
        state.received[manifest.id] = KnownPackage(
            id=manifest.id,
            kind=manifest.kind,
            unit=unit_of(manifest),
            sequence=manifest.sequence,
            key=manifest.sender.key,
            answers=manifest.answers,
            content=effects.received.content,
        )

    # ---- as shown

    def _summary(self) -> str:
        total = self._decider.totals("mark") + self._decider.totals("text", "answer") + self._decider.totals()
        parts = (
            (total.new, "新"),
            (total.changed_there, "包里已改"),
            (total.both, "两边都改"),
            (total.changed_here, "保留这里的改动"),
        )
        return "，".join(f"{text} {count} 处" for count, text in parts if count)

    def _planned(self, fate: Fate, reason: str, fault: Fault | None = None) -> PlannedPackage:
        manifest, decider = self._package.manifest, self._decider
        code = fault.value.code if fault else ""
        said = (Finding(code, self._file.name, reason, fault.value.step, _weight(fate)),) if fault else ()
        unit = unit_of(manifest)
        return PlannedPackage(
            name=self._file.name,
            path=self._file.path,
            id=manifest.id,
            kind=manifest.kind,
            unit=unit,
            unit_name=self._state.unit_name(unit),
            sender=manifest.sender.name,
            key_code=key_code(manifest.sender.key),
            sequence=manifest.sequence,
            made=manifest.made,
            practice=manifest.practice,
            fate=fate,
            reason=reason,
            fault=code,
            marks=decider.totals("mark"),
            texts=decider.totals("text", "answer"),
            others=decider.totals(),
            changes=tuple(decider.changes),
            findings=(*said, *self._findings),
        )


def _weight(fate: Fate) -> Severity:
    return Severity.ERROR if fate == "refused" else Severity.NOTE


def _after(ours: UnitReport | None, merged: MergedReport) -> UnitReport:
    remarks = {m.id: m for m in (*(ours.remarks if ours else ()), *merged.remarks)}
    versions = (*(ours.versions if ours else ()), *merged.versions)
    return UnitReport(report=merged.report, state=merged.state, versions=versions, remarks=tuple(remarks.values()))


def _brings(effects: Effects) -> bool:
    """Whether it changes anything here besides being noted as received."""
    return any(
        (
            effects.schemes,
            effects.units,
            effects.evaluators,
            effects.assignments is not None,
            effects.exemptions is not None,
            effects.hearings,
            effects.sheets,
            effects.reports,
            effects.entries,
            effects.gone_entries,
            effects.results,
            effects.gone_results,
        )
    )
