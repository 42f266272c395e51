"""The window of the journeys is the one of the window's tests."""

from tests.ui.conftest import closed_shell, notices

__all__ = ["closed_shell", "notices"]
