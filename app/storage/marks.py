"""Packed marks: one block per returned sheet beside its layout, later edits beside the block, imports by number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from app.domain.errors import AppError, Fault
from app.domain.facts import MarkBlock, MarkEdit, Origin
from app.models.marks import batch as batch_table
from app.models.marks import batch_file, mark_block, mark_edit, sent_sheet
from app.models.types import json_text
from app.storage.documents import Documents
from app.storage.records import Batch, BatchFile, SentSheet

_EDIT_FIELDS = [f.name for f in fields(MarkEdit)]


@dataclass(frozen=True, slots=True)
class Layout:
    """What blocks of sheets that look alike share: MarkBlock's units, items, digits and width, and of Origin the
    sheet, rows and columns."""

    units: tuple[str, ...]
    items: tuple[str, ...]
    digits: tuple[int, ...]
    width: Literal[2, 4]
    sheet: str
    rows: tuple[int, ...]
    columns: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of a block with this layout."""
        return len(self.units) * len(self.items) * self.width

    def text(self) -> str:
        """As a document: JSON, in the order of the fields."""
        return json_text({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def read(cls, text: str) -> Layout:
        """Back from its document."""
        parts: dict[str, Any] = json.loads(text)
        lists = {name: tuple(parts[name]) for name in ("units", "items", "digits", "rows", "columns")}
        return cls(**lists, width=parts["width"], sheet=parts["sheet"])


def layout_of(block: MarkBlock) -> Layout:
    """The block's layout."""
    place = (block.origin.sheet, block.origin.rows, block.origin.columns) if block.origin else ("", (), ())
    return Layout(block.units, block.items, block.digits, block.width, *place)


class Blocks:
    """Marks: one packed block per returned sheet, superseded ones kept. What comes out has the later edits applied."""

    def __init__(self, connection: Connection, entry: int) -> None:
        self._connection = connection
        self._documents = Documents(connection)
        self._entry = entry

    def all(self) -> tuple[MarkBlock, ...]:
        """The current block of every evaluator and scheme, ordered by scheme and evaluator."""
        return self._load(mark_block.c.state == "current")

    def get(self, scheme: str, evaluator: str) -> MarkBlock | None:
        """The current one."""
        found = self._load(mark_block.c.state == "current", *_of(scheme, evaluator))
        return found[0] if found else None

    def versions(self, scheme: str, evaluator: str) -> tuple[MarkBlock, ...]:
        """Every block that ever stood there and was not withdrawn, newest first, each with its own edits."""
        return self._load(mark_block.c.state != "withdrawn", *_of(scheme, evaluator))[::-1]

    def of_batch(self, batch: int) -> tuple[MarkBlock, ...]:
        """What a batch brought, superseded and withdrawn blocks included, as they were read (without edits)."""
        return self._load(mark_block.c.batch == batch, edited=False)

    def save(self, blocks: Sequence[MarkBlock], batch: int = 0) -> None:
        """Each becomes the current one of its evaluator and scheme. batch 0: entered in the program. The values must
        be as long as the layout says (ValueError: our bug)."""
        if not blocks:
            return
        layouts = {layout: "" for layout in map(layout_of, blocks)}
        layouts = dict(zip(layouts, self._documents.put(*(layout.text() for layout in layouts)), strict=True))
        self._supersede({(block.scheme, block.evaluator) for block in blocks})
        rows: list[dict[str, Any]] = []
        for block in blocks:
            layout = layout_of(block)
            if len(block.values) != layout.size:
                raise ValueError(f"block {block.sheet}: values do not fit the layout")
            rows.append(self._row(block, layouts[layout], batch))
        self._connection.execute(insert(mark_block), rows)

    def _supersede(self, places: set[tuple[str, str]]) -> None:
        query = select(mark_block.c.scheme, mark_block.c.evaluator, mark_block.c.id)
        standing = self._connection.execute(query.where(mark_block.c.state == "current")).all()
        changes = [{"number": number} for scheme, evaluator, number in standing if (scheme, evaluator) in places]
        if changes:
            mine = mark_block.c.id == bindparam("number")
            self._connection.execute(update(mark_block).where(mine).values(state="superseded"), changes)

    def _row(self, block: MarkBlock, layout: str, batch: int) -> dict[str, Any]:
        return {
            "sheet": block.sheet,
            "evaluator": block.evaluator,
            "scheme": block.scheme,
            "layout": layout,
            "digest": hashlib.sha256(block.values).hexdigest(),
            "file": block.origin.file if block.origin else None,
            "sha256": block.origin.sha256 if block.origin else "",
            "batch": batch or None,
            "state": "current",
            "entry": self._entry,
            "marks": block.values,
            "packages": block.origin.packages if block.origin else (),
        }

    def withdraw(self, batch: int) -> int:
        """Take a batch's blocks back; what they had replaced stands again. Returns how many blocks were current."""
        query = select(mark_block.c.scheme, mark_block.c.evaluator)
        stood = self._connection.execute(
            query.where(mark_block.c.batch == batch, mark_block.c.state == "current")
        ).all()
        self._connection.execute(update(mark_block).where(mark_block.c.batch == batch).values(state="withdrawn"))
        for scheme, evaluator in stood:
            before = select(mark_block.c.id).where(mark_block.c.state == "superseded", *_of(scheme, evaluator))
            newest = self._connection.execute(before.order_by(mark_block.c.id.desc()).limit(1)).scalar()
            self._connection.execute(update(mark_block).where(mark_block.c.id == newest).values(state="current"))
        return len(stood)

    def _load(self, *conditions: Any, edited: bool = True) -> tuple[MarkBlock, ...]:
        order = (mark_block.c.scheme, mark_block.c.evaluator, mark_block.c.id)
        rows = self._connection.execute(select(mark_block).where(*conditions).order_by(*order)).all()
        texts = self._documents.many({row.layout for row in rows})
        layouts = {digest: Layout.read(text) for digest, text in texts.items()}
        edits = _edits_by_block(self._connection, conditions) if edited else {}
        return tuple(_with_edits(_block(row, layouts[row.layout]), edits.get(row.id, [])) for row in rows)


def _of(scheme: str, evaluator: str) -> tuple[Any, Any]:
    return mark_block.c.scheme == scheme, mark_block.c.evaluator == evaluator


def _block(row: Any, layout: Layout) -> MarkBlock:
    origin = None
    if row.file is not None:
        origin = Origin(
            file=row.file,
            sha256=row.sha256,
            sheet=layout.sheet,
            rows=layout.rows,
            columns=layout.columns,
            batch=row.batch or 0,
            packages=row.packages,
        )
    return MarkBlock(
        sheet=row.sheet,
        evaluator=row.evaluator,
        scheme=row.scheme,
        units=layout.units,
        items=layout.items,
        values=row.marks,
        width=layout.width,
        digits=layout.digits,
        origin=origin,
    )


def _edits_by_block(connection: Connection, conditions: Sequence[Any]) -> dict[int, list[tuple[MarkEdit, int]]]:
    query = select(mark_edit).join(mark_block).where(*conditions).order_by(mark_edit.c.id)
    found: dict[int, list[tuple[MarkEdit, int]]] = {}
    for row in connection.execute(query).mappings():
        edit = MarkEdit(**{name: row[mark_edit.c[name]] for name in _EDIT_FIELDS})
        found.setdefault(row[mark_edit.c.block], []).append((edit, row[mark_edit.c.raw]))
    return found


def _with_edits(block: MarkBlock, edits: Sequence[tuple[MarkEdit, int]]) -> MarkBlock:
    if not edits:
        return block
    values = bytearray(block.values)
    for edit, raw in edits:
        cell = block.units.index(edit.unit) * len(block.items) + block.items.index(edit.item)
        values[cell * block.width : (cell + 1) * block.width] = raw.to_bytes(block.width, "little", signed=True)
    return replace(block, values=bytes(values), edits=tuple(edit for edit, _ in edits))


class Edits:
    """Later changes of single marks; they belong to the block that was current then."""

    def __init__(self, connection: Connection, blocks: Blocks, entry: int) -> None:
        self._connection = connection
        self._blocks = blocks
        self._entry = entry

    def add(self, scheme: str, evaluator: str, edit: MarkEdit, raw: int) -> MarkBlock:
        """One change; as ``add_all``."""
        return self.add_all(scheme, evaluator, [(edit, raw)])

    def add_all(self, scheme: str, evaluator: str, edits: Sequence[tuple[MarkEdit, int]]) -> MarkBlock:
        """Changes in their order, each with the new packed integer. Returns the block as it is now. Raises NOT_FOUND;
        OverflowError when an integer does not fit the width (our bug)."""
        current = select(mark_block.c.id).where(mark_block.c.state == "current", *_of(scheme, evaluator))
        number = self._connection.execute(current).scalar()
        block = self._blocks.get(scheme, evaluator)
        units, items = (set(block.units), set(block.items)) if block else (set[str](), set[str]())
        for edit, raw in edits:
            if number is None or block is None or edit.unit not in units or edit.item not in items:
                raise AppError(Fault.NOT_FOUND, f"{evaluator} 的评分表上没有 {edit.unit} 的 {edit.item}。")
            raw.to_bytes(block.width, "little", signed=True)
        rows = [
            {**{name: getattr(edit, name) for name in _EDIT_FIELDS}, "block": number, "raw": raw, "entry": self._entry}
            for edit, raw in edits
        ]
        if rows:
            self._connection.execute(insert(mark_edit), rows)
        changed = self._blocks.get(scheme, evaluator)
        if changed is None:
            raise AppError(Fault.NOT_FOUND, f"{evaluator} 没有评分表。")
        return changed

    def of(self, scheme: str, evaluator: str) -> tuple[MarkEdit, ...]:
        """Oldest first, of the current block."""
        block = self._blocks.get(scheme, evaluator)
        return block.edits if block else ()


class Batches:
    """Imports. Numbers are never used twice, not even after undo."""

    def __init__(self, connection: Connection, at: str, who: str) -> None:
        self._connection = connection
        self._documents = Documents(connection)
        self._at = at
        self._who = who

    def add(self, label: str, files: Iterable[BatchFile], report: str = "") -> Batch:
        """A new batch with the next number."""
        row = {"at": self._at, "by": self._who, "label": label, "report": self._documents.put(report)[0]}
        made = self._connection.execute(insert(batch_table), {**row, "withdrawn": ""}).inserted_primary_key
        number = int(made[0]) if made else 0
        taken = tuple(files)
        if taken:
            names = [f.name for f in fields(BatchFile)]
            rows = [{"batch": number, **{name: getattr(file, name) for name in names}} for file in taken]
            self._connection.execute(insert(batch_file), rows)
        return Batch(number=number, at=self._at, by=self._who, label=label, files=taken, report=report)

    def all(self) -> tuple[Batch, ...]:
        """Newest first."""
        return self._load()

    def get(self, number: int) -> Batch | None:
        """One of them."""
        found = self._load(batch_table.c.number == number)
        return found[0] if found else None

    def of_file(self, sha256: str) -> Batch | None:
        """The newest standing batch that took in a file with these bytes."""
        numbers = select(batch_file.c.batch).where(batch_file.c.sha256 == sha256)
        found = self._load(batch_table.c.number.in_(numbers), batch_table.c.withdrawn == "")
        return found[0] if found else None

    def withdraw(self, number: int, reason: str) -> Batch:
        """Mark as taken back, for a reason that is not empty (Blocks.withdraw does it). Raises NOT_FOUND."""
        marking = update(batch_table).where(batch_table.c.number == number).values(withdrawn=reason)
        self._connection.execute(marking)
        batch = self.get(number)
        if batch is None:
            raise AppError(Fault.NOT_FOUND, f"没有第 {number} 批导入。")
        return batch

    def _load(self, *conditions: Any) -> tuple[Batch, ...]:
        query = select(batch_table).where(*conditions).order_by(batch_table.c.number.desc())
        rows = self._connection.execute(query).all()
        reports = self._documents.many({row.report for row in rows})
        files: dict[int, list[BatchFile]] = {}
        mine = select(batch_file).join(batch_table).where(*conditions).order_by(batch_file.c.id)
        for row in self._connection.execute(mine):
            kept = BatchFile(name=row.name, sha256=row.sha256, sheet=row.sheet, content=row.content)
            files.setdefault(row.batch, []).append(kept)
        return tuple(
            Batch(
                number=row.number,
                at=row.at,
                by=row.by,
                label=row.label,
                files=tuple(files.get(row.number, ())),
                report=reports[row.report],
                withdrawn=row.withdrawn,
            )
            for row in rows
        )


class SentSheets:
    """Hand-outs. They have left the house: no undo takes them back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._documents = Documents(connection)

    def add(self, sheets: Iterable[SentSheet]) -> None:
        """One issue each; an issue that is there already is our bug."""
        taken = tuple(sheets)
        if not taken:
            return
        forms = self._documents.put(*(sheet.form for sheet in taken))
        names = [f.name for f in fields(SentSheet) if f.name != "form"]
        rows = [{n: getattr(s, n) for n in names} | {"form": form} for s, form in zip(taken, forms, strict=True)]
        self._connection.execute(insert(sent_sheet), rows)

    def all(self) -> tuple[SentSheet, ...]:
        """Every issue, oldest first."""
        return self._load()

    def newest(self, sheet: str) -> SentSheet | None:
        """The highest issue of a sheet."""
        found = self._load(sent_sheet.c.sheet == sheet)
        return max(found, key=lambda s: s.issue, default=None)

    def _load(self, *conditions: Any) -> tuple[SentSheet, ...]:
        rows = self._connection.execute(select(sent_sheet).where(*conditions).order_by(sent_sheet.c.id)).all()
        forms = self._documents.many({row.form for row in rows})
        names = [f.name for f in fields(SentSheet) if f.name != "form"]
        return tuple(SentSheet(**{n: getattr(row, n) for n in names}, form=forms[row.form]) for row in rows)
