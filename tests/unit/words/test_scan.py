"""What the scan finds in a text and what it lets through, with the lexicons that come with the program."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from crawler.facts.texts import TextKind
from crawler.words.entry import Entry
from crawler.words.wordbook import BUILT_IN, MOST_HITS, Wordbook, built_in

BOOK = built_in()


def _found(text: str) -> list[tuple[str, str]]:
    return [(hit.entry, hit.correction) for hit in BOOK.hits(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会议作了全面布署。", [("布署", "部署")]),
        ("截止2026年10月底，全县共完成六公里。", [("截止", "截至")]),
        ("他说己经办好。", [("己经", "已经")]),
        ("当事人的权力和义务", [("权力", "权利")]),
        ("中华人民共合国成立", [("中华人民共合国", "中华人民共和国")]),
        ("所谓台湾总统的说法", [("台湾总统", "台湾地区领导人")]),
        ("国家领导人张高利副总理出席", [("张高利", "张高丽")]),
        ("“各镇都要迅速行动起来，认真布署，抓好落实。”他说。", [("布署", "部署")]),
    ],
)
def test_a_wrong_form_is_found_with_its_right_one(text: str, expected: list[tuple[str, str]]) -> None:
    assert _found(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("向社会公布署名单位", "例外“公布署”"),
        ("一座落成的体育馆", "例外“一座落”"),
        ("《关于布署工作的通知》", "书名号内"),
        ("所谓“台湾总统”的说法", "引号内"),
        ("正确写法不是“布署”", "引号内"),
        ("青石渡假村有限公司", "机构、场所名称"),
        ("村民张高利参加了培训", "同句没有“总书记”“主席”“总理”“委员长”等字样"),
    ],
)
def test_what_speaks_against_a_form_is_told(text: str, reason: str) -> None:
    hits, spared = BOOK.examine(text)
    assert not hits
    assert [one.reason for one in spared] == [reason]
    assert BOOK.hits(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "报名截止2026年12月31日",
        "自己经营",
        "权力和责任",
        "香港等国家和地区",
        "思维族群",
        "提供须知",
        "业务数据中台关系图",
    ],
)
def test_right_words_are_none(text: str) -> None:
    assert _found(text) == []


def test_a_hit_has_its_sentence_and_place() -> None:
    (hit,) = BOOK.hits("第一句。第二句作了布署！\n另一行。")
    assert (hit.kind, hit.sentence, hit.offset, hit.length) == (TextKind.TYPO, "第二句作了布署！", 5, 2)


def test_a_long_line_gives_what_is_around_the_form() -> None:
    (hit,) = BOOK.hits("字" * 5000 + "布署" + "字" * 5000)
    assert len(hit.sentence) <= 162
    assert hit.sentence[hit.offset : hit.offset + hit.length] == "布署"


def test_like_places_are_counted_and_hits_are_bounded() -> None:
    (hit,) = BOOK.hits("作了布署。\n作了布署。")
    assert hit.count == 2
    many = "。".join(f"第{number}次布署" for number in range(500))
    assert len(BOOK.hits(many)) == MOST_HITS


def test_a_form_within_a_longer_one_is_told_once() -> None:
    book = Wordbook([Entry(TextKind.TYPO, "甲乙", "甲已"), Entry(TextKind.TYPO, "甲乙丙", "甲已丙")], "")
    assert [hit.entry for hit in book.hits("有甲乙丙在此")] == ["甲乙丙"]


def test_a_word_that_is_let_through_protects_what_it_holds() -> None:
    book = Wordbook([Entry(TextKind.TYPO, "布署", "部署"), Entry(None, "大布署村")], "")
    assert book.hits("位于大布署村的项目") == ()
    assert len(book.hits("位于大布署的项目")) == 1


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_entry_names_its_source_and_is_found_alone(name: str) -> None:
    lines = (files("crawler.data.words") / name).read_text("utf-8").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) > 100
    for row in rows:
        assert row["来源"], row
        if not (row["前文"] or row["后文"] or row["同句须有"]):
            assert row["错误写法"] in [entry for entry, _ in _found(f"、{row['错误写法']}、")], row
        assert row["错误写法"] not in [entry for entry, _ in _found(f"、{row['正确写法']}、")], row
        for word in filter(None, row["例外"].split("|")):
            assert row["错误写法"] not in [entry for entry, _ in _found(f"、{word}、")], row


def test_no_right_form_is_wrong_to_another_entry() -> None:
    lines = [
        line
        for name in BUILT_IN
        for line in (files("crawler.data.words") / name).read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    right = [row["正确写法"] for row in csv.DictReader(lines)]
    assert [(word, found) for word in right if (found := _found(f"、{word}、"))] == []
