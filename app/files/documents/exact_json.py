"""JSON text to plain values without losing a digit: decimals stay decimals, doubled keys are a fault."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from app.domain.findings import Finding


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
