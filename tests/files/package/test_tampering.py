"""R-18: whatever is done to a package, it is refused, for the right reason, and the program stays up."""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.errors import AppError, Fault
from app.files.package.container import pack, seal
from app.files.package.keys import Key
from app.files.package.reading import check_bytes
from app.files.package.writing import package_bytes
from tests.files.package.random_packages import make_package, small_package

PACKAGES, ROUNDS = 50, 20  # times each other: mutations per change
Parts = dict[str, bytes]
ANY_PART_OF_THE_MANIFEST = {Fault.PKG_SIGNATURE, Fault.PKG_FORMAT, Fault.PKG_NEWER}


def key_of(seed: int) -> Key:
    secret = Random(seed).randbytes(32)
    return Key(Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex(), secret)


@dataclass(frozen=True)
class Sample:
    data: bytes
    key: Key
    dice: Random

    @property
    def parts(self) -> Parts:
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def inner(self) -> str:
        """One of the files that the manifest lists."""
        return self.dice.choice([name for name in self.parts if not name.startswith("manifest")])


@cache
def file_of(seed: int) -> bytes:
    return package_bytes(make_package(seed), key_of(seed))


def sample(seed: int, dice: Random) -> Sample:
    return Sample(file_of(seed), key_of(seed), dice)


def flipped(data: bytes, at: int, dice: Random) -> bytes:
    return data[:at] + bytes([data[at] ^ dice.randint(1, 255)]) + data[at + 1 :]


