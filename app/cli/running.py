"""Runs one verb: streams in UTF-8, errors by name, exit codes."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.cli import WindowFaults
from app.cli.arguments import build_parser
from app.cli.speaking import REFUSED, WRONG_CALL, Speaker, flush
from app.domain.errors import AppError, Cancelled
from app.domain.findings import Finding

if TYPE_CHECKING:
    from app.services.container import Desk


def run_verb(desk: Desk, argv: Sequence[str], window_faults: WindowFaults) -> int:
    """The exit code of one verb. Whatever happens, it is told by name: no call ends in a traceback."""
    code = _run(desk, argv, window_faults)
    try:
        flush()
    except OSError as error:
        Speaker(False).say(desk.named(error).message)
        return REFUSED
    return code


def _run(desk: Desk, argv: Sequence[str], window_faults: WindowFaults) -> int:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):  # pyright: ignore[reportUnnecessaryComparison]
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else WRONG_CALL
    speaker = Speaker(arguments.json)
    try:
        return _verb(arguments.verb, window_faults)(desk, arguments, speaker)
    except AppError as error:
        return _refused(error, speaker)
    except (Cancelled, KeyboardInterrupt):
        speaker.say("已取消，没有改动。")
        return REFUSED
    except Exception as error:
        return _refused(desk.named(error), speaker)


def _verb(name: str, window_faults: WindowFaults) -> Callable[[Desk, Namespace, Speaker], int]:
    if name == "selftest":  # looks at the program's files before any of them is needed
        from app.cli.own_test import selftest

        return lambda desk, arguments, speaker: selftest(desk, speaker, window_faults)
    from app.cli import checking, exchange_verbs, report_verbs, year_verbs

    return {
        "tasks": exchange_verbs.tasks,
        "open-task": exchange_verbs.open_task,
        "submit": exchange_verbs.submit,
        "receive": exchange_verbs.receive,
        "send-results": exchange_verbs.send_results,
        "practice": year_verbs.practice,
        "new": year_verbs.new,
        "sheets": year_verbs.sheets,
        "import": year_verbs.take_in,
        "hand-back": exchange_verbs.hand_back,
        "purge-evidence": exchange_verbs.purge_evidence,
        "compute": year_verbs.compute,
        "explain": year_verbs.explain,
        "export": year_verbs.export,
        "reports": report_verbs.reports,
        "take-report": report_verbs.take_report,
        "check": checking.check,
        "assess": checking.assess,
    }[name]


def _refused(error: AppError, speaker: Speaker) -> int:
    findings = [f for f in error.findings if isinstance(f, Finding)]
    speaker.say(error.message)
    speaker.findings(findings)
    plain = [{"code": f.code, "place": f.place, "message": f.message, "severity": f.severity.value} for f in findings]
    speaker.result({"error": {"code": error.code, "message": error.message, "findings": plain}})
    return REFUSED
