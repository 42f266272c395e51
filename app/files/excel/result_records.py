"""What stands behind the results: adjustments and decisions, votes, events, the method, the list of pages."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from app.domain.facts import VoteCount, VoteSession
from app.domain.schemes import LevelsReading, Rounding, items_of
from app.files.excel.method import method_lines
from app.files.excel.result_page import EMPTY, Level, Pages, row_height, text
from app.files.excel.result_reasons import event_line
from app.files.excel.result_summary import SCOPE_NAMES
from app.files.excel.texts import clean, fixed_text, lines_needed


def _table(pages: Pages, sheet: Any, title: str, columns: Sequence[tuple[str, float]]) -> int:
    """Title and head of a plain table; gives the row of the first line."""
    for column, (_, width) in enumerate(columns):
        sheet.set_column(column, column, width)
    head = pages.heading(sheet, title, len(columns) - 1)
    for column, (label, _) in enumerate(columns):
        sheet.write_string(head, column, label, pages.styles.head)
    sheet.set_row(head, 26)
    sheet.freeze_panes(head + 1, 0)
    return head + 1


def _line(
    pages: Pages,
    sheet: Any,
    row: int,
    number: int,
    values: Sequence[str | Fraction],
    columns: Sequence[tuple[str, float]],
) -> None:
    sheet.write_number(row, 0, number, pages.styles.whole)
    heights: list[tuple[str, float]] = []
    for column, value in enumerate(values, 1):
        if isinstance(value, Fraction):
            sheet.write_number(row, column, value.numerator / value.denominator, pages.styles.figure(_decimals(value)))
        else:
            text(sheet, row, column, value, pages.styles.long)
            heights.append((value, columns[column][1]))
    sheet.set_row(row, row_height(heights, 20, 13))


def _decimals(value: Fraction) -> int:
    """As many as say the number exactly, at most six."""
    return next((n for n in range(6) if 10**n % value.denominator == 0), 6)


def write_adjustments(pages: Pages, levels: list[Level]) -> None:
    """Every adjustment that was looked at, with what it did, and every decision by hand."""
    columns = (
        ("序号", 6), ("层级", 14), ("单位", 24), ("范围", 10), ("规则", 26), ("事项与依据", 40),
        ("批准", 14), ("调整前", 9), ("调整后", 9), ("生效", 7), ("说明", 44),
    )  # fmt: skip
    _, sheet = pages.add("降档与调整", "降档、封顶、一票否决和人工决定，连同依据和批准人")
    row = _table(pages, sheet, f"{pages.book.year}年度降档与调整一览表", columns)
    events = {e.id: e for e in pages.book.facts.events}
    number = 0
    for level in levels:
        kinds = {k.id: k.name for k in level.scheme.event_kinds}
        for code, result in level.result.units.items():
            for a in result.adjustments:
                number += 1
                behind = [events[e] for e in a.events if e in events]
                proof = "；".join(event_line(e, kinds) for e in behind)
                approvers = "、".join(dict.fromkeys(e.approver for e in behind if e.approver))
                values = (
                    level.label, pages.unit_name(code), SCOPE_NAMES[a.scope], a.name, proof, approvers,
                    level.grade_name(a.before), level.grade_name(a.after), "是" if a.effective else "否", a.sentence,
                )  # fmt: skip
                _line(pages, sheet, row, number, values, columns)
                row += 1
    labels = {level.scheme.id: level for level in levels}
    for d in pages.book.facts.decisions:
        level = labels.get(d.scheme)
        if level:
            number += 1
            grade = level.grade_name(d.grade)
            scope = SCOPE_NAMES[d.scope]
            values = (
                level.label,
                pages.unit_name(d.unit),
                scope,
                "人工决定",
                d.reason,
                d.by,
                EMPTY,
                grade,
                "是",
                d.date,
            )
            _line(pages, sheet, row, number, values, columns)
            row += 1
    row += _nothing(pages, sheet, row, number)
    pages.finish(sheet, row - 1, len(columns) - 1, (2, 2))


def _nothing(pages: Pages, sheet: Any, row: int, number: int) -> int:
    if number:
        return 0
    sheet.write_string(row, 1, "没有记录。", pages.styles.left)
    return 1


def write_events(pages: Pages, levels: list[Level]) -> None:
    """The year's events, that count for points or for grades."""
    columns = (
        ("序号", 6), ("单位", 24), ("种类", 20), ("事由", 36), ("发生", 12), ("认定", 12),
        ("分值", 8), ("依据", 30), ("提供", 14), ("批准", 14), ("备注", 24),
    )  # fmt: skip
    _, sheet = pages.add("事项", "加分、扣分和影响等次的事项")
    row = _table(pages, sheet, f"{pages.book.year}年度事项一览表", columns)
    kinds = {k.id: k for level in levels for k in level.scheme.event_kinds}
    for number, e in enumerate(pages.book.facts.events, 1):
        kind = kinds.get(e.kind)
        amount = e.amount if e.amount is not None else kind.amount if kind else None
        points = "" if amount is None else amount
        name = kind.name if kind else e.kind
        values = (
            pages.unit_name(e.unit), name, e.title, e.occurred, e.concluded, points, e.evidence, e.provider, e.approver, e.note
        )  # fmt: skip
        _line(pages, sheet, row, number, values, columns)
        row += 1
    row += _nothing(pages, sheet, row, len(pages.book.facts.events))
    pages.finish(sheet, row - 1, len(columns) - 1, (2, 2))


