"""All hand-out workbooks of a round: one master per scheme and list of units, then a stamped copy per evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.progress import Progress, no_progress
from app.domain.sheets import SheetForm
from app.files.excel import handout
from app.files.excel.stamping import Master
from app.files.excel.texts import clean, safe_file_name, subject_of
from app.files.saving.aside import aside
from app.files.saving.whole import file_error, move_over


def file_name(form: SheetForm) -> str:
    """``E012_张三_2026_部门单位评分表.xlsx``; unique as long as code and scheme are."""
    who = f"{form.identity.evaluator}_{form.evaluator_name}" if form.evaluator_name else form.identity.evaluator
    stem = f"{safe_file_name(who, 40)}_{form.identity.year}_{safe_file_name(subject_of(form.scheme_name), 40)}评分表"
    return f"{stem}.xlsx"


def write_sheets(forms: Sequence[SheetForm], out_dir: Path, progress: Progress = no_progress) -> list[Path]:
    """Write one workbook per form into the folder (made when missing); files of the same name are replaced.

    All are written aside first and moved in at the end: a cancelled or failed run leaves no new file. Raises a named
    AppError when the folder cannot be written to. Returns the paths in the order of the forms.
    """
    names = _names(forms)
    masters = _Masters()
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        with aside(out_dir) as place:
            for n, (form, name) in enumerate(zip(forms, names, strict=True)):
                (place / name).write_bytes(masters.stamped(form))
                progress("正在生成评分表", 100 * (n + 1) // len(forms))
            for name in names:
                move_over(place / name, out_dir / name)
    except OSError as error:
        raise file_error(error, out_dir) from error
    return [out_dir / name for name in names]


def sheet_bytes(form: SheetForm) -> bytes:
    """The workbook of one form."""
    return _Masters().stamped(form)


def _names(forms: Sequence[SheetForm]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for form in forms:
        name = file_name(form)
        if name.lower() in taken:
            name = f"{name.removesuffix('.xlsx')}_{safe_file_name(form.identity.sheet, 60)}.xlsx"
        taken.add(name.lower())
        names.append(name)
    return names


@dataclass(frozen=True, slots=True)
class _Made:
    form: SheetForm
    master: Master


class _Masters:
    """Masters made so far. Two forms share one when they differ in evaluator and identity only."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int, int], list[_Made]] = {}

    def stamped(self, form: SheetForm) -> bytes:
        known = self._made.setdefault((form.identity.scheme, len(form.units), len(form.items)), [])
        master = next((m.master for m in known if _same(m.form, form)), None)
        if master is None:
            master = Master(handout.build_master(form), handout.TOKENS)
            known.append(_Made(form, master))
        return master.stamped(_values(form))


def _same(a: SheetForm, b: SheetForm) -> bool:
    return (
        a.units == b.units
        and a.items == b.items
        and a.scheme_name == b.scheme_name
        and (a.identity.year, a.practice, a.secrecy, a.office, a.due)
        == (b.identity.year, b.practice, b.secrecy, b.office, b.due)
        and a.words == b.words
    )


def _values(form: SheetForm) -> dict[str, str]:
    identity = form.identity
    foot = f"表号 {identity.sheet}  核对码 {identity.code}"
    return {
        handout.IDENTITY: identity.text,
        handout.IDENTITY_QUOTED: identity.text.replace('"', '""'),
        handout.WHO: clean(
            f"{form.evaluator_name}（{identity.evaluator}）" if form.evaluator_name else identity.evaluator
        ),
        handout.SHEET: clean(f"{identity.sheet}    核对码：{identity.code}"),
        handout.FOOT: clean(foot).replace("&", "&&"),
    }
