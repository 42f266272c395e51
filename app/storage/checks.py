"""检查数据库: every fault of a year file, named; the check changes nothing."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from app.domain.errors import AppError, Fault
from app.domain.findings import Finding, Severity
from app.models.schema import metadata
from app.storage.audit import verify_chain
from app.storage.ballots import sorted_text, text_digest
from app.storage.connections import connect_engine, journal_path
from app.storage.documents import text_hash, unpack
from app.storage.faults import database_errors
from app.storage.header import judge_header
from app.storage.integrity import dangling_keys, page_faults
from app.storage.marks import Layout
from app.storage.report_checks import examine_evidence, examine_lists, examine_reports
from app.storage.triggers import trigger_statements

_RESTORE = "请从备份文件夹中选一份通过检查的备份恢复。"
_COMPARE = "请与备份和原始评分表核对，必要时从备份恢复。"


def check_year_file(path: Path) -> tuple[Finding, ...]:
    """Integrity, keys, trail, version, marks against layouts, orphans, fingerprints of documents, reports and files. Never
    raises for what is in the file; works beside an open window. Empty: sound."""
    path = path.resolve()
    return _check_copy(path) if _has_hot_journal(path) else _check(path)


def _has_hot_journal(path: Path) -> bool:
    """Whether a dead writer has left a journal: reading then refuses, because it would have to write first."""
    if not journal_path(path).exists():
        return False
    engine = connect_engine(path, "read")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DatabaseError:
        return True
    finally:
        engine.dispose()
    return False


def _check_copy(path: Path) -> tuple[Finding, ...]:
    """With a hot journal the file is what it is after taking the unfinished write back: check that, on a copy."""
    message = "有一项未完成的写入；下次打开时会自动撤回。"
    note = Finding("Y-UNFINISHED", path.name, message, "无需处理。", Severity.NOTE)
    with tempfile.TemporaryDirectory(prefix="sanlian") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(journal_path(path), journal_path(copy))
        engine = connect_engine(copy, "write")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
        except DatabaseError:
            pass  # whatever keeps it from being read is named by the check itself
        finally:
            engine.dispose()
        return (note, *_check(copy))


def _check(path: Path) -> tuple[Finding, ...]:
    try:
        judge_header(path)
        engine = connect_engine(path, "read")
        try:
            with database_errors(path), engine.begin() as connection:
                return tuple(_findings(path, connection))
        finally:
            engine.dispose()
    except AppError as error:
        text = error.fault.value
        return (Finding(text.code, path.name, error.detail or text.cause, text.step),)


def _findings(path: Path, connection: Connection) -> Iterator[Finding]:
    damaged = page_faults(connection, full=True)
    for said in damaged:
        message = f"数据库结构损坏（{said}）。"
        yield Finding(Fault.DB_DAMAGED.value.code, path.name, message, _RESTORE)
    for examine in _EXAMINATIONS:
        try:
            yield from examine(connection)
        except (DatabaseError, ValueError, KeyError, TypeError, zlib.error) as error:
            if not damaged:  # what cannot be read behind a damaged page has been named already
                message = f"有内容无法读取（{type(error).__name__}）。"
                yield Finding("Y-UNREADABLE", examine.__name__.strip("_"), message, _RESTORE)


def _schema(connection: Connection) -> Iterator[Finding]:
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").all()
    present = {name: sql for kind, name, sql in rows if kind == "trigger"}
    for statement in trigger_statements():
        name = statement.split()[2]
        if present.pop(name, None) != statement:
            yield Finding("Y-SCHEMA", f"触发器 {name}", "防止改动的触发器缺失或被改动。", _COMPARE)
    for name in present:
        yield Finding("Y-SCHEMA", f"触发器 {name}", "多出一个不属于本程序的触发器。", _COMPARE)
    tables = {name for kind, name, _ in rows if kind == "table" and not name.startswith("sqlite_")}
    for name in sorted(set(metadata.tables) ^ tables):
        yield Finding("Y-SCHEMA", f"表 {name}", "数据表缺失，或多出不属于本程序的表。", _COMPARE)


def _keys(connection: Connection) -> Iterator[Finding]:
    for table, row, parent in dangling_keys(connection):
        yield Finding("Y-ORPHAN", f"{table} 第 {row} 行", f"引用的 {parent} 不存在。", _COMPARE)


def _documents(connection: Connection) -> Iterator[Finding]:
    for digest, packed, body in connection.exec_driver_sql("SELECT hash, packed, body FROM document"):
        try:
            intact = text_hash(unpack(packed, body)) == digest
        except (zlib.error, UnicodeDecodeError):
            intact = False
        if not intact:
            message = "文档内容与指纹不符：方案、结果或表格版式被改动或损坏。"
            yield Finding("Y-DOCUMENT", f"文档 {digest[:16]}", message, _COMPARE)


def _marks(connection: Connection) -> Iterator[Finding]:
    query = (
        "SELECT b.id, b.sheet, b.scheme, b.evaluator, b.digest, b.marks, d.packed, d.body, b.layout "
        "FROM mark_block AS b JOIN document AS d ON d.hash = b.layout"
    )
    layouts: dict[str, Layout] = {}
    for number, sheet, scheme, evaluator, digest, marks, packed, body, layout in connection.exec_driver_sql(query):
        place = f"评分表 {sheet}（方案 {scheme}，评议人 {evaluator}，第 {number} 份）"
        if layout not in layouts:
            layouts[layout] = Layout.read(unpack(packed, body))
        if len(marks) != layouts[layout].size:
            message = f"评分数据应有 {layouts[layout].size} 字节，实有 {len(marks)} 字节。"
            yield Finding("Y-MARKS-SIZE", place, message, _COMPARE)
        if hashlib.sha256(marks).hexdigest() != digest:
            yield Finding("Y-MARKS", place, "评分数据与导入时的指纹不符：评分被改动。", _COMPARE)


def _edits(connection: Connection) -> Iterator[Finding]:
    query = (
        "SELECT e.id, e.unit, e.item, b.sheet, d.packed, d.body FROM mark_edit AS e "
        "JOIN mark_block AS b ON b.id = e.block JOIN document AS d ON d.hash = b.layout"
    )
    for number, unit, item, sheet, packed, body in connection.exec_driver_sql(query):
        layout = Layout.read(unpack(packed, body))
        if unit not in layout.units or item not in layout.items:
            message = f"修改记录指向表上没有的单元（{unit}，{item}）。"
            yield Finding("Y-ORPHAN", f"评分表 {sheet} 第 {number} 条修改", message, _COMPARE)


def _ballots(connection: Connection) -> Iterator[Finding]:
    """Of the box as a whole: no single ballot is ever named."""
    query = "SELECT key, session, units, items, ballots, size, digest FROM ballot_batch"
    for key, session, units, items, text, size, digest in connection.exec_driver_sql(query):
        ballots = [tuple(ballot) for ballot in json.loads(text)]
        width = len(json.loads(units)) * len(json.loads(items))
        wrong = len(ballots) != size or any(len(ballot) != width for ballot in ballots)
        if wrong or text_digest(text) != digest or sorted_text(ballots) != text:
            message = "选票与收入时的指纹不符，或张数、次序不对：选票被改动。"
            yield Finding("Y-BALLOTS", f"票决 {session} 的票箱 {key[:8]}", message, _COMPARE)


def _entries(connection: Connection) -> Iterator[Finding]:
    """Everything that was brought in by an entry of the trail names one that is there."""
    for table, noun in (("mark_block", "评分数据"), ("mark_edit", "评分修改"), ("undo_step", "撤销步骤")):
        query = f"SELECT DISTINCT entry FROM {table} WHERE entry NOT IN (SELECT number FROM audit) ORDER BY entry"
        for (entry,) in connection.exec_driver_sql(query):
            yield Finding("Y-TRAIL-CUT", f"第 {entry} 条", f"{noun}引用的这条操作记录不存在。", _COMPARE)
    if connection.exec_driver_sql("SELECT count(*) FROM open_entry").scalar():
        yield Finding("Y-TRAIL-CUT", "记录", "有一次写入没有留下操作记录。", _COMPARE)


def _current_versions(connection: Connection) -> Iterator[Finding]:
    query = "SELECT scheme, count(*), min(version), max(version) FROM scheme_version GROUP BY scheme"
    for scheme, count, first, last in connection.exec_driver_sql(query):
        if (first, last) != (1, count):
            yield Finding("Y-VERSION", f"方案 {scheme}", "方案的版本号不连续：有版本被删去。", _COMPARE)
    count, last = connection.exec_driver_sql("SELECT count(*), coalesce(max(version), 0) FROM snapshot").one()
    if count != last:
        yield Finding("Y-VERSION", "结果", "结果的版本号不连续：有结果被删去。", _COMPARE)


def _snapshots(connection: Connection) -> Iterator[Finding]:
    known = set(connection.exec_driver_sql("SELECT hash FROM document").scalars())
    for version, schemes in connection.exec_driver_sql("SELECT version, schemes FROM snapshot"):
        for scheme, fingerprint in json.loads(schemes).items():
            if fingerprint not in known:
                message = f"结果所用方案 {scheme} 的版本（{fingerprint[:16]}）不在文件中。"
                yield Finding("Y-SNAPSHOT", f"第 {version} 版结果", message, _COMPARE)


def _trail(connection: Connection) -> Iterator[Finding]:
    yield from verify_chain(connection)


_EXAMINATIONS: tuple[Callable[[Connection], Iterator[Finding]], ...] = (
    _schema,
    _trail,
    _entries,
    _keys,
    _documents,
    _marks,
    _edits,
    _ballots,
    _current_versions,
    _snapshots,
    examine_reports,
    examine_evidence,
    examine_lists,
)
