"""Which scheme comes before which: those whose results another one uses come first."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.schemes import ResultsSource, Scheme, items_of


def lower_schemes(scheme: Scheme) -> tuple[str, ...]:
    """Ids of the schemes whose results this one uses."""
    sources = [i.source for i in items_of(scheme) if isinstance(i.source, ResultsSource)]
    found = [s.scheme for s in sources if not s.years_ago]  # earlier years are told, not computed
    return tuple(dict.fromkeys(found))


def bottom_up(schemes: Sequence[Scheme]) -> list[Scheme]:
    """Schemes after those they use; a circle is broken where it closes (the check names it)."""
    known = {s.id: s for s in schemes}
    ordered: dict[str, Scheme] = {}
    open_ids: set[str] = set()

    def visit(scheme: Scheme) -> None:
        if scheme.id in ordered or scheme.id in open_ids:
            return
        open_ids.add(scheme.id)
        for below in lower_schemes(scheme):
            if below in known:
                visit(known[below])
        ordered[scheme.id] = scheme

    for scheme in schemes:
        visit(scheme)
    return list(ordered.values())
