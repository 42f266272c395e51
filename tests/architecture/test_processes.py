"""The program starts no further processes of itself: the built one is not prepared for it (build.spec)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
STARTS_PROCESSES = ("multiprocessing", "concurrent.futures.process", "ProcessPoolExecutor")


@pytest.mark.parametrize("module", sorted(APP.rglob("*.py")), ids=lambda p: p.relative_to(APP).as_posix())
def test_that_no_module_starts_processes(module: Path) -> None:
    found: list[str] = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module or "", *(name.name for name in node.names)]
    assert [name for name in found if name.startswith(STARTS_PROCESSES)] == []
