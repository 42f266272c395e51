"""The verbs of the exchange: a department's work goes to the office and back without a window."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.services.container import Desk
from tests.services.exchange import pcs
from tests.services.exchange.conftest import opened, started  # noqa: F401 - a fixture
from tests.services.exchange.test_results_up import below
from tests.services.exchange.wrong_packages import wrong_packages

Call = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a verb on one of the computers: (exit code, JSON document, what was said)."""

    def called(computer: Path, *words: str | Path) -> tuple[int, Any, str]:
        monkeypatch.setenv("SLK_HOME", str(computer / "own"))
        code = bootstrap.main([*(str(w) for w in words), "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return called


@pytest.fixture
def root(started: Path, awkward_folder: Path) -> Path:  # noqa: F811
    shutil.copytree(started, awkward_folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("备份"))
    return awkward_folder


def work(root: Path, name: str) -> None:
    """Somebody scores and writes in the program."""
    there = pcs.place(root, name)
    services = Desk(there.who, there.folder / "own").open(there.year)
    pcs.fill_in(services)
    pcs.write(services, "D1", done="抓责任。", problems="调研不深。")
    services.close()


def test_that_a_task_goes_out_is_opened_submitted_and_received_by_verbs(root: Path, call: Call) -> None:
    office, there = root / "考核办", root / "D1的新电脑"
    there.mkdir()
    code, sent, _ = call(office, "tasks", office / pcs.YEAR, "--out", root / "盘", "--unit", "D1")
    assert code == 0 and len(sent["packages"]) == 1
    package = next((root / "盘").glob("*第2号.slp"))
    code, opened, said = call(there, "open-task", package, there / pcs.YEAR)
    assert code == 0 and opened["unit"] == "D1" and "评分" in said
    assert call(there, "open-task", package, there / pcs.YEAR)[0] == 3, "nothing is replaced"
    work(root, "D1的新电脑")
    code, receipt, _ = call(there, "submit", there / pcs.YEAR, "--out", there)
    assert code == 1 and receipt["sequence"] == 1 and receipt["marks"] == 8, "last year's problem is still open"
    path = Path(receipt["path"])
    code, plan, _ = call(office, "receive", office / pcs.YEAR, path, "--dry-run")
    assert code == 1 and plan["batch"] is None and [p["fault"] for p in plan["packages"]] == ["E-PKG-03"]
    code, taken, said = call(office, "receive", office / pcs.YEAR, path, "--confirm", receipt["key_code"])
    assert code == 1 and taken["batch"] == 1 and taken["packages"][0]["fate"] == "take" and "抓责任" in said
    code, again, _ = call(office, "receive", office / pcs.YEAR, path)
    assert code == 0 and again["batch"] is None and again["packages"][0]["fault"] == "E-PKG-12"


def test_that_conflicts_are_decided_by_rule_or_nothing_is_written(root: Path, call: Call) -> None:
    office, there = root / "考核办", root / "D1的电脑"
    work(root, "D1的电脑")
    services = Desk("考核办", office / "own").open(office / pcs.YEAR)
    pcs.mark(services, {("P11", "D2", "problems"): "30"})
    services.close()
    _, receipt, _ = call(there, "submit", there / pcs.YEAR, "--out", there)
    words = ("receive", office / pcs.YEAR, receipt["path"], "--confirm", receipt["key_code"])
    code, refused, _ = call(office, *words)
    assert code == 3 and refused["error"]["code"] == "E-INPUT-01" and "--take" in refused["error"]["message"]
    code, taken, _ = call(office, *words, "--take", "ours")
    assert code == 1 and taken["batch"] == 1
    services = Desk("考核办", office / "own").open(office / pcs.YEAR)
    assert pcs.marks_of(services)["department", "P11", "D2", "problems"] == "30"
    services.close()


def test_that_results_go_up_by_a_verb(root: Path, call: Call) -> None:
    office = root / "考核办"
    here, services = below(root, "支部考核电脑", "D1")
    services.close()
    file, task = here.folder / "支部考核.slk", next((root / "盘" / "D1").glob("*.slp"))
    assert call(here.folder, "send-results", file, "--out", here.folder)[0] == 3, "nobody knows where to"
    code, sent, _ = call(here.folder, "send-results", file, "--out", here.folder, "--to", task)
    assert code == 0 and sent["kind"] == "results" and sent["to"]["unit"] == "D1"
    code, plan, said = call(office, "receive", office / pcs.YEAR, here.folder, "--confirm", "0000-0000-0000-0000")
    assert code == 1 and plan["packages"][0]["fault"] == "E-PKG-03", "another code confirms nobody"
    key = plan["packages"][0]["key_code"]
    code, plan, said = call(office, "receive", office / pcs.YEAR, here.folder, "--confirm", key)
    assert plan["batch"] == 1 and "第1局第1支部" in said
    code, sent, _ = call(here.folder, "send-results", file, "--out", here.folder)
    assert code == 0 and sent["sequence"] == 2, "where to is remembered"


def test_that_a_cut_package_and_a_wrong_call_end_by_name(root: Path, call: Call) -> None:
    office, there = root / "考核办", root / "别处"
    there.mkdir()
    task = next((root / "盘" / "D1").glob("*.slp"))
    cut = root / "断.slp"
    cut.write_bytes(task.read_bytes()[:-100])
    code, said, _ = call(there, "open-task", cut, there / pcs.YEAR)
    assert code == 3 and said["error"]["code"] == "E-PKG-08" and not (there / pcs.YEAR).exists()
    code, said, _ = call(there, "open-task", office / pcs.YEAR, there / pcs.YEAR)
    assert code == 3 and said["error"]["code"] == "E-PKG-01"
    assert call(office, "submit", office / pcs.YEAR, "--out", root)[0] == 3, "the office has nothing to submit"
    assert call(office, "receive", office / pcs.YEAR, task, "--take", "both")[0] == 2


def test_that_every_kind_of_wrong_package_is_named_by_the_verb(root: Path, call: Call) -> None:
    pcs_here = opened(root)
    wrong = wrong_packages(pcs_here)
    pcs_here.close()
    office = root / "考核办"
    for case, one in wrong.items():
        code, told, said = call(office, "receive", office / pcs.YEAR, one.path, "--dry-run")
        [package] = told["packages"]
        assert package["fate"] == one.fate and one.code in {f["code"] for f in package["findings"]}, case
        assert code == (1 if one.fate == "refused" else 0) and one.code in said, case
