"""The sections of a scheme beside the tree: what each is called, what it is for, which places it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.scheme_editing import Path
from app.domain.schemes import Scheme
from app.ui.pages.schemes.examples import Make, of_adjustments, of_ladder, of_validity


@dataclass(frozen=True, slots=True)
class Section:
    """One section. paths: what the form shows (empty: the tree); count: how many there are, for the list."""

    id: str
    title: str
    about: str
    paths: tuple[Path, ...] = ()
    examples: Make | None = None
    count: Callable[[Scheme], int] | None = None


TREE = "tree"
SECTIONS: tuple[Section, ...] = (
    Section("basics", "基本情况", "方案的名称、层级和依据的办法。", ((),)),
    Section(
        "groups",
        "评议人分组",
        "谁评：按角色和与被评单位的关系进入各组；组间按权重合成。只有一组人评时可以不分组。",
        (("groups",),),
        count=lambda s: len(s.groups),
    ),
    Section(
        "gathering",
        "汇集方式",
        "许多人的分怎样变成一个分。这里是全方案的规则；某一指标不同的，在指标里单独规定。",
        (("gathering",),),
    ),
    Section(
        "validity",
        "票决与选票有效",
        "会议票决何时有效；一张票（一份表）何时整张无效。",
        (("voting",), ("validity",)),
        of_validity,
        lambda s: len(s.validity),
    ),
    Section(TREE, "指标树", "考什么、各占多少分。"),
    Section("measures", "条件用的量", "不计入总分，只供条件引用的量，如优秀率、上年等次。"),
    Section("event_kinds", "事项种类", "加分、扣分、降档的事：有哪几种，每件计多少。", (("event_kinds",),), count=lambda s: len(s.event_kinds)),
    Section("rounding", "取舍", "在哪一步取舍。不设就全程精确，只在显示时取舍。", (("rounding",),)),
    Section("ranking", "排名", "和谁比、分数相同怎样分先后。", (("ranking",),)),
    Section(
        "ladder",
        "等次与名额",
        "从高到低逐档：分数线、条件、名额。每一句都可以直接改。",
        (("ladder",),),
        of_ladder,
        lambda s: len(s.ladder.grades),
    ),
    Section(
        "adjustments",
        "降档等调整",
        "只改等次，不改分数，也绝不抬高等次：降档、封顶、一票否决。",
        (("adjustments",), ("stacking",)),
        of_adjustments,
        lambda s: len(s.adjustments),
    ),
    Section(
        "report",
        "述职报告",
        "单位要写的报告：分哪几个栏目、写多少字、哪些指标自评、可以附什么。只提要求，不影响计分。",
        (("report",),),
        count=lambda s: len(s.report.sections) if s.report else 0,
    ),
)  # fmt: skip


def section_of(path: Path) -> str:
    """The section in which a place of the scheme is edited."""
    if not path:
        return "basics"
    first = str(path[0])
    if first in ("tree", "measures"):
        return TREE
    known = {str(p[0]): s.id for s in SECTIONS for p in s.paths if p}
    return known.get(first, "basics")
