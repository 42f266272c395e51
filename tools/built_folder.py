"""The last steps on the folder that PyInstaller made: debug symbols off, licences and list of parts, SHA256SUMS.

Called by build.spec, so that every system's build does the same. Standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from tools.icu_data import shrink

ROOT = Path(__file__).resolve().parent.parent
SUMS, LIST, TEXTS = "SHA256SUMS", "许可与部件.txt", "许可"
LICENCE_NAMES = ("licen", "copying", "notice", "authors")
# Their wheels name the licence without its text; the texts are in resources/licences.
QT_PARTS = {"pyside6_essentials", "pyside6-essentials", "shiboken6"}
HEADING = """三联考评　许可与部件

本程序由下列部件组成，许可全文在“许可”文件夹。
Qt、PySide6 和 shiboken6 按 LGPL 3.0 使用：它们是文件夹中单独的文件，可以用同一版本系列的自编译文件替换。源代码见
https://download.qt.io/official_releases/ 和 https://code.qt.io/pyside/pyside-setup 。
Qt 自带的部件（ICU、libpng 等）及其许可见 https://doc.qt.io/qt-6/licenses-used-in-qt.html 。Linux 上 ICU 的数据（版权归 Unicode，
http://www.unicode.org/copyright.html ）只保留通用、中文和英文部分。
"""


def finish(folder: Path, collected: Sequence[tuple[str, str]]) -> None:
    """Complete the built folder. collected: name in the program and source path of every module and library."""
    if sys.platform == "linux":
        _strip(folder)
        for library in folder.rglob("libicudata.so.*"):  # of 32 MB words and rules of all languages Qt asks for 5
            shrink(library)
    sources = {Path(source).resolve() for _, source in collected if source}
    parts = sorted(_distributions(sources) | {"pyinstaller"})  # its start program is part of ours
    lines = [_part(name, folder / TEXTS) for name in parts]
    lines += ["Lucide 图标（ISC）　许可：Lucide.txt", _python(folder / TEXTS)]
    shutil.copy(ROOT / "resources" / "icons" / "LICENSE.txt", folder / TEXTS / "Lucide.txt")
    for text in (ROOT / "resources" / "licences").glob("*.txt"):
        shutil.copy(text, folder / TEXTS / text.name)
    if libraries := _system_libraries(sources, folder / TEXTS):
        lines += ["", "取自编译所用系统的库：", *libraries]
    (folder / LIST).write_text("\n".join([HEADING, *lines]) + "\n", encoding="utf-8")
    write_sums(folder)


def write_sums(folder: Path) -> None:
    """SHA256SUMS of every other file of the folder, readable by ``sha256sum -c``."""
    files = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    lines = [f"{_sum(folder / name)}  {name}\n" for name in files if name != SUMS]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _strip(folder: Path) -> None:
    """Debug symbols are a tenth of the folder. Numpy's own libraries were patched after linking: left alone."""
    files = [p for p in folder.rglob("*.so*") if p.is_file() and "numpy.libs" not in p.parts]
    subprocess.run(["strip", "--strip-unneeded", *files], check=True)


def _distributions(sources: set[Path]) -> set[str]:
    """Names of the installed packages that at least one collected file comes from."""
    found: set[str] = set()
    for one in metadata.distributions():
        if any(Path(str(one.locate_file(file))).resolve() in sources for file in one.files or ()):
            found.add(one.name)
    return found


def _part(name: str, texts: Path) -> str:
    """A line for one package; its licence texts are copied."""
    one = metadata.distribution(name)
    about = one.metadata.json
    licence = str(about.get("license_expression") or about.get("license") or "").splitlines()
    if not licence or len(licence[0]) > 80:
        licence = [c.split(" :: ")[-1] for c in about.get("classifier", ()) if str(c).startswith("License")] or [
            "见全文"
        ]
    copied: list[str] = []
    for file in one.files or ():
        if file.name.lower().startswith(LICENCE_NAMES) and file.suffix != ".py" and "dist-info" in str(file):
            target = (
                texts / one.name / "-".join(file.parts[file.parts[0].endswith("dist-info") :]).removeprefix("licenses-")
            )
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(one.locate_file(file)), target)
            copied.append(f"{one.name}/{target.name}")
    if one.name.lower() in QT_PARTS:
        copied = ["LGPL-3.0.txt", "GPL-3.0.txt"]
    return f"{one.name} {one.version}（{licence[0]}）　许可：{'、'.join(copied) or '由作者声明，包内没有全文'}"


def _python(texts: Path) -> str:
    """The line for Python itself."""
    homes = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path("/usr/share/doc/python3.11"))
    found = next((p for home in homes for p in (home / "LICENSE.txt", home / "copyright") if p.is_file()), None)
    version = sys.version.split()[0]
    if found is None:
        return f"Python {version}（PSF-2.0）　许可：https://docs.python.org/3/license.html"
    shutil.copy(found, texts / "Python.txt")
    return f"Python {version}（PSF-2.0）　许可：Python.txt"


def _system_libraries(sources: set[Path], texts: Path) -> list[str]:
    """Debian's packages of the libraries that were copied from the system, with their copyright files."""
    dpkg = shutil.which("dpkg-query")
    files = (
        sorted(str(p) for p in sources if p.is_relative_to("/usr/lib") and ".so" in p.name) if os.name != "nt" else []
    )
    if dpkg is None or not files:
        return []
    files += [file.removeprefix("/usr") for file in files]  # packages older than the merge of both name the short path
    owners = subprocess.run([dpkg, "-S", *files], capture_output=True, text=True, check=False).stdout
    packages = sorted({line.split(":")[0] for line in owners.splitlines()})
    for package in packages:
        text = Path("/usr/share/doc") / package / "copyright"
        if text.is_file():
            (texts / "系统库").mkdir(parents=True, exist_ok=True)
            shutil.copy(text, texts / "系统库" / f"{package}.txt")
    form = "${Package} ${Version}　许可：系统库/${Package}.txt\\n"
    listed = subprocess.run([dpkg, "-W", "-f", form, *packages], capture_output=True, text=True, check=True)
    return sorted(set(listed.stdout.splitlines()))
