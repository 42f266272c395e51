"""方案: the whole scheme as a readable tree, the properties of a node, the findings of the check."""

from app.ui.pages.schemes.page import SchemesPage

__all__ = ["SchemesPage"]
