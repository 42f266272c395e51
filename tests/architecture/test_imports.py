"""The import contract of pyproject.toml holds, looks at every module, and bites."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    *("cli", "ui", "ui.pages", "ui.pages.results", "ui.pages.units", "services", "storage"),
    *("files", "files.documents", "files.excel", "scoring", "models", "domain"),
)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    script = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    return subprocess.run(
        [sys.executable, "-c", script, "--no-cache"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8", "COLUMNS": "200", "SYSTEMROOT": "C:\\Windows"},
    )


def test_that_the_rooms_import_downwards_only_and_every_module_was_looked_at() -> None:
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    analysed = re.search(r"Analyzed (\d+) files", outcome.stdout)
    assert analysed is not None, outcome.stdout
    assert int(analysed.group(1)) >= len(list((ROOT / "app").rglob("*.py")))


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A house with every room and nothing in it, under the real contract."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in ("", *ROOMS):
        folder = tmp_path.joinpath("app", *room.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    (tmp_path / "app" / "bootstrap.py").touch()
    return tmp_path


def test_that_an_empty_house_keeps_the_contract(small_house: Path) -> None:
    outcome = lint_imports(small_house)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("scoring/a.py", "import app.models", "Rows stay in storage"),
        ("scoring/a.py", "import time", "The engine and the vocabulary are pure"),
        ("services/a.py", "def late() -> None:\n    import PySide6", "No Qt below the ui floor"),
        ("ui/a.py", "import app.storage", "The ui and the command line speak"),
        ("ui/a.py", "import app.scoring", "The ui and the command line speak"),
        ("services/a.py", "import sqlalchemy", "SQL belongs to models and storage"),
        ("services/a.py", "import openpyxl", "File formats belong to files"),
        ("domain/a.py", "import app.services", "Floors"),
        ("domain/a.py", "import numpy", "The vocabulary needs the standard library only"),
        ("storage/a.py", "import app.files", "Floors"),
        ("utils/__init__.py", "", "Floors"),
        ("files/documents/a.py", "import app.files.excel", "Format rooms"),
        ("ui/pages/units/a.py", "import app.ui.pages.results", "Pages do not import each other"),
        ("services/a.py", "import app.services.b", "No cycles"),
    ],
)
def test_that_the_contract_reports_a_broken_rule(small_house: Path, module: str, line: str, broken: str) -> None:
    path = small_house / "app" / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(line, encoding="utf-8")
    (small_house / "app" / "services" / "b.py").write_text("import app.services.a" if "services.b" in line else "")
    outcome = lint_imports(small_house)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert re.search(rf"^{re.escape(broken)}.* BROKEN$", outcome.stdout, re.MULTILINE), outcome.stdout
