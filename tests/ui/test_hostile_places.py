"""R-11 in the window: where another program holds the file, the same step can be tried again."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.errors import AppError, Fault
from app.domain.progress import Progress
from app.ui.shell import Shell
from tests.ui.recording_notices import RecordingNotices
from tests.ui.settling import settle


def held(times: int, fault: Fault, tries: list[int]) -> Callable[[Progress], str]:
    """A step that is refused so many times."""

    def step(progress: Progress) -> str:
        tries.append(1)
        if len(tries) <= times:
            raise AppError(fault, "结果.xlsx：正由“张三”打开。")
        return "写好了"

    return step


def test_that_a_step_on_a_held_file_is_tried_again_as_often_as_the_user_wants(
    closed_shell: Shell, notices: RecordingNotices
) -> None:
    tries: list[int] = []
    done: list[str] = []
    notices.answers = ["重试", "重试"]
    closed_shell.jobs.run("正在导出…", held(2, Fault.FILE_BUSY, tries), done.append)
    settle(closed_shell)
    assert (len(tries), done) == (3, ["写好了"])
    assert [asked.title for asked in notices.asked] == ["文件被占用"] * 2
    assert "正由“张三”打开" in notices.asked[0].text
    assert notices.asked[0].buttons == ("重试", "知道了")


def test_that_the_user_may_leave_it_and_that_other_errors_offer_nothing_to_try_again(
    closed_shell: Shell, notices: RecordingNotices
) -> None:
    for fault, answer in ((Fault.FILE_BUSY, "知道了"), (Fault.FILE_READ_ONLY, "知道了")):
        tries: list[int] = []
        notices.answers = [answer]
        closed_shell.jobs.run("正在导出…", held(1, fault, tries))
        settle(closed_shell)
        assert len(tries) == 1
    assert notices.asked[-1].buttons == ("知道了",)
