"""Which tasks went out and which of them were answered. Light: the first page of a year asks it."""

from __future__ import annotations

import json

from app.storage.records import ReceivedPackage, SentPackage
from app.storage.work import Work


def answers_of(package: ReceivedPackage) -> str:
    """The id of the package it answers, out of the manifest that was checked when it came."""
    return str(json.loads(package.manifest).get("answers", "")) if package.manifest else ""


def tasks_of(work: Work) -> tuple[dict[str, list[SentPackage]], dict[str, str]]:
    """The tasks of each unit, oldest first; and the id of each task that was answered, with when."""
    sent: dict[str, list[SentPackage]] = {}
    for package in work.packages_out.all(contents=False):
        if package.kind == "task":
            sent.setdefault(package.unit, []).append(package)
    answered: dict[str, str] = {}
    for package in work.packages_in.all(contents=False):
        if package.kind == "return":
            answered[answers_of(package)] = package.at
    return sent, answered


def waiting(work: Work) -> tuple[str, ...]:
    """Codes of the units whose newest task is not answered, the longest waiting first."""
    sent, answered = tasks_of(work)
    newest = sorted((tasks[-1].at, unit) for unit, tasks in sent.items() if tasks[-1].id not in answered)
    return tuple(unit for _, unit in newest)
