from __future__ import annotations

import pytest

from crawler.accounts.answer import Answer
from crawler.accounts.article import is_temporary, needs_login, normal, read_page
from demo.platform_articles import article

WX = "https://mp.weixin.qq.com"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (f"{WX}/s?__biz=MzA=&mid=22&idx=1&sn=ab&chksm=ff&scene=27#rd", f"{WX}/s?__biz=MzA=&mid=22&idx=1&sn=ab"),
        (f"{WX}/s?sn=ab&idx=1&mid=22&__biz=MzA=", f"{WX}/s?__biz=MzA=&mid=22&idx=1&sn=ab"),
        (f"{WX}/s/AbC-1?from=timeline", f"{WX}/s/AbC-1"),
        ("https://www.yunxi.example/a?id=3#top", "https://www.yunxi.example/a?id=3"),
    ],
)
def test_an_address_loses_what_changes_from_share_to_share(given: str, expected: str) -> None:
    assert normal(given) == expected


def test_links_that_expire_or_need_a_login_are_known() -> None:
    assert is_temporary(f"{WX}/s?src=11&timestamp=1790000000&ver=1&signature=x")
    assert not is_temporary(f"{WX}/s?__biz=MzA=&mid=22&idx=1&sn=ab")
    assert not is_temporary("https://www.yunxi.example/s?timestamp=1&signature=x")
    assert needs_login("https://m.weibo.cn/status/1") and not needs_login("https://www.yunxi.example/")


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("ok", "good"),
        ("deleted", "gone"),
        ("violation", "faulty"),
        ("unavailable", "unread"),
        ("challenge", "blocked"),
        ("missing", "gone"),
    ],
)
def test_an_article_page_is_told_by_its_marks(state: str, outcome: str) -> None:
    reply = article("停水通知", state)
    look = read_page(Answer(reply.status, reply.body, reply.content_type))
    assert look.outcome == outcome
    assert (look.reason == "") is (state == "ok")


def test_a_text_that_quotes_a_notice_is_no_notice() -> None:
    reply = article("提示", text="页面显示“该内容已被发布者删除”怎么办")
    look = read_page(Answer(200, reply.body, reply.content_type))
    assert look.outcome == "good" and "怎么办" in look.text


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "gone"), (410, "gone"), (500, "faulty"), (403, "blocked"), (429, "blocked"), (304, "unread")],
)
def test_statuses(status: int, outcome: str) -> None:
    assert read_page(Answer(status, b"")).outcome == outcome
