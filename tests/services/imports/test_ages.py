"""Which of two files is the newer: issue, time of saving inside the file, and only then the time on the disk."""

from __future__ import annotations

import pytest

from app.services.imports.ages import Age, Stamp, age_of


@pytest.mark.parametrize(
    ("file", "other", "expected"),
    [
        (Stamp(1, 200, 200), Stamp(1, 100, 100), Age.NEWER),
        (Stamp(1, 100, 900), Stamp(1, 200, 200), Age.OLDER),  # copied afterwards
        (Stamp(1, 200, 100), Stamp(1, 100, 900), Age.DOUBTFUL),
        (Stamp(1, 200, 899), Stamp(1, 100, 900), Age.NEWER),  # a stick knows two seconds
        (Stamp(1, 200, 300), Stamp(1, 200, 250), Age.NEWER),
        (Stamp(1, 200, 250), Stamp(1, 200, 300), Age.OLDER),
        (Stamp(1, 200, 250), Stamp(1, 200, 250), Age.UNKNOWN),
        (Stamp(1, 0, 900), Stamp(1, 0, 100), Age.UNKNOWN),
        (Stamp(1, 200, 200), Stamp(1, 0, 150), Age.NEWER),  # the other was there before this was saved
        (Stamp(1, 200, 300), Stamp(1, 0, 250), Age.UNKNOWN),
        (Stamp(1, 0, 150), Stamp(1, 200, 200), Age.OLDER),
        (Stamp(1, 0, 250), Stamp(1, 200, 200), Age.UNKNOWN),
        (Stamp(2, 0, 300), Stamp(1, 0, 200), Age.NEWER),
        (Stamp(2, 100, 300), Stamp(1, 200, 200), Age.DOUBTFUL),
        (Stamp(1, 300, 300), Stamp(2, 200, 200), Age.OLDER),
    ],
)
def test_that_the_age_is_told_by_what_travels_with_the_file(file: Stamp, other: Stamp, expected: Age) -> None:
    assert age_of(file, other) is expected
