"""The tree with the commands that one wants to see."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.schemes import Part
from app.ui.pages.schemes.draft import Draft
from app.ui.pages.schemes.tree_view import SchemeTree


class TreePanel(QWidget):
    """Above the tree: insert, move, delete, spread."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        self.tree = SchemeTree(draft)
        tree = self.tree
        across = QHBoxLayout()
        across.setSpacing(6)
        for command in (tree.add_item, tree.add_node, tree.double, tree.delete):
            across.addWidget(command.button("quiet"))
        across.addStretch(1)
        for command in (tree.even, tree.proportion):
            across.addWidget(command.button("quiet"))
        rows.addLayout(across)
        rows.addWidget(tree, 1)

    def put_in_parts(self, parts: tuple[Part, ...]) -> None:
        """Parts out of a table, at the current place."""
        self.tree.put_in_parts(parts)
