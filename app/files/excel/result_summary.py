"""The summary of a level: parts, total, rank, grade before and after, what changed it and why."""

from __future__ import annotations

from app.domain.facts import Decision
from app.domain.quantities import number_text
from app.domain.results import GradeOutcome, UnitResult
from app.domain.schemes import Node, Part, full_points
from app.files.excel.register_columns import PARTICIPATION_NAMES
from app.files.excel.result_page import EMPTY, Level, Pages, merge, row_height, text
from app.files.excel.result_reasons import Reasons
from app.files.excel.texts import clean

SCOPE_NAMES = {"unit": "单位", "leading_group": "领导班子", "person": "个人"}
_TAIL = (
    ("总分", 10.0),
    ("名次", 7.0),
    ("等次\n（调整前）", 10.0),
    ("等次", 10.0),
    ("降档与限制", 22.0),
    ("原因", 36.0),
    ("备注", 26.0),
)
_SIGNATURES = (
    ("考核组长：", "成员：", "被考核单位负责人：", "日期：      年    月    日"),
    ("填表人：", "审核人：", "联系电话：", ""),
)


def top_parts(root: Node) -> list[Part]:
    """The columns of a summary: the children of the root, or of its only child."""
    only = root.children[0] if len(root.children) == 1 else None
    return list(only.children) if isinstance(only, Node) else list(root.children)


