"""No file can hurt us (R-12): every hostile workbook is refused by name, quickly, in little memory, in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from app.files.excel import scan_bytes
from tests.files.excel.hostile import hostile_files, utf16
from tests.files.excel.workbooks import add_up, form, known

LONGEST, MOST_MEMORY = 3.0, 300.0  # seconds; megabytes beyond the start


def test_that_every_hostile_file_is_refused_by_its_own_code_in_time_and_memory(awkward_folder: Path) -> None:
    expected: dict[str, tuple[str, str]] = {}
    for number, (what, data, code) in enumerate(hostile_files()):
        name = f"{number:03d}.xlsx"
        (awkward_folder / name).write_bytes(data)
        expected[name] = (what, code)
    child = Path(__file__).with_name("scan_in_child.py")
    command = [sys.executable, str(child), str(awkward_folder)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False, timeout=300
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:], lines[-1:])
    assert len(lines) == len(expected) >= 60
    wrong = [(expected[x["file"]], x) for x in lines if x["codes"] != [expected[x["file"]][1]]]
    assert not wrong
    assert max(x["seconds"] for x in lines) <= LONGEST
    assert max(x["memory"] for x in lines) <= MOST_MEMORY


def test_that_a_sheet_in_another_encoding_is_read_and_not_taken_as_empty() -> None:
    reading = scan_bytes("表.xlsx", utf16("</sheetData>"), known(form()))
    assert reading.accepted and add_up(reading) and reading.counts.recused == 5
