"""Random packages made from the types themselves: a field that is added tomorrow is filled, written and read, too."""

from __future__ import annotations

import hashlib
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from app.domain.facts import MarkBlock
from app.domain.packages import Manifest, Package, PackageContent, Party, SchemeStamp
from app.files.documents.texts import fingerprint

TEXTS = (
    *(
        "",
        "D001",
        "第一研究室",
        "办公室：“述职”报告，“评议”意见",
        '双引号"和\\反斜线',
        "第一段\n第二段\t缩进\r\n第三段",
    ),
    *(
        "１２．５分",
        "𠮷田龘",
        "\u2028分行\u2029",
        "emoji 🙂",
        "true",
        "null",
        "1/3",
        " 前后有空格 ",
        "</w:t>&amp;",
        "0",
    ),
)
SOME_BYTES = (b"", b"\x00", b"PK\x05\x06" + bytes(18), bytes(range(256)), b"%PDF-1.7 " * 40)


def make(wanted: Any, dice: Random, depth: int = 0) -> Any:
    """A random value of this type; deep ones get shorter and shorter."""
    if wanted in _PLAIN:
        return _PLAIN[wanted](dice)
    origin, arguments = get_origin(wanted), get_args(wanted)
    if origin is Literal:
        return dice.choice(arguments)
    if origin in (Union, types.UnionType):
        return make(dice.choice(arguments), dice, depth)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return tuple(make(one, dice, depth) for one in arguments)
    if origin is tuple:
        return tuple(make(arguments[0], dice, depth + 1) for _ in range(_how_many(dice, depth)))
    if origin is dict:
        return {make(str, dice): make(arguments[1], dice, depth + 1) for _ in range(_how_many(dice, depth))}
    if issubclass(wanted, Enum):
        return dice.choice(list(wanted))
    if wanted is MarkBlock:
        return _block(dice, depth)
    assert is_dataclass(wanted), wanted
    return _object(wanted, dice, depth)


_PLAIN: dict[Any, Callable[[Random], Any]] = {
    str: lambda dice: dice.choice(TEXTS),
    bool: lambda dice: dice.random() < 0.5,
    int: lambda dice: dice.choice((0, 1, -3, 2026, 10**12)),
    Fraction: lambda dice: Fraction(dice.randint(-10_000, 10_000), dice.choice((1, 2, 3, 7, 100))),
    bytes: lambda dice: dice.choice(SOME_BYTES),
    types.NoneType: lambda dice: None,
}


def _how_many(dice: Random, depth: int) -> int:
    return dice.randint(0, max(0, 3 - depth // 2))


_hints = cache(get_type_hints)


def _object(wanted: Any, dice: Random, depth: int) -> Any:
    hints = _hints(wanted)
    return wanted(**{f.name: make(hints[f.name], dice, depth + 1) for f in fields(wanted) if f.init})


def _block(dice: Random, depth: int) -> MarkBlock:
    """Whose numbers fit each other."""
    block: MarkBlock = _object(MarkBlock, dice, depth)
    cells = len(block.units) * len(block.items)
    origin = block.origin and replace(
        block.origin,
        rows=tuple(range(8, 8 + len(block.units))),
        columns=tuple("EFGHIJ"[: len(block.items)]),
    )
    digits = tuple(dice.randint(0, 4) for _ in block.items)
    return replace(block, values=dice.randbytes(cells * block.width), digits=digits, origin=origin)


def make_package(seed: int) -> Package:
    """A package with everything that may be in one."""
    dice = Random(seed)
    schemes = {id: f'{{"format":"slk-scheme","id":"{id}","n":{dice.random()}}}' for id in ("dept", "支部述职")}
    evidence = {hashlib.sha256(data).hexdigest(): data for data in dice.sample(SOME_BYTES, 3)}
    manifest: Manifest = make(Manifest, dice)
    manifest = replace(
        manifest,
        id=f"{dice.getrandbits(128):032x}",
        year=2026,
        sequence=dice.randint(1, 50),
        sender=Party(name="演练市第一研究室", unit="D001"),
        schemes=tuple(SchemeStamp(id=id, fingerprint=fingerprint(text)) for id, text in schemes.items()),
        files=(),
    )
    return Package(manifest=manifest, content=make(PackageContent, dice), schemes=schemes, evidence=evidence)


def small_package(**more: Any) -> Package:
    """A package with next to nothing in it."""
    manifest = Manifest(
        id="0123456789abcdef" * 2,
        kind="return",
        year=2026,
        year_file="0123456789abcdef",
        title="演练数据 2026 年度",
        practice=True,
        sender=Party(name="演练市第一研究室", unit="D001"),
        receiver=Party(name="演练市考评办公室"),
        sequence=1,
    )
    return Package(manifest=manifest, content=PackageContent(), **more)
