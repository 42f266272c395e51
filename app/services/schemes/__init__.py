"""Schemes of the year: drafts and published versions, where a new one starts from, what a change would move."""

from app.services.schemes.files import copied_branches, copied_text, is_copied, read_scheme_file
from app.services.schemes.service import SchemeService, SchemeVersion, check_document
from app.services.schemes.starts import Sample
from app.services.schemes.trial import Trial, TrialWay

__all__ = [
    "Sample",
    "SchemeService",
    "SchemeVersion",
    "Trial",
    "TrialWay",
    "check_document",
    "copied_branches",
    "copied_text",
    "is_copied",
    "read_scheme_file",
]
