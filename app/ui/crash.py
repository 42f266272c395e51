"""When our own code fails: every unexpected fault is logged with a number, counted, and told once."""

from __future__ import annotations

import faulthandler
import platform
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QLockFile, QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

if TYPE_CHECKING:
    from logging import Logger

MANY, WITHIN = 3, 60.0  # so many faults in so many seconds: advise to start anew
_QT_LEVELS = {QtMsgType.QtWarningMsg: 30, QtMsgType.QtCriticalMsg: 40, QtMsgType.QtFatalMsg: 50}


@dataclass(frozen=True, slots=True)
class FaultReport:
    """One unexpected fault as the user may see it. details: for 复制详情, without personal data."""

    number: str
    summary: str
    details: str
    many: bool


@dataclass(frozen=True, slots=True)
class UncleanEnd:
    """A former run that did not end by itself: the year file it had open, and what the native crash left."""

    path: str
    trace: str


class Crashes(QObject):
    """Catches what nobody caught. occurred (FaultReport): the first time of a fault (its type and place) in this
    session, on the GUI thread; later times are only counted and logged."""

    occurred = Signal(object)
    _seen_elsewhere = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.counts: dict[tuple[str, str], int] = {}
        self._times: list[float] = []
        self._log: Logger | None = None
        self._native: IO[str] | None = None
        self._lock: QLockFile | None = None
        self._flag: Path | None = None
        self._guard = threading.Lock()
        self._seen_elsewhere.connect(self.occurred)

    # ---- hooks

    def install(self) -> None:
        """Take over the hooks of Python and Qt for the whole process."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._in_thread
        sys.unraisablehook = self._unraisable
        qInstallMessageHandler(self._from_qt)

    def uninstall(self) -> None:
        """Give the hooks back (tests)."""
        sys.excepthook, sys.unraisablehook = sys.__excepthook__, sys.__unraisablehook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report(error.with_traceback(trace))

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)

    def _unraisable(self, args: object) -> None:
        error = getattr(args, "exc_value", None)
        if isinstance(error, BaseException):
            self.report(error)

    def _from_qt(self, kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
        level = _QT_LEVELS.get(kind)
        if level is not None:
            self.log(level, f"Qt: {message}")

    # ---- reports

    def report(self, error: BaseException) -> FaultReport:
        """Log a fault with a number; the first of its kind is told. May be called on any thread."""
        trace = "".join(traceback.format_exception(error))
        key = (type(error).__name__, _place(error))
        with self._guard:
            self.counts[key] = self.counts.get(key, 0) + 1
            count = self.counts[key]
            number = f"{time.strftime('%m%d-%H%M%S')}-{sum(self.counts.values()):03d}"
            now = time.monotonic()
            self._times = [t for t in self._times if now - t < WITHIN] + ([now] if count == 1 else [])
            many = len(self._times) >= MANY
        self.log(
            40,
            f"错误编号 {number} · 第 {count} 次 · {key[0]} · {key[1]}\n{trace}"
            if count < 4
            else f"错误编号 {number} · 第 {count} 次 · {key[0]} · {key[1]}",
        )
        report = FaultReport(number, f"{key[0]}（{key[1]}）", f"错误编号 {number}\n{versions()}\n\n{trace}", many)
        if count == 1:
            self._seen_elsewhere.emit(report)
        return report

    def log(self, level: int, text: str) -> None:
        """Write to the log file, if there can be one (R-35: without it the program still runs)."""
        try:
            self._logger().log(level, text)
        except OSError:
            return

    @property
    def log_file(self) -> Path:
        """Where the log is written."""
        return self.folder / "program.log"

    def _logger(self) -> Logger:
        if self._log is None:
            # Imported here: logging.handlers takes 10 ms that the first paint does not have.
            import logging
            from logging.handlers import RotatingFileHandler

            self.folder.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(
                self.log_file, maxBytes=1_000_000, backupCount=4, encoding="utf-8", delay=True
            )
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            handler.handleError = lambda record: None
            logger = logging.Logger("window")
            logger.addHandler(handler)
            self._log = logger
        return self._log

    # ---- how the last run ended

    def begin_run(self) -> tuple[UncleanEnd, ...]:
        """Set up this run's flag and native crash file; returns the former runs that did not end by themselves."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ended = tuple(self._unclean_ends())
            stem = f"running-{time.time_ns():x}"
            self._lock = QLockFile(str(self.folder / f"{stem}.lock"))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
            self._flag = self.folder / f"{stem}.txt"
            self._flag.write_text("", encoding="utf-8")
            self._native = (self.folder / f"{stem}.trace").open("w", encoding="utf-8")
            faulthandler.enable(self._native)
        except OSError:
            return ()
        return ended

    def note_file(self, path: str) -> None:
        """Remember which year file is open, for the check after an unclean end."""
        if self._flag is not None:
            try:
                self._flag.write_text(path, encoding="utf-8")
            except OSError:
                return

    def end_run(self) -> None:
        """The program ends by itself: take the flag away."""
        if self._native is not None:
            faulthandler.disable()
            self._native.close()
        if self._flag is not None:
            for path in (self._flag, self._flag.with_suffix(".trace")):
                path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()
        self._native = self._flag = self._lock = None

    def close_log(self) -> None:
        """Let go of the log file."""
        if self._log is not None:
            for handler in self._log.handlers:
                handler.close()
            self._log = None

    def _unclean_ends(self) -> list[UncleanEnd]:
        found: list[UncleanEnd] = []
        for flag in sorted(self.folder.glob("running-*.txt")):
            lock = QLockFile(str(flag.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                continue  # that run is still alive
            trace = flag.with_suffix(".trace")
            native = trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else ""
            found.append(UncleanEnd(flag.read_text(encoding="utf-8", errors="replace"), native))
            self.log(40, f"上次没有正常结束：{found[-1].path}\n{native}")
            flag.unlink(missing_ok=True)
            trace.unlink(missing_ok=True)
            lock.unlock()
        return found


def versions() -> str:
    """Versions for a support text; no names, no paths."""
    return f"Python {platform.python_version()} · PySide6 {pyside_version} · {platform.system()} {platform.release()}"


def _place(error: BaseException) -> str:
    """Module and line of the innermost frame."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
