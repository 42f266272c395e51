"""Work off the GUI thread: one lane for the database, a small pool for the rest; results come back as values."""

from app.ui.jobs.runner import Job, Jobs

__all__ = ["Job", "Jobs"]
