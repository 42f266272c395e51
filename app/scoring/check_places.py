"""Where the parts of a scheme stand in its document, and which quantities it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.findings import Finding, Severity
from app.domain.schemes import BEFORE, BUILT_IN_QUANTITIES, RANK_OF, Condition, Node, Part, Scheme, is_rank


def placed_parts(scheme: Scheme) -> list[tuple[str, Part]]:
    """Every part with its path in the document, the tree's in order, then the measures."""
    found: list[tuple[str, Part]] = []

    def visit(part: Part, path: str) -> None:
        found.append((path, part))
        if isinstance(part, Node):
            for i, child in enumerate(part.children):
                visit(child, f"{path}.children[{i}]")

    visit(scheme.tree, "$.tree")
    return found + [(f"$.measures[{i}]", measure) for i, measure in enumerate(scheme.measures)]


def paths(scheme: Scheme) -> dict[str, str]:
    """Part id → its path in the document (the first, if the id stands twice)."""
    return {part.id: path for path, part in reversed(placed_parts(scheme))}


def fault(code: str, path: str, message: str, step: str, node: str = "", *, warning: bool = False) -> Finding:
    """A finding of the check."""
    return Finding(code, path, message, step, Severity.WARNING if warning else Severity.ERROR, node)


def has_quantity(scheme: Scheme, quantity: str) -> bool:
    """Whether the scheme has such a quantity."""
    if quantity.startswith(RANK_OF):
        return quantity.removeprefix(RANK_OF) in scheme.ranking.also
    parts = {part.id: part for _, part in placed_parts(scheme)}
    if quantity.startswith(BEFORE):
        part = parts.get(quantity.removeprefix(BEFORE))
        return part is not None and part.normalisation is not None
    return quantity in BUILT_IN_QUANTITIES or quantity in parts


def check_quantity(scheme: Scheme, quantity: str, path: str, node: str = "") -> Iterator[Finding]:
    """A quantity that does not exist."""
    if has_quantity(scheme, quantity):
        return
    if quantity.startswith(RANK_OF):
        step = "请把它加到 ranking.also"
    elif quantity.startswith(BEFORE):
        step = "这一部分没有统一口径，没有“之前的值”"
    else:
        step = "请写部分的代号、measures 的代号或 total"
    yield fault("S-REFERENCE", path, f"没有“{quantity}”这个量", step, node)


def check_conditions(
    scheme: Scheme, conditions: Sequence[Condition], path: str, node: str, *, ranks: bool = True
) -> Iterator[Finding]:
    """Conditions and their alternatives; ``ranks``: whether ranks exist where they stand."""
    for i, condition in enumerate(conditions):
        place = f"{path}[{i}]"
        yield from check_quantity(scheme, condition.quantity, f"{place}.quantity", node)
        if not ranks and is_rank(condition.quantity):
            message = f"这里的条件不能用“{condition.quantity}”，它在计分之后才有"
            yield fault("S-CIRCLE", f"{place}.quantity", message, "请改用部分或 measures 的代号", node)
        yield from check_conditions(scheme, condition.alternatives, f"{place}.alternatives", node, ranks=ranks)
