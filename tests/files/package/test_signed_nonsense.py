"""A package may be signed rightly and still say what cannot be: it is refused with the path, never half believed."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from app.domain.errors import AppError, Fault
from app.domain.packages import Package, PackageContent, SchemeStamp
from app.files.documents.converter import build_converter
from app.files.documents.exact_json import parse
from app.files.package.container import pack
from app.files.package.reading import check_bytes
from app.files.package.writing import package_bytes
from tests.files.package.random_packages import make_package, small_package
from tests.files.package.test_tampering import key_of

KEY = key_of(5)
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -3,
    "",
    "x",
    "12.5",
    1.5,
    [],
    ["a"],
    [["弃权"]],
    {},
    {"kind": "direct"},
    "QQ",
    "QQ==",
)


def signed(text: str) -> bytes:
    """A package with this content, whatever it is, as a sender with the right key would sign it."""
    data = text.encode()
    files = [{"path": "content.json", "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}]
    manifest = {
        **{
            "format": "slk-package",
            "version": 1,
            "id": "0" * 32,
            "kind": "return",
            "year": 2026,
            "year_file": "0" * 16,
        },
        **{"title": "演练", "sender": {"name": "甲", "key": KEY.public}, "receiver": {"name": "乙"}, "sequence": 1},
        **{"signature": "ed25519", "files": files},
    }
    head = json.dumps(manifest, ensure_ascii=False).encode()
    return pack({"manifest.json": head, "manifest.sig": KEY.sign(head), "content.json": data})


def refusal(data: bytes) -> AppError:
    with pytest.raises(AppError) as refused:
        check_bytes("包.slp", data)
    return refused.value


def containers(value: Any) -> list[Any]:
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [*([value] if inside else []), *(found for one in inside for found in containers(one))]


def test_that_a_content_which_does_not_fit_its_types_is_refused_with_the_path() -> None:
    dice, converter, refused = Random(8), build_converter(), 0
    plain = [converter.unstructure(make_package(seed).content) for seed in range(10)]
    for _ in range(400):
        changed = copy.deepcopy(dice.choice(plain))
        inside = dice.choice(containers(changed))
        key = dice.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
        inside[key] = dice.choice(ODD)
        text = json.dumps(changed, ensure_ascii=False)
        try:
            read = check_bytes("包.slp", signed(text))
        except AppError as error:
            assert error.fault is Fault.PKG_FORMAT
            assert "content.json $." in error.detail, error.detail
            assert error.findings
            refused += 1
        else:
            assert read.content == converter.structure(parse(text, "")[0], PackageContent)
    assert refused > 200


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "第 1 行"),
        ("[]", "$"),
        ('{"units":[{"code":"1","name":"甲","level":"dept","colour":"红"}]}', "$.units[0].colour"),
        ('{"units":[{"code":"1","code":"2"}]}', "写了两次"),
        ('{"units":[{"code":"1","name":"\\ud800","level":"dept"}]}', "半个字符"),
        ('{"forms":' + "[" * 100_000 + "]" * 100_000 + "}", "层次过深"),
        (json.dumps({"reports": 1e300}).replace("1e+300", "1e999999999"), "$.reports"),
        ('{"results":[{"scheme":"s","unit":"u","year":' + "9" * 5_000 + "}]}", "不是数字"),
    ],
    ids=["empty", "list", "unknown", "doubled", "half a character", "deep", "huge exponent", "huge number"],
)
def test_that_what_is_no_content_is_named(text: str, place: str) -> None:
    error = refusal(signed(text))
    assert error.fault is Fault.PKG_FORMAT
    assert place in error.detail


@pytest.mark.parametrize("depth", [61, 240, 480, 5_000])
def test_that_an_explanation_without_end_is_refused(depth: int) -> None:
    begin = '{"quantity":"q","title":"t","rule":"r","value":null,"text":"","sentence":"","inputs":['
    step = begin * depth + "]}" * depth
    text = '{"ways":[{"scheme":"s","unit":"u","quantity":"total","step":' + step + "}]}"
    error = refusal(signed(text))
    assert error.fault is Fault.PKG_FORMAT
    assert "层次过深" in error.detail


def test_that_a_pair_of_halves_is_one_character() -> None:
    text = json.dumps({"units": [{"code": "1", "name": "𠮷田", "level": "dept"}]}, ensure_ascii=True)
    assert "\\ud842" in text
    assert check_bytes("包.slp", signed(text)).content.units[0].name == "𠮷田"


def marked() -> Package:
    package = next(p for p in map(make_package, range(50)) if any(b.values for b in p.content.blocks))
    block = next(b for b in package.content.blocks if b.values)
    return replace(package, content=replace(package.content, blocks=(block,)))


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("values", lambda b: b.values[:-1]),
        ("digits", lambda b: (*b.digits, 1)),
        ("digits", lambda b: tuple(10**6 for _ in b.digits)),
    ],
)
def test_that_marks_which_do_not_fill_their_sheet_are_refused(field: str, change: Any) -> None:
    package = marked()
    block = package.content.blocks[0]
    wrong = replace(package, content=replace(package.content, blocks=(replace(block, **{field: change(block)}),)))
    with pytest.raises(AppError, match=rf"content.json \$.blocks\[0\].{field}") as refused:
        package_bytes(wrong, KEY)
    assert refused.value.fault is Fault.PKG_FORMAT


def test_that_the_writer_does_not_write_what_a_reader_would_refuse() -> None:
    good = small_package()
    manifest = good.manifest
    wrong = {
        "manifest.json $.id": replace(good, manifest=replace(manifest, id="../../x")),
        "manifest.json $.sequence": replace(good, manifest=replace(manifest, sequence=0)),
        "schemes/dept.json": replace(
            good,
            schemes={"dept": "{}"},
            manifest=replace(manifest, schemes=(SchemeStamp(id="dept", fingerprint="0" * 64),)),
        ),
        f"evidence/{'0' * 64}": replace(good, evidence={"0" * 64: b"x"}),
        "越界": replace(good, schemes={"../x": "{}"}),
        "不应有": replace(good, evidence={"证明材料": b"x"}),
    }
    for place, package in wrong.items():
        with pytest.raises(AppError) as refused:
            package_bytes(package, KEY)
        assert refused.value.fault is Fault.PKG_FORMAT
        assert place in refused.value.detail, refused.value.detail


def test_that_a_package_with_too_many_attachments_is_not_written() -> None:
    many = {hashlib.sha256(bytes([n % 256, n // 256])).hexdigest(): bytes([n % 256, n // 256]) for n in range(5_000)}
    with pytest.raises(AppError) as refused:
        package_bytes(small_package(evidence=many), KEY)
    assert refused.value.fault is Fault.PKG_TOO_LARGE
