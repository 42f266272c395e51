"""The examination: twenty good reports get no remark, every seeded fault is found with its code and passage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import pairwise
from random import Random
from time import perf_counter

import pytest

from app.domain.report_forms import Section
from app.domain.reports import ItemAnswer, Report, ReportFinding
from app.services.reports.examination import Neighbour, copies_among, examine
from app.services.reports.examination.masks import masked
from app.services.reports.examination.shingles import Shared, Text, shared_passages
from app.services.reports.passages import characters
from tests.services.reports.samples import (
    ANSWERS,
    DUTIES,
    FORM,
    YEAR,
    findings_of,
    good_reports,
    question,
    text_of,
    with_section,
)

GOOD = good_reports()
LAST = GOOD["H1"]


def test_that_twenty_good_reports_get_no_remark() -> None:
    neighbours = {("department", u): Neighbour(r, FORM, u) for u, r in GOOD.items()}
    assert len(GOOD) == 20
    assert {
        u: sum(characters(s.text) for s in r.sections) for u, r in GOOD.items() if not 1500 <= _length(r) <= 4000
    } == {}
    assert {u: f for u, r in GOOD.items() if (f := examine(question(r)))} == {}
    assert copies_among(neighbours, YEAR) == {}


def test_that_a_good_report_beside_a_different_one_of_last_year_gets_no_remark() -> None:
    old = replace(GOOD["G05"], unit="H2")
    assert findings_of(GOOD["H2"], last_year=old) == ()


def _length(report: Report) -> int:
    return sum(characters(s.text) for s in report.sections)


# ---- seeded faults: what is done to a good report, the code, and what the passage must hold (empty: the whole report)


def put(section: str, words: str) -> Callable[[Report], Report]:
    """Words put into a section as a paragraph of their own, between the first and the second."""

    def edit(report: Report) -> Report:
        first, _, rest = text_of(report, section).partition("\n")
        return with_section(report, section, f"{first}\n{words}\n{rest}")

    return edit


def instead(section: str, words: str) -> Callable[[Report], Report]:
    return lambda report: with_section(report, section, words)


def answered(item: str, **changes: object) -> Callable[[Report], Report]:
    def edit(report: Report) -> Report:
        answers = tuple(replace(a, **changes) if a.item == item else a for a in ANSWERS)  # type: ignore[arg-type]
        return replace(report, answers=answers)

    return edit


def longer(section: str, count: int) -> Callable[[Report], Report]:
    def edit(report: Report) -> Report:
        chance = Random(5)
        words = "".join(chr(chance.randint(0x4E00, 0x9000)) for _ in range(count))
        return with_section(report, section, f"{text_of(report, section)}\n{words}。")

    return edit


PRAISE = (
    "党建工作成效显著，受到上级高度评价。各项任务圆满完成，走在全市前列。服务水平显著提升，群众一致好评。"
    "班子建设全面过硬，亮点纷呈。宣传工作有声有色，取得历史性突破。队伍素质大幅提升，令人满意。"
)
OTHER = text_of(GOOD["H3"], "problems").split("\n")[1]
DUTY = DUTIES[0].text

SEEDED: list[tuple[str, Callable[[Report], Report], str, str]] = [
    ("a section left out", instead("causes", ""), "R-EMPTY", ""),
    ("a section of blanks", instead("plans", " \n　"), "R-EMPTY", ""),
    ("a short section", instead("plans", "明年改进。"), "R-SHORT", "明年改进"),
    ("two lines of causes", instead("causes", "学习不够。方法不多。"), "R-SHORT", "学习不够"),
    ("a section too long", longer("work", 2600), "R-LONG", "。"),
    ("a report too long", longer("causes", 4500), "R-TOTAL", ""),
    (
        "no problem at all",
        instead("problems", "一年来，班子团结，干群一心，工作按计划推进，没有发现明显问题。今后我们要坚持下去。" * 6),
        "R-NO-PROBLEM",
        "没有发现明显问题",
    ),
    ("problems that are plans", instead("problems", "我们要继续加强学习，抓好落实，推进工作，服务群众。" * 10), "R-NO-PROBLEM", "加强学习"),
    ("problems too short for their share", longer("plans", 1800), "R-PROBLEM-SHARE", "."),
    ("successes in place of problems", instead("problems", PRAISE * 3 + "个别工作不够细。"), "R-PRAISE", "成效显著"),
    ("a strength as a fault", put("problems", "三是工作太投入，对自己要求过高。"), "R-PRAISE", "太投入"),
    ("successes everywhere", lambda r: put("work", PRAISE * 2)(instead("problems", "学习不够深，" * 12)(instead("causes", "抓得不紧。" * 12)(r))), "R-PRAISE", "成效显著"),
    ("an item without text", answered("study", text=""), "R-ITEM-TEXT", ""),
    ("an item without figure", answered("style", text="认真抓了作风，效果很好。"), "R-ITEM-FIGURE", "认真抓了作风"),
    ("only vague numbers", answered("study", text="开展了一次次学习，形成一个个成果。"), "R-ITEM-FIGURE", "一次次"),
    ("an item without evidence", lambda r: replace(r, evidence=r.evidence[:1]), "R-ITEM-EVIDENCE", ""),
    ("an item without score", answered("study", score=None), "R-ITEM-SCORE", ""),
    ("a score above the full points", answered("style", score=Fraction(9)), "R-ITEM-SCORE", ""),
    ("a score far above the given one", answered("study", score=Fraction(10)), "R-SELF-SCORE", ""),
    ("a score far below the given one", answered("style", score=Fraction(5)), "R-SELF-SCORE", ""),
    ("crosses", put("work", "全年召开会议××次。"), "R-PLACEHOLDER", "××"),
    ("letters", put("work", "某处室XXX同志受到表扬。"), "R-PLACEHOLDER", "XXX"),
    ("a month to fill in", put("promises", "已于X月完成。"), "R-PLACEHOLDER", "X"),
    ("a field to fill in", put("plans", "由（此处填写责任人）负责。"), "R-PLACEHOLDER", "此处填写"),
    ("a line to fill in", put("plans", "责任人：____，时限：____。"), "R-PLACEHOLDER", "____"),
    ("someone", put("work", "党员某某某坚守岗位。"), "R-PLACEHOLDER", "某某"),
    ("the form's own guide", put("work", "讲怎样履行责任、做成了什么，用事例和数字说话。"), "R-PLACEHOLDER", "讲怎样履行责任"),
    ("the responsibility list", put("work", f"今年，我们{DUTY}。"), "R-LIST-COPIED", "听取机关党委工作汇报"),
    ("half an entry of the list", put("work", "第一，履行党建工作第一责任人职责，带头参加双重组织生活，每年都做。"), "R-LIST-COPIED", "带头参加双重组织生活"),
    ("another unit's problem", put("problems", OTHER), "R-OTHER-UNIT", OTHER[6:40]),
    ("another unit's problem with other names and numbers", put("problems", OTHER.replace("8个", "6个").replace("15次", "12次").replace("驻外", "外派")), "R-OTHER-UNIT", "支部我去了"),
    ("one responsibility in place of the other", put("work", "认真落实党风廉政建设主体责任，层层传导。"), "R-CONCEPT", "党风廉政建设主体责任"),
    ("two terms as one", put("work", "全面从严治党主体责任（党风廉政建设主体责任）清单按季更新。"), "R-CONCEPT", "全面从严治党主体责任（党风"),
    ("a heading on the one, a text on the other", put("work", "（一）落实全面从严治党主体责任\n签订党风廉政建设主体责任书12份，全部到位。"), "R-CONCEPT", "党风廉政建设主体责任"),
    ("a set phrase turned round", put("work", "坚持三课一会制度，按月开展。"), "R-CONCEPT", "三课一会"),
    ("a number left out", put("plans", "（一）抓学习。\n（三）抓作风。"), "R-NUMBERING", "（三）"),
    ("a number twice", put("causes", "一、想得少。\n二、问得少。\n二、走得少。"), "R-NUMBERING", "二、"),
    ("brackets with a comma", put("plans", "（一）、先学习。"), "R-NUMBERING", "（一）、"),
    ("half-width brackets", put("plans", "(一)先学习。"), "R-NUMBERING", "(一)"),
    ("a point left out", put("causes", "一是想得少。三是走得少。"), "R-NUMBERING", "三是"),
    ("levels upside down", put("plans", "1.抓学习。\n（一）读原文。\n（二）写笔记。"), "R-NUMBERING", "（一）"),
    ("a day that does not exist", put("work", "2026年2月30日召开会议。"), "R-DATE", "2026年2月30日"),
    ("a month that does not exist", put("work", "13月5日组织培训。"), "R-DATE", "13月5日"),
    ("a date with points", put("work", "2026.5.3组织培训。"), "R-DATE", "2026.5.3"),
    ("a date with zeros", put("work", "2026年05月03日组织培训。"), "R-DATE", "2026年05月03日"),
    ("a year of two digits", put("work", "26年3月组织培训。"), "R-DATE", "26年"),
    ("a year in Chinese", put("work", "二〇二六年三月组织培训。"), "R-DATE", "二〇二六年"),
    ("half-width punctuation", put("work", "开会三次,学习四次."), "R-WIDTH", ","),
    ("half-width quotes", put("work", '坚持"三会一课"制度。'), "R-WIDTH", '"三会一课"'),
    ("full-width digits", put("work", "全年开会１２次。"), "R-WIDTH", "１２"),
    ("doubled punctuation", put("work", "全年开会12次。。"), "R-WIDTH", "。。"),
]  # fmt: skip


def test_that_every_code_is_seeded() -> None:
    codes = {code for _, _, code, _ in SEEDED} | {"R-LAST-YEAR"}
    assert len(SEEDED) >= 40
    assert codes == {
        "R-EMPTY", "R-SHORT", "R-LONG", "R-TOTAL", "R-NO-PROBLEM", "R-PROBLEM-SHARE", "R-ITEM-TEXT", "R-ITEM-FIGURE",
        "R-ITEM-EVIDENCE", "R-ITEM-SCORE", "R-PLACEHOLDER", "R-LIST-COPIED", "R-LAST-YEAR", "R-OTHER-UNIT", "R-CONCEPT",
        "R-PRAISE", "R-NUMBERING", "R-DATE", "R-WIDTH", "R-SELF-SCORE",
    }  # fmt: skip


@pytest.mark.parametrize(("what", "edit", "code", "holds"), SEEDED, ids=[s[0] for s in SEEDED])
def test_that_a_seeded_fault_is_found_with_its_passage(
    what: str, edit: Callable[[Report], Report], code: str, holds: str
) -> None:
    report = edit(GOOD["H1"] if code != "R-OTHER-UNIT" else GOOD["G02"])
    found = [f for f in findings_of(report) if f.code == code]
    assert found, what
    assert all(f.message and f.step for f in found)
    if holds and holds not in (".", "。"):
        assert any(f.passage is not None and (holds in f.passage.quote or f.passage.quote in holds) for f in found)
    for finding in found:
        _stands_in(report, finding)


def _stands_in(report: Report, finding: ReportFinding) -> None:
    """The passage is where it says."""
    passage = finding.passage
    if passage is None:
        return
    kind, _, name = passage.where.partition(":")
    texts = (
        {s.section: s.text for s in report.sections} if kind == "section" else {a.item: a.text for a in report.answers}
    )
    assert passage.unit == report.unit
    assert texts.get(name, "")[passage.start : passage.end] == passage.quote


@pytest.mark.parametrize("unit", list(GOOD))
def test_that_a_mixture_of_faults_is_found_in_every_report(unit: str) -> None:
    chance = Random(unit)
    seeds = chance.sample([s for s in SEEDED if s[2] in _MIXABLE], 6)
    report = GOOD[unit]
    for _, edit, _, _ in seeds:
        report = edit(report)
    codes = {f.code for f in findings_of(report)}
    assert codes >= {code for _, _, code, _ in seeds}


# Each adds a paragraph of its own, so that none undoes another.
_MIXABLE = {"R-PLACEHOLDER", "R-LIST-COPIED", "R-NUMBERING", "R-DATE", "R-WIDTH"}


def test_that_a_report_that_is_last_years_is_found_side_by_side() -> None:
    kept = text_of(LAST, "causes").split("\n")[0]
    report = put("causes", kept)(GOOD["G03"])
    [finding] = findings_of(report, {}, last_year=replace(LAST, unit="G03"))
    assert finding.code == "R-LAST-YEAR"
    assert finding.passage is not None and finding.beside is not None
    assert finding.passage.quote.strip("。") == finding.beside.quote.strip("。") == kept.strip("。")
    assert (finding.beside.year, finding.beside.where) == (YEAR - 1, "section:causes")


def test_that_copied_passages_stand_side_by_side_for_both_units() -> None:
    copied = text_of(GOOD["H4"], "problems").split("\n")[2]
    reports = {**GOOD, "G07": put("problems", copied)(GOOD["G07"])}
    found = copies_among({("department", u): Neighbour(r, FORM, u) for u, r in reports.items()}, YEAR)
    assert set(found) == {("department", "G07"), ("department", "H4")}
    [there], [here] = found["department", "H4"], found["department", "G07"]
    assert here.passage == there.beside
    assert here.beside == there.passage
    assert "“H4”" in here.message


def test_that_one_report_alone_is_found_the_same_copies_as_among_all() -> None:
    chance = Random(7)
    lines = [line for r in GOOD.values() for s in r.sections for line in s.text.split("\n")]
    mixed = {u: put("work", "\n".join(chance.sample(lines, 12)))(r) for u, r in GOOD.items()}
    neighbours = {("department", u): Neighbour(r, FORM, u) for u, r in mixed.items()}
    together = copies_among(neighbours, YEAR)
    assert len(together) > 15
    for key in neighbours:
        assert copies_among(neighbours, YEAR, key) == ({key: together[key]} if key in together else {})


def test_that_quoted_texts_set_phrases_and_the_forms_words_are_no_copies() -> None:
    shared = (
        "坚持以习近平新时代中国特色社会主义思想为指导，深刻领悟“两个确立”的决定性意义，增强“四个意识”、坚定“四个自信”、"
        "做到“两个维护”，认真学习《关于加强和改进中央和国家机关党的建设的意见及其实施办法的若干说明材料汇编》，"
        "牢记“党的一切工作都是为了实现好、维护好、发展好最广大人民根本利益”。履行责任的做法和成效、上年问题整改和承诺兑现。"
    )
    reports = {u: put("work", shared)(r) for u, r in list(GOOD.items())[:6]}
    assert copies_among({("department", u): Neighbour(r, FORM, u) for u, r in reports.items()}, YEAR) == {}


def test_that_wording_which_most_units_share_counts_only_when_it_is_long() -> None:
    template = "按照年度安排，支部定期召开会议，组织学习讨论，开展各类主题活动，做好记录和归档，及时公开有关事项。"
    reports = {u: put("work", template)(r) for u, r in GOOD.items()}
    neighbours = {("department", u): Neighbour(r, FORM, u) for u, r in reports.items()}
    assert copies_among(neighbours, YEAR) == {}
    same = {("department", u): Neighbour(replace(LAST, unit=u), FORM, u) for u in GOOD}
    assert set(copies_among(same, YEAR)) == set(same)


def test_that_a_list_with_too_few_entries_is_short() -> None:
    section = Section(id="work", name="成绩清单", purpose="done", shape="list", entries=3)
    form = replace(FORM, sections=(section, *FORM.sections[1:]))
    report = instead("work", "办成12件实事\n\n建了3个支部\n")(GOOD["H1"])
    codes = [(f.code, f.message) for f in examine(replace(question(report), form=form)) if f.code == "R-SHORT"]
    assert [c for c, _ in codes] == ["R-SHORT"]
    assert "2 条" in codes[0][1]


def test_that_an_item_that_does_not_concern_the_unit_is_not_asked_for() -> None:
    plain = question(replace(GOOD["H1"], answers=(), evidence=()))
    exempt = replace(plain, items=tuple(replace(i, concern="撤并") for i in plain.items))
    assert {f.code for f in examine(plain)} == {"R-ITEM-TEXT", "R-ITEM-EVIDENCE", "R-ITEM-SCORE"}
    assert examine(exempt) == ()


def test_that_a_form_without_a_section_on_problems_wants_one_named_somewhere() -> None:
    form = replace(FORM, sections=FORM.sections[:1], minimum=0, problem_share=None)
    praised = replace(GOOD["H1"], sections=())
    praised = with_section(praised, "work", "全年开会12次，办了3件实事。" * 40)
    codes = {f.code for f in examine(replace(question(praised), form=form))}
    assert codes == {"R-NO-PROBLEM"}


def test_that_many_remarks_of_one_kind_are_counted() -> None:
    report = put("work", "，".join("开会１２次" for _ in range(30)))(GOOD["H1"])
    found = [f for f in findings_of(report) if f.code == "R-WIDTH"]
    assert len(found) == 8
    assert "还有 22 处" in found[-1].message


def test_that_an_answer_of_another_item_counts_for_itself() -> None:
    report = replace(GOOD["H1"], answers=(*ANSWERS, ItemAnswer(item="other", text="没有数字")))
    assert findings_of(report) == ()


def test_that_shared_passages_are_those_a_plain_search_finds() -> None:
    """Against the longest common stretches that a slow, obvious search finds."""
    chance = Random(11)
    letters = [chr(c) for c in range(0x4E00, 0x4E00 + 60)]
    for _ in range(30):
        one = "".join(chance.choices(letters, k=300))
        other = "".join(chance.choices(letters, k=300))
        begin, length = chance.randrange(200), chance.randrange(10, 60)
        at = chance.randrange(200)
        other = other[:at] + one[begin : begin + length] + other[at:]
        found = shared_passages([Text("a", one), Text("b", other)], 10)
        wanted = _stretches(one, other, 10)
        assert {(s.start, s.end, s.other_start) for s in found if s.signs == s.end - s.start} >= wanted - _joined(found)


def _joined(found: list[Shared]) -> set[tuple[int, int, int]]:
    """Stretches that became part of a longer passage with small gaps."""
    return {
        (i, j, k)
        for s in found
        for i in range(s.start, s.end)
        for j in range(i + 10, s.end + 1)
        for k in range(s.other_start, s.other_end)
        if s.signs != s.end - s.start
    }


def _stretches(one: str, other: str, least: int) -> set[tuple[int, int, int]]:
    """Maximal common stretches: start, end in the one, start in the other."""
    found: set[tuple[int, int, int]] = set()
    for i in range(len(one)):
        for j in range(len(other)):
            if i and j and one[i - 1] == other[j - 1]:
                continue
            n = 0
            while i + n < len(one) and j + n < len(other) and one[i + n] == other[j + n]:
                n += 1
            if n >= least:
                found.add((i, i + n, j))
    return found


def test_that_masks_do_not_overlap() -> None:
    text = "学习《条例（含“附则”）》，做到“两个维护”，“四个意识”强。"
    spans = masked(text, ["学习《条例"])
    assert all(a[1] < b[0] for a, b in pairwise(spans))
    assert text[spans[0][0] : spans[0][1]] == "学习《条例（含“附则”）》"


@pytest.mark.release
def test_that_all_reports_against_all_take_less_than_a_hundredth_of_comparing_pair_by_pair() -> None:
    """150 reports of 5,000 characters: 11,175 pairs, of which 30 are compared with difflib to know what one costs."""
    chance = Random(1)
    words = ["".join(chr(chance.randrange(0x4E00, 0x5400)) for _ in range(chance.randint(2, 4))) for _ in range(3000)]
    texts = [Text(str(n), "，".join("".join(chance.choices(words, k=6)) for _ in range(250))) for n in range(150)]
    began = perf_counter()
    shared_passages(texts, 40)
    ours = perf_counter() - began
    began = perf_counter()
    for n in range(30):
        SequenceMatcher(None, texts[n].text, texts[n + 1].text, autojunk=False).get_matching_blocks()
    pair = (perf_counter() - began) / 30
    print(f"all against all {ours:.2f} s; pair by pair {pair * 11_175:.0f} s; ratio {pair * 11_175 / ours:.0f}")
    assert pair * 11_175 > 100 * ours


INNOCENT = [
    "同三家企业签订合作书（战略合作协议），（待遇保障）落实到人。",
    "制度有待补充完善，方案待定期评估。",
    "5、6月份开了两次会，1.5万元经费用在基层。",
    "抓住要害，三要素齐全，二要点明确。",
    "对基层要求过高、脱离实际，标准不够统一。",
    "12月，开展走访；2026年11月底前完成，3月至5月集中整治。",
    "二〇〇八年以来坚持不断，X光机换了一台，3×5米的展板做了两块。",
    "《全面从严治党主体责任和党风廉政建设主体责任清单》按季更新，全面从严治党主体责任书签了12份，党风廉政建设主体责任考核照常。",
    "上午9:30集合，用Excel, Word做表，网址是www.example.cn，占95.5%。",
    "（一）加强学习。全年12次。",
    "“一是一，二是二”是我们的态度……大家都认可——这很重要。",
    "不敢腐、不能腐、不想腐一体推进，监督执纪“四种形态”运用了9人次。",
]


@pytest.mark.parametrize("words", INNOCENT)
def test_that_plain_wording_is_left_alone(words: str) -> None:
    assert findings_of(put("work", words)(GOOD["G04"])) == ()
