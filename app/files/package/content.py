"""What the types of a package do not say: the numbers that have to fit each other, and the names that have to match."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.facts import MarkBlock
from app.domain.findings import Finding
from app.domain.packages import Manifest, Package
from app.domain.results import Step
from app.files.documents.texts import fingerprint

_ID = re.compile("[0-9a-f]{32}")
_MOST_DIGITS = 12
_DEEPEST = 60  # steps of an explanation below each other; the engine's have about ten
_STEP = "请对方用本程序重新打包"


def faults_of(package: Package) -> tuple[Finding, ...]:
    """Every place where the package contradicts itself."""
    return (*_manifest(package.manifest), *_blocks(package), *_ways(package), *_schemes(package), *_evidence(package))


def _manifest(manifest: Manifest) -> Iterator[Finding]:
    fields = {
        "id": _ID.fullmatch(manifest.id) is not None,
        "sequence": manifest.sequence >= 1,
        "year": 1949 <= manifest.year <= 9999,
    }
    for field, fits in fields.items():
        if not fits:
            yield Finding("D-SHAPE", f"manifest.json $.{field}", "不是可能的值", _STEP)


def _blocks(package: Package) -> Iterator[Finding]:
    for index, block in enumerate(package.content.blocks):
        for field, fits in _shape(block).items():
            if not fits:
                yield Finding("D-SHAPE", f"content.json $.blocks[{index}].{field}", "与单位数、项目数对不上", _STEP)


def _shape(block: MarkBlock) -> dict[str, bool]:
    units, items, origin = len(block.units), len(block.items), block.origin
    return {
        "values": len(block.values) == units * items * block.width,
        "digits": len(block.digits) == items and all(0 <= d <= _MOST_DIGITS for d in block.digits),
        "origin.rows": origin is None or len(origin.rows) in (0, units),
        "origin.columns": origin is None or len(origin.columns) in (0, items),
    }


def _ways(package: Package) -> Iterator[Finding]:
    for index, way in enumerate(package.content.ways):
        steps: tuple[Step, ...] = (way.step,)
        depth = 1
        while steps and depth <= _DEEPEST:
            steps, depth = tuple(inner for step in steps for inner in step.inputs), depth + 1
        if steps:
            yield Finding("D-DEEP", f"content.json $.ways[{index}].step", "层次过深", _STEP)


def _schemes(package: Package) -> Iterator[Finding]:
    stamps = {stamp.id: stamp.fingerprint for stamp in package.manifest.schemes}
    for id, text in package.schemes.items():
        if stamps.get(id) != fingerprint(text):
            yield Finding("D-STAMP", f"schemes/{id}.json", "与包内目录中的方案指纹不一致", _STEP)


def _evidence(package: Package) -> Iterator[Finding]:
    sizes = {file.path: file.sha256 for file in package.manifest.files}
    for digest in package.evidence:
        if sizes.get(f"evidence/{digest}") != digest:
            yield Finding("D-STAMP", f"evidence/{digest}", "文件名与内容的指纹不一致", _STEP)
