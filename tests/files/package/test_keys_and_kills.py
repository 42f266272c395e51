"""The key of an installation, and R-05: whoever is killed while writing leaves the old file or the new one."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.domain.errors import AppError, Fault
from app.files.package import load_key, read_package, write_package
from app.files.package.keys import KEY_FILE, is_signed_by
from app.files.saving.aside import clear_abandoned
from tests.files.package.random_packages import make_package, small_package

ROOT = Path(__file__).parents[3]
WRITING = """
import sys
from pathlib import Path
from app.files.package import Kdf, load_key, write_package
from tests.files.package.random_packages import make_package

folder = Path(sys.argv[1])
packages = [make_package(seed) for seed in range(10)]
key = load_key(folder)
write_package(packages[0], key, folder / "包.slp")
print("writing", flush=True)
for n in range(10**6):
    write_package(packages[n % 10], key, folder / "包.slp")
    write_package(packages[n % 10], key, folder / "密.slp", "演练口令 12345", Kdf(memory=64, passes=1, lanes=1))
    load_key(folder / f"{sys.argv[2]} {n}")
    print("written", flush=True)
"""


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_that_the_key_is_made_once_and_signs(awkward_folder: Path) -> None:
    key = load_key(awkward_folder / "本机" / "数据")
    assert load_key(awkward_folder / "本机" / "数据") == key
    assert names(awkward_folder / "本机" / "数据") == [KEY_FILE]
    signature = key.sign(b"manifest")
    assert is_signed_by(key.public, signature, b"manifest")
    assert not is_signed_by(key.public, signature, b"manifesT")
    assert not is_signed_by(load_key(awkward_folder).public, signature, b"manifest")
    assert key.secret.hex() not in repr(key) and str(key.secret) not in repr(key)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights otherwise: by the folder of the user")
def test_that_only_the_owner_may_read_the_key(awkward_folder: Path) -> None:
    old = os.umask(0)
    try:
        load_key(awkward_folder)
    finally:
        os.umask(old)
    assert (awkward_folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_that_several_beginnings_at_once_give_one_key(awkward_folder: Path) -> None:
    for n in range(10):
        with ThreadPoolExecutor(8) as pool:
            keys = list(pool.map(lambda _, n=n: load_key(awkward_folder / f"{n}"), range(8)))
        assert len(set(keys)) == 1


@pytest.mark.parametrize("how", ["empty", "cut", "scratched", "another", "long"])
def test_that_a_damaged_key_is_named_and_left_as_it_is(awkward_folder: Path, how: str) -> None:
    load_key(awkward_folder)
    path = awkward_folder / KEY_FILE
    good = path.read_bytes()
    rsa_like = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"
    wrong = {
        "empty": b"",
        "cut": good[:60],
        "scratched": good.replace(b"MC4", b"NC4"),
        "another": rsa_like,
        "long": b"x" * 99_999,
    }
    path.write_bytes(wrong[how])
    with pytest.raises(AppError) as refused:
        load_key(awkward_folder)
    assert refused.value.fault is Fault.PKG_KEY
    assert KEY_FILE in refused.value.detail
    assert path.read_bytes() == wrong[how]


def test_that_a_key_of_another_kind_is_refused(awkward_folder: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    other = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (awkward_folder / KEY_FILE).write_bytes(other)
    with pytest.raises(AppError) as refused:
        load_key(awkward_folder)
    assert refused.value.fault is Fault.PKG_KEY


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="the medium is reached by this call")
def test_that_a_medium_which_does_not_keep_what_was_written_is_named(
    awkward_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = awkward_folder / "包.slp", load_key(awkward_folder)
    write_package(small_package(), key, path)
    before = path.read_bytes()

    def lose_a_byte(descriptor: int, *_: int) -> None:
        os.pwrite(descriptor, b"?", 200)

    monkeypatch.setattr(os, "posix_fadvise", lose_a_byte)
    with pytest.raises(AppError) as refused:
        write_package(make_package(1), key, path)
    assert refused.value.fault is Fault.FILE_NOT_KEPT
    assert path.read_bytes() == before
    assert names(awkward_folder) == sorted(["包.slp", KEY_FILE])


@pytest.mark.parametrize("kills", [30, pytest.param(300, marks=pytest.mark.release)])
def test_that_kills_tear_neither_a_package_nor_a_key(awkward_folder: Path, kills: int) -> None:
    rng, left_behind, written = random.Random(4), 0, set[str]()
    for kill in range(kills):
        command = [sys.executable, "-c", WRITING, str(awkward_folder), f"{kill}"]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert child.stdout is not None
        for _ in range(rng.randrange(1, 4)):
            child.stdout.readline()
        end = time.perf_counter() + rng.random() * 0.06
        while time.perf_counter() < end:  # a moment that is not a step of the child's
            pass
        child.kill()
        child.wait(timeout=20)
        child.stdout.close()
        left_behind += any(awkward_folder.rglob(".slk-*"))
        written.add(read_package(awkward_folder / "包.slp").manifest.id)
        if (awkward_folder / "密.slp").exists():
            read_package(awkward_folder / "密.slp", "演练口令 12345")
        for folder in awkward_folder.glob(f"{kill} *"):
            assert len(load_key(folder).public) == 64
            assert names(folder) == [KEY_FILE]
        clear_abandoned(awkward_folder)
        assert not any(awkward_folder.glob(".slk-*"))
    assert left_behind >= 5 and len(written) > 1  # or the kills have missed the writes
