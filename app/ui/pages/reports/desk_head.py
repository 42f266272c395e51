"""The first lines of a report: whose it is, in which state, what can be done with it, and why it cannot be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.ui import icons
from app.ui.pages.reports.words import MANNERS, STATE_TONES, STATES, when
from app.ui.widgets.chips import Chip
from app.ui.widgets.text import ElidedLabel, button, label, set_property

if TYPE_CHECKING:
    from app.services.reports import ReportView
    from app.ui.pages.reports.desk_commands import DeskCommands


class DeskHead(QWidget):
    """Follows the report in front."""

    def __init__(self, commands: DeskCommands) -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        across = QHBoxLayout()
        across.setSpacing(8)
        self.back = button("‹ 全部单位", "link", tip="回到各单位的报告")
        self.earlier = _step_button("chevron-up", "上一家（Alt+↑）", "Alt+Up")
        self.later = _step_button("chevron-down", "下一家（Alt+↓）", "Alt+Down")
        self.name = label("", "title")
        self.state = Chip()
        self.about = ElidedLabel("", "soft")
        across.addWidget(self.back)
        steps = QHBoxLayout()
        steps.setSpacing(0)
        steps.addWidget(self.earlier)
        steps.addWidget(self.later)
        across.addLayout(steps)
        across.addWidget(self.name)
        across.addWidget(self.state)
        across.addWidget(self.about, 1)
        commands.put_into(across)
        rows.addLayout(across)
        self.band = QFrame()
        line = QHBoxLayout(self.band)
        line.setContentsMargins(12, 6, 12, 6)
        self.said = label("", wrap=True, selectable=True)
        self.said.setMinimumHeight(18)  # the guess of a wrapped label for a narrow place would be several lines
        line.addWidget(self.said, 1, Qt.AlignmentFlag.AlignVCenter)
        self.band.hide()
        rows.addWidget(self.band)

    def show_view(self, view: ReportView, office: bool, read_only: str) -> None:
        """Another report, or another state."""
        for widget in (self.back, self.earlier, self.later):
            widget.setVisible(office)
        self.name.setText(view.unit_name)
        begun = bool(view.at)
        self.state.show_text(
            STATES[view.state] if begun or view.state != "draft" else "未动笔", STATE_TONES[view.state]
        )
        bodies = "、".join(f"{h.body_name}（{MANNERS[h.hearing.manner]}）" for h in view.hearings)
        parts = [view.form.title, f"向{bodies}述职" if bodies else "", f"{view.by} {when(view.at)}" if begun else ""]
        self.about.setText(" · ".join(part for part in parts if part))
        self.about.setToolTip(self.about.text())
        said = read_only or view.locked
        role = "example"
        if view.state == "returned" and not said:
            back = next((v for v in reversed(view.versions) if v.state == "returned"), None)
            said = (
                f"已退回，请修改后重新提交。退回理由：{back.reason}"
                if back and back.reason
                else "已退回，请修改后重新提交。"
            )
            role = "waiting"
        self.said.setText(said)
        set_property(self.band, "role", role)
        self.band.setVisible(bool(said))


def _step_button(icon: str, tip: str, keys: str) -> QToolButton:
    made = QToolButton()
    made.setIcon(icons.icon(icon, size=16))
    made.setShortcut(keys)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    return made
