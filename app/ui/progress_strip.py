"""The progress of running work in the status bar: after 0.6 seconds, with 取消."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from app.ui.jobs import Job, Jobs
from app.ui.widgets.text import button, label

AFTER = 0.6  # seconds: quick work never flickers


class ProgressStrip(QWidget):
    """Shows the oldest job that has lasted long enough."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(10)
        row.addStretch(1)
        self.text = label("", "soft")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(180)
        self.cancel = button("取消", "quiet")
        self.cancel.clicked.connect(self._cancel)
        for part in (self.text, self.bar, self.cancel):
            row.addWidget(part)
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self.look)
        jobs.started.connect(self._timer.start)
        jobs.finished.connect(self.look)
        self.hide()

    def look(self) -> None:
        """Show how far the work is; hide when there is none that lasts."""
        running = self._jobs.running
        if not running:
            self._timer.stop()
        now = time.monotonic()
        self._job = next((job for job in running if now - job.started >= AFTER), None)
        if self._job is None:
            self.hide()
            return
        job = self._job
        self.text.setText("正在取消…" if job.cancelled else job.detail or job.text)
        self.bar.setRange(0, 100 if job.percent >= 0 else 0)
        self.bar.setValue(max(0, job.percent))
        self.cancel.setEnabled(job.cancellable and not job.cancelled)
        self.cancel.setToolTip("停下这一步，不留改动" if job.cancellable else "这一步不能中途停下")
        self.show()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.look()
