"""Files of other kinds beside the score sheets: not read, but never passed over in silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from app.domain.errors import Fault
from app.domain.findings import Finding, Severity

# Left behind by Windows, macOS, Excel, WPS, LibreOffice and this program; nobody has put marks into them.
_NOBODYS_NAMES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})
_NOBODYS_STARTS = ("~$", ".")
_NOBODYS_ENDS = (".tmp", ".lnk", ".slk", ".slp", ".slk.lock", ".slk-wal", ".slk-shm", ".slk-journal")
_TABLES = frozenset(
    {".ods", ".fods", ".csv", ".tsv", ".xlsb", ".xltx", ".xltm", ".xlt", ".ett", ".uos", ".dbf", ".numbers"}
)
_PACKED = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".cab", ".iso"})
_PICTURES = frozenset({".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".heic", ".webp"})


def other_files(paths: Iterable[Path], read: Collection[Path]) -> list[Path]:
    """Every file below the folders that is not among those read, in a steady order."""
    known = set(read)
    found = (p for folder in paths if folder.is_dir() for p in sorted(folder.rglob("*")))
    return list(dict.fromkeys(p for p in found if p not in known and not _nobodys(p.name.lower()) and p.is_file()))


def _nobodys(name: str) -> bool:
    return name in _NOBODYS_NAMES or name.startswith(_NOBODYS_STARTS) or name.endswith(_NOBODYS_ENDS)


def unread_finding(name: str) -> Finding:
    """That a file was not read, and what to do when it holds marks. name: as shown."""
    kind = Path(name).suffix.lower()
    if kind in _TABLES:
        said, step = f"不是 .xlsx（{kind}）", "请在 Excel 或 WPS 中打开，另存为 .xlsx 后再导入。"
    elif kind in _PACKED:
        said, step = "压缩包", "请先解压，再导入里面的评分表。"
    elif kind in _PICTURES:
        said, step = "图片或扫描件", "请向评议人要填好的 .xlsx 文件，或在“评分表”一栏录入。"
    else:
        said, step = "不是评分表", "如果里面有评分，请把评分填在发出的 .xlsx 表里再导入。"
    return Finding(Fault.XLS_NOT_XLSX.value.code, name, said, step, Severity.WARNING)
