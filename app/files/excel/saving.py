"""Moved to app/files/saving; goes when nobody asks here any more."""

from app.files.saving.whole import file_error, write_whole

__all__ = ["file_error", "write_whole"]
