"""What every writing method of the report services needs to be called: for tests/services/test_every_write.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.domain.reports import Concept, ListEntry, Report, SectionText
from app.services.container import Services
from app.services.reports import EarlierReportsPlan, EntryPlan, RemarkDraft

Prepare = Callable[[Services, Path], object]
Write = Callable[[Services, Path, object], object]

SCHEME, UNIT = "department", "D1"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
ENTRY = ListEntry(id="", kind="problem", level="department", unit="D1", text="台账不全", owner="处长", year=2025)
DRAFT = RemarkDraft(where="section:work", start=0, end=2, text="写具体")


def report(**texts: str) -> Report:
    """The report of the first department."""
    given = texts or {"work": "抓了三件实事，办成两件。", "problems": "学习不够深，第三季度少学一次。"}
    return Report(scheme=SCHEME, unit=UNIT, sections=tuple(SectionText(section=s, text=t) for s, t in given.items()))


def nothing(services: Services, _: Path) -> None:
    return None


def written(services: Services, _: Path) -> None:
    services.reports.save(report())


def submitted(services: Services, folder: Path) -> None:
    written(services, folder)
    services.reports.submit(SCHEME, UNIT)


def remarked(services: Services, folder: Path) -> str:
    submitted(services, folder)
    return services.reports.remark(SCHEME, UNIT, DRAFT).value.id


def picture(services: Services, folder: Path) -> Path:
    path = folder / "照片 1#.png"
    path.write_bytes(PICTURE)
    return path


def attached(services: Services, folder: Path) -> str:
    return services.reports.attach(SCHEME, UNIT, picture(services, folder)).value.digest


def listed(services: Services, _: Path) -> str:
    return services.lists.save(ENTRY).value.id


def planned(services: Services, _: Path) -> EntryPlan:
    return services.lists.plan_cells([["种类", "层级", "内容"], ["责任", "部门", "抓学习"]])


def detached(services: Services, folder: Path) -> None:
    services.reports.detach(SCHEME, UNIT, str(attached(services, folder)))


def last_year(services: Services, _: Path) -> EarlierReportsPlan:
    return EarlierReportsPlan(source="2025.slk", fingerprint="0" * 64, year=2025, reports=(report(),), findings=())


WRITES: dict[str, tuple[Prepare, Write]] = {
    "reports.save": (nothing, lambda s, f, x: s.reports.save(report())),
    "reports.keep_version": (written, lambda s, f, x: s.reports.keep_version(SCHEME, UNIT, "留底")),
    "reports.submit": (written, lambda s, f, x: s.reports.submit(SCHEME, UNIT)),
    "reports.return_": (submitted, lambda s, f, x: s.reports.return_(SCHEME, UNIT, "太短", [DRAFT])),
    "reports.accept": (submitted, lambda s, f, x: s.reports.accept(SCHEME, UNIT)),
    "reports.reopen": (submitted, lambda s, f, x: s.reports.reopen(SCHEME, UNIT, "发现错字")),
    "reports.remark": (submitted, lambda s, f, x: s.reports.remark(SCHEME, UNIT, DRAFT)),
    "reports.settle_remark": (remarked, lambda s, f, x: s.reports.settle_remark(str(x))),
    "reports.delete_remark": (remarked, lambda s, f, x: s.reports.delete_remark(str(x))),
    "reports.attach": (picture, lambda s, f, x: s.reports.attach(SCHEME, UNIT, Path(str(x)))),
    "reports.change_evidence": (
        attached,
        lambda s, f, x: s.reports.change_evidence(SCHEME, UNIT, str(x), "", "office", "现场"),
    ),
    "reports.detach": (attached, lambda s, f, x: s.reports.detach(SCHEME, UNIT, str(x))),
    "reports.purge_evidence": (detached, lambda s, f, x: s.reports.purge_evidence("腾出空间")),
    "reports.save_evidence": (attached, lambda s, f, x: s.reports.save_evidence(str(x), f / "另存.png")),
    "reports.export_docx": (written, lambda s, f, x: s.reports.export_docx(SCHEME, UNIT, f / "述职.docx")),
    "reports.export_all": (written, lambda s, f, x: s.reports.export_all([SCHEME], f / "述职")),
    "reports.export_pdf": (written, lambda s, f, x: s.reports.export_pdf(SCHEME, UNIT, f / "述职.pdf", b"%PDF-")),
    "reports.take_last_year": (last_year, lambda s, f, x: s.reports.take_last_year(last_year(s, f))),
    "hearings.set_manner": (nothing, lambda s, f, x: s.hearings.set_manner(SCHEME, UNIT, "", "written")),
    "hearings.draw_lots": (nothing, lambda s, f, x: s.hearings.draw_lots(SCHEME, "")),
    "lists.save": (nothing, lambda s, f, x: s.lists.save(ENTRY)),
    "lists.set_state": (listed, lambda s, f, x: s.lists.set_state(str(x), "done")),
    "lists.delete": (listed, lambda s, f, x: s.lists.delete(str(x), "录错")),
    "lists.apply": (nothing, lambda s, f, x: s.lists.apply(planned(s, f))),
    "lists.set_concepts": (nothing, lambda s, f, x: s.lists.set_concepts([Concept(term="甲", other="乙")])),
    "lists.write_table": (nothing, lambda s, f, x: s.lists.write_table(f / "清单.xlsx")),
}
WITHOUT_OUTCOME = {"reports.save_evidence", "lists.write_table"}
