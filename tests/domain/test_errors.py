"""What the operating system says about a path, by its codes."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.domain.errors import is_path_too_long
from app.files.saving.whole import file_error
from app.storage.faults import fault_of_os

FOLDER = "C:\\考核 数据\\"
LONG_PATH, LONG_NAME, SHORT = FOLDER + "下级\\" * 90 + "年度.slk", FOLDER + "长" * 256, FOLDER + "年度.slk"


def windows_says(code: int, path: str, other: str | None = None) -> OSError:
    error = OSError(errno.ENOENT, "", path, None, other)
    error.winerror = code
    return error


@pytest.mark.parametrize(
    ("error", "too_long"),
    [
        (OSError(errno.ENAMETOOLONG, "", SHORT), True),
        (windows_says(206, SHORT), True),
        (windows_says(3, LONG_PATH), True),
        (windows_says(123, LONG_NAME), True),
        (windows_says(3, SHORT, LONG_PATH), True),
        (windows_says(3, SHORT), False),
        (windows_says(123, FOLDER + "a?b.slk"), False),
        (windows_says(5, LONG_PATH), False),
        (OSError(errno.ENOENT, "", LONG_PATH), False),
    ],
)
def test_that_a_path_too_long_is_known_by_what_each_system_says(error: OSError, too_long: bool) -> None:
    assert is_path_too_long(error) is too_long
    named = fault_of_os(error)
    assert (named is not None and named.value.code == "E-FILE-05") is too_long
    assert (file_error(error, Path(SHORT)).code == "E-FILE-05") is too_long
