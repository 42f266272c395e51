"""The fields and choices of the scheme language in the words of an office: for forms, differences and steps of undo."""

from __future__ import annotations

import re

# Field → word, where it means the same in every record; a class that says it otherwise stands in OWN.
WORDS: dict[str, str] = {
    "id": "代号", "name": "名称", "year": "年度", "level": "层级代号", "level_name": "层级名称", "note": "说明",
    "practice": "演练方案", "groups": "评议人分组", "gathering": "汇集方式", "voting": "表决的效力", "validity": "票（表）的效力",
    "tree": "指标树", "measures": "条件用的量", "rounding": "取舍", "ranking": "排名", "ladder": "等次", "event_kinds": "事项种类",
    "adjustments": "等次调整", "stacking": "多项降档的叠加",
    "weight": "权重", "roles": "角色", "relations": "与被评单位的关系", "recused": "须回避的关系",
    "points": "满分", "on_top": "加在总分之上", "applies_to": "适用的单位", "not_applicable": "不适用时", "mean_of": "取谁的平均", "source": "来源",
    "reading": "读法", "periods": "分期", "conversion": "再换算", "overrides": "条件改分", "limits": "限度",
    "normalisation": "可比处理", "variants": "按单位另定的分值", "join": "下级怎样合成", "children": "下级",
    "series": "系列", "kinds": "类别", "tags": "标签", "within": "范围", "minimum": "最低", "maximum": "最高", "step": "步长",
    "allowed": "只许的值", "digits": "小数位", "factor": "系数", "base": "起点", "levels": "等级", "bands": "分段", "gaps": "空档归属",
    "above": "不含本数", "when": "条件", "target": "目标", "side": "方向", "reached": "达到得分", "per_step": "每步扣分",
    "bonus": "超出每步加分", "count": "个数", "to": "相比的数", "number": "数", "inverse": "反比", "times": "乘数", "order": "先后",
    "from_end": "从末位数起", "ties": "并列时", "denominator": "分母", "ballot_of": "用哪一项的票", "direction": "加分或扣分",
    "start": "起点分", "tally": "计分或计件", "same_matter": "同一事由", "same_by": "以什么为同一", "year_by": "归入年度的日期",
    "years": "计算几年", "scheme": "方案", "of": "谁的结果", "link": "关联", "years_ago": "几年之前", "quantity": "量",
    "grades": "等次", "method": "方法", "high": "去掉几个最高", "low": "去掉几个最低", "equal": "与极端值相同的",
    "group": "分组", "weighting": "组的权重", "missing_group": "缺组时", "use": "代替的组",
    "min_marks": "一组至少几个值", "blank": "空白", "abstained": "弃权", "names": "各期名称", "weights": "各期权重", "missing": "缺期时",
    "reference": "基准", "target_mean": "目标平均", "target_spread": "目标离散", "smallest": "最少个数", "small": "个数不足时",
    "item": "指标", "node": "节点", "total": "总分", "shown": "显示", "mode": "取舍方法", "style": "名次写法", "listed": "排列",
    "on": "看哪个值", "also": "另外排名的量", "share": "比例（%）", "at_least": "至少", "at_most": "至多", "with_above": "更高等次也占名额",
    "promoted": "名额外晋升的算入基数", "line": "分数线", "conditions": "条件", "quota": "名额", "floor": "下限名额", "test": "比较",
    "value": "值", "alternatives": "或者", "amount": "每件的数", "table": "计分表", "steps": "逐件计数", "cap": "合计上限",
    "person_class": "人员类别", "sanction": "处分种类", "present": "到会比例（%）", "present_more": "到会须超过",
    "returned": "收回比例（%）", "returned_more": "收回须超过", "invalid": "无效票上限（%）", "more_returned": "收回多于发出",
    "failed": "表决无效时", "rule": "规则", "basis": "依据", "answers": "选项", "effect": "作用", "grade": "等次", "scope": "作用于",
    "events": "事项种类", "events_at_least": "至少几件", "events_of": "谁的事项", "freed_place": "空出的名额", "family": "叠加类别",
    "evidence_required": "必须有依据", "approver_required": "必须有批准人", "down": "多项降档",
    "report": "述职报告", "title": "标题", "sections": "栏目", "problem_share": "问题部分至少占（%）", "problem_purposes": "算作问题部分的栏目",
    "evidence": "佐证材料", "manner": "述职方式", "lots": "口头述职抽签定序", "purpose": "用途", "guide": "填写说明", "required": "必填",
    "shape": "写法", "entries": "至少几条", "score": "自评分", "text": "文字说明", "items": "要填的指标", "gap": "自评与得分相差提示（%）",
    "file": "单个文件上限（MB）",
}  # fmt: skip
OWN: dict[tuple[str, str], str] = {
    ("Scheme", "source"): "依据的办法",
    ("Level", "points"): "分值",
    ("Band", "points"): "得分",
    ("Band", "minimum"): "起点",
    ("Band", "maximum"): "印出的上端",
    ("Override", "points"): "改为",
    ("RankReading", "points"): "各名次得分",
    ("RankReading", "step"): "以后每名递减",
    ("RankReading", "within"): "在哪里排名",
    ("RankReading", "order"): "高者在前或低者在前",
    ("RatioReading", "within"): "在哪里比较",
    ("ThresholdReading", "step"): "一步",
    ("ThresholdReading", "count"): "不足一步的",
    ("EventsSource", "kinds"): "计入的事项种类",
    ("OfficeSource", "kind"): "哪一种值",
    ("Periods", "within"): "各期怎样汇集",
    ("Gathering", "within"): "组内怎样汇集",
    ("Gathering", "groups"): "参加的组",
    ("BallotRule", "groups"): "只管这些组",
    ("RoundingStages", "group"): "各组的值",
    ("RoundingStages", "item"): "指标得分",
    ("RoundingStages", "node"): "节点得分",
    ("Ranking", "within"): "排名范围",
    ("Ranking", "ties"): "同分时依次比较",
    ("Quota", "base"): "基数",
    ("Quota", "ties"): "名额线上并列",
    ("Quota", "at_least"): "至少几个",
    ("Quota", "rounding"): "名额的取舍",
    ("Grade", "maximum"): "印出的上端",
    ("Stacking", "at_most"): "合计至多几档",
    ("Stacking", "order"): "降档与封顶的先后",
    ("Adjustment", "steps"): "降几档",
    ("Adjustment", "order"): "名额之前或之后",
    ("Adjustment", "name"): "名称",
    ("BallotRule", "rounding"): "个数的取舍",
    ("BallotRule", "basis"): "逐项或合计",
    ("BallotRule", "on"): "用于",
    ("ReportForm", "answers"): "逐项填写",
    ("ReportForm", "minimum"): "全文至少（字）",
    ("ReportForm", "maximum"): "全文至多（字）",
    ("Section", "minimum"): "至少（字）",
    ("Section", "maximum"): "至多（字）",
    ("EvidenceLimits", "kinds"): "允许的文件",
    ("EvidenceLimits", "total"): "全部文件上限（MB）",
    ("Answers", "evidence"): "佐证",
}

