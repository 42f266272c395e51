"""How exact values, words and relations stand in a column: always as text that a person can read."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, UserDefinedType

from app.domain.facts import Link, UnitRelation
from app.domain.quantities import MarkState

_STATES = {state.value: state for state in MarkState}


def json_text(value: object) -> str:
    """Compact JSON with Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Exact(TypeDecorator[Fraction]):
    """A fraction in lowest terms: ``95/2``, ``-3``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value)


class ExactOrState(TypeDecorator[Fraction | MarkState]):
    """A fraction, or the name of the reason why there is none: ``95/2``, ``abstained``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Fraction | MarkState | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Fraction | MarkState | None:
        if value is None:
            return None
        return _STATES[value] if value in _STATES else Fraction(value)


class Flag(TypeDecorator[bool]):
    """Yes or no as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


@lru_cache(maxsize=1024)  # most rows say the same: no words at all
def _words(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


class Words(TypeDecorator[tuple[str, ...]]):
    """A JSON list of texts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else _words(value)


class Relations(TypeDecorator[tuple[UnitRelation, ...]]):
    """A JSON list of pairs: code of the unit, relation to it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[UnitRelation, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json_text([[r.unit, r.relation] for r in value])

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[UnitRelation, ...] | None:
        return None if value is None else tuple(UnitRelation(unit=u, relation=r) for u, r in json.loads(value))


class Links(TypeDecorator[tuple[Link, ...]]):
    """A JSON list of pairs: code of the unit, name of the tie."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Link, ...] | None, dialect: Dialect) -> str | None:
        return None if value is None else json_text([[k.unit, k.name] for k in value])

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[Link, ...] | None:
        return None if value is None else tuple(Link(unit=u, name=n) for u, n in json.loads(value))


class JsonObject(TypeDecorator[dict[str, Any]]):
    """A JSON object; the order of its names is kept."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else json_text(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else cast("dict[str, Any]", json.loads(value))


class Exacts(TypeDecorator[dict[str, Fraction]]):
    """A JSON object of fractions: ``{"duty":"95/2"}``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Fraction] | None, dialect: Dialect) -> str | None:
        return None if value is None else json_text({name: str(exact) for name, exact in value.items()})

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dict[str, Fraction] | None:
        return None if value is None else {name: Fraction(exact) for name, exact in json.loads(value).items()}


class Anything(UserDefinedType[Any]):
    """A value as it is: text, number, bytes or nothing."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "ANY"
