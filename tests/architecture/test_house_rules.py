"""Rules of the house that no linter knows: exactness of the engine, size and names of modules, a docstring on each."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "app"
MODULES = sorted(APP.rglob("*.py"))
EXACT_ROOMS = [path for path in MODULES if path.relative_to(APP).parts[0] in {"domain", "scoring"}]
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
LONGEST_MODULE = 400


def name_of(path: Path) -> str:
    return path.relative_to(APP).as_posix()


def inexact_things(tree: ast.AST) -> Iterator[str]:
    """Binary floats, roundings, the clock and chance, each as `line: what`."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=float() | complex() as value):
                yield f"{node.lineno}: the literal {value!r}"
            case ast.Call(func=ast.Name(id="float" | "round" as called)):
                yield f"{node.lineno}: {called}()"
            case ast.Call(func=ast.Attribute(attr="now" | "today" | "utcnow" | "time_ns" as called)):
                yield f"{node.lineno}: .{called}()"
            case ast.Attribute(attr="random"):
                yield f"{node.lineno}: .random"


@pytest.mark.parametrize("path", EXACT_ROOMS, ids=name_of)
def test_that_vocabulary_and_engine_know_no_floats_no_rounding_no_clock_and_no_chance(path: Path) -> None:
    assert list(inexact_things(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "line",
    ["a = 0.5", "a = float('1')", "a = round(x)", "a = datetime.now(UTC)", "a = date.today()", "np.random.rand()"],
)
def test_that_each_inexact_thing_is_seen(line: str) -> None:
    assert len(list(inexact_things(ast.parse(line)))) == 1


def test_that_integer_arrays_are_exact() -> None:
    assert list(inexact_things(ast.parse("a = np.int64(3) // 2 * x.sum(dtype=np.int64)"))) == []


def test_that_there_are_modules_to_look_at() -> None:
    assert EXACT_ROOMS


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_that_every_module_says_what_lives_in_it(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_that_no_module_is_too_long_to_be_read_in_one_go(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_that_no_module_has_a_name_without_content() -> None:
    assert [name_of(path) for path in MODULES if EMPTY_WORDS & {path.stem, path.parent.name}] == []