class Summary:
    """Writes the summary page of one level and remembers where units and totals stand, for the charts."""

    def __init__(self, pages: Pages, level: Level) -> None:
        self.pages = pages
        self.level = level
        self.parts = top_parts(level.scheme.tree)
        self.title, self.sheet = pages.add(f"{level.label}汇总", f"{level.label}：各系列的得分、名次、等次")
        self.total_column = 2 + len(self.parts)
        self.last = self.total_column + len(_TAIL) - 1
        self.ranges: list[tuple[str, int, int]] = []
        self.reasons = Reasons(pages.book, level)
        self.shortfalls: dict[str, str] = {}
        self.decisions = {(d.unit, d.scope): d for d in pages.book.facts.decisions if d.scheme == level.scheme.id}

    def write(self) -> None:
        """Fill the page."""
        sheet, pages, level = self.sheet, self.pages, self.level
        widths = [6.0, 30.0, *(11.0 for _ in self.parts), *(w for _, w in _TAIL)]
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        head = pages.heading(sheet, f"{pages.book.year}年度{level.subject}结果汇总表", self.last, "单位：分")
        self._head(head)
        row = head + 1
        for series in level.result.series:
            row = self._banner(row, series.series, [q.sentence for q in series.quotas], len(series.order))
            first = row
            self.shortfalls = self.reasons.shortfalls(series)
            for number, code in enumerate(series.order, 1):
                self._unit(row, number, level.result.units[code])
                row += 1
            if row > first:
                self.ranges.append((series.series, first, row - 1))
        row = self._signatures(row + 1)
        sheet.freeze_panes(head + 1, 2)
        pages.finish(sheet, row, self.last, (head, head), level.scheme.id)

    def _head(self, row: int) -> None:
        labels = ["序号", "单位"]
        for part in self.parts:
            points = full_points(part)
            labels.append(part.name + (f"\n（{number_text(points)}）" if points is not None else ""))
        for column, label in enumerate([*labels, *(name for name, _ in _TAIL)]):
            self.sheet.write_string(row, column, clean(label), self.pages.styles.head)
        self.sheet.set_row(row, row_height([(label, 11.0) for label in labels[2:]], 36, 16))

    def _banner(self, row: int, series: str, quotas: list[str], count: int) -> int:
        begin = f"{series or '全部'}（{count} 个单位）"
        line = clean("　".join([begin, *quotas]))
        merge(self.sheet, row, 0, row, self.last, line, self.pages.styles.banner)
        width = 36.0 + 11 * len(self.parts) + sum(w for _, w in _TAIL)
        self.sheet.set_row(row, row_height([(line, width)], 24))
        return row + 1

    def _unit(self, row: int, number: int, result: UnitResult) -> None:
        sheet, styles, level = self.sheet, self.pages.styles, self.level
        name = self.pages.unit_name(result.unit)
        sheet.write_number(row, 0, number, styles.whole)
        text(sheet, row, 1, name, styles.name)
        for n, part in enumerate(self.parts):
            self.pages.write_quantity(sheet, row, 2 + n, result.parts.get(part.id), level.shown)
        self._total(row, result)
        at = self.total_column
        if result.rank is None:
            sheet.write_string(row, at + 1, EMPTY, styles.word)
        else:
            sheet.write_number(row, at + 1, result.rank, styles.whole)
        text(sheet, row, at + 2, level.grade_name(result.grade.by_quota), styles.word)
        self._grade(row, at + 3, result.grade)
        effective = [a for a in result.adjustments if a.effective]
        changes = "\n".join(
            _change(a.name, level.grade_name(a.before), level.grade_name(a.after), a.scope) for a in effective
        )
        reasons = "\n".join(dict.fromkeys(self.reasons.cause(result, a) for a in effective))
        remarks = "；".join(self._remarks(result))
        for column, value in ((at + 4, changes), (at + 5, reasons), (at + 6, remarks)):
            text(sheet, row, column, value, styles.long)
        wide = {n: w for n, (_, w) in enumerate(_TAIL)}
        sheet.set_row(row, row_height([(name, 30.0), (changes, wide[4]), (reasons, wide[5]), (remarks, wide[6])]))

    def _total(self, row: int, result: UnitResult) -> None:
        level, at = self.level, self.total_column
        if result.shown_total is None:
            self.pages.write_quantity(self.sheet, row, at, result.total, level.shown)
        else:
            style = self.pages.styles.figure(level.shown.digits, bold=True)
            self.sheet.write_number(row, at, self.pages.number(result.shown_total, level.shown), style)

    def _grade(self, row: int, column: int, grade: GradeOutcome) -> None:
        place = self.level.grade_place(grade.final)
        style = self.pages.styles.word if place < 0 else self.pages.styles.grade(place)
        text(self.sheet, row, column, self.level.grade_name(grade.final), style)

    def _remarks(self, result: UnitResult) -> list[str]:
        unit = self.pages.units.get(result.unit)
        remarks: list[str] = []
        if result.participation != "ranked":
            reason = f"：{unit.reason}" if unit and unit.reason else ""
            remarks.append(PARTICIPATION_NAMES[result.participation] + reason)
        if result.shared:
            remarks.append("名次并列")
        if result.total.value is None and result.total.reason:
            remarks.append(result.total.reason)
        if shortfall := self.shortfalls.get(result.unit):
            remarks.append(shortfall)
        for grade in result.grades:
            remarks += self._grade_remarks(result.unit, grade)
        return list(dict.fromkeys(remarks))

    def _grade_remarks(self, unit: str, grade: GradeOutcome) -> list[str]:
        remarks: list[str] = []
        decision: Decision | None = self.decisions.get((unit, grade.scope))
        if grade.scope != "unit":
            remarks.append(f"{SCOPE_NAMES[grade.scope]}：{self.level.grade_name(grade.final)}")
        if grade.manual:
            because = f"：{decision.reason}（{decision.by}）" if decision else ""
            remarks.append(f"人工决定{because}")
        if grade.pending:
            remarks.append("名额线上，待决定")
        known = self.pages.units.get(unit)
        if grade.note and grade.scope == "unit" and not grade.pending and not (known and known.reason == grade.note):
            remarks.append(grade.note)
        return remarks

    def _signatures(self, row: int) -> int:
        for line in _SIGNATURES:
            step = max(1, (self.last + 1) // len(line))
            for n, label in enumerate(line):
                if label:
                    self.sheet.write_string(row, 1 + n * step, label, self.pages.styles.left)
            self.sheet.set_row(row, 26)
            row += 1
        return row - 1


def _change(name: str, before: str, after: str, scope: str) -> str:
    who = "" if scope == "unit" else f"{SCOPE_NAMES[scope]}，"
    return f"{name}（{who}{before}→{after}）"


def write_all(pages: Pages, levels: list[Level]) -> list[Summary]:
    """The summaries of all levels."""
    summaries = [Summary(pages, level) for level in levels]
    for summary in summaries:
        summary.write()
    return summaries
