"""How the command line speaks: messages on stderr, results on stdout or as one JSON document, exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

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