# Words of choices that mean the same everywhere; those of one field stand in OWN_CHOICES.
CHOICES: dict[str, str] = {
    "half_up": "四舍五入", "half_even": "四舍六入五成双", "down": "舍去", "up": "进一", "floor": "舍去小数", "ceiling": "进一",
    "block": "无结果并提示", "zero": "按 0 计", "leave_out": "不计入", "renormalise": "其余放大", "use": "用另一组代替",
    "mean_of_others": "按其他部分的平均", "series_mean": "按本系列的平均", "full": "按满分", "keep": "照旧",
    "mean": "平均", "trimmed": "去高低分后平均", "median": "中位数", "sum": "相加", "best": "最高", "lowest": "最低",
    "latest": "最近一次", "highest": "最重（最高）一次", "each": "每次都计", "stated": "按写明的权重", "counted": "权重乘人数",
    "so_many": "只去掉规定个数", "all": "全部", "weighted": "按权重加权平均", "scaled": "得分÷满分×权重后相加", "minimum": "取最低",
    "maximum": "取最高", "product": "相乘", "answers": "计入的票数", "valid": "有效票数", "returned": "收回票数", "issued": "发出票数",
    "present": "实到人数", "expected": "应到人数", "none": "不写", "deduct": "扣分", "add": "加分", "amount": "按分值", "count": "按件数",
    "matter": "事由编号", "person": "当事人", "kind": "事项种类", "concluded": "办结日期", "occurred": "发生日期",
    "marks": "评议人评分", "votes": "会议票决", "events": "事项", "office": "考核办录入", "figure": "实绩数据", "self": "自评分",
    "imported": "外部结果", "results": "其他结果", "quantity": "本方案的另一个量", "own": "本单位", "children": "下级单位",
    "parent": "上级单位", "linked": "所关联的单位", "linking": "关联本单位的", "direct": "直接计分", "levels": "选等级", "bands": "分段",
    "threshold": "达标扣分", "ratio": "比例", "rank": "名次", "half_open": "归下一段", "nearest": "归最近的一段", "target": "目标值",
    "standard": "标准值", "number": "一个数", "average": "平均值", "at_least": "不低于", "at_most": "不高于",
    "proportional": "按比例", "started": "不足一步按一步", "higher": "高者在前", "lower": "低者在前", "shared": "并列同名次",
    "dense": "并列后接着排", "exact": "精确值", "shown": "显示值", "official": "按排序号", "decide": "人工决定", "all_in": "都算",
    "none_in": "都不算", "ranked": "参加排名的", "eligible": "达到线和条件的", "without_vetoed": "除去被否决的", "bar": "不得评为",
    "cap": "最高评为", "fix": "定为", "remark": "只作记载", "unit": "单位", "leading_group": "班子",
    "before_quota": "名额之前", "after_quota": "名额之后", "vacant": "空着", "passed_on": "递补", "worst": "只取最重一项",
    "worst_per_family": "每类取最重再相加", "down_first": "先降档", "caps_first": "先封顶", "void": "整次无效", "accept": "照样计算",
    "share": "比例", "complete": "填写完整", "not_all_equal": "不得全部相同", "not_all_full": "不得全部满分", "item": "指标",
    "ballots": "票", "sheets": "评分表", "both": "票和评分表", "mean_ratio": "二次平均", "z_score": "标准分", "best_ratio": "与最高之比",
    "means": "各组平均的平均", "above": "上级", "below": "下级", "in_charge": "分管",
    "same_series": "同系列", "same_level": "同层级", "other": "其他",
    "done": "成绩做法", "problems": "问题", "causes": "原因", "plans": "打算", "promises": "上年承诺", "inspection": "巡视巡察整改",
    "text": "成段文字", "list": "清单（一行一条）", "optional": "可填", "required": "必填", "oral": "口头", "written": "书面",
    "pdf": "PDF 文件", "image": "图片", "docx": "Word 文档", "xlsx": "Excel 工作簿",
    "node": "节点", ">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "!=": "不等于",
}  # fmt: skip
OWN_CHOICES: dict[tuple[str, str, str], str] = {
    ("Adjustment", "effect", "down"): "降档",
    ("Stacking", "down", "add"): "全部相加",
    ("Adjustment", "scope", "person"): "个人",
    ("Ranking", "style", "none"): "不给名次",
    ("Ranking", "listed", "rank"): "按名次",
    ("EventsSource", "start", "full"): "满分",
    ("DirectReading", "maximum", "full"): "满分",
    ("DirectReading", "base", "full"): "满分",
    ("Limits", "maximum", "full"): "满分",
    ("Override", "points", "full"): "满分",
    ("RatioReading", "times", "full"): "满分",
    ("Normalisation", "times", "full"): "满分",
    ("ThresholdReading", "reached", "full"): "满分",
    ("ThresholdReading", "count", "full"): "不足一步不计",
    ("EventKind", "steps", "full"): "满分",
    ("VotesSource", "denominator", "none"): "不除",
    ("RatioReading", "to", "best"): "最好的值",
    ("RatioReading", "to", "lowest"): "最低的值",
    ("RankReading", "ties", "mean"): "取所占名次的平均",
    ("Normalisation", "reference", "all"): "全部的平均",
    ("Within", "equal", "all"): "同样的都去掉",
    ("Quota", "base", "all"): "系列内参评的",
    ("BallotRule", "rule", "number"): "个数",
    ("BallotRule", "basis", "sum"): "合计",
    ("BallotRule", "basis", "item"): "逐项",
    ("Node", "join", "mean"): "各部分平均",
    ("Node", "join", "sum"): "各部分相加",
    ("Answers", "score", "none"): "不要",
    ("Answers", "text", "none"): "不要",
    ("Answers", "evidence", "none"): "不要",
}

