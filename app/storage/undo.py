"""Undo and redo by row images: what the triggers have kept of a step is checked against the rows, then turned round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Connection, Table, delete, func, insert, select

from app.domain.errors import AppError, Fault
from app.models.schema import TRACKED, undo_image, undo_step
from app.models.trail import IMAGE_VALUES
from app.storage.triggers import bytes_column, image_columns, key_column

Direction = Literal["undo", "redo"]
Values = tuple[Any, ...]

STEPS_KEPT = 200
BYTES_KEPT = 64 << 20  # of deleted blobs, in each direction; the newest step is kept whatever its size

_TABLES = {table.name: table for table in TRACKED}


def touched_by(connection: Connection, entry: int) -> frozenset[str]:
    """Names of the tracked tables that the transaction of this entry has changed so far."""
    query = select(undo_image.c.table).where(undo_image.c.entry == entry).distinct()
    return frozenset(connection.execute(query).scalars())


def keep_step(connection: Connection, entry: int, label: str, direction: Direction = "undo") -> None:
    """Make the images of this entry a step, and let the oldest ones go."""
    connection.execute(insert(undo_step), {"entry": entry, "label": label, "direction": direction})
    _thin(connection, entry, direction)


def forget_steps(connection: Connection, direction: Direction | None = None) -> None:
    """Clear the stack of one direction, or everything there is."""
    gone = select(undo_step.c.entry)
    if direction is not None:
        gone = gone.where(undo_step.c.direction == direction)
        connection.execute(delete(undo_image).where(undo_image.c.entry.in_(gone)))
        connection.execute(delete(undo_step).where(undo_step.c.direction == direction))
    else:
        connection.execute(delete(undo_image))
        connection.execute(delete(undo_step))


def newest_step(connection: Connection, direction: Direction) -> tuple[int, str] | None:
    """Entry and label of the step that comes next in this direction."""
    query = select(undo_step.c.entry, undo_step.c.label).where(undo_step.c.direction == direction)
    row = connection.execute(query.order_by(undo_step.c.entry.desc()).limit(1)).first()
    return (row[0], row[1]) if row else None


def turn_round(connection: Connection, entry: int) -> None:
    """Bring every row of the step back to how it was before, newest change first; the triggers keep the way back.
    Raises NOT_UNDOABLE when a row is not as the step left it."""
    images = select(undo_image).where(undo_image.c.entry == entry).order_by(undo_image.c.id.desc())
    for image in connection.execute(images).mappings().all():
        table = _TABLES[image["table"]]
        values = tuple(image[name] for name in IMAGE_VALUES[: len(image_columns(table))])
        _take_back(connection, table, image, values)
    connection.execute(delete(undo_image).where(undo_image.c.entry == entry))
    connection.execute(delete(undo_step).where(undo_step.c.entry == entry))


def _take_back(connection: Connection, table: Table, image: Mapping[Any, Any], values: Values) -> None:
    change, row = image["change"], image["row"]
    table_name, where = table.name, f'WHERE "{key_column(table)}" = ?'
    names = ", ".join(f'"{c}"' for c in image_columns(table))
    if change == "update_from":
        changes = ", ".join(f'"{c}" = ?' for c in image_columns(table))
        connection.exec_driver_sql(f"UPDATE {table_name} SET {changes} {where}", (*values, row))
        return
    now = connection.exec_driver_sql(f"SELECT {names} FROM {table_name} {where}", (row,)).first()
    if (None if now is None else tuple(now)) != (None if change == "delete" else values):
        raise AppError(Fault.NOT_UNDOABLE)
    if change == "insert":
        connection.exec_driver_sql(f"DELETE FROM {table_name} {where}", (row,))
    elif change == "delete":
        _put_back(connection, table, values, image["bytes"])


def _put_back(connection: Connection, table: Table, values: Values, content: bytes | None) -> None:
    blob = bytes_column(table)
    columns = [*image_columns(table), *([blob] if blob else [])]
    names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
    filled = (*values, content) if blob else values
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", filled)


def _thin(connection: Connection, newest: int, direction: Direction) -> None:
    """The oldest entry of either direction is the one furthest away, so a stack only ever loses its far end."""
    size = func.coalesce(func.sum(func.length(undo_image.c.bytes)), 0)
    query = select(undo_step.c.entry, size).outerjoin(undo_image, undo_image.c.entry == undo_step.c.entry)
    query = query.where(undo_step.c.direction == direction).group_by(undo_step.c.entry)
    gone: list[int] = []
    total = 0
    for count, (entry, held) in enumerate(connection.execute(query.order_by(undo_step.c.entry.desc())).all(), start=1):
        total += held
        if entry != newest and (count > STEPS_KEPT or total > BYTES_KEPT):
            gone.append(entry)
    if gone:
        connection.execute(delete(undo_image).where(undo_image.c.entry.in_(gone)))
        connection.execute(delete(undo_step).where(undo_step.c.entry.in_(gone)))
