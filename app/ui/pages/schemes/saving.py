"""Every step of the editor on its way into the year file: stored at once when nobody moves, else it waits for a yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import AppError
from app.domain.findings import Finding
from app.domain.progress import Progress
from app.domain.scheme_editing import Edited
from app.domain.schemes import Scheme
from app.services.changes import Outcome
from app.services.comparison import ResultChange
from app.services.container import Services
from app.ui.pages.schemes.draft import Draft
from app.ui.widgets.moves import moved_text
from app.ui.workspace import Workspace

DELAY = 120  # milliseconds from a step to its storing: the window paints first


@dataclass(frozen=True, slots=True)
class Waiting:
    """Steps that wait for a yes: who would stand differently, and facts that would no longer count."""

    moves: tuple[ResultChange, ...] = ()
    lost: tuple[Finding, ...] = ()
    steps: tuple[str, ...] = ()


class Saver(QObject):
    """Stores the steps of a draft one after the other on the database lane.

    waiting (Waiting, or None): steps wait for a yes, or no longer. stored: everything is in the year file.
    """

    waiting = Signal(object)
    stored = Signal()

    def __init__(self, work: Workspace, draft: Draft, parent: QObject) -> None:
        super().__init__(parent)
        self.work, self.draft = work, draft
        self._base = draft.scheme
        self._queue: list[Edited] = []
        self._busy = False
        self._held: Waiting | None = None
        self._stuck = False  # a step could not be stored since finish() was asked
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._send)
        draft.stepped.connect(self._step)

    @property
    def idle(self) -> bool:
        """Whether every step is stored."""
        return not self._queue and not self._busy

    @property
    def held(self) -> Waiting | None:
        """What waits for a yes."""
        return self._held

    def start_from(self, scheme: Scheme) -> None:
        """What the year file holds now. While steps are on their way, they stay what is shown."""
        self._base = scheme
        if self.idle:
            self.draft.load(scheme)

    def flush(self) -> None:
        """Store at once what has been waiting for its moment."""
        if self._timer.isActive():
            self._timer.stop()
            self._send()

    def finish(self) -> bool:
        """The year is about to be closed: store every step, and wait for it; ask about steps that wait for a yes. False:
        the user wants to stay, or a step could not be stored."""
        self._stuck = False
        while self._queue or self._busy:
            self._timer.stop()
            if self._held is not None and not self._busy:
                answer = self._asked_at_the_end(self._held)
                if answer < 0:
                    return False
                self.give_up() if answer else self.accept()
            elif not self._busy:
                self._store(self._queue[-1].scheme, self._label(), all_of_them=True, ask=True)
            self.work.jobs.wait()
        self._timer.stop()
        return not self._stuck

    def _asked_at_the_end(self, held: Waiting) -> int:
        """0: the steps are accepted, 1: given up, −1: the user stays."""
        counted = f"{len(self._queue)} 处改动" if len(self._queue) > 1 else f"改动（{self._queue[0].label}）"
        moves = f"接受后，按现有数据有 {len(held.moves)} 个单位会变动。" if held.moves else ""
        said = "".join(f"{f.message}。" for f in held.lost[:2])
        return self.work.notices.choose(
            "方案有改动还没有存入年度文件",
            f"{counted}还在等待决定。{moves}{said}\n放弃后，方案保持年度文件中的样子；取消则不关闭，回到方案。",
            ("接受改动", "放弃改动"),
            "\n".join(moved_text(move, self.draft.scheme) for move in held.moves),
        )

    # ---- what the user decides

    def accept(self) -> None:
        """Store the steps that wait, as one step."""
        if self._queue and self._held is not None:
            self._store(self._queue[-1].scheme, self._label(), all_of_them=True, ask=False)

    def give_up(self) -> None:
        """Forget the steps that wait."""
        self._queue.clear()
        self._hold(None)
        self.draft.load(self._base)

    def take_back(self) -> bool:
        """Forget the last of the steps that wait; False when none waits."""
        if self._held is None or not self._queue:
            return False
        self._queue.pop()
        if not self._queue:
            self.give_up()
            return True
        self.draft.load(self._queue[-1].scheme)
        self._timer.start()
        return True

    # ---- the way

    def _step(self, edited: Edited) -> None:
        self._queue.append(edited)
        self._timer.start()

    def _send(self) -> None:
        if self._busy or not self._queue:
            return
        if self._held is not None:
            self._store(self._queue[-1].scheme, self._label(), all_of_them=True, ask=True)
        else:
            self._store(self._queue[0].scheme, self._queue[0].label, all_of_them=False, ask=True)

    def _label(self) -> str:
        first = self._queue[0].label
        return first if len(self._queue) == 1 else f"{first}等 {len(self._queue)} 处"

    def _store(self, scheme: Scheme, label: str, *, all_of_them: bool, ask: bool) -> None:
        self._busy = True
        count = len(self._queue) if all_of_them else 1

        def work(services: Services, progress: Progress) -> Outcome[Scheme] | Waiting:
            if ask:
                moves = services.schemes.who_moves(scheme.id, scheme)
                lost = services.schemes.losing(scheme.id, scheme)
                if moves or lost:
                    return Waiting(moves, lost)
            return services.schemes.save(scheme.id, scheme, label)

        def done(found: Outcome[Scheme] | Waiting) -> None:
            self._busy = False
            if isinstance(found, Waiting):
                self._hold(Waiting(found.moves, found.lost, tuple(e.label for e in self._queue)))
                if len(self._queue) > count:
                    self._timer.start()
                return
            self._base = scheme
            del self._queue[:count]
            self._hold(None)
            self.work.announce(found.change.areas, found.change.label)
            if self._queue:
                self._timer.start()
            else:
                self.stored.emit()

        services = self.work.services
        run: Callable[[Progress], Outcome[Scheme] | Waiting] = lambda p: work(services, p)  # noqa: E731
        self.work.jobs.run("正在保存方案…", run, done, owner=self, failed=self._failed, cancellable=False)

    def _failed(self, error: BaseException) -> bool:
        """What cannot be stored is taken back, and said."""
        self._busy = False
        if not isinstance(error, AppError) and len(self._queue) > 1:
            del self._queue[0]  # what came after it holds its change too, and may mend what went wrong
            self._timer.start()
            return False
        self._stuck = True
        if not isinstance(error, AppError):
            self.give_up()
            return False
        self.work.notices.refuse(error)
        self.give_up()
        return True

    def _hold(self, held: Waiting | None) -> None:
        if held is not None or self._held is not None:
            self._held = held
            self.waiting.emit(held)
