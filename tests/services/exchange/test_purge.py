"""Contents of attached files that nothing names are cleared away, and only those."""

from __future__ import annotations

import pytest

from app.domain.errors import AppError
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs


def test_that_only_evidence_no_report_and_no_version_names_is_cleared_away(three: Pcs) -> None:
    unit = three.units["D1"]
    pcs.write(unit, "D1", done="抓责任。")
    digests: list[str] = []
    for number in range(3):
        picture = three.root / f"图{number}.pdf"
        picture.write_bytes(b"%PDF-1.4\n" + str(number).encode() + b" 0 obj\n%%EOF\n")
        digests.append(unit.reports.attach("department", "D1", picture).value.digest)
        if number == 1:
            unit.reports.keep_version("department", "D1", "留存")
    unit.reports.detach("department", "D1", digests[1])
    unit.reports.detach("department", "D1", digests[2])
    with pytest.raises(AppError):
        unit.reports.purge_evidence(" ")
    outcome = unit.reports.purge_evidence("年终清理")
    assert outcome.value == 1 and not outcome.change.undoable and unit.history.undo_label() is None
    assert unit.reports.evidence(digests[0]) and unit.reports.evidence(digests[1]), "a version names the second"
    with pytest.raises(AppError):
        unit.reports.evidence(digests[2])
    assert unit.audit.entries()[0].action == "purge-evidence" and unit.audit.verify() == ()
    assert unit.reports.purge_evidence("再清理").value == 0
    assert unit.backups.check_file() == ()
    path = three.submit("D1")
    pcs.receive(three.office, path)


def test_that_a_task_at_the_office_says_where_to_open_it(three: Pcs) -> None:
    [refused] = pcs.planned(three.office, three.tasks["D1"]).packages
    assert refused.fault == "E-PKG-15" and "打开任务包…" in refused.reason and "第1局" in refused.reason
