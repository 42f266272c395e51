"""Columns of the preview: packages with their fate, and what each of them changes."""

from __future__ import annotations

from app.domain.findings import Finding
from app.services.exchange.values import MergeChange, PlannedPackage
from app.services.imports.values import CellKind, CellTotals
from app.ui.packages.words import FATE_TONES, FATES, KIND_TONES, KINDS, NOUNS, moment, shown_kind
from app.ui.widgets.table import Column

COUNTED = (
    (CellKind.NEW, "新增"),
    (CellKind.SAME, "不变"),
    (CellKind.CHANGED_THERE, "包里改"),
    (CellKind.CHANGED_HERE, "这里改"),
    (CellKind.BOTH, "两边改"),
)


def count_of(totals: CellTotals, kind: CellKind) -> int:
    """How many of this kind."""
    return int(getattr(totals, kind.value))


def package_columns() -> tuple[Column[PlannedPackage], ...]:
    """One line a package."""

    def counted(kind: CellKind, title: str) -> Column[PlannedPackage]:
        return Column(
            key=kind.value,
            title=title,
            text=lambda p: str(count_of(p.totals, kind) or ""),
            sort=lambda p: count_of(p.totals, kind),
            tip=lambda p: (
                f"分数 {count_of(p.marks, kind)}，文字 {count_of(p.texts, kind)}，其他 {count_of(p.others, kind)}"
            ),
            align="right",
            width=62,
            head_tip=KINDS[kind],
        )

    return (
        Column(
            key="fate",
            title="处理",
            text=lambda p: FATES[p.fate],
            tone=lambda p: FATE_TONES[p.fate],
            align="center",
            width=84,
        ),
        Column(key="unit", title="单位", text=lambda p: p.unit_name or "—", width=140, strong=True),
        Column(
            key="kind",
            title="包",
            text=lambda p: f"{shown_kind(p.kind)} 第 {p.sequence} 号" if p.id else "—",
            width=120,
            tip=lambda p: f"来自 {p.sender}\n密钥码 {p.key_code}\n生成于 {moment(p.made)}" if p.id else "",
        ),
        Column(key="reason", title="说明", text=reason_of, tip=reasons_of, width=180, stretch=True),
        *(counted(kind, title) for kind, title in COUNTED),
        Column(key="name", title="文件", text=lambda p: p.name, tip=lambda p: str(p.path), width=180),
    )


def reason_of(package: PlannedPackage) -> str:
    """Why, with the number of the fault, and how much else there is to know."""
    said = f"{package.reason}（{package.fault}）" if package.fault else package.reason
    return f"{said}；提示 {len(notes)} 条" if (notes := notes_of(package)) else said


def reasons_of(package: PlannedPackage) -> str:
    """The same with everything there is to know."""
    return "\n".join((reason_of(package), *(f"{f.message}（{f.code}）：{f.step}" for f in notes_of(package))))


def notes_of(package: PlannedPackage) -> tuple[Finding, ...]:
    """What was found besides what decides the package's fate."""
    return tuple(f for f in package.findings if f.code != package.fault)


def change_columns() -> tuple[Column[MergeChange], ...]:
    """One line a change."""
    return (
        Column(
            key="kind",
            title="处理",
            text=lambda c: KINDS[c.kind],
            tone=lambda c: KIND_TONES[c.kind],
            align="center",
            width=92,
        ),
        Column(key="noun", title="类别", text=lambda c: NOUNS[c.noun], width=84),
        Column(key="place", title="位置", text=lambda c: c.place, tip=lambda c: c.place, width=250, stretch=True),
        Column(key="base", title="原来", text=lambda c: _line(c.base), tip=lambda c: c.base, width=120),
        Column(key="ours", title="这里", text=lambda c: _line(c.ours), tip=lambda c: c.ours, width=150),
        Column(key="theirs", title="包里", text=lambda c: _line(c.theirs), tip=lambda c: c.theirs, width=150),
    )


def _line(text: str) -> str:
    return text.replace("\n", " ／ ") or "—"
