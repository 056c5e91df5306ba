"""Private numbers: what is one, what only looks like one, and that none leaves the reader unmasked."""

from __future__ import annotations

import pytest

from crawler.words.privacy import find_private, is_identity_number, masked, passes_luhn

ONE, OTHER = "610999198503070029", "610999197811230034"
CARD = "6222020000000000018"


def _rules(text: str) -> list[str]:
    return [hit.entry for hit in find_private(text)]


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        (ONE, True),
        ("11010519491231002X", True),
        ("11010519491231002x", True),
        ("610999198503070028", False),
        ("610999198513070029", False),
        ("610999198502300026", False),
        ("990999198503070029", False),
    ],
)
def test_identity_numbers_are_told_by_region_birthday_and_check_digit(number: str, is_one: bool) -> None:
    assert is_identity_number(number) is is_one


def test_card_numbers_are_told_by_their_check_digit() -> None:
    assert passes_luhn(CARD)
    assert not passes_luhn("6222020000000000019")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"李青禾，身份证号{ONE}，补贴1200元", ["identity-number"]),
        (f"李青禾\n{ONE}\n{OTHER}", ["identity-number", "identity-number"]),
        (f"开户银行：某银行，卡号{CARD}", ["bank-card"]),
        ("卡号 6222 0200 0000 0000 018", ["bank-card"]),
        ("卡号 6222 0200 0000 0000", []),
        ("姓名：李青禾，手机：19900010002", ["mobile"]),
        ("姓名\n电话\n李青禾\n19900010002\n周望川\n199-0001-0003", ["mobile", "mobile"]),
        ("低保对象：周望川 19900010003", ["mobile"]),
    ],
)
def test_private_numbers_are_found(text: str, rules: list[str]) -> None:
    assert _rules(text) == rules


@pytest.mark.parametrize(
    "text",
    [
        "身份证号610999********0029，手机199****0002",
        f"统一社会信用代码{ONE}",
        f"填写示例：{ONE}",
        f"编号A{ONE}",
        f"{ONE}12",
        f"公司名称：某某公司，账号{CARD}",
        f"合同编号{CARD}",
        "联系人：周望川，手机：19900010003",
        "咨询电话：周望川 19900010003",
        "网格员\n李青禾\n19900010002\n周望川\n19900010003",
        "电话19900010002",
        "2026年11月18日 0999-81234567",
    ],
)
def test_what_only_looks_private_is_let_through(text: str) -> None:
    assert _rules(text) == []


def test_sentences_never_show_a_whole_number() -> None:
    text = f"李青禾，身份证号{ONE}，卡号{CARD}，手机19900010002，姓名：周望川，电话199 0001 0003。"
    hits = find_private(text)
    assert {hit.entry for hit in hits} == {"identity-number", "bank-card", "mobile"}
    for hit in hits:
        assert not any(number in hit.sentence for number in (ONE, CARD, "19900010002", "0001 0003"))
        assert "*" in hit.sentence[hit.offset : hit.offset + hit.length]
    assert len(masked(text)) == len(text)
