"""The questions of an import: what is asked, which answers there are, which is the careful one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.services.imports.ages import Age, age_of
from app.services.imports.differences import from_first, from_stored, labels, stored_label
from app.services.imports.draft import Draft, ImportState, words_of
from app.services.imports.merge import Merge, StoredSheet
from app.services.imports.values import Choice, Question, QuestionKind

SKIP = "skip"
TAKE = "take"
KEEP = "keep"
LEAVE_OUT = "leave_out"
AS = "as:"
FILE = "file:"


@dataclass(slots=True)
class Asking:
    """Collects questions; files that raise the same question share it."""

    answers: Mapping[str, str]
    questions: dict[str, Question] = field(default_factory=dict[str, Question])

    def __call__(
        self,
        draft: Draft,
        kind: QuestionKind,
        key: str,
        text: str,
        choices: Sequence[tuple[str, str]],
        details: Sequence[str] = (),
        suggested: str = "",
    ) -> str:
        """The answer; empty: open, and the draft waits. The first choice is the careful one unless another is
        suggested."""
        identity = f"{kind}:{key}"
        known = self.questions.get(identity)
        given = self.answers.get(identity, "")
        answer = given if any(given == c for c, _ in choices) else ""
        self.questions[identity] = Question(
            id=identity,
            kind=kind,
            text=text,
            files=(*(known.files if known else ()), draft.file.name),
            choices=tuple(Choice(c, t) for c, t in choices),
            suggested=suggested or choices[0][0],
            answer=answer,
            details=(*(known.details if known else ()), *details),
        )
        draft.open = draft.open or not answer
        return answer


def foreign_year(ask: Asking, draft: Draft, state: ImportState) -> str:
    """The sheet was sent from another year file."""
    who = draft.identity
    year = who.year if who else 0
    said = f"{year} 年度" if year != state.year else "另一个年度文件"
    return ask(
        draft,
        "foreign_year",
        f"{year}:{who.year_file if who else ''}",
        f"这些评分表由{said}发出，不是当前的 {state.year} 年度文件。要导入吗？",
        ((SKIP, "不导入"), (TAKE, "仍然导入到当前年度")),
    )


def other_scheme(ask: Asking, draft: Draft, state: ImportState) -> str:
    """The sheet was sent under a version of the scheme that asked something else."""
    scheme = state.schemes[draft.scheme]
    version = draft.identity.fingerprint[:16] if draft.identity else ""
    known = version in scheme.rules
    said = "评分项目或分值范围在发表之后有改动" if known else "所用方案版本在当前年度文件中找不到"
    return ask(
        draft,
        "other_scheme",
        f"{draft.scheme}:{version}",
        f"{scheme.name}：这些评分表{said}。按现行方案读取并导入吗？",
        ((SKIP, "不导入，重新发表"), (TAKE, "按现行方案导入")),
    )


def unknown_evaluator(ask: Asking, draft: Draft, state: ImportState, code: str) -> str:
    """The evaluator is not in the register."""
    free = [e for e in state.evaluators.values() if (draft.scheme, e.code) not in state.stored]
    return ask(
        draft,
        "unknown_evaluator",
        code,
        f"名册中没有评议人 {code}。这份表算谁的？",
        ((SKIP, "不导入"), *((AS + e.code, f"{e.name}（{e.code}）") for e in free)),
    )


def two_versions(ask: Asking, drafts: Sequence[Draft], state: ImportState) -> str:
    """Several files hold different versions of one sheet, the probably newest first. It is suggested only when the
    files themselves say that it is the newest."""
    newest, *others = drafts
    who = state.evaluators[newest.evaluator].name if newest.evaluator in state.evaluators else ""
    told = not {age_of(newest.stamp, other.stamp) for other in others} & {Age.UNKNOWN, Age.OLDER}
    hint = "" if told else "看不出哪一份较新，请核对后选用。"
    texts = labels(drafts)
    choices = (
        *((FILE + d.file.reading.sha256[:16], text) for d, text in zip(drafts, texts, strict=True)),
        (SKIP, "都不导入"),
    )
    answers = [
        ask(
            draft,
            "two_versions",
            f"{draft.scheme}:{draft.evaluator}",
            f"{who}的评分表有 {len(drafts)} 份，内容不同。用哪一份？{hint}",
            choices,
            (from_first(drafts, number, words_of(draft, state), state.unit_names),) if number > 1 else (),
            suggested=choices[0][0] if told else SKIP,
        )
        for number, draft in enumerate(drafts, 1)
    ]
    return answers[0]


_OLDER = {
    Age.OLDER: "比已导入的那一份旧。要用旧的覆盖新的吗？",
    Age.DOUBTFUL: "看来比已导入的那一份新，但发出次数、保存时间、文件日期说法不一。要用它更新吗？",
    Age.UNKNOWN: "和已导入的那一份看不出哪个较新。要用它覆盖已导入的吗？",
}


def older_file(ask: Asking, draft: Draft, merge: Merge, stored: StoredSheet, age: Age, state: ImportState) -> str:
    """A version of the sheet is stored already, and the file is not surely newer."""
    return ask(
        draft,
        "older_file",
        f"{draft.scheme}:{draft.evaluator}:{draft.file.reading.sha256[:16]}",
        f"“{draft.file.name}”{_OLDER[age]}",
        ((SKIP, "不导入，保留已导入的"), (TAKE, "用这一份")),
        (
            f"这一份：{labels([draft])[0]}",
            f"已导入：{stored_label(stored)}",
            from_stored(merge, words_of(draft, state), state.unit_names),
        ),
        suggested=TAKE if age is Age.DOUBTFUL else SKIP,
    )


def own_unit(ask: Asking, draft: Draft, state: ImportState, unit: str) -> str:
    """The evaluator has scored the own unit, which the scheme does not foresee."""
    who = state.evaluators[draft.evaluator].name
    return ask(
        draft,
        "own_unit",
        draft.scheme,
        f"{state.schemes[draft.scheme].name}：有评议人给本单位打了分。这些分数怎么处理？",
        ((LEAVE_OUT, "按回避处理，不计入"), (TAKE, "照常计入")),
        (f"{who} → {state.unit_names.get(unit, unit)}",),
    )


def emptied(ask: Asking, draft: Draft, count: int) -> str:
    """Cells that brought a mark last time are blank now."""
    return ask(
        draft,
        "emptied",
        f"{draft.scheme}:{draft.evaluator}",
        f"“{draft.file.name}”有 {count} 格现在是空的，而上次导入时有分数。怎么处理？",
        ((KEEP, "保留原有分数"), (TAKE, "改为空白")),
    )


def conflict(ask: Asking, draft: Draft, cells: Sequence[str]) -> str:
    """Marks that were changed both in the program and in the file."""
    return ask(
        draft,
        "conflict",
        f"{draft.scheme}:{draft.evaluator}",
        f"“{draft.file.name}”有 {len(cells)} 格在程序中和表中都改过，而且不一样。以哪边为准？",
        ((KEEP, "以程序中的为准"), (TAKE, "以表中的为准")),
        cells,
    )


def blank_sheet(ask: Asking, draft: Draft, state: ImportState) -> str:
    """Nothing at all is filled in; as a returned sheet its blanks would count as the scheme says."""
    who = state.evaluators[draft.evaluator].name
    return ask(
        draft,
        "blank_sheet",
        f"{draft.scheme}:{draft.evaluator}",
        f"{who}交回的“{draft.file.name}”整张都是空白，可能拿错了文件。怎么处理？",
        ((SKIP, "不导入，仍算没有交回"), (TAKE, "按交回的空白表导入")),
    )
