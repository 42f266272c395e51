"""The part of 检查数据库 that looks at self-reports, their attached files, and lists."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from app.domain.findings import Finding, Severity
from app.storage.documents import text_hash, unpack

_COMPARE = "请与备份和单位交来的报告、数据包核对，必要时从备份恢复。"
_ATTACH = "请从单位交来的数据包或备份中取回这个附件，重新添加。"


def examine_reports(connection: Connection) -> Iterator[Finding]:
    """Every report is what its fingerprint says, and its kept versions are numbered without gaps."""
    query = "SELECT scheme, unit, content, fingerprint FROM report ORDER BY id"
    for scheme, unit, content, fingerprint in connection.exec_driver_sql(query):
        if text_hash(content) != fingerprint:
            yield Finding("Y-REPORT", _place(scheme, unit), "报告内容与指纹不符：报告被改动或损坏。", _COMPARE)
    query = "SELECT scheme, unit, count(*), min(number), max(number) FROM report_version GROUP BY scheme, unit"
    for scheme, unit, count, first, last in connection.exec_driver_sql(query):
        if (first, last) != (1, count):
            yield Finding("Y-VERSION", _place(scheme, unit), "报告的版本号不连续：有版本被删去。", _COMPARE)


def examine_evidence(connection: Connection) -> Iterator[Finding]:
    """Every attached file has its fingerprint; what a report names is there; what no report names is a note."""
    named = named_files(connection)
    there = set[str]()
    spare: list[int] = []
    for (digest,) in connection.exec_driver_sql("SELECT digest FROM evidence_file ORDER BY digest").all():
        there.add(digest)
        # One at a time: a year may hold more attached files than memory does.
        read = connection.exec_driver_sql("SELECT size, bytes FROM evidence_file WHERE digest = ?", (digest,))
        size, data = read.one()
        if size != len(data) or hashlib.sha256(data).hexdigest() != digest:
            place = named.get(digest, (f"附件 {digest[:16]}", True))[0]
            yield Finding("Y-EVIDENCE", place, "附件内容与指纹不符：附件被改动或损坏。", _ATTACH)
        if digest not in named:
            spare.append(size)
    for digest, (place, present) in named.items():
        if digest not in there:
            severity = Severity.ERROR if present else Severity.NOTE
            yield Finding("Y-EVIDENCE", place, "附件不在年度文件中。", _ATTACH, severity)
    if spare:
        message = f"有 {len(spare)} 个附件（共 {sum(spare)} 字节）已经没有报告引用。"
        yield Finding(
            "Y-EVIDENCE-SPARE",
            "附件",
            message,
            "无需处理；撤销移除附件的步骤时还要用到。要腾出空间，用动词 purge-evidence 清理。",
            Severity.NOTE,
        )


def examine_lists(connection: Connection) -> Iterator[Finding]:
    """Units that lines of lists name are in the register."""
    query = "SELECT id, unit FROM list_entry WHERE unit NOT IN (SELECT code FROM unit) AND unit <> '' ORDER BY row"
    for line, unit in connection.exec_driver_sql(query):
        message = f"所写的单位 {unit} 不在名册中。"
        yield Finding("Y-ORPHAN", f"清单第 {line} 条", message, "请在清单中改正单位编码。", Severity.NOTE)


def named_files(connection: Connection) -> dict[str, tuple[str, bool]]:
    """Digest → where it is named, and whether in a report as it is now (or only in a kept version)."""
    found: dict[str, tuple[str, bool]] = {}
    kept = (
        "SELECT v.scheme, v.unit, v.number, d.packed, d.body FROM report_version AS v "
        "JOIN document AS d ON d.hash = v.fingerprint ORDER BY v.row"
    )
    for scheme, unit, number, packed, body in connection.exec_driver_sql(kept):
        place = f"{_place(scheme, unit)}第 {number} 版"
        found.update({digest: (f"{place}的附件“{name}”", False) for digest, name in _files(unpack(packed, body))})
    for scheme, unit, content in connection.exec_driver_sql("SELECT scheme, unit, content FROM report ORDER BY id"):
        place = _place(scheme, unit)
        found.update({digest: (f"{place}的附件“{name}”", True) for digest, name in _files(content)})
    return found


def _files(content: str) -> Iterator[tuple[str, str]]:
    """Digest and name of what a report's text names."""
    parts: dict[str, Any] = json.loads(content)
    for file in parts.get("evidence", ()):
        yield file["digest"], file["name"]


def _place(scheme: str, unit: str) -> str:
    return f"{unit} 的述职报告（方案 {scheme}）"
