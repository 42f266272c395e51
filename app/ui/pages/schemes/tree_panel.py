"""The tree with the commands that one wants to see."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

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
        across.addWidget(self._sharing())
        rows.addLayout(across)
        rows.addWidget(tree, 1)

    def _sharing(self) -> QPushButton:
        """One button for the ways of sharing out: on a small screen the two beside each other leave no room."""
        made = QPushButton("分配")
        made.setProperty("role", "menu")
        made.setAutoDefault(False)
        made.setToolTip("把剩下的满分（权重）分给所选的几项")
        menu = QMenu(made)
        menu.setToolTipsVisible(True)
        menu.addActions([self.tree.even, self.tree.proportion])
        made.setMenu(menu)
        return made

    def put_in_parts(self, parts: tuple[Part, ...]) -> None:
        """Parts out of a table, at the current place."""
        self.tree.put_in_parts(parts)
