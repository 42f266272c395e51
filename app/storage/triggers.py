"""Triggers of the year file: no change outside a transaction of the trail, images for undo, an append-only trail."""

from __future__ import annotations

from sqlalchemy import LargeBinary, Table

from app.models.schema import KEPT, TRACKED
from app.models.trail import IMAGE_VALUES

_OUTSIDE = "SELECT RAISE(ABORT, 'written outside a transaction') WHERE NOT EXISTS (SELECT 1 FROM open_entry);"


def key_column(table: Table) -> str:
    """The INTEGER PRIMARY KEY of a tracked table: its rows' lasting numbers."""
    return next(iter(table.primary_key.columns)).name


def bytes_column(table: Table) -> str | None:
    """The one BLOB of a tracked table, if it has one: never changed once written."""
    return next((c.name for c in table.columns if isinstance(c.type, LargeBinary)), None)


def image_columns(table: Table) -> list[str]:
    """What an image holds as plain values, in this order: everything but the BLOB."""
    blob = bytes_column(table)
    return [c.name for c in table.columns if c.name != blob]


def trigger_statements() -> list[str]:
    """One CREATE TRIGGER each, in a fixed order."""
    tracked = [sql for table in TRACKED for sql in _tracking(table)]
    kept = [sql for table in KEPT for sql in _guarding(table)]
    return [*tracked, *kept, *_of_documents(), *_of_audit()]


def _tracking(table: Table) -> list[str]:
    name, blob = table.name, bytes_column(table)
    changed = " OR ".join(f'OLD."{c}" IS NOT NEW."{c}"' for c in image_columns(table))
    both = f"{_image(table, 'OLD', 'update_from')} {_image(table, 'NEW', 'update_to')}"
    made = [
        f"CREATE TRIGGER {name}_inserted AFTER INSERT ON {name} BEGIN {_OUTSIDE} {_image(table, 'NEW', 'insert')} END",
        f"CREATE TRIGGER {name}_updated AFTER UPDATE ON {name} WHEN {changed} BEGIN {_OUTSIDE} {both} END",
        f"CREATE TRIGGER {name}_deleted AFTER DELETE ON {name} BEGIN {_OUTSIDE} {_image(table, 'OLD', 'delete')} END",
    ]
    fixed = [key_column(table), *([blob] if blob else [])]
    return [
        *made,
        *(_refusal(f"{name}_{c}_fixed", f'UPDATE OF "{c}"', name, f'OLD."{c}" IS NOT NEW."{c}"') for c in fixed),
    ]


def _image(table: Table, row: str, change: str) -> str:
    columns = image_columns(table)
    blob = bytes_column(table) if change == "delete" else None
    into = ", ".join(["entry", '"table"', '"row"', "change", "bytes", *IMAGE_VALUES[: len(columns)]])
    values = ", ".join(f'{row}."{c}"' for c in columns)
    kept = f'{row}."{blob}"' if blob else "NULL"
    return (
        f"INSERT INTO undo_image ({into}) SELECT number, '{table.name}', {row}.\"{key_column(table)}\", '{change}', {kept}, "
        f"{values} FROM open_entry;"
    )


def _guarding(table: Table) -> list[str]:
    return [
        f"CREATE TRIGGER {table.name}_{past} BEFORE {verb} ON {table.name} BEGIN {_OUTSIDE} END"
        for past, verb in (("inserted", "INSERT"), ("updated", "UPDATE"), ("deleted", "DELETE"))
    ]


def _of_documents() -> list[str]:
    made = "version, made_at, made_by, results, schemes, facts, revision"
    return [
        _refusal("document_rewritten", "UPDATE", "document"),
        _refusal("snapshot_rewritten", f"UPDATE OF {made}", "snapshot"),
        _refusal("ballot_batch_rewritten", "UPDATE", "ballot_batch"),
        _refusal("evidence_file_rewritten", "UPDATE", "evidence_file"),
    ]


def _of_audit() -> list[str]:
    head = "(SELECT coalesce(max(number), 0) FROM audit)"
    return [
        "CREATE TRIGGER audit_chained BEFORE INSERT ON audit BEGIN "
        f"SELECT RAISE(ABORT, 'the trail has no gaps') WHERE NEW.number IS NOT {head} + 1; "
        "SELECT RAISE(ABORT, 'not the hash of the entry before') "
        f"WHERE NEW.number > 1 AND NEW.previous IS NOT (SELECT hash FROM audit WHERE number = {head}); "
        "SELECT RAISE(ABORT, 'written outside a transaction') "
        "WHERE NEW.number IS NOT (SELECT number FROM open_entry); END",
        "CREATE TRIGGER audit_closes AFTER INSERT ON audit BEGIN DELETE FROM open_entry; END",
        _refusal("audit_rewritten", "UPDATE", "audit"),
        _refusal("audit_deleted", "DELETE", "audit"),
        "CREATE TRIGGER open_entry_next BEFORE INSERT ON open_entry BEGIN "
        f"SELECT RAISE(ABORT, 'not the next entry') WHERE NEW.number IS NOT {head} + 1; END",
        _refusal("open_entry_rewritten", "UPDATE", "open_entry"),
        _refusal(
            "open_entry_kept", "DELETE", "open_entry", "NOT EXISTS (SELECT 1 FROM audit WHERE number = OLD.number)"
        ),
    ]


def _refusal(name: str, verb: str, table: str, when: str = "") -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table}{condition} "
        f"BEGIN SELECT RAISE(ABORT, 'what is written stays as it is'); END"
    )