def write_hand_changes(pages: Pages, levels: list[Level]) -> None:
    """Who rates whom where it was changed by hand; no page when nothing was."""
    if not pages.book.hand_changes:
        return
    columns = (
        ("序号", 6),
        ("层级", 14),
        ("评议人", 20),
        ("被评单位", 26),
        ("改为", 26),
        ("理由", 44),
        ("改动人", 14),
        ("时间", 18),
    )
    _, sheet = pages.add("评议关系的手工调整", "不按规则、由人工改定的谁评谁，连同理由和改动人")
    row = _table(pages, sheet, f"{pages.book.year}年度评议关系手工调整一览表", columns)
    by_id = {level.scheme.id: level for level in levels}
    people = {e.code: e.name for e in pages.book.facts.evaluators}
    for number, change in enumerate(pages.book.hand_changes, 1):
        level = by_id.get(change.scheme)
        groups = {g.id: g.name for g in level.scheme.groups} if level else {}
        named = "、".join(groups.get(g, g) for g in change.groups)
        values = (
            level.label if level else change.scheme,
            people.get(change.evaluator, change.evaluator),
            pages.unit_name(change.unit),
            f"计入“{named}”" if named else "不评",
            change.reason,
            change.by,
            change.at[:16].replace("T", " "),
        )
        _line(pages, sheet, row, number, values, columns)
        row += 1
    pages.finish(sheet, row - 1, len(columns) - 1, (2, 2))


