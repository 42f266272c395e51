"""Values as rows and columns of a grid: units × items × periods, each with what it is compared with. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from app.domain.facts import OfficeMark, Unit
from app.domain.quantities import MarkState, number_text
from app.domain.schemes import DirectReading, Item, LevelsReading, OfficeSource, Scheme, full_points, items_of
from app.services.value_checks import references
from app.ui import colours
from app.ui.widgets.frozen import wrapped
from app.ui.widgets.table import Column

STATES = {"弃权": MarkState.ABSTAINED, "不适用": MarkState.NOT_APPLICABLE}
STATE_TEXTS = {MarkState.BLANK: "", **{state: text for text, state in STATES.items()}, MarkState.RECUSED: "回避"}
KINDS = {"office": "考核办录入", "figure": "测量值", "self": "自评", "imported": "外部结果"}
NAMES = {"target": "目标", "standard": "标准"}
Field = Literal["value", "target", "standard"]
Place = tuple[str, str]  # item, period


@dataclass(frozen=True, slots=True)
class Slot:
    """One column: a value of an item and period, or the number it is compared with."""

    item: Item
    period: str
    field: Field

    @property
    def key(self) -> str:
        """The column's stable name."""
        return "|".join((self.item.id, self.period, self.field))

    @property
    def place(self) -> Place:
        """Item and period."""
        return self.item.id, self.period


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One unit and its values. drafts: begun, not stored yet, because something is still missing; closed: items that do
    not concern the unit → why."""

    unit: Unit
    marks: dict[Place, OfficeMark]
    drafts: dict[Place, OfficeMark]
    closed: dict[str, str]

    def mark(self, slot: Slot) -> OfficeMark | None:
        """What stands in a place."""
        return self.drafts.get(slot.place) or self.marks.get(slot.place)

    def missing(self, slots: Sequence[Slot]) -> int:
        """How many values of these columns are not there yet."""
        return sum(
            slot.field == "value" and slot.item.id not in self.closed and slot.place not in self.marks for slot in slots
        )


def value_items(scheme: Scheme | None) -> list[Item]:
    """The items whose values no evaluator gives."""
    return [i for i in items_of(scheme) if isinstance(i.source, OfficeSource)] if scheme else []


def slots_of(scheme: Scheme | None) -> list[Slot]:
    """All columns, item by item, period by period."""
    found: list[Slot] = []
    for item in value_items(scheme):
        for period in item.periods.names if item.periods else ("",):
            found.append(Slot(item, period, "value"))
            wanted = references(item)
            found += [Slot(item, period, "target")] if "target" in wanted else []
            found += [Slot(item, period, "standard")] if "standard" in wanted else []
    return found


def count_text(slots: Sequence[Slot], rows: Sequence[ValueRow]) -> str:
    """How many values are there, of how many that concern their unit."""
    values = [slot for slot in slots if slot.field == "value"]
    missing = sum(row.missing(slots) for row in rows)
    left_out = sum(slot.item.id in row.closed for row in rows for slot in values)
    asked = len(values) * len(rows) - left_out
    begun = sum(len(row.drafts) for row in rows)
    text = f"{len({s.item.id for s in values})} 项，已录入 {asked - missing}/{asked}"
    text += f"，缺 {missing}" if missing else ""
    text += f"，另有 {left_out} 格不适用" if left_out else ""
    return text + (f"；{begun} 格还缺目标或标准，尚未保存" if begun else "")


def mark_words(mark: OfficeMark | None, item: Item) -> str:
    """A value as people write it; empty: not set."""
    if mark is None:
        return ""
    if mark.level and isinstance(item.reading, LevelsReading):
        return next((level.name for level in item.reading.levels if level.id == mark.level), mark.level)
    return STATE_TEXTS[mark.value] if isinstance(mark.value, MarkState) else number_text(mark.value)


def slot_text(row: ValueRow, slot: Slot) -> str:
    """What a cell shows."""
    if slot.item.id in row.closed:
        return "不适用"
    mark = row.mark(slot)
    if slot.field == "value":
        return mark_words(mark, slot.item)
    number = getattr(mark, slot.field) if mark is not None else None
    return "" if number is None else number_text(number)


def is_complete(mark: OfficeMark, item: Item) -> bool:
    """Whether it can be stored: a value with all that it is compared with."""
    if isinstance(mark.value, MarkState):
        return bool(mark.level) or mark.value is not MarkState.BLANK
    return all(getattr(mark, name) is not None for name in references(item))


def is_empty(mark: OfficeMark) -> bool:
    """Whether nothing is left of it."""
    blank = mark.value is MarkState.BLANK and not mark.level
    return blank and mark.target is None and mark.standard is None


def with_text(mark: OfficeMark, slot: Slot, text: str) -> OfficeMark:
    """The value with what was typed into one of its cells; the text has been checked."""
    if slot.field == "target":
        return replace(mark, target=Fraction(text) if text else None)
    if slot.field == "standard":
        return replace(mark, standard=Fraction(text) if text else None)
    empty = replace(mark, value=MarkState.BLANK, level="")
    if not text:
        return empty
    if text in STATES:
        return replace(empty, value=STATES[text])
    if isinstance(slot.item.reading, LevelsReading):
        return replace(empty, level=next(level.id for level in slot.item.reading.levels if level.name == text))
    return replace(empty, value=Fraction(text))


def problem_of(slot: Slot, text: str) -> str:
    """Why a text cannot stand in a cell; empty: it can. What the rules of the scheme say, the service checks."""
    item = slot.item
    if not text or (slot.field == "value" and text in STATES):
        return ""
    if slot.field == "value" and isinstance(item.reading, LevelsReading):
        names = [level.name for level in item.reading.levels]
        return "" if text in names else f"“{text}”不是可选的等级；可选：{'、'.join(names)}。"
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return f"“{text}”不是数字。"
    if slot.field != "value" or not isinstance(item.reading, DirectReading):
        return ""
    top = _top(item)
    if value >= item.reading.minimum and (top is None or value <= top):
        return ""
    return f"应在 {number_text(item.reading.minimum)} 至 {'不限' if top is None else number_text(top)} 之间。"


def _top(item: Item) -> Fraction | None:
    if not isinstance(item.reading, DirectReading):
        return None
    return full_points(item) if item.reading.maximum == "full" else item.reading.maximum


def range_of(item: Item) -> str:
    """What can be filled in, in short."""
    if isinstance(item.reading, LevelsReading):
        return "/".join(level.name for level in item.reading.levels)
    top = _top(item)
    if not isinstance(item.reading, DirectReading) or top is None:
        return "数值"
    return f"{number_text(item.reading.minimum)}–{number_text(top)}"


def unit_column() -> Column[ValueRow]:
    """The column that stays."""
    return Column(
        key="unit", title="单位", text=lambda r: r.unit.name, width=230, strong=True, sort=lambda r: r.unit.order
    )


def slot_column(slot: Slot) -> Column[ValueRow]:
    """The column of a slot."""
    item = slot.item
    choosing = slot.field == "value" and isinstance(item.reading, LevelsReading)
    levels = item.reading.levels if isinstance(item.reading, LevelsReading) else ()
    last = NAMES.get(slot.field) or range_of(item)
    source = item.source
    kind = KINDS[source.kind] if isinstance(source, OfficeSource) else ""
    return Column(
        key=slot.key,
        title="\n".join(line for line in (wrapped(item.name, 7, 2), slot.period, last) if line),
        text=lambda r: slot_text(r, slot),
        locked=lambda r: r.closed.get(item.id, ""),
        ink=lambda r: _ink(r, slot),
        check=lambda r, text: problem_of(slot, text),
        choices=(lambda r: ["", *(level.name for level in levels)]) if choosing else None,
        tip=lambda r: _tip(r, slot),
        align="center" if choosing else "right",
        width=116 if slot.field == "value" else 92,
        head_tip="\n".join(text for text in (f"{item.name}（{kind}）", slot.period, item.note) if text),
    )


def _ink(row: ValueRow, slot: Slot) -> str:
    if slot.item.id in row.closed:
        return colours.TEXT_FAINT
    return colours.WARN if slot.place in row.drafts else ""


def _tip(row: ValueRow, slot: Slot) -> str:
    mark = row.mark(slot)
    if why := row.closed.get(slot.item.id, ""):
        return f"不适用：{why}" + (f"\n已录入的 {mark_words(mark, slot.item)} 不计入" if mark else "")
    if slot.place in row.drafts:
        lacks = "、".join(NAMES[n] for n in sorted(references(slot.item)) if getattr(mark, n) is None)
        return f"还没有保存：{'没有填' + lacks if lacks else '没有填数值'}"
    if mark is None:
        return ""
    lines = [f"依据：{mark.basis}"] if mark.basis else []
    lines += [f"{NAMES[n]}：{number_text(v)}" for n in ("target", "standard") if (v := getattr(mark, n)) is not None]
    return "\n".join([*lines, *([f"录入：{mark.by}"] if mark.by else [])])
