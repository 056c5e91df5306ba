"""Numbers in the text are compared only with the tables that they clearly speak of."""

from __future__ import annotations

import pytest

from tests.unit.circulars.samples import report, told

HEADS = {"site": "网站名称", "wechat": "政务微信名称", "weibo": "政务微博名称", "unit": "单位名称"}


def table(kind: str, title: str, rows: int) -> str:
    lines = [title, f"序号\t{HEADS[kind]}\t建设\t总分"]
    lines += [f"{at}\t{title}{'甲乙丙丁戊己庚辛'[at - 1]}\t{60 - at}\t{60 - at}" for at in range(1, rows + 1)]
    return "\n".join(lines) + "\n\n"


CIRCULAR = (
    table("site", "县区政府网站", 3)
    + table("site", "市级部门网站", 5)
    + table("wechat", "县区政务微信", 2)
    + table("wechat", "市级部门政务微信", 4)
)
SAID = {
    "本次纳入绩效评估范围的单位共8个，其中县（区）级政府网站3个（含派出机构），市级部门网站5个；政务微信6个。": [],
    "本次纳入绩效评估范围的县（区）级政府网站4个，市政府部门、直属机构网站5个。": [("4", "3")],
    "本次纳入评估范围的县区政府、市级部门政务微信7个。": [("7", "6")],
    "本次参评的政府网站9家，政务微信 6 个。": [("9", "8")],
    "全市49家政府网站顺利通过检查，开展季度检查4次，18家问题网站被约谈。": [],
    "参加评估的政务微博3个。": [],
    "本次参评的县区政府网站3个，优秀网站2个，不合格网站1个，抽查网站4家。": [],
    "本次参评的政务微信、微博共75个，政务微博和政务微信80个。": [],
    "上年纳入评估范围的政府网站20个。": [],
    "参加评估的单位共9个。": [],
}


@pytest.mark.parametrize("sentence", SAID)
def test_a_told_number_is_compared_where_it_is_clear(sentence: str) -> None:
    expected = [("count", None, "", printed, computed) for printed, computed in SAID[sentence]]
    assert told(f"通报\n{sentence}\n\n{CIRCULAR}") == expected


def test_units_are_counted_in_a_table_of_units() -> None:
    text = "本次参评单位共9个。\n\n" + table("unit", "绩效评估结果", 8)
    assert told(text) == [("count", None, "", "9", "8")]
    assert told(text + table("unit", "另一次绩效评估结果", 3)) == []


def test_the_number_is_told_with_its_tables() -> None:
    (one,) = report(f"本次纳入评估的政务微信5个。\n{CIRCULAR}").discrepancies
    assert one.table == "县区政务微信、市级部门政务微信"
    assert one.arithmetic == "正文称“本次纳入评估的政务微信5个”，表中为 2+4=6 行"
