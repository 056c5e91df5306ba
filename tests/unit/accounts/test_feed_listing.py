from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.accounts.answer import Answer
from crawler.accounts.attempt import SourceFailure
from crawler.accounts.feed_listing import read_listing
from crawler.facts import AccountOutcome


def listing_of(body: str | bytes, content_type: str = "application/xml") -> Any:
    return read_listing(Answer(200, body if isinstance(body, bytes) else body.encode(), content_type))


def outcome_of(body: str | bytes) -> AccountOutcome:
    with pytest.raises(SourceFailure) as caught:
        listing_of(body)
    return caught.value.outcome


def test_json_feed_prefers_publication_to_modification() -> None:
    items = [
        {"id": 7, "title": "甲", "date_published": "2026-11-01", "date_modified": "2026-11-09"},
        {"id": "8", "title": "乙", "date_published": "no date", "date_modified": "2026-11-02T00:00:00Z"},
        {"url": "https://a.example/9", "content_text": "正文"},
    ]  # fmt: skip
    first, second, third = listing_of(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})).items
    assert (first.post_id, str(first.moment.earliest.date())) == ("7", "2026-11-01")
    assert str(second.moment.latest) == "2026-11-02 08:00:00+08:00"
    assert (third.post_id, third.moment, third.text) == ("https://a.example/9", None, "正文")


def test_rss_in_gb2312() -> None:
    text = (
        '<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>砚江</title>'
        "<lastBuildDate>Fri, 20 Nov 2026 12:00:00 </lastBuildDate><item><title>通知</title><link>https://a.example/1"
        "</link><pubDate>Fri, 20 Nov 2026 09:00:00 +0800</pubDate></item></channel></rss>"
    )
    listing = listing_of(text.encode("gb2312"))
    assert [item.title for item in listing.items] == ["通知"]
    assert str(listing.built.latest) == "2026-11-20 12:00:00+08:00"


@pytest.mark.parametrize(
    ("body", "outcome"),
    (
        ("", AccountOutcome.EMPTY),
        ("  \n", AccountOutcome.EMPTY),
        ("<!DOCTYPE html><html><body>登录</body></html>", AccountOutcome.CHANGED),
        ('<?xml version="1.0"?><!DOCTYPE html><html></html>', AccountOutcome.CHANGED),
        ('<?xml version="1.0"?><opml version="1.0"></opml>', AccountOutcome.CHANGED),
        ("获取失败", AccountOutcome.CHANGED),
        ("[]", AccountOutcome.CHANGED),
        ("{", AccountOutcome.CHANGED),
        ("{}", AccountOutcome.CHANGED),
        ('{"version": "https://jsonfeed.org/version/1"}', AccountOutcome.CHANGED),
        ('{"version": "https://jsonfeed.org/version/1", "items": [1]}', AccountOutcome.CHANGED),
        ('{"version": 1, "items": []}', AccountOutcome.CHANGED),
        ('{"code": 40401, "message": "公众号不存在"}', AccountOutcome.NO_ACCOUNT),
        ('{"message": "WeReadError401"}', AccountOutcome.LOGIN_EXPIRED),
        ("今日小黑屋，请明日再试", AccountOutcome.RATE_LIMITED),
        ("[" * 100_000, AccountOutcome.CHANGED),
        ('{"a":' * 100_000, AccountOutcome.CHANGED),
        (b"\xff\xfe\x00\x01", AccountOutcome.CHANGED),
    ),
)
def test_what_is_no_feed_ends_in_an_outcome(body: str | bytes, outcome: AccountOutcome) -> None:
    assert outcome_of(body) is outcome


def test_a_body_that_names_a_file_opens_none(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text('<rss version="2.0"><channel><item><title>本机文件</title></item></channel></rss>')
    assert outcome_of(str(secret)) is AccountOutcome.CHANGED
    external = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
        '<rss version="2.0"><channel><item><title>&x;</title></item></channel></rss>'
    )
    assert all("本机文件" not in item.title for item in listing_of(external).items)
