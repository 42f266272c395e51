"""Narrowing the tree to the parts whose names hold what is typed, and the way to them."""

from __future__ import annotations

from app.ui.item_models.search import Finder
from app.ui.pages.schemes.tree_view import SchemeTree


def narrow(tree: SchemeTree, typed: str) -> bool:
    """Hide the other parts; nothing typed: show all. Whether a part was found."""
    if not typed and not tree.narrowed:
        return False
    tree.narrowed = bool(typed)
    lines = list(tree.contents.lines.values())
    found = Finder([tree.contents.text(line, 0) for line in lines]).mask(typed) if typed else None
    hit = {line.id for line, f in zip(lines, found, strict=True) if f} if found is not None else set[str]()
    for line in lines:
        above = line.parent
        while above is not None and line.id in hit:
            hit.add(above.id)
            above = above.parent
    for line in lines:
        index = tree.contents.index_of(line.id)
        tree.setRowHidden(index.row(), index.parent(), bool(typed) and line.id not in hit)
    return bool(hit)
