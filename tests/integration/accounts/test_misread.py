"""Answers that look whole and are not: none of them may support that an account is silent, or end a run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from crawler.accounts.sources import fetch_account
from crawler.facts import Account, AccountFetch, AccountOutcome, AccountSourceSpec
from demo.model import AS_OF
from demo.platform_http import PlatformServer, Reply, Request

TWO_WEEKS = AS_OF - timedelta(days=14)
BACKEND = {"cookie_env": "XUNCHA_COOKIE", "token_env": "XUNCHA_TOKEN", "fakeid": "MzAwMDAwMDAwMQ=="}


def _days_ago(days: float) -> datetime:
    return AS_OF - timedelta(days=days)


def _fetch(platform: str, kind: str, settings: Mapping[str, str], told: Callable[[Request], object]) -> AccountFetch:
    """A fetch from a real server that answers `told` as JSON."""

    async def play() -> AccountFetch:
        server = PlatformServer(lambda request: Reply(json.dumps(told(request)).encode()), "127.0.0.1", 0)
        await server.start()
        try:
            source = AccountSourceSpec(kind, {"base_url": server.url, **settings})
            account = Account("u", platform, "示例发布", "7000000001", "示例办公室", source=source)
            async with httpx.AsyncClient() as client:
                (fetch,) = await fetch_account(
                    account,
                    _days_ago(100),
                    AS_OF,
                    clock=lambda: AS_OF,
                    client=client,
                    base_folder=Path(),
                    environ={"XUNCHA_COOKIE": "a=b", "XUNCHA_TOKEN": "1", "XUNCHA_SECRET": "s"},
                )
        finally:
            await server.stop()
        return fetch

    return asyncio.run(play())


def _entry(days: int, *, deleted: bool = False, biz: str = "MzAwMDAwMDAwMQ==") -> dict[str, object]:
    at = int(_days_ago(days).timestamp())
    link = f"http://mp.weixin.qq.com/s?__biz={biz}&mid={days}&idx=1&sn=0"
    article = {"appmsgid": days, "itemidx": 1, "title": "动态", "link": link, "is_deleted": deleted, "create_time": at}
    return {"publish_type": 1, "publish_info": json.dumps({"sent_info": {"time": at}, "appmsgex": [article]})}


def _backend(*entries: Mapping[str, object], settings: Mapping[str, str] = BACKEND) -> AccountFetch:
    page = json.dumps({"total_count": len(entries), "publish_list": entries})
    return _fetch("wechat", "wechat-backend", settings, lambda _: {"base_resp": {"ret": 0}, "publish_page": page})


BLANK = {"publish_type": 1, "publish_info": ""}


def test_an_entry_that_tells_nothing_may_be_newer_than_every_live_post() -> None:
    assert _backend(_entry(20), BLANK, _entry(40)).spans(TWO_WEEKS), "it is older than the post before it"
    for entries in ((BLANK, _entry(20)), (_entry(2, deleted=True), BLANK, _entry(20))):
        fetch = _backend(*entries)
        assert fetch.outcome is AccountOutcome.FETCHED
        assert not fetch.spans(AS_OF - timedelta(seconds=1)), fetch.covered_since


def test_the_list_of_another_account_is_not_this_one_s() -> None:
    fetch = _backend(_entry(20, biz="MzAwMDAwMDAwMg=="), _entry(40, biz="MzAwMDAwMDAwMg=="))
    assert fetch.outcome is AccountOutcome.CHANGED
    assert (fetch.posts, fetch.covered_since) == ((), None)


def test_without_a_registered_id_nobody_knows_whose_list_it_is() -> None:
    unnamed = {name: value for name, value in BACKEND.items() if name != "fakeid"}
    assert _backend(_entry(20), _entry(40)).spans(TWO_WEEKS)
    fetch = _backend(_entry(20), _entry(40), settings=unnamed)
    assert (fetch.outcome, fetch.covered_since, len(fetch.posts)) == (AccountOutcome.FETCHED, None, 2)
    assert "fakeid" in fetch.reason


def test_a_total_that_is_less_than_what_is_listed_proves_nothing() -> None:
    def told(request: Request) -> object:
        user = {"id": 7000000001, "idstr": "7000000001", "screen_name": "示例发布"}
        post = {"created_at": f"{_days_ago(20):%Y-%m-%d %H:%M}", "id": 1, "idstr": "1", "mid": "1", "text": "动态"}
        listed = [{**post, "user": user}] if request.query["page"] == "1" else []
        return {"statuses": listed, "total_number": 0}

    fetch = _fetch("weibo", "weibo-api", {"token_env": "XUNCHA_TOKEN"}, told)
    assert fetch.outcome is AccountOutcome.FETCHED
    assert len(fetch.posts) == 1
    assert fetch.covered_since is None


def test_an_entry_without_articles_ends_no_fetch() -> None:
    def told(request: Request) -> object:
        if request.path == "/cgi-bin/stable_token":
            return {"access_token": "t", "expires_in": 7200}
        if request.path == "/datacube/getarticletotaldetail":
            return {"list": [], "is_delay": False}
        if request.path == "/cgi-bin/freepublish/batchget":
            item = {"article_id": "A", "update_time": int(_days_ago(3).timestamp()), "content": {"news_item": []}}
            return {"total_count": 45, "item_count": 1, "item": [item]}
        return {"errcode": 48001, "errmsg": "api unauthorized"}

    settings = {"app_id": "wx0", "secret_env": "XUNCHA_SECRET"}
    assert _fetch("wechat", "wechat-official", settings, told).outcome is AccountOutcome.EMPTY
