"""Who works at a unit stands on paper and in the trail; a package that could not be put in its place was not sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import AppError, Cancelled
from app.files.package import read_package
from app.services.container import Services
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs


def roles(services: Services) -> set[str]:
    """Who the trail says it was."""
    with services.session.read() as work:
        return {e.role for e in work.audit.entries(1000)}


def test_that_the_person_who_works_stands_on_receipt_trail_and_package(three: Pcs) -> None:
    here = three.place("新电脑")
    services = here.desk.open_task(three.tasks["D1"], here.year, who="李经办")
    assert {e.who for e in services.audit.entries()} == {"李经办"}
    services.close()
    services = here.desk.open(here.year)  # remembered by the year file, not by the window
    assert services.year.info().worker == "李经办"
    pcs.fill_in(services)
    receipt = services.tasks.submit(here.folder).value
    assert receipt.by == "李经办" and "李经办" in services.tasks.receipt_html(receipt)
    assert receipt.path is not None and read_package(receipt.path).manifest.by == "李经办"
    second = services.tasks.submit(here.folder, who="王接手").value
    assert second.by == "王接手" and services.year.info().worker == "王接手"
    assert services.tasks.receipt(receipt.id).by == "李经办", "what went out stays signed by who sent it"
    with pytest.raises(AppError):
        services.tasks.set_worker("  ")
    with pytest.raises(AppError, match="填报单位"):
        three.office.tasks.set_worker("李经办")
    services.close()


def test_that_the_trail_of_a_unit_never_says_it_was_the_office(three: Pcs) -> None:
    unit = three.units["D1"]
    pcs.mark(unit, {("P11", "D2", "problems"): "39"})
    unit.history.undo()
    unit.history.redo()
    assert roles(unit) == {"填报单位"}
    pcs.write(three.office, "D2", done="代录")
    three.office.history.undo()
    assert roles(three.office) == {"考核办"}


def test_that_a_submission_that_cannot_be_put_in_its_place_gives_its_number_to_the_next_try(three: Pcs) -> None:
    unit = three.units["D1"]
    pcs.fill_in(unit)
    taken = three.root / "被占.slp"
    taken.mkdir()
    (taken / "里面").touch()
    target = three.root / "目标.slp"
    target.write_bytes(b"there before")
    target.chmod(0o444)  # as a stick behind its switch: seen only when the file is moved there
    with pytest.raises(AppError) as refused:
        unit.tasks.submit(target)
    assert "没有记作已发出" in refused.value.detail and "序号不变" in refused.value.detail
    assert target.read_bytes() == b"there before" and unit.exchange.packages().sent == ()
    assert unit.audit.entries()[0].action == "not-sent" and unit.audit.verify() == ()
    assert not unit.tasks.checklist()[-1].finished
    target.chmod(0o644)
    receipt = unit.tasks.submit(target).value
    assert receipt.sequence == 1
    pcs.receive(three.office, target)


def test_that_of_several_tasks_only_those_that_lie_there_are_noted(three: Pcs) -> None:
    out = three.root / "再发"
    first = three.office.exchange.send_tasks(out).value
    last = first.files[-1]
    expected = [p.sequence + 1 for p in first.packages]
    again = last.with_name(last.name.replace(f"第{first.packages[-1].sequence}号", f"第{expected[-1]}号"))
    again.write_bytes(b"")
    again.chmod(0o444)
    before = len(three.office.exchange.packages().sent)
    with pytest.raises(AppError, match="其余 1 个没有写出"):
        three.office.exchange.send_tasks(out)
    sent = three.office.exchange.packages().sent
    assert len(sent) == before + len(first.files) - 1
    assert all((out / p.file).stat().st_size for p in sent if p.sequence in expected and (out / p.file).exists())
    again.chmod(0o644)
    repeated = three.office.exchange.send_tasks(out, [first.packages[-1].unit]).value
    assert repeated.packages[0].sequence == expected[-1]


def test_that_a_return_lost_between_note_and_place_leaves_a_gap_that_harms_nobody(
    three: Pcs, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = three.units["D1"]
    pcs.fill_in(unit)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt  # nothing of ours runs any more, as when the power goes

    with monkeypatch.context() as patched:
        patched.setattr("app.services.tasks.deliver", killed)
        with pytest.raises(KeyboardInterrupt):
            unit.tasks.submit(three.root / "断电.slp")
    assert not (three.root / "断电.slp").exists()
    receipt = unit.tasks.submit(three.root / "断电.slp").value
    assert receipt.sequence == 2 and receipt.path is not None
    pcs.receive(three.office, receipt.path)


@pytest.mark.parametrize("moment", [1, 2])
def test_that_a_cancelled_submission_has_done_nothing(three: Pcs, moment: int, awkward_folder: Path) -> None:
    unit, calls = three.units["D1"], 0
    pcs.write(unit, "D1", done="抓责任。")
    entries = len(unit.audit.entries())

    def cancelling(text: str, percent: int) -> None:
        nonlocal calls
        calls += 1
        if calls == moment:
            raise Cancelled

    with pytest.raises(Cancelled):
        unit.tasks.submit(awkward_folder / "取消.slp", progress=cancelling)
    assert len(unit.audit.entries()) == entries and not list(awkward_folder.glob("取消*"))
    assert unit.reports.get("department", "D1").state == "draft" and unit.exchange.packages().sent == ()
    assert unit.tasks.submit(awkward_folder / "取消.slp", progress=lambda *_: None).value.sequence == 1
