"""What is packed is what is unpacked: equal values, equal dumps, the same bytes, nothing of the computer in them."""

import getpass
import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from random import Random
from socket import gethostname

import pytest

from app.domain.errors import AppError, Fault
from app.domain.packages import PackageContent, key_code
from app.files.documents.packages import write_content
from app.files.package import Kdf, Key, is_encrypted, load_key, read_package, write_package
from app.files.package.writing import package_bytes
from tests.files.package.random_packages import make_package, small_package

ROOT = Path(__file__).parents[3]
CHEAP = Kdf(memory=64, passes=1, lanes=1)


@pytest.fixture
def key(awkward_folder: Path) -> Key:
    return load_key(awkward_folder / "本机")


def test_that_a_hundred_random_packages_come_back_equal_from_there_and_back_again(
    awkward_folder: Path, key: Key
) -> None:
    centre = load_key(awkward_folder / "办公室")
    filled: set[str] = set()
    for seed in range(100):
        sent, path = make_package(seed), awkward_folder / f"包 {seed}.slp"
        passphrase = "演练口令 12345" if seed % 2 else ""
        digest = write_package(sent, key, path, passphrase, CHEAP)
        there = read_package(path, passphrase)
        assert (there.content, there.schemes, there.evidence) == (sent.content, sent.schemes, sent.evidence)
        assert write_content(there.content) == write_content(sent.content)
        assert there.manifest == replace(
            sent.manifest, files=there.manifest.files, sender=replace(sent.manifest.sender, key=key.public)
        )
        assert (there.sha256, there.name) == (digest, path.name)
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
        write_package(there, centre, path)
        back = read_package(path)
        assert (back.content, back.schemes, back.evidence) == (sent.content, sent.schemes, sent.evidence)
        assert back.manifest.sender.key == centre.public != key.public
        path.unlink()
        filled |= {name for name in PackageContent.__slots__ if getattr(sent.content, name)}
    assert filled == set(PackageContent.__slots__)


def test_that_the_same_package_is_the_same_bytes_whatever_order_its_parts_came_in(key: Key) -> None:
    dice = Random(1)
    for seed in range(20):
        package = make_package(seed)
        mixed = replace(
            package,
            schemes=dict(dice.sample(list(package.schemes.items()), len(package.schemes))),
            evidence=dict(dice.sample(list(package.evidence.items()), len(package.evidence))),
        )
        assert package_bytes(mixed, key) == package_bytes(package, key)


def test_that_nothing_of_the_computer_stands_in_the_file(awkward_folder: Path, key: Key) -> None:
    path = awkward_folder / "包.slp"
    write_package(make_package(3), key, path)
    with zipfile.ZipFile(path) as archive:
        parts = b"\n".join(
            (*(archive.read(i) for i in archive.infolist()), *(i.filename.encode() for i in archive.infolist()))
        )
        assert {(i.date_time, i.create_system, i.extra) for i in archive.infolist()} == {
            ((2000, 1, 1, 0, 0, 0), 3, b"")
        }
    for trace in (str(awkward_folder), str(Path.home()), str(ROOT), gethostname(), f"/{getpass.getuser()}/"):
        assert trace.encode() not in parts


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="mounting read-only needs root")
def test_that_a_package_is_read_from_a_read_only_disc(awkward_folder: Path, key: Key) -> None:
    disc = awkward_folder / "光盘"
    disc.mkdir()
    write_package(make_package(5), key, disc / "包.slp", "演练口令 12345", CHEAP)
    look = (
        "import sys; from pathlib import Path; from app.files.package import read_package; "
        "print(read_package(Path(sys.argv[1]), '演练口令 12345').sha256)"
    )
    mounting = (
        'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && ! touch "$1/x" && exec "$2" -c "$3" "$1/包.slp"'
    )
    command = ["unshare", "--mount", "sh", "-c", mounting, "sh", str(disc), sys.executable, look]
    seen = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if seen.stderr.startswith("unshare:") or "permission denied" in seen.stderr:
        pytest.skip("mounting is refused here")
    assert seen.stdout.strip() == hashlib.sha256((disc / "包.slp").read_bytes()).hexdigest(), seen.stderr
    assert [p.name for p in disc.iterdir()] == ["包.slp"]


def test_that_a_passphrase_in_full_width_letters_is_the_same_and_the_real_cost_is_bearable(
    awkward_folder: Path, key: Key
) -> None:
    path = awkward_folder / "包.slp"
    write_package(small_package(), key, path, "口令ＡＢＣ１２３４５")
    assert is_encrypted(path)
    assert b'"memory":65536,"passes":3,"lanes":4' in path.read_bytes()[:200]
    assert read_package(path, "口令ABC12345").content == PackageContent()


def test_that_a_package_without_a_passphrase_says_so_and_looks_at_none(awkward_folder: Path, key: Key) -> None:
    path = awkward_folder / "包.slp"
    write_package(small_package(), key, path)
    assert not is_encrypted(path)
    assert read_package(path, "用不着的口令").manifest.kind == "return"


def test_that_a_short_passphrase_is_refused_and_nothing_is_written(awkward_folder: Path, key: Key) -> None:
    with pytest.raises(AppError, match="至少 8 个字符") as refused:
        write_package(small_package(), key, awkward_folder / "包.slp", "1234567")
    assert refused.value.fault is Fault.INPUT_BAD
    assert not (awkward_folder / "包.slp").exists()


def test_that_the_code_for_paper_is_short_and_belongs_to_the_key(awkward_folder: Path, key: Key) -> None:
    assert key_code(key.public) == key_code(load_key(awkward_folder / "本机").public)
    assert len(key_code(key.public)) == 19


def test_that_the_program_starts_without_the_library_of_ciphers() -> None:
    look = "import sys, app.files.package; print([m for m in ('cryptography', 'cattrs') if m in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert seen.stdout.strip() == "[]"
