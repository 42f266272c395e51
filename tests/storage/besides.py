"""What a year file holds besides facts, for the tests: reports, remarks, lists, packages, a sheet being typed in."""

import json

from app.domain.reports import Hearing, ListEntry, Remark
from app.storage.documents import text_hash
from app.storage.records import (
    EarlierReport,
    ReceivedPackage,
    Sender,
    SentPackage,
    SheetEntry,
    StoredReport,
    StoredVersion,
)
from app.storage.work import Work

EVIDENCE = b"%PDF-1.7 \xe6\xbc\x94\xe7\xbb\x83" * 400
KEY = "ab" * 32


def report_text(unit: str, text: str, *digests: str) -> str:
    """A report as the services write it."""
    files = [{"digest": d, "name": "会议记录.pdf", "kind": "pdf", "size": 1} for d in digests]
    section = {"section": "done", "text": text}
    report = {"scheme": "department", "unit": unit, "sections": [section], "evidence": files}
    return json.dumps(report, ensure_ascii=False)


def make_report(unit: str = "D000", text: str = "抓了三件事", *digests: str) -> StoredReport:
    """A draft."""
    content = report_text(unit, text, *digests)
    return StoredReport(
        scheme="department",
        unit=unit,
        state="draft",
        content=content,
        fingerprint=text_hash(content),
        at="2026-11-24T09:00:00+08:00",
        by="张三",
    )


def make_version(number: int, unit: str = "D000", text: str = "抓了三件事", *digests: str) -> StoredVersion:
    """A submitted state."""
    content = report_text(unit, text, *digests)
    return StoredVersion(
        scheme="department",
        unit=unit,
        number=number,
        state="submitted",
        content=content,
        fingerprint=text_hash(content),
        at="",
        by="张三",
        reason="上报",
    )


def make_received(sequence: int = 1, batch: int = 0, content: str = "{}") -> ReceivedPackage:
    """A return package of the first department."""
    return ReceivedPackage(
        id=f"{sequence:032x}",
        kind="return",
        unit="D000",
        key=KEY,
        sequence=sequence,
        at="2026-11-24",
        by="张三",
        file=f"演练一局 {sequence}.slp",
        sha256=f"{sequence:064x}",
        batch=batch,
        manifest='{"format":"slk-package"}',
        content=content,
    )


def make_sent(sequence: int = 1, content: str = "{}") -> SentPackage:
    """A task package for the first department."""
    return SentPackage(
        id=f"{sequence + 4096:032x}",
        kind="task",
        unit="D000",
        sequence=sequence,
        at="2026-11-01",
        by="张三",
        file="演练一局.slp",
        sha256="c" * 64,
        content=content,
    )


REMARK = Remark(
    id="1" * 32,
    scheme="department",
    unit="D000",
    version="f" * 64,
    where="section:done",
    start=0,
    end=2,
    quote="抓了",
    text="请写明成效",
    by="李四",
    at="2026-11-24",
)
HEARING = Hearing(scheme="department", unit="D000", body="ROOT", manner="oral", order=2)
LINES = (
    ListEntry(id="L1", kind="problem", level="department", unit="D000", text="支部换届不及时", owner="甲", year=2025),
    ListEntry(id="L2", kind="duty", level="department", text="每季研究一次", items=("department/duty",), state="doing"),
)
EARLIER = EarlierReport(scheme="department", unit="D001", year=2025, content="{}", source="2025年度.slk")
SENDER = Sender(key=KEY, unit="D000", name="演练一局", confirmed_by="李四", at="2026-11-24")
TYPED = SheetEntry(
    scheme="department", evaluator="E01", turn=2, by="王五", at="2026-11-24", values={"D001/item1": "95 分"}
)


def store_besides(work: Work, batch: int = 0) -> None:
    """One of everything that is no fact: reports, lists, packages, a sheet being typed in."""
    digest = work.evidence.put(EVIDENCE)
    work.report_versions.add(make_version(1), make_version(2, "D000", "抓了四件事", digest))
    work.reports.save(make_report("D000", "抓了五件事", digest), make_report("D001"))
    work.earlier_reports.save(EARLIER)
    work.remarks.save(REMARK)
    work.hearings.save(HEARING)
    work.list_entries.save(*LINES)
    work.packages_in.add(make_received(1, batch, "包" * 2000))
    work.senders.save(SENDER)
    work.entries.save(TYPED)
