"""What sentences of reports say: whether they name a problem, praise, or deny that there is one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")

_PROBLEM = re.compile(
    r"不(?:够|足|到位|深|高|强|实|细|严|平衡|均衡|充分|及时|规范|健全|完善|紧|透|多|广|新|活|牢|准|精|全面|主动|经常|扎实|深入"
    r"|彻底|熟悉|匹配|一致|理想|清楚|清晰|具体|统一|顺畅|稳定|配套|合理)"
    r"|没有?(?:完全|真正|及时|根本|形成|做到|达到|完成|落实|建立|抓|跟上|覆盖|到位|坚持|按|把)"
    r"|未(?:能|及时|完成|落实|按|达|形成|建立|做到|全|跟上|覆盖)"
    r"|缺(?:乏|少|位|失|项|漏|勤)|欠缺|薄弱|弱化|虚化|边缘化|淡化|短板|弱项|差距|滞后|松懈|松劲|懈怠"
    r"|偏(?:少|软|弱|低|慢|浅|粗|重|松|差)|过(?:少|低|慢|粗|于简单|于笼统)|流于形式|走过场|两张皮|有待|仍需|还需|尚未|尚有"
    r"|畏难|温差|好人主义|形式主义|官僚主义|粗放|单一|脱节|逾期|拖延|迟报|漏报|少于|低于|下降|扣分|被通报"
    r"|重.{1,6}轻|问题(?:突出|仍|还|依然|比较|较)|停留在|老办法|老经验|照搬|应付|敷衍|习惯于|被动|随意|简单化|一般化|碎片化|空泛|空洞"
)
_DENIAL = re.compile(
    r"(?:没有|未|无|不存在)(?:发现|出现|存在)?(?:任何|明显|突出|重大|大|什么|较大|普遍|严重|的)*(?:问题|不足|差距|短板)"
)
_PRAISE = re.compile(
    r"成效(?:显著|明显|突出)|成绩(?:显著|突出|斐然|优异)|圆满(?:完成|成功)|走在.{0,6}前[列面]|名列前茅"
    r"|高度(?:评价|肯定|认可|赞扬)|充分肯定|一致(?:好评|认可)|广泛(?:好评|赞誉)|受到.{0,12}(?:好评|表彰|肯定|赞扬)"
    r"|获得?.{0,16}(?:荣誉|称号|表彰|一等奖|第一名)|(?:显著|明显|大幅|全面)(?:提升|增强|提高|改善|好转|进步)|全面过硬"
    r"|再上新?台阶|硕果累累|亮点纷呈|有声有色|扎实有效|可圈可点|历史最好|全[省市县区国].{0,4}第一"
    r"|取得.{0,8}(?:成绩|成效|突破|胜利|佳绩)|成为.{0,10}(?:标杆|样板|典范)|令人满意|十分满意|非常满意"
)
_FLATTERY = re.compile(  # strengths put forward as faults
    r"(?:工作|干事).{0,4}(?:太|过于|过度)(?:投入|拼命|认真|追求完美)|过于追求(?:完美|卓越)|对自己.{0,6}(?:要求|标准)(?:太|过)高"
    r"|干劲(?:太|过)足|(?:太|过于)(?:低调|谦虚|注重实干)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands in its text."""

    text: str
    start: int
    end: int

    @property
    def names_problem(self) -> bool:
        """That there is none is no problem."""
        return bool(_PROBLEM.search(_DENIAL.sub("", self.text)))

    @property
    def denies(self) -> bool:
        """It says that there is no problem."""
        return bool(_DENIAL.search(self.text))

    @property
    def praises(self) -> bool:
        """It praises and names no problem."""
        return bool(_PRAISE.search(self.text)) and not self.names_problem

    @property
    def flatters(self) -> bool:
        """A strength that is put forward as a fault."""
        return bool(_FLATTERY.search(self.text))


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of a text, blanks around them left out."""
    for match in _SENTENCE.finditer(text):
        said = match.group()
        if said.strip():
            start = match.start() + len(said) - len(said.lstrip())
            yield Sentence(said.strip(), start, start + len(said.strip()))


def praise_in(text: str) -> int:
    """How many words of praise."""
    return len(_PRAISE.findall(text))
