"""What happened in the fictional year: events with evidence, parts that do not concern a unit, sheets that went wrong."""

from __future__ import annotations

from fractions import Fraction

from app.domain.facts import Event, Exemption
from app.services.practice.city import SETTLED_PAIR, alike, units
from app.services.practice.judgement import draw

# Sheets that went wrong, by evaluator and scheme.
LATE = {
    ("E005", "department"),
    ("E006", "committee"),
    ("E022", "committee"),
    ("E057", "department"),
    ("E085", "branch"),
    ("E090", "department"),
}
WITH_TASKS = ("D01", "D02", "D03", "D04")  # work by packages; none of them has come back yet
NEVER_RETURNED = {("E068", "department")}
CUT_SHORT = {("E072", "department")}  # the stick was pulled out too early: half a file
COPIED = {("E010", "committee")}
LAST_YEARS = {("E003", "department")}  # handed in last year's form as well
# What stands in single cells instead of the plain mark. E008: three cells that cannot be read; E009: two that can.
ODD_CELLS = {
    ("E008", "department"): {
        ("D04", "duty_theory"): "十分",
        ("D16", "report_work"): "95",
        ("D35", "duty_style"): "优",
    },
    ("E009", "department"): {("D03", "report_work"): "８．５", ("D08", "report_work"): "9.2分"},
}
# scheme, evaluator, unit, item, mark, reason: one of the unreadable cells, asked about on the telephone
CORRECTED_CELL = ("department", "E008", "D16", "report_work", "9.5", "电话向评议人核实：漏写小数点")

OFFICE = "云岭市考核办"
COMMITTEE = "云岭市直机关工委会议"

# kind, unit, title, month and day, matter, evidence, approver
_GRADE_EVENTS = """
rectify_failed  D01  机关党建巡视反馈的4项问题到期未整改      09-18  X-01  工委督查通报〔2026〕3号（演练）  工委会议2026年第11次
rectify_failed  J01  机关党建巡视反馈的4项问题到期未整改      09-18  X-01  工委督查通报〔2026〕3号（演练）  工委会议2026年第11次
rectify_failed  D17  巡视整改台账两项逾期未销号              09-18  X-02  工委督查通报〔2026〕3号（演练）  工委会议2026年第11次
rectify_failed  D29  巡视整改弄虚作假一项                    10-12  X-03  工委督查通报〔2026〕5号（演练）  工委会议2026年第12次
rectify_failed  D34  巡视整改一项未完成，情况待核             10-20  X-04  工委督查记录2026-21（演练）
rectify_failed  D06  巡视整改三项未完成                      09-18  X-05  工委督查通报〔2026〕3号（演练）  工委会议2026年第11次
interviewed     D06  党组书记第一次被约谈                    04-15  Y-01  约谈记录2026-02（演练）         工委会议2026年第5次
interviewed     D06  党组书记第二次被约谈                    08-21  Y-02  约谈记录2026-05（演练）         工委会议2026年第9次
interviewed     D26  党组书记被约谈                          06-03  Y-03  约谈记录2026-03（演练）         工委会议2026年第7次
veto            D15  发生一票否决事项                        07-09  F-01  市考核委通知〔2026〕8号（演练）  市考核委会议2026年第3次
leader_punished D30  班子成员一人受党内警告处分              05-26  C-01  处分决定抄告单2026-14（演练）    工委会议2026年第6次
group_accountable D02 领导班子因工作失察被问责               10-30  C-02  问责决定抄告单2026-03（演练）    工委会议2026年第13次
secretary_punished J30 书记受党内警告处分                    05-26  C-01  处分决定抄告单2026-14（演练）    工委会议2026年第6次
member_punished Z0501 一名党员受党内严重警告处分             06-18  C-03  处分决定抄告单2026-17（演练）    工委会议2026年第7次
no_election     Z0203 无正当理由三年未按期换届               08-31  C-04  换届督办单2026-06（演练）        工委会议2026年第9次
"""

