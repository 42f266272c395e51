"""The manual names every named error; the glossary names what is really in the vocabulary, and each thing once."""

import dataclasses
import enum
import importlib
import inspect
import pkgutil
import re
import typing
from collections import Counter
from pathlib import Path

import pytest

import app.domain
from app.domain.errors import Fault

DOCS = Path(__file__).parents[2] / "docs"


def table_rows(path: Path) -> list[list[str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def vocabulary() -> set[str]:
    """Every class, field, enum member and literal word of app/domain, and its type names."""
    found: set[str] = set()
    for module_info in pkgutil.iter_modules(app.domain.__path__):
        module = importlib.import_module(f"app.domain.{module_info.name}")
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__:
                found.add(name)
                if issubclass(value, enum.Enum):
                    found |= set(value.__members__)
                if dataclasses.is_dataclass(value):
                    hints = typing.get_type_hints(value, vars(module))
                    found |= set(hints) | {word for hint in hints.values() for word in literal_words(hint)}
                    found |= {n for n, v in vars(value).items() if isinstance(v, property)}
            elif typing.get_origin(value) is not None or name[0].isupper():
                found |= {name, *literal_words(value)}
    return found


def literal_words(hint: object) -> set[str]:
    if typing.get_origin(hint) is typing.Literal:
        return {str(word) for word in typing.get_args(hint)}
    return {word for part in typing.get_args(hint) for word in literal_words(part)}


@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.value.code)
def test_that_the_manual_has_an_entry_for_each_named_error(fault: Fault) -> None:
    entries = {row[0]: row[1:] for row in table_rows(DOCS / "manual" / "errors.md")}
    assert entries.get(fault.value.code) == [fault.value.title, fault.value.cause, fault.value.step]


def test_that_the_manual_has_no_entry_for_an_error_that_does_not_exist() -> None:
    codes = {row[0] for row in table_rows(DOCS / "manual" / "errors.md") if row[0].startswith("E-")}
    assert codes == {fault.value.code for fault in Fault}


@pytest.mark.parametrize("title", ["工作台", "方案", "单位与评议人", "评分", "结果", "图表", "记录"])
def test_that_the_manual_has_a_part_about_each_page(title: str) -> None:
    text = (DOCS / "manual" / "first-year.md").read_text(encoding="utf-8")
    headings = [line for line in text.splitlines() if line.startswith("#")]
    first = next((line for line in headings if title in line), "")
    assert re.match(rf"## \d+\. {title}", first), "F1 goes to the first heading that names the page"


def test_that_every_code_name_of_the_glossary_is_a_name_of_the_domain() -> None:
    cells = [row[2] for row in table_rows(DOCS / "glossary.md") if len(row) == 4]
    named = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    assert len(named) > 80
    assert named - vocabulary() == set()


def test_that_no_chinese_term_stands_twice_in_the_glossary() -> None:
    terms = Counter(row[0] for row in table_rows(DOCS / "glossary.md") if len(row) == 4 and row[0] != "中文")
    assert [term for term, times in terms.items() if times > 1] == []
