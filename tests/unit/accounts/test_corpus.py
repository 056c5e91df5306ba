"""Contracts with payloads that nobody here wrote (XUNCHA_CORPUS)."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio import ArchiveIterator

from crawler.accounts.answer import Answer
from crawler.accounts.feed_listing import read_listing
from crawler.accounts.wechat_backend import read_publish_page
from crawler.accounts.weibo_api import read_statuses
from crawler.accounts.weibo_cards import read_posts, read_profile, read_user, read_web_posts
from crawler.accounts.weibo_mobile import read_answer
from crawler.accounts.weibo_time import read_created_at
from crawler.facts import BEIJING

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif("XUNCHA_CORPUS" not in os.environ, reason="XUNCHA_CORPUS names no corpus"),
]

CAPTURED = datetime(2019, 6, 15, 12, 0, tzinfo=BEIJING)


def corpus(*parts: str) -> Path:
    return Path(os.environ["XUNCHA_CORPUS"]).joinpath(*parts)


def javascript_objects(path: Path) -> dict[str, Any]:
    """The JSON objects that a script assigns to names."""
    text = path.read_text(encoding="utf-8", errors="replace")
    decoder = json.JSONDecoder(strict=False)
    found = {}
    for match in re.finditer(r"(?:let|const|var)\s+(\w+)\s*=\s*(?=\{)", text):
        try:
            found[match[1]], _ = decoder.raw_decode(text, match.end())
        except ValueError:
            continue
    return found


def data_of(told: object) -> dict[str, Any]:
    data = read_answer(Answer(200, json.dumps(told).encode()))
    assert data is not None
    return data


def test_user_info() -> None:
    told = javascript_objects(corpus("weibo", "getIndex_userinfo_and_cards.js"))["userInfo"]
    profile = read_profile(data_of(told), "1669879400")
    assert (profile.name, profile.posts_total, profile.followers) == ("Dear-迪丽热巴", 1008, 63_357_736)
    assert (profile.verified, profile.verified_subject) == (True, "嘉行传媒签约演员")
    assert profile.avatar.startswith("https://")
    other = javascript_objects(corpus("weibo", "getIndex_cards_data.js"))["processDatas"]
    assert read_profile(data_of(other), "6100410734").posts_total == 2153


def test_cards() -> None:
    told = javascript_objects(corpus("weibo", "getIndex_userinfo_and_cards.js"))["cards1"]
    posts = read_posts(data_of(told)["cards"], "1669879400", CAPTURED)
    days = [post.moment.latest.strftime("%m-%d") for post in posts if post.moment]
    assert days == ["06-14", "06-14", "06-11", "06-09", "06-09", "06-07", "06-05", "06-03", "06-03", "06-01"]
    assert {post.moment.latest.year for post in posts if post.moment} == {2019}
    assert posts[0].post_id == "4383183661430868"
    assert (posts[0].shares, posts[0].comments, posts[0].likes) == (240_492, 95_535, 348_872)
    assert posts[0].text.startswith("搬完这块砖")
    assert [post.original for post in posts][:2] == [True, False]
    assert not any(post.pinned or post.deleted for post in posts)
    assert read_posts(data_of(told)["cards"], "1", CAPTURED) == ()


def test_every_date_of_the_platform_is_read() -> None:
    text = corpus("weibo", "getIndex_userinfo_and_cards.js").read_text(encoding="utf-8", errors="replace")
    written = re.findall(r'"created_at": "([^"]+)"', text)
    assert len(written) > 30
    unread = [words for words in written if (moment := read_created_at(words, CAPTURED)) is None]
    assert not unread
    for words in written:
        moment = read_created_at(words, CAPTURED)
        assert moment is not None
        assert moment.latest.year == 2019


def test_lists_of_wechat_articles_come_through_a_feed_whole() -> None:
    for path in sorted(corpus("wechat", "appmsg_json").glob("*.json")):
        messages = _objects(path.read_text(encoding="utf-8"))
        items = [
            {
                "id": str(message["comm_msg_info"]["id"]),
                "title": message.get("app_msg_ext_info", {}).get("title", ""),
                "url": message.get("app_msg_ext_info", {}).get("content_url", ""),
                "date_modified": datetime.fromtimestamp(message["comm_msg_info"]["datetime"], UTC).isoformat(),
            }
            for message in messages
        ]
        feed = {"version": "https://jsonfeed.org/version/1", "title": path.stem, "items": items}
        listing = read_listing(Answer(200, json.dumps(feed, ensure_ascii=False).encode()))
        assert len(listing.items) == len(messages) > 0
        for message, item in zip(messages, listing.items, strict=True):
            assert item.moment is not None
            assert item.moment.latest.timestamp() == message["comm_msg_info"]["datetime"]
            assert item.title == message.get("app_msg_ext_info", {}).get("title", "").strip()


def _objects(text: str) -> list[dict[str, Any]]:
    """The objects of a file that holds one after the other, or a list of them."""
    decoder, found, place = json.JSONDecoder(strict=False), [], 0
    while place < len(text):
        if text[place] in " \r\n\t,[]":
            place += 1
            continue
        told, place = decoder.raw_decode(text, place)
        found.append(told)
    return found


def test_a_page_of_the_back_end() -> None:
    page = read_publish_page(Answer(200, corpus("wechat", "wx_kit", "appmsgpublish.transcribed.json").read_bytes()))
    assert page.total == 770
    assert (page.entries, page.is_open) == (len(_published()), False)
    known = [article for info in _published() if info for article in info["appmsgex"]]
    assert [post.title for post in page.posts] == [article["title"].strip() for article in known]
    assert [post.published_at.timestamp() for post in page.posts] == [
        max(article["create_time"], article["update_time"]) for article in known
    ]
    assert [post.deleted for post in page.posts] == [article["is_deleted"] for article in known]
    assert any(post.deleted for post in page.posts)


def _published() -> list[dict[str, Any]]:
    told = json.loads(corpus("wechat", "wx_kit", "appmsgpublish.transcribed.json").read_text("utf-8"))
    entries = json.loads(told["publish_page"])["publish_list"]
    return [json.loads(entry["publish_info"] or "{}") for entry in entries]


def test_a_timeline_of_the_api() -> None:
    """The friends' timeline of 2016 has the shape of user_timeline: each post is its author's own, dated and counted."""
    with corpus("weibo", "sfm_weibo_api_2016.warc.gz").open("rb") as file:
        bodies = [r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    read = 0
    for body in bodies:
        statuses, total = read_statuses(Answer(200, body))
        assert total >= 0
        for status in statuses:
            (post,) = read_web_posts([status], str(status["user"]["id"]), CAPTURED)
            assert post.moment is not None
            assert post.moment.latest.year == 2016
            assert (post.likes, post.shares) == (status["attitudes_count"], status["reposts_count"])
            assert read_user(status["user"], str(status["user"]["id"])).name == status["user"]["screen_name"]
            read += 1
    assert read > 0


def test_feeds_of_the_wild_are_read_in_their_encodings() -> None:
    read = 0
    for folder in ("gb2312", "big5", "utf_8"):
        for path in sorted(corpus("encoding", "Ousret", folder).glob("*.xml")):
            body = path.read_bytes()
            if b"<rss" not in body or b"</rss>" not in body:
                continue
            listing = read_listing(Answer(200, body, "application/xml"))
            dated = body.count(b"<pubDate>") + body.count(b"<dc:date>")
            if listing.items and dated >= len(listing.items):
                read += 1
                assert all(item.moment for item in listing.items), path.name
                assert not any("�" in item.title for item in listing.items), path.name
    assert read >= 5
