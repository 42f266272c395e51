"""Which passages of a text everybody may share: quoted titles and sayings, set phrases, and the words of the form. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

_QUOTED = re.compile(r"《[^《》\n]{1,80}》|“[^“”\n]{1,120}”|「[^「」\n]{1,120}」|\"[^\"\n]{1,120}\"")

# Set phrases of party documents, between which little stands but commas: they say nothing about who copied from whom.
_PHRASES = (
    r"(?:坚持|始终坚持)?以习近平新时代中国特色社会主义思想为(?:指导|引领|统领|指引)",
    r"(?:深入)?(?:学习)?(?:贯彻|宣传)?(?:落实)?习近平新时代中国特色社会主义思想(?:和党的[^，。；]{2,24}精神)?",
    r"(?:深入)?(?:学习|贯彻|落实|宣传|领会)*(?:贯彻|落实)?党的(?:十九大|二十大|二十届)[^，。；\n]{0,24}(?:全会)?精神",
    r"深刻(?:领悟|把握|理解)“?两个确立”?的?(?:决定性意义)?",
    r"(?:不断)?(?:增强|牢固树立)“?四个意识”?",
    r"坚定“?四个自信”?",
    r"(?:坚决)?做到“?两个维护”?",
    r"(?:自觉)?在思想上政治上行动上同(?:以习近平同志为核心的)?党中央保持高度一致",
    r"不忘初心、?牢记使命",
    r"学思想、?强党性、?重实践、?建新功",
    r"学党史、?悟思想、?办实事、?开新局",
    r"不断提高政治判断力、?政治领悟力、?政治执行力",
    r"政治判断力、?政治领悟力、?政治执行力",
    r"一体推进不敢腐、?不能腐、?不想腐",
    r"(?:严格)?(?:贯彻)?落实中央八项规定(?:及其实施细则)?精神",
    r"习近平总书记(?:关于[^，。；\n]{2,40})?(?:系列)?(?:重要)?(?:讲话|论述|指示批示|指示)?(?:和(?:重要)?指示批示)?精神",
    r"中国共产党(?:党和国家机关基层组织工作条例|支部工作条例(?:（试行）)?|纪律处分条例|章程|党组工作条例)",
    r"党委（党组）落实全面从严治党主体责任规定",
    r"以政治建设为统领",
    r"以党的政治建设为统领",
    r"走在前、?作表率",
    r"讲政治、?守纪律、?负责任、?有效率",
    r"三会一课、?组织生活会、?民主评议党员、?谈心谈话",
)


@cache
def _phrases() -> re.Pattern[str]:
    return re.compile("|".join(_PHRASES))


def masked(text: str, words: Iterable[str] = ()) -> list[tuple[int, int]]:
    """Start and end of what is left out of the comparison, in order and without overlap. words: those of the form."""
    spans = [m.span() for pattern in (_QUOTED, _phrases()) for m in pattern.finditer(text)]
    for word in words:
        at = text.find(word) if len(word) >= 4 else -1
        while at >= 0:
            spans.append((at, at + len(word)))
            at = text.find(word, at + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
