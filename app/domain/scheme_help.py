"""What a setting of a scheme changes, in one or two sentences below its field; and the safe choice where rules are silent."""

from __future__ import annotations

# Settings on which published rules are usually silent: a scheme must state them, and this choice is the safe one.
SAFE: dict[tuple[str, str], str] = {
    ("Gathering", "missing_group"): "block",
    ("VotesSource", "denominator"): "valid",
    ("EventsSource", "year_by"): "concluded",
    ("ThresholdReading", "count"): "proportional",
    ("BandsReading", "gaps"): "half_open",
    ("Quota", "base"): "ranked",
    ("Quota", "rounding"): "half_up",
    ("Quota", "ties"): "decide",
    ("Adjustment", "order"): "after_quota",
    ("Adjustment", "freed_place"): "vacant",
    ("Stacking", "down"): "worst",
}

HELP: dict[tuple[str, str], str] = {
    # ---- where rules are silent
    ("Gathering", "missing_group"): "有一组没有人交分时：无结果最稳妥，会提示缺谁；放大其余组，等于让其余的人多说了话；按 0 计会直接拉低得分。",
    ("VotesSource", "denominator"): "弃权、没投、无效的票算不算在分母里。分母越大，同样多的好评得分越低；有效票最常见。",
    ("EventsSource", "year_by"): "上年发生、今年办结的事项算在哪一年。按办结计，查实才算；按发生计，迟到的处理结果会改变已过去的年度。",
    ("ThresholdReading", "count"): "离目标差不满一步时：按比例扣最平顺；只算满步，差一点不扣；不满一步按一步，差一点也扣一步。",
    ("BandsReading", "gaps"): "办法印成“75–89、90–100”时，89.5 归哪段。归下一段是严的，归最近的一段会让 89.5 算作 90。",
    ("Quota", "base"): "百分比乘以多少个单位。单列、不定等次、被否决的单位算不算在内，会差出一两个名额。",
    ("Quota", "rounding"): "10.8 个名额是 11 个还是 10 个。舍去小数最严，进一最宽。",
    ("Quota", "ties"): "最后一个名额上几家分数相同时：待人工决定最稳妥，先给下一等次并提示；都算会超出名额；都不算会空出名额。",
    ("Adjustment", "order"): "名额之后作用：先占了名额再被降下来，空出的名额由下一栏决定。名额之前作用：它一开始就不占这个名额。",
    ("Adjustment", "freed_place"): "降下来以后空出的名额：空着最稳妥；递补给后面的单位；或者提示考核办人工决定。",
    ("Stacking", "down"): "同一单位同时触发几项降档时：只取最重一项，还是相加。相加可能一次降到底，可以再设“合计至多几档”。",
    # ---- what is often mixed up
    ("Item", "points"): "这一项的满分。相加的上级，各项满分合计应当等于上级满分。",
    ("Item", "weight"): "在按权重合成的上级里占多少；只看相互的比例，30 和 70 与 0.3 和 0.7 一样。",
    ("Item", "on_top"): "上级合成之后再加（减）上去，不占满分和权重：加分、扣分项用。",
    ("Item", "not_applicable"): "这一项对某单位不适用时，上级怎样办。无结果并提示最稳妥；其余放大，等于按剩下的项目折算成满分。",
    ("Item", "limits"): "得分的两端。最低 0 就是扣完为止；最低不限，可以倒扣成负数。",
    ("Item", "gathering"): "不单独写时用方案的汇集方式。",
    ("Item", "conversion"): "先汇集出一个数，再按一张表换成分：如先算优秀率，再按优秀率分段给分。",
    ("Item", "normalisation"): "不同评委、不同组打分松紧不一时，先折算到可比，折算前后的分都保留。",
    ("Node", "join"): "相加：各项满分凑成总分；加权平均：各项都按百分制打，再按权重合成；取最低：木桶，哪项最差看哪项。",
    ("Within", "high"): "去掉几个最高分；分数的个数不多于“多于几个才去”时不去，取平均。",
    ("Within", "above"): "分数多于这么多个才去掉高低分。",
    ("Gathering", "min_marks"): "一组少于这么多个有效分数，按缺组处理。",
    ("Gathering", "blank"): "交回的表上这一格没有填。不计入最常见；按 0 计会把漏填变成 0 分。",
    ("Group", "recused"): "与被评单位有这些关系的人必须回避：他的表上不列这个单位。",
    ("Group", "relations"): "只有与被评单位有这些关系的人进入本组；不选就不看关系。",
    ("EventsSource", "same_matter"): "同一件事被几个部门通报时，只算最重一次，还是每次都算。",
    ("EventKind", "cap"): "这一种事项一年合计最多加（扣）多少。",
    ("Ranking", "within"): "和谁比。系列内：同系列的单位排名次、分名额；全层级：所有单位一起排。",
    ("Ranking", "on"): "比精确的分，还是比显示出来的两位小数。比显示值，小数第三位的差别就成了并列。",
    ("Grade", "conditions"): "除了分数线，还要全部满足的条件，如“没有得 0 分的指标”。",
    ("Quota", "with_above"): "名额连同更高等次已经占用的一起算：如“优秀、良好合计不超过 60%”。",
    ("Adjustment", "effect"): "不得评为：这一等次及以上都不行；最高评为：最多到这一等次；定为：就是这一等次；降档：在应得的等次上往下降。",
    ("Adjustment", "scope"): "作用在单位的等次、班子的等次，还是个人的等次上；三者各是各的。",
    ("Adjustment", "evidence_required"): "没有写明依据的事项不起作用，并在结果里提示。",
    ("Adjustment", "approver_required"): "没有写明批准人的事项不起作用，并在结果里提示。",
    ("RoundingStages", "item"): "在这一步真的取舍，后面用取舍后的数接着算。不设就全程精确，只在显示时取舍。",
    ("RoundingStages", "shown"): "只管显示，不影响计算。",
    # ---- self-reports
    ("Scheme", "report"): "本层级的单位要写的述职报告；不设就不写。报告的检查只提建议，从不影响得分。",
    ("ReportForm", "problem_share"): "写问题和原因的栏目，合计字数至少占全文的百分之几；常见的是四分之一或三分之一。不写就不检查。",
    ("ReportForm", "problem_purposes"): "哪些用途的栏目算作“问题部分”。",
    ("ReportForm", "manner"): "没有另行确定的单位按这种方式述职；在“述职”页可以逐家改。",
    ("ReportForm", "lots"): "口头述职的先后由抽签决定；抽签结果留有记录，重抽要写理由。",
    ("Section", "purpose"): "检查时按用途看：有没有写问题、问题占多少、上年承诺有没有交代。三张清单的写法：成绩、问题、打算各设一个清单栏目。",
    ("Section", "shape"): "成段文字，或一行一条的清单。",
    ("Section", "guide"): "写在栏目旁边给填报单位看的话；照抄这些话会被检查出来。",
    ("Answers", "items"): "不选就是指标树上与该单位有关的全部指标。",
    ("Answers", "gap"): "自评分与评得的分相差超过满分的百分之几时，检查中提示；不写就不提示。",
    ("EvidenceLimits", "file"): "单个文件不能超过的大小。文件存在年度文件里，太大会使年度文件和任务包变大。",
}  # fmt: skip


def help_text(record: type | str, field: str) -> str:
    """What the setting changes; empty when its name says it."""
    cls = record if isinstance(record, str) else record.__name__
    return HELP.get((cls, field)) or (HELP.get(("Item", field), "") if cls == "Node" else "")


def safe_choice(record: type | str, field: str) -> str:
    """The safe choice of a setting on which rules are silent; empty for every other."""
    return SAFE.get((record if isinstance(record, str) else record.__name__, field), "")