_SCORE_EVENTS = """
commended     D32 获省级机关党建表彰             06-28  B-01
model_case    D11 经验做法被省级推广             08-02  B-02
model_case    D11 同一做法再次被省级刊物介绍      10-15  B-02
pilot         D21 承担市级党建试点               03-20  B-03
criticised    D18 年度计划迟迟不落实被通报       07-22  K-01
criticised    D07 会议纪律问题被通报             05-11  K-02
late_material D07 半年总结迟报                   07-15  K-03
late_material D28 信息材料迟报                   04-08  K-04
late_material D28 年度总结迟报                   11-06  K-05
issue_small   D04 学习记录不全                   05-19  J-01
issue_small   D07 党费收缴公示不及时             05-19  J-02
issue_large   D07 民主生活会问题清单未整改       09-02  J-03
issue_large   D07 责任清单未分解                 09-02  J-04
issue_small   D07 同一责任清单问题再次被指出     10-10  J-04
issue_small   D16 台账缺两次记录                 05-20  J-05
issue_large   D18 党建与业务“两张皮”            09-03  J-06
issue_small   D22 谈心谈话记录不全               05-21  J-07
issue_small   D27 会议记录代签                   05-21  J-08
issue_large   D28 组织生活走过场                 09-04  J-09
issue_small   D33 志愿服务无记录                 05-22  J-10
issue_small   D35 制度未修订                     05-22  J-11
commended     J11 获省级优秀党务工作者           06-28  B-04
model_case    J32 书记项目被市级推广             09-25  B-05
criticised    J07 述职准备不认真被通报           11-10  K-06
absent        J18 无故缺席一次述职会议           11-09  K-07
commended     Z1101 获市级先进支部               06-28  B-06
commended     Z3001 获市级先进支部               06-28  B-07
model_case    Z2001 主题党日做法被推广           09-12  B-08
criticised    Z2803 支部换届材料不实被通报       08-30  K-08
"""


def _fields(line: str, pieces: int) -> list[str]:
    """The columns of a table line, missing ones at its end empty; titles hold no blanks."""
    found = line.split()
    return [*found, *[""] * (pieces - len(found))]


def grade_events() -> list[Event]:
    """Events that act on the grade, entered after a first computation; one lacks its approver and so has no effect."""
    return [_event(*_fields(line, 7)) for line in _GRADE_EVENTS.strip().splitlines()]


def score_events() -> list[Event]:
    """Events that bring or cost points."""
    found: list[Event] = []
    for line in _SCORE_EVENTS.strip().splitlines():
        kind, unit, title, day, matter = line.split()
        found.append(_event(kind, unit, title, day, matter, f"督导台账{matter}（演练）", COMMITTEE))
    found.append(
        _event("pilot", SETTLED_PAIR[1], "承担市级党建试点", "04-10", "B-09", "试点通知2026-04（演练）", COMMITTEE)
    )
    return found + _missed_meetings()


def _event(kind: str, unit: str, title: str, day: str, matter: str, evidence: str, approver: str) -> Event:
    return Event(
        id="",
        kind=kind,
        unit=unit,
        title=title,
        occurred=f"2026-{day}",
        concluded=f"2026-{day}",
        matter=matter,
        evidence=evidence,
        provider=OFFICE,
        approver=approver,
        amount=Fraction(3) if matter == "J-06" else None,
    )


def _missed_meetings() -> list[Event]:
    """Meetings that branches left out, as found in the half-yearly checks."""
    found: list[Event] = []
    for branch in (u.code for u in units() if u.level == "branch"):
        key = alike(branch)
        chance = draw(500, "meetings", key)
        if chance > 330:
            matter = f"H-{branch[1:]}-1"
            found.append(
                _event(
                    "meeting_missed", branch, "上半年党课少一次", "07-03", matter, "支部工作检查表（演练）", COMMITTEE
                )
            )
        if chance > 430:
            matter = f"H-{branch[1:]}-2"
            found.append(
                _event(
                    "record_incomplete",
                    branch,
                    "主题党日记录不全",
                    "10-09",
                    matter,
                    "支部工作检查表（演练）",
                    COMMITTEE,
                )
            )
    return found


def exemptions() -> list[Exemption]:
    """Parts that do not concern a unit this year."""
    lines = [
        ("department", "D19", "duty_mass", "垂直管理单位，未设群团组织"),
        ("department", "D33", "duty_mass", "群团组织与上级合并设置"),
        ("committee", "J19", "mass_work", "垂直管理单位，未设群团组织"),
        ("committee", "J33", "mass_work", "群团组织与上级合并设置"),
        ("branch", "Z2704", "report_promises", "2026年9月成立，上年没有承诺"),
        ("branch", "Z3202", "report_promises", "由两个支部合并成立，上年没有承诺"),
    ]
    return [Exemption(scheme=s, unit=u, part=p, reason=r) for s, u, p, r in lines]
