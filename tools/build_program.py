"""What `./build` does: the program as a folder and as an archive, in an environment of its own, and tried out.

    ./build                 build, try out, say the sizes
    ./build --only          build and pack, without trying out
    ./build --environment   only prepare the environment of the build

Standard library only. The folder is dist/三联考评; everything that is only needed on the way is in .build/.
"""

import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools.prepare import NotPrepared, install_locked

ROOT = Path(__file__).resolve().parent.parent
NAME = "三联考评"
WORK, DIST = ROOT / ".build", ROOT / "dist"
ENVIRONMENT, LOCK, STAMP = WORK / "env", ROOT / "requirements" / "build.lock", WORK / "installed.txt"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PROGRAM = DIST / NAME / (f"{NAME}.exe" if os.name == "nt" else NAME)
UNPACKED, ZIPPED = 200, 80  # megabytes at most
# Exit code 1: done, with remarks on the data; the practice year has some. The checks must not have any.
CHECKS, DONE, DONE_WITH_REMARKS, REFUSED = ("selftest", "check"), 0, 1, 3
PASSPHRASE = "试用口令 12345678"


class Failed(Exception):
    """The build, or the built program, is not as it must be; the text says what."""


def main() -> int:
    """Build; unless told otherwise, try the built program out."""
    try:
        make_environment()
        if "--environment" in sys.argv[1:]:
            return 0
        build()
        if "--only" not in sys.argv[1:]:
            try_out()
        _say(_sizes(pack()))
    except (Failed, NotPrepared) as problem:
        _say(f"没有完成：{problem}")
        return 3
    return 0


def build() -> None:
    """dist/三联考评, made anew. Raises Failed."""
    _say("打包，约需一两分钟 …")
    command = [PYTHON, "-m", "PyInstaller", ROOT / "build.spec", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", DIST, "--workpath", WORK / "work"]
    if subprocess.run([*command, *places], cwd=ROOT, check=False).returncode:
        raise Failed("打包出错，原因见上。")


def make_environment() -> None:
    """.build/env with exactly the packages of build.lock; made anew when that has changed. Raises NotPrepared."""
    mark = f"{sys.version}\n{hashlib.sha256(LOCK.read_bytes()).hexdigest()}\n"
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="utf-8") == mark:
        return
    WORK.mkdir(exist_ok=True)
    STAMP.unlink(missing_ok=True)
    venv.EnvBuilder(clear=True, with_pip=False, symlinks=os.name != "nt").create(ENVIRONMENT)
    install_locked(PYTHON, LOCK)
    STAMP.write_text(mark, encoding="utf-8")


def try_out() -> None:
    """The built program's own check, and the practice year without a window. Raises Failed at the first fault."""
    with tempfile.TemporaryDirectory(prefix="试用 a#b ") as name:
        folder = Path(name)
        _run(folder, "selftest")
        _run(folder, "practice", folder / "演练")
        year = next((folder / "演练").glob("*.slk"))
        _run(folder, "sheets", year, "--out", folder / "发出")
        _run(folder, "import", year, folder / "演练" / "收回的评分表")
        _run(folder, "compute", year)
        _run(folder, "export", year, "--out", folder / "结果.xlsx")
        _exchange(folder, year)
        _run(folder, "check", year)


def _exchange(office: Path, year: Path) -> None:
    """A task to another computer and back, with a fault on each way. Raises Failed at the first surprise."""
    there, stick = office / "单位的电脑", office / "U盘"
    there.mkdir()
    _run(office, "tasks", year, "--out", stick, "--unit", "D01")
    task, file = next(stick.iterdir()), there / "单位.slk"
    cut = stick / "没复制完.slp"
    cut.write_bytes(task.read_bytes()[:-100])
    _run(there, "open-task", cut, file, expected=(REFUSED,))
    _run(there, "open-task", task, file)
    said = _run(there, "submit", file, "--out", stick / "回传.slp", "--passphrase", PASSPHRASE, "--json")
    taking = ("receive", year, stick / "回传.slp", "--passphrase", PASSPHRASE)
    _run(office, *taking, expected=(DONE_WITH_REMARKS,))  # nobody knows the sender yet
    _run(office, *taking, "--confirm", json.loads(said)["key_code"])
    _run(office, "explain", year, "D01")


def _run(own: Path, *words: str | Path, expected: tuple[int, ...] = ()) -> str:
    """One verb of the program as on a computer of its own; what it said on stdout. Raises Failed."""
    _say(f"试用：{words[0]} …")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {"SLK_HOME": str(own / "own")}
    command = [PROGRAM, *words]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode not in (expected or ((DONE,) if words[0] in CHECKS else (DONE, DONE_WITH_REMARKS))):
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise Failed(f"{words[0]} 的退出码是 {done.returncode}。\n{said}")
    return done.stdout.decode()


def pack() -> Path:
    """The folder as an archive beside it, and that archive's SHA-256 in a file."""
    sys.path.insert(0, str(ROOT))
    from app import __version__

    system = f"{'windows' if os.name == 'nt' else sys.platform}-{platform.machine().lower()}"
    archive = DIST / f"{NAME}-{__version__}-{system}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for path in sorted((DIST / NAME).rglob("*")):
            target.write(path, path.relative_to(DIST))
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest}  {archive.name}\n", encoding="utf-8")
    return archive


def _sizes(archive: Path) -> str:
    """The sizes in words. Raises Failed when one is over what was promised."""
    files = [p for p in (DIST / NAME).rglob("*") if p.is_file()]
    unpacked, zipped = sum(p.stat().st_size for p in files) / 1e6, archive.stat().st_size / 1e6
    said = f"{DIST / NAME}：{len(files)} 个文件，{unpacked:.0f} MB（至多 {UNPACKED}）；{archive.name}：{zipped:.0f} MB（至多 {ZIPPED}）"
    if unpacked > UNPACKED or zipped > ZIPPED:
        raise Failed(f"太大。{said}")
    return said


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