PARTITIONS = {"series": "本系列", "kind": "同类别", "parent": "同一上级", "level": "全层级"}
PARTITION_FIELDS = (
    ("Ranking", "within"),
    ("RankReading", "within"),
    ("RatioReading", "within"),
    ("Normalisation", "within"),
)

# Parts of one in the scheme that are called percents in words.
PERCENTS = (("ReportForm", "problem_share"), ("Answers", "gap"))


def field_word(record: type | str, name: str) -> str:
    """What a field is called; the name itself when the language has grown past this table (a test says so)."""
    cls = record if isinstance(record, str) else record.__name__
    return OWN.get((cls, name)) or WORDS.get(name, name)


def partition_word(partition: str) -> str:
    """How units fall into comparable groups (a text of the language, not a choice)."""
    return PARTITIONS.get(partition) or f"按标签“{partition.removeprefix('tag:')}”"


def choice_word(record: type | str, name: str, choice: str) -> str:
    """What a choice of a field is called."""
    cls = record if isinstance(record, str) else record.__name__
    return OWN_CHOICES.get((cls, name, choice)) or CHOICES.get(choice, choice)


_QUOTED = re.compile(r"(“[^”]*”)")
_NAMES = re.compile(r" ?\b([a-z][a-z_]*(?:\.[a-z_]+)*)\b ?")


def in_office_words(text: str) -> str:
    """A remark of the check as the editor says it: the names of fields and choices, which stand in scheme files, as
    they are called in the window. What stands in quotes is the office's own and stays."""
    return "".join(t if t.startswith("“") else _NAMES.sub(_called, t) for t in _QUOTED.split(text))


def _called(found: re.Match[str]) -> str:
    parts = found[1].split(".")
    words = [WORDS.get(part) or CHOICES.get(part) for part in parts]
    return f"“{' › '.join(w for w in words if w)}”" if all(words) else found[0]
