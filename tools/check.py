"""Runs every check of `./test` one after the other, all of them even when one fails; pytest comes last.

Arguments are passed to pytest: `./test tests/scoring -k ties` checks the whole house but runs only these tests.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXE = ".exe" if os.name == "nt" else ""
TESTS_FOR_EVERY_CHANGE = ("tests", "--ignore=tests/bench")


def check(arguments: list[str]) -> list[str]:
    """Run all checks in the checkout. Returns the names of those that failed."""
    scripts = Path(sys.executable).parent
    chosen = arguments or list(TESTS_FOR_EVERY_CHANGE)
    checks: dict[str, list[str | Path]] = {
        "style": [scripts / f"ruff{EXE}", "check", "."],
        "format": [scripts / f"ruff{EXE}", "format", "--check", "."],
        "imports": [scripts / f"lint-imports{EXE}", "--no-cache"],
        "types": [scripts / f"pyright{EXE}"],
        "tests": [sys.executable, "-m", "pytest", "-n", "auto", "--maxprocesses=4", "--dist=loadfile", *chosen],
    }
    return [name for name, command in checks.items() if not _passes(name, command)]


def _passes(name: str, command: list[str | Path]) -> bool:
    print(f"── {name}", flush=True)
    status = subprocess.run(command, cwd=ROOT, check=False).returncode
    if status:
        print(f"── {name}: FAILED ({status})", flush=True)
    return status == 0


def main() -> int:
    """Check everything. 0 when all is well, else 1."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    failed = check(sys.argv[1:])
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
