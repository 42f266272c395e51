"""Schemes of the year: drafts and published versions, where a new one starts from, what a change would move."""

from app.services.schemes.files import read_scheme_file
from app.services.schemes.old_edits import PartEdit, edited_scheme, part_of
from app.services.schemes.service import SchemeService, SchemeVersion
from app.services.schemes.starts import Sample

__all__ = [
    "PartEdit",
    "Sample",
    "SchemeService",
    "SchemeVersion",
    "edited_scheme",
    "part_of",
    "read_scheme_file",
]
