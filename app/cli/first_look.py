"""Runs in the built program before everything else, and does something for its selftest only: are all files there?

A part of Python that is missing would end the program before it could name the file. So only what is built into the
interpreter is used here, and nothing of ours (build.spec makes this a runtime hook).
"""

import os
import sys

_CODE, _STEP = "E-SYS-01", "请重新复制完整的程序文件夹；再次出现时，请信息人员查看杀毒软件的隔离区，把本程序列为信任"


def missing_files(folder: str) -> list[str]:
    """The files that SHA256SUMS names and that are not there; the list itself, when it cannot be read."""
    try:
        with open(os.path.join(folder, "SHA256SUMS"), encoding="utf-8") as sums:  # noqa: PTH118, PTH123 - no pathlib yet
            names = [line.rstrip("\n").partition("  ")[2] for line in sums]
    except (OSError, ValueError):
        return ["SHA256SUMS"]
    return [name for name in names if not os.path.exists(os.path.join(folder, name))]  # noqa: PTH110, PTH118


def report(names: list[str], as_json: bool) -> None:
    """As the selftest says it: for people on stderr, a document on stdout. A windowed program has neither."""
    findings = ",\n".join(
        f'  {{"code": "{_CODE}", "place": "{name}", "message": "文件缺失", "step": "{_STEP}"}}' for name in names
    )
    document = f'{{\n "file": "自检",\n "findings": [\n{findings}\n ]\n}}'
    summary = f"自检：{len(names)} 个程序文件缺失，没有继续检查"
    people = "".join(f"错误 [{_CODE}] {name}：文件缺失。{_STEP}\n" for name in names)
    for descriptor, text in ((2, people), (1, f"{document if as_json else summary}\n")):
        try:
            os.write(descriptor, text.encode("utf-8", "replace"))
        except OSError:
            continue


if getattr(sys, "frozen", False) and sys.argv[1:2] == ["selftest"]:
    _missing = missing_files(os.path.dirname(sys.executable))  # noqa: PTH120
    if _missing:
        report(_missing, "--json" in sys.argv)
        os._exit(1)
