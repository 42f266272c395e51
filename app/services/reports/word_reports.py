"""A Word file's paragraphs proposed to the sections of a form. Reading and proposing only: the user decides."""

from pathlib import Path
from app.domain.schemes import Scheme
from app.services.reports.values import DocxProposal


def propose(path: Path, scheme: Scheme) -> DocxProposal:
    raise NotImplementedError
