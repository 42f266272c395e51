"""One package of each kind that goes wrong on the way, beside sound ones: for the tests of services and of verbs."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from app.domain.packages import Package
from app.files.package import load_key, read_package, write_package
from app.files.package.container import pack
from tests.services.exchange import pcs
from tests.services.exchange.conftest import Pcs


@dataclass(frozen=True)
class Wrong:
    """The file, what becomes of it, and the code that names why."""

    path: Path
    fate: str
    code: str


def wrong_packages(three: Pcs) -> dict[str, Wrong]:
    """Made from three returns of the first department, of which the office has taken in the second."""
    unit = three.units["D1"]
    pcs.fill_in(unit)
    old = three.submit("D1")
    taken = three.submit("D1")
    pcs.receive(three.office, taken)
    pcs.mark(unit, {("P11", "D2", "problems"): "39"})
    sound, folder = three.submit("D1"), three.root / "有问题的"
    folder.mkdir()
    data, parts = sound.read_bytes(), _parts(sound)
    content = json.loads(parts["content.json"])
    content["blocks"][0]["evaluator"] = "P12"
    found = {
        "old": Wrong(old, "refused", "E-PKG-04"),
        "doubled": Wrong(_copy(taken, folder / f"{taken.stem} - 副本.slp"), "skipped", "E-PKG-12"),
        "cut": Wrong(_kept(folder / "断.slp", data[: len(data) * 2 // 3]), "refused", "E-PKG-08"),
        "content edited": Wrong(
            _kept(folder / "改内容.slp", pack(parts | {"content.json": json.dumps(content).encode()})),
            "refused",
            "E-PKG-09",
        ),
        "manifest edited": Wrong(
            _kept(folder / "改目录.slp", pack(parts | {"manifest.json": parts["manifest.json"].replace(b"D1", b"D2")})),
            "refused",
            "E-PKG-02",
        ),
        "renamed": Wrong(_copy(sound, folder / sound.name.replace("D1", "D2")), "take", "E-PKG-18"),
        "foreign": Wrong(_foreign(three.root / "外地"), "refused", "E-PKG-11"),
        "of another year": Wrong(_of_another_year(three, sound, folder / "去年.slp"), "refused", "E-PKG-10"),
        "no package": Wrong(_kept(folder / "文稿.slp", "这是一篇文稿".encode()), "refused", "E-PKG-01"),
    }
    assert len({w.path for w in found.values()}) == len(found)
    return found


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _kept(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def _copy(source: Path, path: Path) -> Path:
    shutil.copy(source, path)
    return path


def _of_another_year(three: Pcs, sound: Path, path: Path) -> Path:
    package = read_package(sound)
    made = Package(manifest=replace(package.manifest, year=2025), content=package.content)
    write_package(made, load_key(three.root / "D1的电脑" / "own"), path)
    return path


def _foreign(root: Path) -> Path:
    """The return of a department of the same code to another office, all by the program itself."""
    _, office = pcs.office(root)
    place, unit = pcs.department(root, office, "D1")
    pcs.fill_in(unit)
    path = unit.tasks.submit(place.folder).value.path
    office.close()
    unit.close()
    assert path is not None
    return path
