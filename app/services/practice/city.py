"""The fictional city 云岭市: its departments, their 机关党委 and branches, and who scores. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from app.domain.facts import Assignment, Evaluator, Unit, UnitRelation
from app.domain.sheets import Register

SERIES = ("党群系列", "经济系列", "社会系列", "政法系列")

# Two departments of a pair are alike in everything down to the last ballot: where they meet, they tie.
WAITING_PAIR = ("D23", "D24")
SETTLED_PAIR = ("D13", "D14")
LISTED_APART = "D19"
NEW_BRANCH = "Z2704"


@dataclass(frozen=True, slots=True)
class _Department:
    code: str
    name: str
    series: str
    quality: int
    branches: int
    window: bool


# Name, quality in thousandths of full points, number of branches; * marks a department with a service window.
_TABLE = """
党群系列: 市文澜办 946 3, 市同心部 902 3, 市青藤会 868 2, 市木棉会 858 2, 市松风办 931 4, 市书声部 884 3, 市映山会 771 2, 市长风部 918 3, 市清源办 886 3
经济系列: 市稻香局 896 4, 市帆影局* 948 3, 市锦程局 938 3, 市银杏局* 920 3, 市山海委* 920 3, 市云梯局 886 3, 市金穗局 861 3, 市丝路局* 876 3, 市星火局 815 3, 市磐石局* 909 3
社会系列: 市杏林局* 944 4, 市学海局 936 4, 市春晖局* 848 3, 市碧水局 917 3, 市花溪局 917 3, 市安居局* 891 3, 市彩虹局* 881 3, 市飞鸢局 866 4, 市灯塔局 806 3, 市鹊桥局* 897 2
政法系列: 市明镜局* 952 3, 市铁流局 921 4, 市守望局* 934 3, 市松柏局 889 3, 市正气局 873 3, 市晨钟局 840 3, 市长亭局* 904 3
"""


@cache
def _departments() -> tuple[_Department, ...]:
    found: list[_Department] = []
    for line in _TABLE.strip().splitlines():
        series, entries = line.split(": ")
        for entry in entries.split(", "):
            name, quality, branches = entry.split()
            code = f"D{len(found) + 1:02d}"
            found.append(_Department(code, name.rstrip("*"), series, int(quality), int(branches), name.endswith("*")))
    return tuple(found)


def quality(unit: str) -> int:
    """How good a unit is in this story, in thousandths of full points; a branch differs a little from its committee."""
    code = alike(unit)
    own = _departments()[int(code[1:3]) - 1].quality
    return own if len(code) == 3 else own + (int(code[3:]) * 23 + int(code[1:3]) * 7) % 41 - 20


def alike(code: str) -> str:
    """The code that decides how a unit is judged: the first of a pair stands for both."""
    for first, second in (WAITING_PAIR, SETTLED_PAIR):
        if code[1:3] == second[1:]:
            return code[0] + first[1:] + code[3:]
    return code


@cache
def units() -> tuple[Unit, ...]:
    """36 departments, a 机关党委 in each, 110 branches, in official order."""
    found: list[Unit] = []
    for number, d in enumerate(_departments(), 1):
        department = Unit(
            code=d.code,
            name=d.name,
            level="department",
            series=d.series,
            order=number,
            tags=("窗口",) if d.window else (),
        )
        committee = replace(
            department,
            code=f"J{d.code[1:]}",
            name=f"{d.name}机关党委",
            level="committee",
            parent=d.code,
            order=100 + number,
        )
        if d.code == LISTED_APART:
            department = replace(department, participation="listed_apart", reason="垂直管理单位，单列考核")
        found += [department, committee, *_branches(number, d, committee.code)]
    return tuple(found)


def _branches(number: int, department: _Department, committee: str) -> list[Unit]:
    found: list[Unit] = []
    for i in range(1, department.branches + 1):
        code = f"Z{department.code[1:]}{i:02d}"
        new = code == NEW_BRANCH
        found.append(
            Unit(
                code=code,
                name=f"{department.name}第{'一二三四'[i - 1]}党支部",
                level="branch",
                series=department.series,
                parent=committee,
                order=1000 + number * 10 + i,
                participation="new" if new else "ranked",
                reason="2026年9月成立，不满一年" if new else "",
                since="2026-09-15" if new else "",
                tags=("窗口",) if department.window and i == 1 else (),
            )
        )
    return found


@cache
def evaluators() -> tuple[Evaluator, ...]:
    """92 evaluators. Two leaders of the 工委 head a department themselves and are recused there."""
    codes = [d.code for d in _departments()]
    lines: list[tuple[str, str, str, tuple[UnitRelation, ...]]] = []
    heads = {2: "D11", 4: "D28"}
    lines += [(f"评议人甲{i:02d}", heads.get(i, ""), "工委领导", ()) for i in range(1, 6)]
    lines += [(f"评议人乙{i:02d}", "", "工委部室", ()) for i in range(1, 6)]
    lines += [(f"评议人丙{i:02d}", code, "党组成员", ()) for i, code in enumerate(codes, 1)]
    lines += [(f"评议人丁{i:02d}", code, "机关党委书记", ()) for i, code in enumerate(codes, 1)]
    lines += [(f"评议人戊{i:02d}", "", "工委联络员", _sample(i)) for i in range(1, 7)]
    lines += [(f"评议人己{i:02d}", "", "代表", ()) for i in range(1, 5)]
    return tuple(
        Evaluator(code=f"E{n:03d}", name=name, unit=unit, role=role, order=n, relations=relations)
        for n, (name, unit, role, relations) in enumerate(lines, 1)
    )


def _sample(contact: int) -> tuple[UnitRelation, ...]:
    """Each contact visits six departments and samples the first branch of each (扦样)."""
    mine = [d for i, d in enumerate(_departments()) if i % 6 == contact - 1]
    return tuple(UnitRelation(unit=f"Z{d.code[1:]}01", relation="in_charge") for d in mine)


@cache
def assignments() -> tuple[Assignment, ...]:
    """Two of the delegates come from service windows and score only departments that have one."""
    windows = tuple(d.code for d in _departments() if d.window)
    delegates = [e.code for e in evaluators() if e.role == "代表"][2:]
    return tuple(Assignment(evaluator=e, scheme="department", units=windows, group="delegates") for e in delegates)


def register() -> Register:
    """The whole register, as the workbook 名册.xlsx holds it."""
    return Register(units(), evaluators(), assignments())
