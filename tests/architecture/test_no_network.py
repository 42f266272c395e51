"""The network guard of conftest.py bites."""

import socket
from pathlib import Path

import pytest


def test_that_connecting_anywhere_fails_the_test() -> None:
    with socket.socket() as plain, pytest.raises(pytest.fail.Exception, match="reached for the network"):
        plain.connect(("127.0.0.1", 9))


def test_that_listening_fails_the_test() -> None:
    with socket.socket() as plain, pytest.raises(pytest.fail.Exception, match="reached for the network"):
        plain.bind(("127.0.0.1", 0))


def test_that_looking_up_a_name_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="looked up a network name"):
        socket.getaddrinfo("localhost", 80)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no local sockets")
def test_that_a_local_socket_between_processes_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as local:
        local.bind("s")
