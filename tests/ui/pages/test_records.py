"""记录: trail, checkpoint, backups with restore, check of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.services.container import Desk
from app.ui.pages.records import size_text
from app.ui.shell import Shell
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle


@pytest.fixture
def records(shell: Shell) -> Any:
    shell.view.show_page("records")
    settle(shell)
    return shell.view.current_page()


def test_that_the_trail_shows_every_entry_newest_first(records: Any) -> None:
    numbers = [entry.number for entry in records.trail.contents.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == 1
    assert f"共 {len(numbers)} 条操作记录" in records.subtitle.text()


def test_that_the_chosen_entry_is_shown_whole(records: Any) -> None:
    records.reveal("1")
    entry = records.trail.current()
    assert entry.number == 1
    assert entry.hash in records.entry.toPlainText()
    assert entry.label in records.entry.toPlainText()


def test_that_an_intact_trail_is_said_to_be_intact(shell: Shell, records: Any, notices: RecordingNotices) -> None:
    records.verify.trigger()
    settle(shell)
    assert notices.lines[-1] == "已逐条核对，记录完整，没有被改动。"


def test_that_the_checkpoint_of_today_is_found_again(shell: Shell, records: Any, notices: RecordingNotices) -> None:
    assert not records.match.isEnabled()
    records.typed_code.setText(records.code.text())
    records.match.trigger()
    settle(shell)
    assert notices.asked[-1].title == "核对无误"


@pytest.mark.parametrize(("code", "word"), [("0000-0000-0000-0000", "没有这个审计码"), ("12", "16 位")])
def test_that_a_code_that_is_not_contained_is_said_plainly(
    shell: Shell, records: Any, notices: RecordingNotices, code: str, word: str
) -> None:
    records.typed_code.setText(code)
    records.match.trigger()
    settle(shell)
    assert notices.asked[-1].title == "没有核对上"
    assert word in notices.asked[-1].text


def test_that_a_backup_is_made_and_restored_as_a_new_file(
    shell: Shell, records: Any, notices: RecordingNotices, awkward_folder: Path
) -> None:
    records.make.trigger()
    settle(shell)
    assert len(records.backups.contents.rows) >= 1
    assert not records.restore.isEnabled()
    records.backups.setCurrentIndex(records.backups.contents.index(0, 0))
    assert records.restore.isEnabled()
    target = awkward_folder / "恢复 #1.slk"
    notices.files = [target]
    records.restore.trigger()
    settle(shell)
    assert notices.asked[-1].title == "已恢复为新文件"
    services = Desk("考核办", awkward_folder / "r").open(target)
    assert services.year.info().title == "试验年度"
    services.close()


def test_that_restoring_never_overwrites(
    shell: Shell, records: Any, notices: RecordingNotices, awkward_folder: Path
) -> None:
    records.make.trigger()
    settle(shell)
    records.backups.setCurrentIndex(records.backups.contents.index(0, 0))
    taken = awkward_folder / "有了.slk"
    taken.write_bytes(b"mine")
    notices.files = [taken]
    records.restore.trigger()
    settle(shell)
    assert taken.read_bytes() == b"mine"
    assert notices.asked[-1].kind == "warning"


def test_that_the_check_of_a_sound_file_says_so(shell: Shell, records: Any) -> None:
    records.check.trigger()
    settle(shell)
    assert records.checked.text() == "完整检查没有发现问题。"


def test_that_a_search_narrows_the_trail(records: Any) -> None:
    records.search.setText("计算")
    labels = [records.trail.contents.row(i).label for i in range(records.trail.contents.rowCount())]
    assert labels
    assert all("计算" in label for label in labels)


@pytest.mark.parametrize(("size", "text"), [(10, "1 KB"), (4096, "4 KB"), (1_572_864, "1.5 MB")])
def test_that_a_size_is_said_in_kilobytes_or_megabytes(size: int, text: str) -> None:
    assert size_text(size) == text
