"""Jobs: one database lane in order, values and faults back on the GUI thread, cancelling without a trace."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from app.domain.errors import AppError, Cancelled, Fault
from app.domain.progress import Progress
from app.ui.jobs import Jobs


def test_that_a_value_comes_back_on_the_gui_thread(jobs: Jobs) -> None:
    seen: list[tuple[object, object]] = []
    here = threading.get_ident()
    jobs.run("x", lambda p: threading.get_ident(), lambda there: seen.append((there, threading.get_ident())))
    jobs.wait()
    ((there, back),) = seen
    assert there != here
    assert back == here


def test_that_the_database_lane_does_one_after_the_other_in_order(jobs: Jobs) -> None:
    order: list[str] = []
    threads: set[int] = set()

    def step(name: str) -> None:
        threads.add(threading.get_ident())
        order.append(name)

    for name in "abcdef":
        jobs.run(name, lambda p, name=name: step(name))
    jobs.wait()
    assert order == list("abcdef")
    assert len(threads) == 1


def test_that_the_pool_does_not_wait_for_the_database_lane(jobs: Jobs) -> None:
    free, done = threading.Event(), []
    jobs.run("holds the lane", lambda p: free.wait(30), lambda got: done.append(("lane", got)))
    jobs.run("pool", lambda p: free.set(), lambda got: done.append(("pool", got)), lane="pool")
    jobs.wait()
    assert ("lane", True) in done


def test_that_an_error_goes_to_the_one_who_asked_and_not_further_when_he_takes_it(jobs: Jobs) -> None:
    told: list[BaseException] = []
    jobs.fault.connect(told.append)

    def fail(p: Progress) -> None:
        raise AppError(Fault.INPUT_BAD, "票数不对")

    seen: list[BaseException] = []
    jobs.run("x", fail, failed=lambda e: seen.append(e) is None)
    jobs.wait()
    assert [str(e) for e in seen] == ["[E-INPUT-01] 填写有误：票数不对 请按提示修改后再保存。"]
    assert told == []


@pytest.mark.parametrize("error", [AppError(Fault.DB_LOCKED), ValueError("ours"), SystemExit(3)])
def test_that_every_error_nobody_takes_is_told_to_the_window(jobs: Jobs, error: BaseException) -> None:
    told: list[BaseException] = []
    jobs.fault.connect(told.append)

    def fail(p: Progress) -> None:
        raise error

    jobs.run("x", fail)
    jobs.wait()
    assert told == [error]


def test_that_a_cancelled_job_stops_at_its_next_report_of_progress(jobs: Jobs) -> None:
    told: list[BaseException] = []
    jobs.fault.connect(told.append)
    reached, go_on = threading.Event(), threading.Event()
    steps: list[int] = []

    def work(p: Progress) -> None:
        steps.append(1)
        reached.set()
        go_on.wait(30)
        p("读取", 50)
        steps.append(2)

    job = jobs.run("x", work)
    reached.wait(30)
    job.cancel()
    go_on.set()
    jobs.wait()
    assert steps == [1]
    assert isinstance(told[0], Cancelled)


def test_that_nothing_is_handed_to_an_owner_that_is_gone(jobs: Jobs) -> None:
    owner, seen = QObject(), []
    go_on = threading.Event()
    jobs.run("x", lambda p: go_on.wait(30), seen.append, owner=owner)
    owner.deleteLater()
    owner.destroyed.connect(go_on.set)
    jobs.wait()
    assert seen == []


def test_that_stopping_ends_the_threads(qapp: object) -> None:
    before = set(threading.enumerate())  # windows of other tests may have left theirs to the collector
    jobs = Jobs()
    jobs.run("x", lambda p: None)
    jobs.wait()
    jobs.stop()
    own = set(threading.enumerate()) - before
    assert not [t for t in own if t.name.startswith(("database-", "pool-"))]
