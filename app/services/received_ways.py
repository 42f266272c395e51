"""The ways to results that came from below, out of the packages they came in."""

from __future__ import annotations

from threading import Lock

from app.domain.results import Step
from app.services.received_results import Told, Ways, way_in
from app.storage.work import Work

Steps = dict[tuple[str, str], dict[str, Step]]


class ReceivedWays:
    """Reads each package once; what a package says never changes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read: dict[str, Steps] = {}

    def of(self, work: Work, told: Told) -> Ways:
        """Looks up the ways to these results."""
        packages = {e.package for e in told.values()}
        files = {
            p.file: p.id for p in work.packages_in.all(contents=False) if p.kind == "results" and p.file in packages
        }
        with self._lock:
            known = {i: self._read[i] for i in files.values() if i in self._read}
        for package in files.values():
            if package not in known:
                known[package] = _steps(work, package)
        with self._lock:
            self._read = known

        def way(scheme: str, unit: str, quantity: str) -> Step | None:
            result = told.get((scheme, unit))
            steps = known.get(files.get(result.package, ""), {}).get((scheme, unit), {}) if result else {}
            return way_in(steps, quantity)

        return way


def _steps(work: Work, package: str) -> Steps:
    from app.files.documents.packages import read_content

    kept = work.packages_in.get(package)
    content = read_content(kept.content)[0] if kept else None
    found: Steps = {}
    for way in content.ways if content else ():
        found.setdefault((way.scheme, way.unit), {})[way.quantity] = way.step
    return found
