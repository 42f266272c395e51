"""How the command line speaks: messages on stderr, results on stdout or as one JSON document, exit codes."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, TextIO

from app.domain.findings import Finding, Severity

DONE, WITH_FINDINGS, WRONG_CALL, REFUSED = 0, 1, 2, 3
_WEIGHTS = {Severity.ERROR: "错误", Severity.WARNING: "提醒", Severity.NOTE: "说明"}


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

    def findings(self, findings: Sequence[Finding]) -> None:
        """Findings, one a line, each with its weight: what has to be repaired, what to read, what is only told."""
        self.say(*(f"{_WEIGHTS[f.severity]} {f}" for f in findings))

    def progress(self, text: str, percent: int) -> None:
        """How far a long step is: a line every ten percent, only where somebody is watching."""
        if sys.stderr is not None and sys.stderr.isatty() and percent >= self._shown + 10:  # pyright: ignore[reportUnnecessaryComparison]
            self._shown = percent
            self.say(f"{percent:3d}% {text}")
        if percent >= 100:
            self._shown = -10


def count_text(findings: Sequence[Finding]) -> str:
    """How many of each weight: ``1 处错误，2 处提醒``."""
    counts = Counter(f.severity for f in findings)
    return "，".join(f"{counts[weight]} 处{word}" for weight, word in _WEIGHTS.items() if counts[weight])


def flush() -> None:
    """Hand over what is still held back. Raises OSError when it cannot be written (a full disk); that nobody reads
    any more is no fault."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # pyright: ignore[reportUnnecessaryComparison]
            try:
                stream.flush()
            except OSError as error:
                _silence(stream)
                if not _nobody_reads(error):
                    raise


def _write(stream: TextIO | None, line: str) -> None:
    """A windowed program has no streams at all; a reader such as ``head`` may have left: the verb goes on quietly."""
    if stream is not None:
        try:
            print(line, file=stream)
        except OSError as error:
            if not _nobody_reads(error):
                raise
            _silence(stream)


def _nobody_reads(error: OSError) -> bool:
    """Windows says that the argument is wrong when the other end of a pipe has gone."""
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def _silence(stream: TextIO) -> None:
    """What is written from here on goes nowhere, also what Python writes out when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