def regions(data: bytes) -> dict[str, tuple[int, int]]:
    """Every region of the file with its first byte and the one after its last."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found: dict[str, tuple[int, int]] = {}
        for info in archive.infolist():
            begin = info.header_offset + 30 + len(info.filename.encode())
            found[f"header of {info.filename}"] = (info.header_offset, begin)
            found[info.filename] = (begin, begin + info.compress_size)
        end = len(data) - 64 - 22
        return found | {
            "directory": (archive.start_dir, end),
            "end": (end, end + 22),
            "checksum": (end + 22, len(data)),
        }


# ---- damage on the way: the file as a whole is not what was written


def flip(s: Sample) -> tuple[bytes, set[Fault]]:
    begin, end = s.dice.choice([r for r in regions(s.data).values() if r[1] > r[0]])
    return flipped(s.data, s.dice.randrange(begin, end), s.dice), {Fault.PKG_CHANGED}


def cut(s: Sample) -> tuple[bytes, set[Fault]]:
    return s.data[: s.dice.choice((s.dice.randrange(len(s.data)), s.dice.randrange(5), len(s.data) - 1))], {
        Fault.PKG_CUT
    }


def extend(s: Sample) -> tuple[bytes, set[Fault]]:
    return s.data + s.dice.choice((b"\0", s.dice.randbytes(50), s.data)), {Fault.PKG_CHANGED}


def put_before(s: Sample) -> tuple[bytes, set[Fault]]:
    return s.dice.randbytes(s.dice.randint(1, 50)) + s.data, {Fault.PKG_CHANGED}


def swap_blocks(s: Sample) -> tuple[bytes, set[Fault]]:
    a, b = sorted(s.dice.sample(range(len(s.data)), 2))
    data = s.data[b:] + s.data[a:b] + s.data[:a]
    return (flipped(s.data, a, s.dice) if data == s.data else data), {
        Fault.PKG_CHANGED,
        Fault.PKG_FORMAT,
        Fault.PKG_CUT,
    }


def pack_again(s: Sample) -> tuple[bytes, set[Fault]]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in s.parts.items():
            archive.writestr(name, data)
    return file.getvalue(), {Fault.PKG_CHANGED}


# ---- forgery: somebody knows the format, and makes the checksum right again


def add(s: Sample) -> tuple[bytes, set[Fault]]:
    name = s.dice.choice(("说明.txt", "evidence/" + "0" * 64, "schemes/other.json", "run.exe", "evidence/a/b"))
    return pack({**s.parts, name: s.dice.randbytes(20)}), {Fault.PKG_CHANGED}


def add_outside(s: Sample) -> tuple[bytes, set[Fault]]:
    name = s.dice.choice(("../x", "/etc/x", "schemes/../../x", "a\\..\\x", "C:x", "evidence/", "a\x01b"))
    return pack({**s.parts, name: b"x"}), {Fault.PKG_FORMAT}


def remove(s: Sample) -> tuple[bytes, set[Fault]]:
    parts = s.parts
    del parts[s.inner()]
    return pack(parts), {Fault.PKG_CHANGED}


def remove_manifest(s: Sample) -> tuple[bytes, set[Fault]]:
    return pack({n: d for n, d in s.parts.items() if n != "manifest.json"}), {Fault.PKG_FORMAT}


def remove_signature(s: Sample) -> tuple[bytes, set[Fault]]:
    return pack({n: d for n, d in s.parts.items() if n != "manifest.sig"}), {Fault.PKG_SIGNATURE}


def rename(s: Sample) -> tuple[bytes, set[Fault]]:
    old, new = s.inner(), s.dice.choice(("other.json", "schemes/renamed.json", "evidence/" + "a" * 64))
    return pack({new if n == old else n: d for n, d in s.parts.items()}), {Fault.PKG_CHANGED}


def duplicate(s: Sample) -> tuple[bytes, set[Fault]]:
    file, name = io.BytesIO(s.data), s.inner()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(s.dice.choice((name, name.upper())), b"another")
    return seal(file.getvalue()), {Fault.PKG_FORMAT}


def foreign_manifest(s: Sample) -> tuple[bytes, set[Fault]]:
    other = sample(s.dice.randrange(PACKAGES, PACKAGES + 5), s.dice).parts
    return pack({**s.parts, "manifest.json": other["manifest.json"]}), {Fault.PKG_SIGNATURE}


def foreign_signed_manifest(s: Sample) -> tuple[bytes, set[Fault]]:
    other = sample(s.dice.randrange(PACKAGES, PACKAGES + 5), s.dice).parts
    head = {n: other[n] for n in ("manifest.json", "manifest.sig")}
    return pack({**s.parts, **head}), {Fault.PKG_CHANGED}


def change_inside(s: Sample) -> tuple[bytes, set[Fault]]:
    parts, name = s.parts, s.inner()
    data = parts[name]
    parts[name] = flipped(data, s.dice.randrange(len(data)), s.dice) if data else b"more"
    return pack(parts), {Fault.PKG_CHANGED}


def change_with_manifest(s: Sample) -> tuple[bytes, set[Fault]]:
    """The content and what the manifest says of it, but not the signature."""
    parts = s.parts
    package = make_package(s.dice.randrange(PACKAGES, PACKAGES + 5))
    own = zipfile.ZipFile(io.BytesIO(package_bytes(package, s.key)))
    return pack({**{n: own.read(n) for n in own.namelist()}, "manifest.sig": parts["manifest.sig"]}), {
        Fault.PKG_SIGNATURE
    }


def change_manifest(s: Sample) -> tuple[bytes, set[Fault]]:
    manifest = json.loads(s.parts["manifest.json"])
    field = s.dice.choice(("sequence", "year", "kind", "year_file", "checkpoint", "made"))
    manifest[field] = 77 if field in ("sequence", "year") else "另一个"
    return pack({**s.parts, "manifest.json": json.dumps(manifest).encode()}), {Fault.PKG_SIGNATURE}


def scratch_manifest(s: Sample) -> tuple[bytes, set[Fault]]:
    data = s.parts["manifest.json"]
    return pack(
        {**s.parts, "manifest.json": flipped(data, s.dice.randrange(len(data)), s.dice)}
    ), ANY_PART_OF_THE_MANIFEST


def scratch_signature(s: Sample) -> tuple[bytes, set[Fault]]:
    data = s.parts["manifest.sig"]
    wrong = s.dice.choice((flipped(data, s.dice.randrange(64), s.dice), data[:-1], data + b"\0", b"", bytes(64)))
    return pack({**s.parts, "manifest.sig": wrong}), {Fault.PKG_SIGNATURE}


def sign_with_another_key(s: Sample) -> tuple[bytes, set[Fault]]:
    manifest = s.parts["manifest.json"]
    return pack({**s.parts, "manifest.sig": key_of(999).sign(manifest)}), {Fault.PKG_SIGNATURE}


def bomb(s: Sample) -> tuple[bytes, set[Fault]]:
    return s.dice.choice((bombs()[0], bombs()[1])), {Fault.PKG_TOO_LARGE}


@cache
def bombs() -> tuple[bytes, ...]:
    parts = sample(0, Random(0)).parts
    big = pack({**parts, "content.json": b"[" * 11_000_000})
    many = pack({**parts, **{f"schemes/{n}.json": b"{}" for n in range(5_001)}})
    return big, many


def lie_about_the_size(s: Sample) -> tuple[bytes, set[Fault]]:
    """The directory promises few bytes; the stream would give millions."""
    data = bytearray(bombs()[0])
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"content.json"))
    data[at + 24 : at + 28] = struct.pack("<L", s.dice.randint(0, 1000))
    return seal(bytes(data)), {Fault.PKG_CHANGED}


def lay_over(s: Sample) -> tuple[bytes, set[Fault]]:
    """One part's place in the directory points into another."""
    data = bytearray(s.data)
    entries = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"][1:]
    at = s.dice.choice(entries)
    data[at + 42 : at + 46] = struct.pack("<L", s.dice.randrange(len(data)))
    return seal(bytes(data)), {Fault.PKG_FORMAT}


