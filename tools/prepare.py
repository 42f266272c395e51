"""Makes this checkout ready: `.venv` with the locked packages, and on Debian, as root, the system parts that Qt and the tests need.

Standard library only, because it runs before anything is installed. A second call finds the stamp and does nothing.

    python3 tools/prepare.py run     to use the program
    python3 tools/prepare.py test    to check it
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "prepared.txt"
LOCKS = {"run": ROOT / "requirements" / "run.lock", "test": ROOT / "requirements" / "dev.lock"}
OLDEST, FIRST_TOO_NEW = (3, 11), (3, 14)


class NotPrepared(Exception):
    """The program cannot be made ready; the text is for the user."""


@dataclass(frozen=True)
class SystemPart:
    """Something that pip cannot install: what it is for, how to see that it is there, and Debian's packages for it."""

    name: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]


def _runs(code: str, **environment: str) -> bool:
    """Whether a line of Python runs in `.venv`; Qt without its libraries ends in an ImportError or an abort."""
    result = subprocess.run(
        [PYTHON, "-c", code], env=os.environ | environment, capture_output=True, check=False, timeout=120
    )
    return result.returncode == 0


def _has_qt() -> bool:
    return _runs("import PySide6.QtWidgets, PySide6.QtSvg, PySide6.QtPrintSupport")


def _has_window_plugin() -> bool:
    return _runs(
        "import ctypes, pathlib, PySide6.QtGui as g;"
        "ctypes.CDLL(str(pathlib.Path(g.__file__).parent / 'Qt/plugins/platforms/libqxcb.so'))"
    )


def _has_chinese_font() -> bool:
    return _runs(
        "from PySide6.QtGui import QFontDatabase as f, QGuiApplication; app = QGuiApplication([]);"
        "raise SystemExit(not f.families(f.WritingSystem.SimplifiedChinese))",
        QT_QPA_PLATFORM="offscreen",
    )


QT_PACKAGES = ("libegl1", "libgl1", "libglib2.0-0", "libdbus-1-3", "libfontconfig1", "libxkbcommon0")
WINDOW_PACKAGES = ("libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0")
FOR_RUN = (
    SystemPart("Qt 运行库", _has_qt, QT_PACKAGES),
    SystemPart("Qt 窗口组件（X11）", _has_window_plugin, WINDOW_PACKAGES),
    SystemPart("中文字体", _has_chinese_font, ("fonts-noto-cjk",)),
)
FOR_TEST = (
    SystemPart("虚拟显示 Xvfb", lambda: shutil.which("xvfb-run") is not None, ("xvfb", "xauth")),
    SystemPart("LibreOffice Calc", lambda: shutil.which("soffice") is not None, ("libreoffice-calc",)),
)
PARTS = {"run": FOR_RUN, "test": FOR_RUN + FOR_TEST}


def prepare(purpose: str) -> None:
    """Make the checkout ready for `run` or `test`. Raises NotPrepared with a text for the user."""
    if not OLDEST <= sys.version_info[:2] < FIRST_TOO_NEW:
        raise NotPrepared(f"需要 Python 3.11、3.12 或 3.13，现在是 {sys.version.split()[0]}（{sys.executable}）。")
    wanted = _marks(purpose)
    stamped = _stamped()
    if wanted[0] in stamped and PYTHON.exists():
        return
    _make_venv()
    if not {mark for mark in wanted if mark.startswith("packages")} <= stamped:
        _install_packages(purpose)
    complete = _install_system_parts(PARTS[purpose]) if sys.platform == "linux" else True
    reached = {mark for mark in wanted if complete or mark.startswith("packages")}
    STAMP.write_text("\n".join(sorted(_stamped() | reached)) + "\n", encoding="utf-8")


def _marks(purpose: str) -> list[str]:
    """What the stamp holds once `purpose` is ready, whole set-up first. The test set-up contains that for running."""
    purposes = ["test", "run"] if purpose == "test" else ["run"]
    prints = {name: hashlib.sha256(LOCKS[name].read_bytes()).hexdigest()[:16] for name in purposes}
    return [f"{part} {name} {prints[name]}" for part in ("everything", "packages") for name in purposes]


def _stamped() -> set[str]:
    return set(STAMP.read_text(encoding="utf-8").splitlines()) if STAMP.exists() else set()


def _make_venv() -> None:
    """Make `.venv`, or make it anew when its Python is gone. Without pip inside: Debian's Python has no ensurepip."""
    if PYTHON.exists() and _runs("import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))"):
        return
    _say("建立 Python 环境 .venv …")
    venv.EnvBuilder(clear=True, with_pip=False, symlinks=os.name != "nt").create(VENV)


def _install_packages(purpose: str) -> None:
    STAMP.unlink(missing_ok=True)
    install_locked(PYTHON, LOCKS[purpose])


def install_locked(python: Path, lock: Path) -> None:
    """Install exactly what a lock file lists into the environment of `python`. Raises NotPrepared."""
    _say("安装依赖包（第一次需要联网，约一两分钟）…")
    options = ["--require-hashes", "--only-binary=:all:", "--no-input", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        raise NotPrepared("这台电脑的 Python 没有 pip。Debian 上请先执行：apt-get install python3-pip")
    install = ["install", *options, "-r", str(lock)]
    done = subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=False)
    if done.returncode:
        raise NotPrepared("依赖包没有装好，原因见上。请检查网络或软件源后重新执行；不会留下装了一半的状态。")


def _install_system_parts(parts: tuple[SystemPart, ...]) -> bool:
    """Install what is missing when we may, else name it. Returns whether nothing is missing any more."""
    missing = [part for part in parts if not part.is_there()]
    if not missing:
        return True
    packages = [package for part in missing for package in part.packages]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        _say(f"安装系统组件：{'、'.join(part.name for part in missing)} …")
        _apt_install(packages)
        missing = [part for part in missing if not part.is_there()]
    for part in missing:
        _say(f"缺少系统组件：{part.name}。Debian 上请由管理员执行：apt-get install {' '.join(part.packages)}")
    return not missing


def _apt_install(packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            _say(f"{done.stderr.strip()}\napt-get {command[0]} 没有成功，原因见上。")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Prepare for the purpose named on the command line."""
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        _say("用法：prepare.py run|test")
        return 2
    try:
        prepare(sys.argv[1])
    except NotPrepared as problem:
        _say(f"没有准备好：{problem}")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
