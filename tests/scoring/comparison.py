"""The results of the program's engine in the plain shape of the second calculator, and where the two differ."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.domain.quantities import Quantity, State
from app.domain.results import Results
from tests.scoring.naive.arithmetic import NA, NONE


def plain(quantity: Quantity) -> Any:
    if quantity.state is State.VALUE:
        assert isinstance(quantity.value, Fraction)
        return quantity.value
    assert quantity.value is None
    assert quantity.reason, "a quantity without a value says why"
    return NA if quantity.state is State.NOT_APPLICABLE else NONE


def plain_results(results: Results) -> dict[str, Any]:
    return {
        s.scheme: {
            "units": {
                code: {
                    "total": plain(u.total),
                    "shown": u.shown_total,
                    "parts": {name: plain(q) for name, q in u.parts.items()},
                    "rank": u.rank,
                    "shared": u.shared,
                    "grades": {
                        g.scope: {"by_quota": g.by_quota, "final": g.final, "manual": g.manual, "pending": g.pending}
                        for g in u.grades
                    },
                }
                for code, u in s.units.items()
            },
            "fields": {
                min(x.order): {
                    "order": list(x.order),
                    "quotas": [
                        {
                            "grade": q.grade,
                            "kind": q.kind,
                            "places": q.places,
                            "base": q.base,
                            "taken": q.taken,
                            "tied": sorted(q.tied),
                            "vacant": q.vacant,
                            "last": q.line_total,
                        }
                        for q in x.quotas
                    ],
                }
                for x in s.series
                if x.order
            },
        }
        for s in results.schemes
    }


def differences(naive: Any, engine: Any, path: str = "") -> list[str]:
    """Every difference as ``path: naive's value, engine's value``. Scopes only the second calculator names must be
    as the unit started; ``zero_items`` and ``rank_from_last`` are not among the parts
    of the engine. Fields are known by their smallest code."""
    if isinstance(naive, dict):
        found: list[str] = []
        for key in sorted(set(naive) | set(engine)):
            if key in ("zero_items", "rank_from_last"):
                continue
            if key in ("leading_group", "person") and key not in engine:
                if naive[key]["by_quota"] != naive[key]["final"]:
                    found.append(f"{path}/{key}: {naive[key]}, not told by the engine")
                continue
            if key not in naive or key not in engine:
                found.append(f"{path}/{key}: only one of the two has it")
                continue
            found += differences(naive[key], engine[key], f"{path}/{key}")
        return found
    return [] if naive == engine else [f"{path}: naive {naive}, engine {engine}"]
