"""Packages out and in, and their senders."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.facts import MarkBlock, Origin
from app.storage.year_file import YearFile
from tests.storage.besides import KEY, make_received, make_sent


def test_that_packages_come_back_with_and_without_what_they_carried(year: YearFile) -> None:
    sent = make_sent(1, "任务" * 3000), make_sent(2, "任务二")
    with year.transaction("send", "张三", "发任务包", undoable=False) as work:
        work.packages_out.add(*sent)
        work.packages_in.add(make_received(1, 0, "回"))
    with year.read() as work:
        assert work.packages_out.all() == sent
        assert work.packages_out.all(contents=False) == tuple(replace(s, content="") for s in sent)
        assert work.packages_out.get(sent[0].id) == sent[0]
        assert work.packages_out.get("0" * 32) is None
        assert work.packages_out.newest("D000", "task") == sent[1]
        assert work.packages_out.newest("D000", "results") is None
        assert work.packages_in.get(make_received(1).id) == make_received(1, 0, "回")


def test_that_the_newest_of_a_sender_is_that_of_the_highest_sequence(year: YearFile) -> None:
    other = replace(make_received(9), key="cd" * 32)
    with year.transaction("import", "张三", "并入") as work:
        work.packages_in.add(make_received(3, 0, "三"), make_received(2, 0, "二"), other)
        assert work.packages_in.newest(KEY, "D000", "return") == make_received(3, 0, "三")
        assert work.packages_in.newest(KEY, "D000", "results") is None
        assert work.packages_in.newest(KEY, "D001", "return") is None


def test_that_a_package_of_a_withdrawn_batch_may_come_again(year: YearFile) -> None:
    with year.transaction("import", "张三", "并入") as work:
        first, second = (work.batches.add("并入", []).number for _ in range(2))
        work.packages_in.add(make_received(1, first), make_received(2, second))
    with pytest.raises(IntegrityError), year.transaction("import", "张三", "再并入") as work:
        work.packages_in.add(make_received(2, second))
    with year.transaction("undo-batch", "张三", "撤销导入") as work:
        assert work.packages_in.withdraw(second) == 1
        assert work.packages_in.newest(KEY, "D000", "return") == make_received(1, first)
        work.packages_in.add(make_received(2, first))
    year.undo("张三")
    with year.read() as work:
        assert work.packages_in.all() == (make_received(1, first), make_received(2, second))


def test_that_a_sent_package_outlives_undo(year: YearFile) -> None:
    with year.transaction("x", "张三", "改") as work:
        work.settings.set("a", "b")
    with year.transaction("send", "张三", "发任务包", undoable=False) as work:
        work.packages_out.add(make_sent())
    year.undo("张三")
    with year.read() as work:
        assert work.packages_out.all() == (make_sent(),)


def test_that_typed_marks_keep_the_packages_they_travelled_in(year: YearFile) -> None:
    """Typed in at a unit's: no file, but a package."""
    origin = Origin(file="", sha256="", sheet="", rows=(), columns=(), packages=("演练一局 1.slp",))
    typed = MarkBlock(
        sheet="s",
        evaluator="E",
        scheme="d",
        units=("D",),
        items=("i",),
        values=b"\1\0",
        width=2,
        digits=(0,),
        origin=origin,
    )
    with year.transaction("import", "张三", "并入") as work:
        work.blocks.save([typed])
    with year.read() as work:
        assert work.blocks.all() == (typed,)
