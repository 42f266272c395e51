"""The head of a table of indicators: where it is, and what each column is taken for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.indicator_tables import Role
from app.files.excel.texts import tight
from app.files.excel.values import CellValue, Grid

HEAD_ROWS = 30  # the head is looked for in so many rows from the top

# Heads as offices write them; the first rule that fits. What is filled in later is no part of a scheme.
_ENTRIES = r"得分|自评|自查|审核|上级评定|单位评定|扣分原因|扣分情况|扣分理由|加分情况|意见|签字|盖章|实得|考评情况|评定结果|完成情况|评分人|被考核"
_RULES: tuple[tuple[Role, str], ...] = (
    ("number", r"序号|编号|序|代码|no\.?|指标编号"),
    ("on_top", r"另加|加在总分之上|是否另加"),
    ("name", r".*(项目|指标|内容|要点)(及|和|与|、|/)(分值|标准分|分数|满分)([（(].*[）)])?"),
    ("weight", r"(指标)?权重([（(]?%[）)]?)?|权数|比重|占比"),
    (
        "points",
        r"(标准|基本|基础|基准|考核|评分|指标|项目|配|赋|总|参考|最高|目标)?分(值|数)?([（(].*[）)])?|满分|标准分值|分值设置|权重分|计分",
    ),
    ("entry", rf"怎样计分|.*({_ENTRIES}).*"),
    ("name", r"(考核|考评|评价|评议|测评|测评项目)?(分类|类别|类型|板块|维度|方面|领域)"),
    ("name", r"[一二三四五六][级層层](考核|评价|考评)?(指标|项目|目录|内容)?"),
    ("name", r"(考核|考评|评价|评议|测评|主要|共性|个性|工作|重点|目标)?(项目|指标|任务|事项)(名称)?"),
    (
        "name",
        r"(考核|考评|评价|评议|测评|主要|责任|工作|重点|目标|指标)内容|内容|责任清单|责任事项|名称|工作目标|目标任务",
    ),
    ("text", r"(考核|考评|评价|评分|工作|主要|具体|指标)?(要求|要点|细则|说明|内容及要求|内容和要求|释义|解释)"),
    (
        "text",
        r".*(标准|办法|方法|方式|依据|细则|材料|备注|来源|部门|单位|责任人|牵头|说明|佐证|要求|要点|周期|频次|时限)([（(].*[）)])?",
    ),
)
_COMPILED: tuple[tuple[Role, re.Pattern[str]], ...] = tuple((role, re.compile(pattern)) for role, pattern in _RULES)


@dataclass(frozen=True, slots=True)
class Head:
    """row: the last row of the head (from 0; -1: there is none); roles, words: by column."""

    row: int
    roles: dict[int, Role]
    words: dict[int, str]

    def of(self, *roles: Role) -> list[int]:
        """Columns with these roles, from the left."""
        return [c for c in sorted(self.roles) if self.roles[c] in roles]


def role_of(word: str) -> Role | None:
    """What a column with this head is taken for."""
    text = tight(word).replace("\n", "")
    return next((role for role, pattern in _COMPILED if pattern.fullmatch(text)), None) if text else None


_FULL = re.compile(r"分值|满分|标准分|基本分|基础分")


def find_head(grid: Grid) -> Head | None:
    """The row that reads most like a head: a name, and points or another column that is known; with a second head row
    below it (分值 over 标准分 | 得分) taken together."""
    best: tuple[int, int] | None = None
    for row, cells in enumerate(grid[:HEAD_ROWS]):
        roles = [role_of(str(v)) for v in cells if isinstance(v, str)]
        known = [r for r in roles if r is not None]
        names = sum(r in ("name", "text") for r in known)
        score = len(known) + 2 * ("points" in known or "weight" in known)
        if (
            names
            and len(known) >= 2
            and 2 * len(known) >= sum(v != "" for v in cells)
            and (not best or score > best[0])
        ):
            best = (score, row)
    return _described(grid, best[1]) if best else None


def _described(grid: Grid, row: int) -> Head:
    words = {c: str(v) for c, v in enumerate(grid[row]) if v != ""}
    below: Sequence[CellValue] = grid[row + 1] if row + 1 < len(grid) else ()
    second = {c: str(v) for c, v in enumerate(below) if isinstance(v, str) and role_of(v) is not None}
    filled = sum(v != "" for v in below)
    if second and filled == len(second) and (filled > 1 or role_of(next(iter(second.values()))) != "text"):
        words |= second
        row += 1
    roles: dict[int, Role] = {c: role for c, word in words.items() if (role := role_of(word)) is not None}
    return Head(row, _settled(roles, words), words)


def _settled(roles: dict[int, Role], words: dict[int, str]) -> dict[int, Role]:
    """Names stand before the points; without any name the first text is one; of two columns of points the first
    counts, unless each stands behind a name of its own (一级指标 | 分值 | 二级指标 | 分值)."""
    settled = dict(roles)
    points = [c for c in sorted(settled) if settled[c] == "points"]
    if _stepped(settled, points, words):
        return settled
    for column in points[1:]:
        settled[column] = "entry"
    if points:
        names = [c for c in sorted(settled) if settled[c] == "name"]
        for column in names:
            if column > points[0] and any(n < points[0] for n in names):
                settled[column] = "text"
    if "name" not in settled.values():
        texts = [c for c in sorted(settled) if settled[c] == "text"]
        settled |= {texts[0]: "name"} if texts else {}
    return settled


def _stepped(roles: dict[int, Role], points: Sequence[int], words: dict[int, str]) -> bool:
    """Each column of points has its own names before it, and says that it holds full points, not what was given."""
    if not all(_FULL.search(tight(words[c])) for c in points):
        return False
    names = [c for c in roles if roles[c] == "name"]
    edges = list(zip((-1, *points), points, strict=False))
    return len(points) > 1 and all(any(left < n < right for n in names) for left, right in edges)


def guessed_head(grid: Grid) -> Head | None:
    """Columns of a table without a head (pasted cells), by what stands in them: texts before the column of numbers are
    names, texts behind it are notes."""
    width = max((len(row) for row in grid), default=0)
    numbers: list[int] = []
    texts: list[int] = []
    for column in range(width):
        held = [row[column] for row in grid if column < len(row) and row[column] != ""]
        if not held:
            continue
        plain = sum(_is_number(v) for v in held)
        (numbers if 2 * plain > len(held) else texts).append(column)
    counting = [c for c in numbers if _counts_up(grid, c)]
    points = next((c for c in numbers if c not in counting), None)
    if not texts:
        return None
    roles: dict[int, Role] = {c: "number" for c in counting}
    for column in texts:
        roles[column] = "name" if points is None or column < points or column == texts[0] else "text"
    if points is None:  # without points the first column names, the others tell
        roles |= {c: "text" for c in texts[1:] if not _often_blank(grid, texts[0])}
    else:
        roles[points] = "points"
    return Head(-1, roles, {})


def _is_number(value: CellValue) -> bool:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return True
    return isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?分?", tight(value)) is not None


def _counts_up(grid: Grid, column: int) -> bool:
    held = [str(row[column]).removesuffix(".0") for row in grid if column < len(row) and row[column] != ""]
    return len(held) > 1 and held == [str(n) for n in range(1, len(held) + 1)]


def _often_blank(grid: Grid, column: int) -> bool:
    filled = sum(column < len(row) and row[column] != "" for row in grid)
    return 2 * filled <= len(grid)
