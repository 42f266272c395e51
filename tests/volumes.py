"""Real small disks, write-protected discs and pulled sticks for the tests; where mounting is refused, they say so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LONG_NAME = "长" * 270 + ".xlsx"


def refuses_long_names(folder: Path) -> bool:
    """Whether this system refuses a name that is too long; there are some that cut it."""
    try:
        (folder / f"试{LONG_NAME}").open("xb").close()
    except OSError as error:
        return not isinstance(error, FileExistsError)
    for made in folder.glob("试长*"):
        made.unlink()
    return False


class Volume:
    """A disk of its own, mounted at ``place``."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def protect(self) -> None:
        """The write-protection is switched on."""
        subprocess.run(["mount", "-o", "remount,ro", self.place], check=True)

    def pull(self) -> None:
        """Taken out while files on it are open."""
        subprocess.run(["umount", "--lazy", self.place], check=True)

    def fill(self, leave: int = 0) -> None:
        """Fill it up but for so many bytes."""
        stat = os.statvfs(self.place)
        with (self.place / "占满").open("wb") as file:
            file.write(bytes(max(0, stat.f_bavail * stat.f_frsize - leave)))


@contextmanager
def volume(place: Path, kilobytes: int) -> Iterator[Volume]:
    """A disk of this size at a folder that is made for it. Skips the test where that is not possible."""
    if sys.platform != "linux" or not shutil.which("mount"):
        pytest.skip("mounting is not possible here")
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is refused here")
    try:
        yield Volume(place)
    finally:
        subprocess.run(["umount", "--lazy", place], capture_output=True, check=False)
