"""What holds for every test: Qt without a display, no network, repeatable hypothesis runs, folders with awkward names."""

import os
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile(
    "house",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("release", parent=settings.get_profile("house"), max_examples=2000)
settings.load_profile("house")

_REACHES_OUT = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
_LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}


def _forbid_network(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: the program runs on isolated PCs, so a test that leaves the machine, or listens, fails.

    An audit hook sees every call, also those made from C; it cannot be taken off again, which is meant.
    """
    if event in _LOOKS_UP:
        pytest.fail(f"{event}{arguments!r}: a test looked up a network name")
    if event in _REACHES_OUT:
        sender, address = arguments[0], arguments[1]
        if isinstance(sender, socket.socket) and sender.family is not getattr(socket, "AF_UNIX", None):
            pytest.fail(f"{event} {address!r}: a test reached for the network")


sys.addaudithook(_forbid_network)


@pytest.fixture
def awkward_folder(tmp_path: Path) -> Path:
    """An empty folder whose name breaks programs that paste paths into URLs or command lines."""
    folder = tmp_path / "目录 a#b%20c"
    folder.mkdir()
    return folder
