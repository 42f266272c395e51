"""Runs one verb: streams in UTF-8, messages on stderr, JSON on stdout, errors by name, exit codes."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from app.cli.arguments import build_parser
from app.domain.errors import AppError, Cancelled
from app.domain.findings import Finding

if TYPE_CHECKING:
    from app.services.container import Desk

DONE, WITH_FINDINGS, WRONG_CALL, REFUSED = 0, 1, 2, 3


class Speaker:
    """Says things to people on stderr and, with --json, one document to programs on stdout."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._shown = -10

    def say(self, *lines: str) -> None:
        """Lines for people."""
        for line in lines:
            _write(sys.stderr, line)

    def result(self, document: dict[str, Any], *lines: str) -> None:
        """The result: as a document with --json, else as lines on stdout."""
        if self._as_json:
            _write(sys.stdout, json.dumps(document, ensure_ascii=False, indent=1))
        else:
            for line in lines:
                _write(sys.stdout, line)

    def findings(self, findings: Sequence[object]) -> None:
        """Findings, one a line."""
        self.say(*(str(f) for f in findings))

    def progress(self, text: str, percent: int) -> None:
        """How far a long step is: a line every ten percent, only where somebody is watching."""
        if sys.stderr is not None and sys.stderr.isatty() and percent >= self._shown + 10:  # pyright: ignore[reportUnnecessaryComparison]
            self._shown = percent
            self.say(f"{percent:3d}% {text}")
        if percent >= 100:
            self._shown = -10


def _write(stream: TextIO | None, line: str) -> None:
    """A windowed program has no streams at all."""
    if stream is not None:
        print(line, file=stream)


def run_verb(desk: Desk, argv: Sequence[str]) -> int:
    """The exit code of one verb."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):  # pyright: ignore[reportUnnecessaryComparison]
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else WRONG_CALL
    speaker = Speaker(arguments.json)
    try:
        return _verbs()[arguments.verb](desk, arguments, speaker)
    except AppError as error:
        return _refused(error, speaker)
    except (Cancelled, KeyboardInterrupt):
        speaker.say("已取消，没有改动。")
        return REFUSED


def _verbs() -> dict[str, Callable[[Desk, Namespace, Speaker], int]]:
    from app.cli import checking, year_verbs

    return {
        "practice": year_verbs.practice,
        "new": year_verbs.new,
        "sheets": year_verbs.sheets,
        "import": year_verbs.take_in,
        "compute": year_verbs.compute,
        "explain": year_verbs.explain,
        "export": year_verbs.export,
        "check": checking.check,
        "assess": checking.assess,
        "selftest": checking.selftest,
    }


def _refused(error: AppError, speaker: Speaker) -> int:
    findings = [f for f in error.findings if isinstance(f, Finding)]
    speaker.say(error.message)
    speaker.findings(findings)
    plain = [{"code": f.code, "place": f.place, "message": f.message, "severity": f.severity.value} for f in findings]
    speaker.result({"error": {"code": error.code, "message": error.message, "findings": plain}})
    return REFUSED
