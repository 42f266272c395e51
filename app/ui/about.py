"""What 关于 says: versions, licences, places; no names of persons."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from app import __version__
from app.ui.crash import versions

PARTS = (
    "PySide6_Essentials",
    "SQLAlchemy",
    "openpyxl",
    "XlsxWriter",
    "python-calamine",
    "numpy",
    "pyqtgraph",
    "pypinyin",
    "cryptography",
    "python-docx",
    "lxml",
)


def about_text(log_file: Path) -> str:
    """A text for support: program, parts with their licences, where the log is."""
    lines = [f"三级联述联评联考 考核计算程序　{__version__}", versions(), ""]
    lines += [f"{name} {_version(name)}（{_licence(name)}）" for name in PARTS]
    lines += ["图标 Lucide（ISC）", "", f"日志：{log_file}"]
    return "\n".join(lines)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "随程序"


def _licence(name: str) -> str:
    try:
        found = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return "见程序文件夹"
    text = str(found.get("license_expression") or found.get("license") or "")
    return text.splitlines()[0][:40] if text else "见程序文件夹"
