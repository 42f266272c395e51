"""Whether each part that the program brings along works on this computer; the selftest asks, beside a practice year."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.findings import Finding

if TYPE_CHECKING:
    from app.services.container import Desk

Part = Callable[["Desk", Path], str]
_ROOT = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[2]))
_STEP = "请重新复制完整的程序文件夹；仍不行时把这一行交给技术人员"


def part_faults(desk: Desk, folder: Path) -> tuple[Finding, ...]:
    """What does not work, part by part. folder: an empty one to work in."""
    return tuple(found for name, part in _PARTS.items() if (found := tried(name, lambda part=part: part(desk, folder))))


def tried(name: str, part: Callable[[], str]) -> Finding | None:
    """A finding when the part says what is wrong, or fails in any way; never raises."""
    try:
        said = part()
    except ImportError as error:
        return Finding("E-SYS-01", name, f"程序文件缺失或不能载入（{error}）", _STEP)
    except Exception as error:
        return Finding("E-SYS-00", name, f"不能工作（{type(error).__name__}：{error}）", _STEP)
    return Finding("E-SYS-00", name, said, _STEP) if said else None


def _old_year(desk: Desk, folder: Path) -> str:
    """A year file as the first version wrote it: upgraded when it is opened, and sound then."""
    path = folder / "旧版年度.slk"
    path.write_bytes(gzip.decompress((_ROOT / "resources" / "samples" / f"{path.name}.gz").read_bytes()))
    services = desk.aside(folder / "own").open(path)
    try:
        units, graded = len(services.units.units()), services.results.current()
    finally:
        services.close()
    if not units or graded is None:
        return "升级以后缺少单位或结果"
    return "；".join(str(finding) for finding in desk.check_year(path))


def _signature(desk: Desk, folder: Path) -> str:
    from app.files.package.cipher import Kdf, decrypt, encrypt
    from app.files.package.keys import is_signed_by, load_key

    key, data = load_key(folder / "own"), "三联考评".encode()
    if not is_signed_by(key.public, key.sign(data), data) or is_signed_by(key.public, key.sign(data), data + b" "):
        return "签名核对不对"
    passphrase = "自检口令 12345678"
    return "" if decrypt(encrypt(data, passphrase, Kdf(64, 1, 1)), passphrase) == data else "加密以后解不开"


_PARTS: dict[str, Part] = {"旧版年度文件的升级": _old_year, "数据包的签名和加密": _signature}
