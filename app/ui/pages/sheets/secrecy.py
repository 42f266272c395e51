"""The band that says which of the two this is: a secret vote, or scoring by name."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.ui import colours
from app.ui.colours import INFO_TONE, WARN_TONE
from app.ui.widgets.chips import Chip
from app.ui.widgets.text import label

SECRET = "无记名投票：不保存顺序、时间、姓名，只能看到合计；收入后不能逐张查看或更改。"
NAMED = "记名评分：每个分数都可追溯到评议人和表格的单元格，改动留有记录。"


class SecrecyBand(QFrame):
    """Stands at the top of whatever takes answers in."""

    def __init__(self, *, secret: bool) -> None:
        super().__init__()
        paper = colours.WARN_SOFT if secret else colours.INFO_SOFT
        self.setObjectName("secrecy")
        self.setStyleSheet(f"#secrecy {{ background: {paper}; border-radius: 4px; }}")
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 5, 10, 5)
        line.setSpacing(8)
        line.addWidget(Chip("不记名", WARN_TONE) if secret else Chip("记名", INFO_TONE))
        self.text = label(SECRET if secret else NAMED, "body", wrap=True)
        line.addWidget(self.text, 1)
