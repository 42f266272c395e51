"""Bringing an older year file up to the present version: all of it in one transaction, or nothing.

Loaded only when there is something to do: alembic is slow to import.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert

from app.domain.errors import AppError, Fault
from app.models.schema import open_entry
from app.storage.audit import Intention, local_now, read_head, write_entry
from app.storage.backup_files import backup_file
from app.storage.connections import SCHEMA_VERSION, backup_folder, connect_engine
from app.storage.integrity import dangling_keys, require_sound
from app.storage.records import Details
from app.storage.triggers import trigger_statements
from app.storage.undo import forget_steps

MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade_file(path: Path, directory: Path = MIGRATIONS) -> None:
    """A backup first (kept for good), then the upgrade. The caller holds the lock."""
    backup_file(path, backup_folder(path), "升级前", stage=True)
    upgrade(path, directory)


def upgrade(path: Path, directory: Path = MIGRATIONS) -> None:
    """Upgrade in place (the caller has made a backup and holds the lock). Raises DB_UPGRADE; the file is then as it
    was, also when the program is killed half-way: SQLite takes it back at the next opening."""
    engine = connect_engine(path, "upgrade")
    try:
        with engine.begin() as connection:
            upgrade_in_transaction(connection, directory)
    except AppError:
        raise
    except Exception as error:
        raise AppError(Fault.DB_UPGRADE, f"升级 {path.name} 时出错（{error}），文件保持原样。") from error
    finally:
        engine.dispose()


def upgrade_in_transaction(connection: Connection, directory: Path) -> None:
    """Triggers away, tables migrated, triggers of the present version, the entry in the trail, keys checked. Steps of
    undo are forgotten: their images may not fit the new tables."""
    before = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    require_sound(connection, full=True)
    for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    run_migrations(connection, directory)
    for statement in trigger_statements():
        connection.exec_driver_sql(statement)
    connection.execute(insert(open_entry), {"id": 1, "number": read_head(connection).number + 1})
    forget_steps(connection)
    versions = Details(subject="年度文件", before=f"版本 {before}", after=f"版本 {SCHEMA_VERSION}")
    intention = Intention(action="upgrade", who="三联考评", label="升级年度文件", role="程序", details=versions)
    write_entry(connection, intention, local_now(), ())
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    if dangling := dangling_keys(connection):
        raise ValueError(f"foreign keys lead nowhere: {dangling[:3]}")


def run_migrations(connection: Connection, directory: Path = MIGRATIONS) -> None:
    """Every migration that the database has not had, in the connection's own transaction."""
    config = Config()
    config.set_main_option("script_location", str(directory).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
