"""JSON text to plain values without losing a digit: decimals stay decimals, doubled keys are a fault."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, cast

from app.domain.findings import Finding

_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class _Doubled(ValueError):
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise _Doubled(key)
        seen[key] = value
    return seen


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


def parse(text: str, place: str) -> tuple[Any, tuple[Finding, ...]]:
    """The value, or None and one finding with line and column."""
    try:
        value = json.loads(
            text.removeprefix("\ufeff"), parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_pairs
        )
        if _HALF.search(text) and not _is_whole(value):
            return None, (Finding("D-TEXT", place, "文字里有半个字符", "请重新生成文件"),)
    except json.JSONDecodeError as error:
        where = f"{place} 第 {error.lineno} 行第 {error.colno} 列"
        return None, (Finding("D-JSON", where, "不是完整的 JSON 文本", "请检查此处的括号、引号和逗号"),)
    except _Doubled as error:
        return None, (Finding("D-DOUBLE", place, f"字段“{error}”写了两次", "请删去其中一个"),)
    except (ValueError, ArithmeticError) as error:
        return None, (Finding("D-NUMBER", place, f"“{error}”不是数字", "请写成十进制数"),)
    except RecursionError:
        return None, (Finding("D-DEEP", place, "层次过深", "请检查文件内容"),)
    return value, ()


def _is_whole(value: Any) -> bool:
    """Whether every text can be written anywhere: JSON can name half a character, which no file can hold."""
    if isinstance(value, dict):
        content = cast(dict[str, Any], value)
        return all(_is_whole(part) for part in (*content, *content.values()))
    if isinstance(value, list):
        return all(_is_whole(part) for part in cast(list[Any], value))
    return not isinstance(value, str) or not any("\ud800" <= c <= "\udfff" for c in value)
