"""Self-reports as text: the canonical JSON that the year file and packages keep, and its fingerprint."""

from __future__ import annotations

import json
from typing import cast

from app.domain.reports import Report
from app.files.documents.fitting import reader_of
from app.files.documents.numbers import written


def write_report(report: Report) -> str:
    """The canonical text of a report: the same content is the same text, whatever the order sections, answers and
    evidence were put in; what is empty is left out. Two reports are the same when their texts are."""
    sections = {s.section: s.text for s in report.sections if s.text}
    answers = [
        {
            "item": a.item,
            **({} if a.score is None else {"score": written(a.score)}),
            **({"text": a.text} if a.text else {}),
        }
        for a in sorted(report.answers, key=lambda a: a.item)
        if a.score is not None or a.text
    ]
    evidence = [
        {"digest": e.digest, "item": e.item, "kind": e.kind, "name": e.name, "note": e.note, "size": e.size}
        for e in sorted(report.evidence, key=lambda e: (e.item, e.digest))
    ]
    plain = {
        "scheme": report.scheme,
        "unit": report.unit,
        "sections": [{"section": name, "text": text} for name, text in sorted(sections.items())],
        "answers": answers,
        "evidence": evidence,
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def read_report(text: str) -> Report:
    """A report out of text that this program has written; anything else raises ValueError."""
    try:
        return cast(Report, reader_of(Report)(json.loads(text)))
    except (TypeError, KeyError, ArithmeticError) as error:
        raise ValueError(str(error)) from error
