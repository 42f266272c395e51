"""The form for what stands at the top of the window and on everything that goes out: 发表单位 and 密级."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.ui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from app.services.year import YearInfo
    from app.ui.workspace import Workspace

SECRECY = (("", "不定密级"), ("内部", "内部"), ("秘密", "秘密"), ("机密", "机密"))


@dataclass(frozen=True, slots=True)
class YearLabels:
    """What the form says."""

    office: str
    secrecy: str


class YearForm(FormDialog[YearLabels]):
    """Asks for both at once; only what differs is stored."""

    def __init__(self, parent: QWidget | None, info: YearInfo) -> None:
        super().__init__(parent, "年度信息")
        self.office = self.add_line("发表单位", info.office, "如：市直机关工委考核办")
        self.add_note("印在评分表和结果工作簿上。")
        choices = (
            SECRECY if any(info.secrecy == key for key, _ in SECRECY) else (*SECRECY, (info.secrecy, info.secrecy))
        )
        self.secrecy = self.add_choice("密级", choices, info.secrecy)
        self.add_note("标识显示在窗口顶端，印在全部导出文件上。程序只作标识，涉密信息请按规定在涉密设备上处理。")

    def value(self) -> YearLabels:
        return YearLabels(self.office.text().strip(), str(self.secrecy.currentData()))


def edit_labels(window: QWidget, work: Workspace, info: YearInfo) -> None:
    """Ask, and store what differs, each as a step of its own."""

    def store(labels: YearLabels, close: Callable[[], object], wrong: Callable[[BaseException], bool]) -> None:
        def store_office(nothing: object = None) -> None:
            if labels.office == info.office:
                close()
                return
            work.change("正在保存…", lambda s, p: s.year.set_office(labels.office), lambda _: close(), failed=wrong)

        if labels.secrecy == info.secrecy:
            store_office()
        else:
            work.change("正在保存…", lambda s, p: s.year.set_secrecy(labels.secrecy), store_office, failed=wrong)

    YearForm(window, info).submit(store)