def hide_beside(s: Sample) -> tuple[bytes, set[Fault]]:
    """Bytes that no entry of the directory names, between the parts and the directory."""
    start = regions(s.data)["directory"][0]
    hidden = s.dice.randbytes(s.dice.randint(1, 300))
    data = bytearray(s.data[:start] + hidden + s.data[start:])
    end = len(data) - 64 - 22
    data[end + 16 : end + 20] = struct.pack("<L", start + len(hidden))
    return seal(bytes(data)), {Fault.PKG_FORMAT}


def mark_encrypted(s: Sample) -> tuple[bytes, set[Fault]]:
    return _in_directory(s, 8, b"\x01\x08"), {Fault.PKG_FORMAT}


def use_another_packing(s: Sample) -> tuple[bytes, set[Fault]]:
    return _in_directory(s, 10, struct.pack("<H", s.dice.choice((1, 9, 12, 14, 99)))), {Fault.PKG_FORMAT}


def _in_directory(s: Sample, at: int, field: bytes) -> bytes:
    data, start = bytearray(s.data), regions(s.data)["directory"][0]
    data[start + at : start + at + len(field)] = field
    return seal(bytes(data))


# ---- later programs, and senders who sign what does not fit


def later_format(s: Sample) -> tuple[bytes, set[Fault]]:
    manifest = json.loads(s.parts["manifest.json"])
    manifest.update(s.dice.choice(({"version": 2, "neu": 1}, {"signature": "sm2"}, {"version": 10**30})))
    return signed(s, {"manifest.json": json.dumps(manifest).encode()}), {Fault.PKG_NEWER}


def another_document(s: Sample) -> tuple[bytes, set[Fault]]:
    manifest = json.loads(s.parts["manifest.json"])
    manifest.update(
        s.dice.choice(({"format": "slk-scheme"}, {"version": "1"}, {"year": "2026"}, {"sequence": 0}, {"x": 1}))
    )
    return signed(s, {"manifest.json": json.dumps(manifest).encode()}), {Fault.PKG_FORMAT}


def signed(s: Sample, changed: Parts) -> bytes:
    parts = {**s.parts, **changed}
    return pack({**parts, "manifest.sig": s.key.sign(parts["manifest.json"])})


