"""What the types of a package do not say: the numbers that have to fit each other, and the names that have to match."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.facts import MarkBlock
from app.domain.findings import Finding
from app.domain.packages import Package
from app.files.documents.texts import fingerprint

_MOST_DIGITS = 12
_STEP = "请对方用本程序重新打包"


def faults_of(package: Package) -> tuple[Finding, ...]:
    """Every place where the content contradicts itself; paths as in content.json, unless they name another part."""
    return (*_blocks(package), *_schemes(package), *_evidence(package))


def _blocks(package: Package) -> Iterator[Finding]:
    for index, block in enumerate(package.content.blocks):
        for field, fits in _shape(block).items():
            if not fits:
                yield Finding("D-SHAPE", f"$.blocks[{index}].{field}", "与单位数、项目数对不上", _STEP)


def _shape(block: MarkBlock) -> dict[str, bool]:
    units, items, origin = len(block.units), len(block.items), block.origin
    return {
        "values": len(block.values) == units * items * block.width,
        "digits": len(block.digits) == items and all(0 <= d <= _MOST_DIGITS for d in block.digits),
        "origin.rows": origin is None or len(origin.rows) in (0, units),
        "origin.columns": origin is None or len(origin.columns) in (0, items),
    }


def _schemes(package: Package) -> Iterator[Finding]:
    stamps = {stamp.id: stamp.fingerprint for stamp in package.manifest.schemes}
    for id, text in package.schemes.items():
        if stamps.get(id) != fingerprint(text):
            yield Finding("D-STAMP", f"schemes/{id}.json", "与清单中的方案指纹不一致", _STEP)


def _evidence(package: Package) -> Iterator[Finding]:
    sizes = {file.path: file.sha256 for file in package.manifest.files}
    for digest in package.evidence:
        if sizes.get(f"evidence/{digest}") != digest:
            yield Finding("D-STAMP", f"evidence/{digest}", "文件名与内容的指纹不一致", _STEP)