def write_votes(pages: Pages, levels: list[Level]) -> None:
    """For each item that was voted on: ballots and counts of every session and unit."""
    _, sheet = pages.add("票决", "每次测评的票数")
    widths = (6, 34, 12, *(7 for _ in _BALLOTS), 26, *(9 for _ in range(7)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    row = pages.heading(sheet, f"{pages.book.year}年度民主测评计票表", 14) + 1
    for level in levels:
        sessions = [s for s in pages.book.facts.sessions if s.scheme == level.scheme.id]
        for item in dict.fromkeys(c.item for s in sessions for c in s.counts):
            row = _write_item(pages, sheet, row, level, item, sessions) + 1
    if not pages.book.facts.sessions:
        row += _nothing(pages, sheet, row, 0)
    pages.finish(sheet, row, 14, None)


_BALLOTS = ("应到", "实到", "发出", "收回", "无效", "有效")


def _write_item(pages: Pages, sheet: Any, row: int, level: Level, item_id: str, sessions: Sequence[VoteSession]) -> int:
    item = next((i for i in items_of(level.scheme) if i.id == item_id), None)
    named = {v.id: v.name for v in item.reading.levels} if item and isinstance(item.reading, LevelsReading) else {}
    lines = [(s, c) for s in sessions for c in s.counts if c.item == item_id]
    by_number = item is not None and not named  # any number may be an answer: a column for each would have no end
    answers = [] if by_number else [*named, *sorted({a for _, c in lines for a in c.counts} - set(named))]
    sheet.write_string(row, 0, clean(f"{level.label}：{item.name if item else item_id}"), pages.styles.strong)
    sheet.set_row(row, 24)
    row += 1
    told = ["平均"] if by_number else [named.get(a, a) for a in answers]
    labels = ["序号", "测评", "日期", *_BALLOTS, "单位", *told, "合计"]
    for column, label in enumerate(labels):
        text(sheet, row, column, label, pages.styles.head)
    sheet.set_row(row, 26)
    for number, (s, count) in enumerate(lines, 1):
        row += 1
        sheet.write_number(row, 0, number, pages.styles.whole)
        replaced = "（代替前一次）" if s.replaces else ""
        text(sheet, row, 1, s.name + replaced, pages.styles.long)
        text(sheet, row, 2, s.date, pages.styles.word)
        ballots = (s.expected, s.present, s.issued, s.returned, s.invalid, s.returned - s.invalid)
        for column, value in enumerate(ballots, 3):
            sheet.write_number(row, column, value, pages.styles.whole)
        text(sheet, row, 9, pages.unit_name(count.unit), pages.styles.long)
        numbers = [count.counts.get(a, 0) for a in answers]
        if by_number:
            text(sheet, row, 10, _mean(pages, count), pages.styles.word)
            sheet.write_number(row, 11, sum(count.counts.values()), pages.styles.whole)
        for column, value in enumerate([*numbers, sum(numbers)] if not by_number else [], 10):
            sheet.write_number(row, column, value, pages.styles.whole)
        sheet.set_row(row, row_height([(s.name + replaced, 34), (pages.unit_name(count.unit), 26)], 20, 13))
    return row + 1


def _mean(pages: Pages, count: VoteCount) -> str:
    """Of the numbers given, to two decimals."""
    votes = sum(count.counts.values())
    if not votes:
        return ""
    total = sum((Fraction(answer) * n for answer, n in count.counts.items()), Fraction(0))
    return fixed_text(pages.book.rounded(total / votes, Rounding()), 2)


def write_methods(pages: Pages, levels: list[Level]) -> None:
    """How every level is computed, in plain words."""
    _, sheet = pages.add("计算方法", "每个层级怎样计分、排名、定等")
    wide = 120.0
    sheet.set_column(0, 0, wide)
    row = pages.heading(sheet, f"{pages.book.year}年度考核计算方法", 0) + 1
    for level in levels:
        sheet.write_string(row, 0, clean(level.scheme.name), pages.styles.strong)
        sheet.set_row(row, 26)
        row += 1
        for indent, sentence in method_lines(level.scheme):
            line = "　" * 2 * indent + sentence
            sheet.write_string(row, 0, clean(line), pages.styles.plain if indent else pages.styles.strong)
            sheet.set_row(row, 16 * lines_needed(line, wide - 2) + 3)
            row += 1
        row += 1
    sheet.hide_gridlines(2)
    pages.finish(sheet, row, 0, None)


def write_contents(pages: Pages, sheet: Any, levels: list[Level]) -> None:
    """The first page: what this is, by which rules and data, and where to find what."""
    book, styles = pages.book, pages.styles
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    row = pages.heading(sheet, book.title or f"{book.year}年度考核结果", 1) + 1
    about = [
        ("年度", f"{book.year}"),
        (
            "结果版本",
            f"第 {book.version} 版，{'已定稿' if book.frozen else '未定稿'}"
            + (f"，{book.made} 计算" if book.made else ""),
        ),
        ("数据指纹", book.results.facts),
        *(
            (f"方案指纹：{level.label}", book.fingerprints.get(level.scheme.id, level.result.fingerprint))
            for level in levels
        ),
        ("核对指纹", book.checkpoint),
        ("说明", "同一方案、同一数据，得出同一结果和同一文件。“—”表示没有或不适用；“无结果”表示数据未齐，不是 0 分。"),
    ]
    for label, value in about:
        text(sheet, row, 0, label, styles.name)
        text(sheet, row, 1, value, styles.name)
        sheet.set_row(row, 22)
        row += 1
    row += 1
    sheet.write_string(row, 0, "目录", styles.strong)
    for title, what in pages.listed:
        row += 1
        text(sheet, row, 0, title, styles.name)
        text(sheet, row, 1, what, styles.name)
        sheet.set_row(row, 20)
    pages.finish(sheet, row, 1, None)
