"""R-20: with a wrong passphrase, a changed byte or another salt a package gives nothing at all, and says so soon."""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from app.domain.errors import AppError, Fault
from app.files.package import Kdf, read_package, write_package
from app.files.package.cipher import MAGIC, decrypt, encrypt
from app.files.package.reading import check_bytes
from app.files.package.writing import package_bytes
from tests.files.package.random_packages import small_package
from tests.files.package.test_tampering import key_of

CHEAP = Kdf(memory=64, passes=1, lanes=1)
PASSPHRASE = "演练口令 12345"


@cache
def sealed(kdf: Kdf = CHEAP) -> bytes:
    """A package of more than a million bytes."""
    noise = Random(2).randbytes(1_000_000)
    package = small_package(evidence={hashlib.sha256(noise).hexdigest(): noise})
    return encrypt(package_bytes(package, key_of(1)), PASSPHRASE, kdf)


def refusal(data: bytes, passphrase: str = PASSPHRASE) -> AppError:
    begin = time.process_time()  # not the clock on the wall: other tests run beside this one
    with pytest.raises(AppError) as refused:
        check_bytes("包.slp", data, passphrase)
    assert time.process_time() - begin <= 2
    return refused.value


def changed(data: bytes, at: int, dice: Random) -> bytes:
    return data[:at] + bytes([data[at] ^ dice.randint(1, 255)]) + data[at + 1 :]


def test_that_any_changed_byte_of_a_million_makes_it_undecryptable() -> None:
    data, dice = sealed(), Random(20)
    assert check_bytes("包.slp", data, PASSPHRASE).evidence
    header = range(len(MAGIC), data.index(b"\n", len(MAGIC)) + 1)
    for at in (*header, *dice.sample(range(header.stop, len(data)), 700), len(data) - 1):
        assert refusal(changed(data, at, dice)).fault is Fault.PKG_UNDECRYPTABLE, at


def test_that_every_digit_of_the_real_cost_may_be_changed_and_none_holds_the_computer_up() -> None:
    data = sealed(Kdf())
    header = data[: data.index(b"\n", len(MAGIC))]
    for place in re.finditer(rb"(?<=[:\d])\d(?=[\d,])", header):
        wrong = data[: place.start()] + (b"8" if place[0] == b"9" else b"9") + data[place.end() :]
        assert refusal(wrong).fault is Fault.PKG_UNDECRYPTABLE
    assert Kdf(memory=262_144, passes=3).bearable
    assert not Kdf(memory=262_144, passes=4).bearable
    assert refusal(data.replace(b'"passes":3', b'"passes":999999')).fault is Fault.PKG_UNDECRYPTABLE


@pytest.mark.parametrize("passphrase", ["演练口令 12346", "演练口令12345", " ", "x" * 10_000, "\0", "演练口令 12345 "])
def test_that_a_wrong_passphrase_is_refused_at_the_real_cost(passphrase: str) -> None:
    assert refusal(sealed(Kdf()), passphrase).fault is Fault.PKG_UNDECRYPTABLE


def test_that_another_salt_nonce_or_cut_gives_nothing() -> None:
    data, other = sealed(), encrypt(b"PK\x03\x04", PASSPHRASE, CHEAP)
    for field in (rb'"salt":"\w+"', rb'"nonce":"\w+"'):
        foreign = re.search(field, other)
        assert foreign is not None
        assert refusal(re.sub(field, foreign[0], data, count=1)).fault is Fault.PKG_UNDECRYPTABLE
    dice = Random(3)
    for _ in range(100):
        assert refusal(data[: dice.randrange(len(MAGIC), len(data))]).fault is Fault.PKG_UNDECRYPTABLE
    assert refusal(data + b"\0").fault is Fault.PKG_UNDECRYPTABLE


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"aes-256-gcm", b"sm4-gcm"), (b"argon2id", b"sm3-pbkdf"), (b'"kdf"', b'"KDF"'), (b"{", b"[" * 500 + b"{")],
)
def test_that_another_procedure_is_named_and_refused(old: bytes, new: bytes) -> None:
    error = refusal(sealed().replace(old, new, 1))
    assert error.fault is Fault.PKG_UNDECRYPTABLE
    assert new.decode() in error.detail or "开头被改动过" in error.detail


def test_that_a_later_way_of_encrypting_is_newer_and_none_is_asked_for_first() -> None:
    assert refusal(sealed().replace(MAGIC, b"SLP-ENC-2\n", 1)).fault is Fault.PKG_NEWER
    assert refusal(sealed(), "").fault is Fault.PKG_NEEDS_PASSPHRASE


def test_that_what_is_inside_is_checked_as_if_it_came_alone() -> None:
    assert refusal(encrypt(b"nothing", PASSPHRASE, CHEAP)).fault is Fault.PKG_FORMAT
    inside = decrypt(sealed(), PASSPHRASE)
    assert refusal(encrypt(inside[:-100], PASSPHRASE, CHEAP)).fault is Fault.PKG_CUT
    assert refusal(encrypt(sealed(), PASSPHRASE, CHEAP)).fault is Fault.PKG_FORMAT


def test_that_the_same_package_never_gives_the_same_ciphertext_twice(awkward_folder: Path) -> None:
    package, key = small_package(), key_of(1)
    first, second = (write_package(package, key, awkward_folder / f"{n}.slp", PASSPHRASE, CHEAP) for n in "12")
    assert first != second
    one, two = (read_package(awkward_folder / f"{n}.slp", PASSPHRASE) for n in "12")
    assert replace(one, sha256="", name="") == replace(two, sha256="", name="")


def test_that_a_failed_reading_leaves_nothing_behind(awkward_folder: Path) -> None:
    path = awkward_folder / "包.slp"
    path.write_bytes(sealed())
    before = path.stat().st_mtime_ns, awkward_folder.stat().st_mtime_ns
    with pytest.raises(AppError):
        read_package(path, "另一个口令 12345")
    assert (path.stat().st_mtime_ns, awkward_folder.stat().st_mtime_ns) == before
    assert [p.name for p in awkward_folder.iterdir()] == ["包.slp"]
