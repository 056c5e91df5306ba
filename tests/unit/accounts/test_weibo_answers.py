from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from crawler.accounts.answer import Answer
from crawler.accounts.attempt import SourceFailure
from crawler.accounts.weibo_cards import read_count, read_posts, read_profile
from crawler.accounts.weibo_mobile import read_answer
from crawler.facts import BEIJING, AccountOutcome

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=BEIJING)
PAGE = b"<!DOCTYPE html><html><head><title>Sina Visitor System</title></head></html>"


def answer(told: object, status: int = 200, location: str = "") -> Answer:
    return Answer(status, told if isinstance(told, bytes) else json.dumps(told).encode(), "", location)


@pytest.mark.parametrize(
    ("given", "outcome"),
    (
        *((answer(b"", status), AccountOutcome.BLOCKED) for status in (432, 418, 403, 511)),
        (answer(b"", 429), AccountOutcome.RATE_LIMITED),
        (answer(PAGE), AccountOutcome.BLOCKED),
        (answer(b"<script>location='/visitor'</script>"), AccountOutcome.BLOCKED),
        (answer({"ok": 0, "js": {"url": "https://a.example/captcha.js"}}), AccountOutcome.BLOCKED),
        (answer({"ok": 0, "url": "https://a.example/captcha?x"}), AccountOutcome.BLOCKED),
        (answer({"ok": -100, "msg": "请先登录"}), AccountOutcome.LOGIN_EXPIRED),
        (answer({"ok": 0, "url": "https://passport.weibo.cn/signin/welcome"}), AccountOutcome.LOGIN_EXPIRED),
        (answer(b"", 302, "https://passport.weibo.com/sso/signin?entry=miniblog"), AccountOutcome.LOGIN_EXPIRED),
        (answer(b"", 302, "https://weibo.com/login.php?url=x"), AccountOutcome.LOGIN_EXPIRED),
        (answer(b"", 302, "https://m.weibo.example/elsewhere"), AccountOutcome.CHANGED),
        (answer({"code": 100098}), AccountOutcome.RATE_LIMITED),
        (answer({"errno": "100098", "ok": 0}), AccountOutcome.RATE_LIMITED),
        (answer({"ok": 0, "msg": "请求过于频繁，歇歇吧"}), AccountOutcome.RATE_LIMITED),
        (answer({"ok": 0, "msg": "该用户不存在(20003)"}), AccountOutcome.NO_ACCOUNT),
        (answer({"ok": 0, "msg": "新的说法"}), AccountOutcome.CHANGED),
        (answer({"ok": 1}), AccountOutcome.CHANGED),
        (answer({"ok": 1, "data": []}), AccountOutcome.CHANGED),
        (answer({"verified": True}), AccountOutcome.CHANGED),
        (answer([1]), AccountOutcome.CHANGED),
        (answer(b'{"ok": 1, "data": {'), AccountOutcome.CHANGED),
        (answer(b""), AccountOutcome.EMPTY),
        (answer(b"", 500), AccountOutcome.NETWORK),
    ),
)  # fmt: skip
def test_failures_end_in_their_outcome(given: Answer, outcome: AccountOutcome) -> None:
    with pytest.raises(SourceFailure) as caught:
        read_answer(given)
    assert caught.value.outcome is outcome
    assert caught.value.reason


def test_a_code_is_kept() -> None:
    with pytest.raises(SourceFailure, match="100098"):
        read_answer(answer({"code": 100098, "msg": "系统繁忙"}))


def test_a_good_answer_is_full_of_verified() -> None:
    assert read_answer(answer({"ok": 1, "data": {"verified": True}})) == {"verified": True}


def test_nothing_here_is_neither_good_nor_bad() -> None:
    assert read_answer(answer({"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}})) is None


def card(**mblog: Any) -> dict[str, Any]:
    return {"card_type": 9, "mblog": {"mid": "1", "created_at": "11-20", "user": {"id": 7}, **mblog}}


@pytest.mark.parametrize(
    "pinned",
    (
        card(mblogtype=2),
        card(isTop=1),
        card(isTop=True),
        card(title={"text": "置顶"}),
        card(title="置顶"),
        {**card(), "profile_type_id": "proweibotop_"},
    ),
)
def test_every_mark_of_a_pinned_post(pinned: dict[str, Any]) -> None:
    assert [post.pinned for post in read_posts([pinned, card()], "7", NOW)] == [True, False]


def test_marks_of_deletion_and_reposting() -> None:
    posts = read_posts(
        [card(state=7), card(state=8), card(deleted="1", user=None), card(state=0), card(retweeted_status={"id": 9})],
        "7",
        NOW,
    )
    assert [post.deleted for post in posts] == [True, True, True, False, False]
    assert [post.original for post in posts] == [True, True, True, True, False]


def test_groups_are_opened_and_strangers_left_out() -> None:
    cards = [
        {"card_type": 11, "card_group": [card(mid="1"), {"card_type": 4}, card(mid="2", user={"id": 8})]},
        "no card",
        {"card_type": 9, "mblog": None},
        card(mid="3"),
    ]
    assert [post.post_id for post in read_posts(cards, "7", NOW)] == ["1", "3"]


def test_text_is_plain_and_headed() -> None:
    (post,) = read_posts([card(text="【防汛提示】请<a href='/x'>注意</a>安全<img alt='x'/>&amp;出行")], "7", NOW)
    assert post.text == "【防汛提示】请注意安全&出行"
    assert post.title == "防汛提示"


@pytest.mark.parametrize(
    ("value", "count"),
    ((1008, 1008), ("1008", 1008), ("178.2万", 1_782_000), ("100万+", 1_000_000), ("1.2亿", 120_000_000),
     (0, 0), (True, None), (None, None), ("转发", None), ({}, None)),
)  # fmt: skip
def test_counts(value: object, count: int | None) -> None:
    assert read_count(value) == count


def test_a_profile_of_someone_else_is_refused() -> None:
    with pytest.raises(SourceFailure) as caught:
        read_profile({"userInfo": {"id": 8, "statuses_count": 0}}, "7")
    assert caught.value.outcome is AccountOutcome.CHANGED
    with pytest.raises(SourceFailure):
        read_profile({}, "7")
    profile = read_profile({"userInfo": {"id": "7"}}, "7")
    assert (profile.verified, profile.posts_total, profile.name) == (None, None, "")