MUTATIONS: tuple[Callable[[Sample], tuple[bytes, set[Fault]]], ...] = (
    *(flip, flip, flip, flip, flip, flip, cut, cut, extend, put_before, swap_blocks, pack_again),
    *(add, add_outside, remove, remove_manifest, remove_signature, rename, duplicate),
    *(foreign_manifest, foreign_signed_manifest, change_inside, change_with_manifest, change_manifest),
    *(scratch_manifest, scratch_signature, sign_with_another_key),
    *(bomb, lie_about_the_size, lay_over, hide_beside, mark_encrypted, use_another_packing),
    *(later_format, another_document),
)


def mutated(packages: int, rounds: int) -> Iterator[tuple[str, bytes, set[Fault]]]:
    turn = 0
    for seed in range(packages):
        for _ in range(rounds):
            mutation = MUTATIONS[turn % len(MUTATIONS)]
            data, reasons = mutation(sample(seed, Random(f"{seed}/{turn}")))
            yield f"{mutation.__name__}, package {seed}, turn {turn}", data, reasons
            turn += 1


def refused_for_the_right_reason(packages: int, rounds: int) -> Counter[Fault]:
    seen: Counter[Fault] = Counter()
    for what, data, reasons in mutated(packages, rounds):
        try:
            check_bytes("包.slp", data)
        except AppError as refusal:
            assert refusal.fault in reasons, f"{what}: {refusal}"
            seen[refusal.fault] += 1
        else:
            pytest.fail(f"{what}: was let through")
    return seen


def test_that_a_thousand_mutations_of_fifty_packages_are_all_refused_for_the_right_reason() -> None:
    assert all(check_bytes("包.slp", file_of(seed)).manifest.id for seed in range(PACKAGES))
    seen = refused_for_the_right_reason(PACKAGES, ROUNDS)
    assert seen.total() == PACKAGES * ROUNDS
    assert (
        min(seen[fault] for fault in (Fault.PKG_CUT, Fault.PKG_SIGNATURE, Fault.PKG_TOO_LARGE, Fault.PKG_NEWER)) >= 20
    )


@pytest.mark.release
def test_that_fifty_thousand_mutations_are_all_refused_for_the_right_reason() -> None:
    assert refused_for_the_right_reason(PACKAGES, 1_000).total() == 50_000


def test_that_every_single_bit_of_a_small_package_counts() -> None:
    data = package_bytes(small_package(), key_of(1))
    for at in range(len(data)):
        for bit in range(8):
            with pytest.raises(AppError) as refused:
                check_bytes("包.slp", data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :])
            assert refused.value.fault is Fault.PKG_CHANGED


def test_that_a_forger_who_mends_the_checksum_changes_nothing_that_is_read() -> None:
    data, dice = package_bytes(make_package(7), key_of(1)), Random(3)
    true = replace(check_bytes("包.slp", data), sha256="")
    let_through = 0
    for at in range(len(data) - 64):
        with suppress(AppError):
            read = check_bytes("包.slp", seal(flipped(data, at, dice)))
            assert replace(read, sha256="") == true
            let_through += 1
    assert let_through < len(data) / 4  # time stamps and the like, which nobody reads


@pytest.mark.parametrize("content", [b"", b"P", b"PK\x03\x04", b"SLP-ENC"])
def test_that_the_very_beginning_of_a_package_is_one_that_was_cut(content: bytes) -> None:
    with pytest.raises(AppError) as refused:
        check_bytes("包.slp", content)
    assert refused.value.fault is Fault.PKG_CUT


def test_that_other_files_are_no_packages(awkward_folder: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    for content in (
        file.getvalue(),
        b"%PDF-1.7 " * 100,
        b"SQLite format 3\0" * 100,
        "文字".encode() * 100,
        b"PK\x05\x06" + bytes(18),
    ):
        with pytest.raises(AppError) as refused:
            check_bytes("别的.slp", content)
        assert refused.value.fault is Fault.PKG_FORMAT
