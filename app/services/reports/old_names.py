"""What sections were called that a report still has and its form has lost: a kept version of the scheme knows."""

from __future__ import annotations

from app.services.reports.store import Place
from app.services.session import Session
from app.storage.work import Work


def old_section_names(session: Session, work: Work, place: Place) -> dict[str, str]:
    """Section → its name in the newest stored version of the scheme that has it; only of lost sections."""
    form = {s.id for s in place.form.sections}
    wanted = {s.section for s in place.report.sections} - form
    names: dict[str, str] = {}
    if not wanted:
        return names
    for stored in work.schemes.versions(place.scheme.id):
        report = session.parse(stored.text, stored.fingerprint).report
        for section in report.sections if report else ():
            if section.id in wanted:
                names.setdefault(section.id, section.name)
        if wanted <= names.keys():
            break
    return names
