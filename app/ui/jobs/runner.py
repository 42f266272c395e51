"""Jobs: run work on a lane, hand its value (or its fault) back on the GUI thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QEventLoop, QObject, Signal
from shiboken6 import isValid

from app.domain.errors import Cancelled
from app.domain.progress import Progress

T = TypeVar("T")
Lane = Literal["database", "pool"]


@dataclass(eq=False, slots=True)
class Job:
    """One piece of work under way. started: seconds of the monotonic clock; percent: 0 to 100, −1 unknown."""

    text: str
    work: Callable[[Progress], Any]
    done: Callable[[Any], object] | None
    failed: Callable[[BaseException], bool] | None
    owner: QObject | None
    lane: Lane
    cancellable: bool
    started: float
    detail: str = ""
    percent: int = -1
    value: Any = None
    error: BaseException | None = None
    _cancel: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to stop at its next report of progress. It then leaves no trace."""
        self._cancel.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody has asked it to stop."""
        return self._cancel.is_set()

    def report(self, text: str, percent: int) -> None:
        """The ``Progress`` given to the work. Raises Cancelled when the user has had enough."""
        if self._cancel.is_set():
            raise Cancelled
        self.detail, self.percent = text, max(0, min(100, percent))

    def run(self) -> None:
        """Do the work; keep its value or its fault. Runs on the lane's thread."""
        try:
            if self._cancel.is_set():
                raise Cancelled
            self.value = self.work(self.report)
        except BaseException as error:  # every fault comes back to the GUI thread as a value
            self.error = error


class Jobs(QObject):
    """Runs jobs. The database lane does one after the other, in order; the pool does two at a time.

    started, finished (Job): on the GUI thread. fault (BaseException): a job failed and nobody took care of it.
    """

    started = Signal(object)
    finished = Signal(object)
    fault = Signal(object)
    _delivered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queues: dict[Lane, SimpleQueue[Job | None]] = {}
        self._threads: list[threading.Thread] = []
        self._running: list[Job] = []
        self._told: Job | None = None
        self._delivered.connect(self._deliver)

    @property
    def running(self) -> tuple[Job, ...]:
        """Jobs that wait or run, oldest first."""
        return tuple(self._running)

    def run(
        self,
        text: str,
        work: Callable[[Progress], T],
        done: Callable[[T], object] | None = None,
        *,
        failed: Callable[[BaseException], bool] | None = None,
        owner: QObject | None = None,
        lane: Lane = "database",
        cancellable: bool = True,
    ) -> Job:
        """Start work. text: what the user reads while it lasts (正在……). done(value), failed(error) run on the GUI
        thread, and not at all when owner is gone by then; failed returns True when it has dealt with the error,
        otherwise the window tells the user. work must not touch widgets; it calls its Progress now and then."""
        job = Job(text, work, done, failed, owner, lane, cancellable, time.monotonic())
        self._running.append(job)
        self.started.emit(job)
        self._queue(lane).put(job)
        return job

    def again(self, error: BaseException) -> None:
        """Do the job once more that has just told this fault."""
        job, self._told = self._told, None
        if job is not None and job.error is error:
            self.run(
                job.text,
                job.work,
                job.done,
                failed=job.failed,
                owner=job.owner,
                lane=job.lane,
                cancellable=job.cancellable,
            )

    def wait(self) -> None:
        """Handle events until nothing is running any more (tests, scripts, closing the file)."""
        while self._running:
            loop = QEventLoop()
            self.finished.connect(loop.quit)
            loop.exec()

    def stop(self) -> None:
        """Cancel everything and end the threads; results that come in later are dropped."""
        for job in self._running:
            job.cancel()
        for queue in self._queues.values():
            for _ in self._threads:
                queue.put(None)
        for thread in self._threads:
            thread.join(timeout=10)
        self._queues, self._threads, self._running = {}, [], []

    def _queue(self, lane: Lane) -> SimpleQueue[Job | None]:
        if lane not in self._queues:
            queue: SimpleQueue[Job | None] = SimpleQueue()
            self._queues[lane] = queue
            for number in range(1 if lane == "database" else 2):
                thread = threading.Thread(target=self._work, args=(queue,), name=f"{lane}-{number}", daemon=True)
                self._threads.append(thread)
                thread.start()
        return self._queues[lane]

    def _work(self, queue: SimpleQueue[Job | None]) -> None:
        while (job := queue.get()) is not None:
            job.run()
            if not isValid(self):
                return
            self._delivered.emit(job)

    def _deliver(self, job: Job) -> None:
        if job not in self._running:
            return
        self._running.remove(job)
        try:
            self._hand_over(job)
        finally:
            self.finished.emit(job)

    def _hand_over(self, job: Job) -> None:
        gone = job.owner is not None and not isValid(job.owner)
        if job.error is None:
            if job.done is not None and not gone:
                job.done(job.value)
        elif gone or job.failed is None or not job.failed(job.error):
            self._told = job
            self.fault.emit(job.error)
