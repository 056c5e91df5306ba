"""The fake api.weixin.qq.com: stable_token, getarticletotaldetail, freepublish/batchget, get_current_selfmenu_info.

The articles it names and the entries of menus are served here too: nothing leads out of this machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from demo.account_model import DemoAccount, DemoPost
from demo.platform_articles import article
from demo.platform_http import Manner, Reply, Request

SCENARIOS = {
    "ok": "in order",
    "no-menu": "in order, without a menu",
    "publish-types": "publish_type 0, 1 and 2 in turn",
    "token-expires": "42001 once, in the middle",
    "token-dead": "40001 with every token",
    "bad-app": "40013 in place of a token",
    "ip": "40164 in place of a token",
    "quota": "45009 from the third day on",
    "quota-at-once": "45009 at once",
    "unauthorised": "48001",
    "busy-once": "-1 once",
    "busy": "-1 always",
    "record-error": "53600 for the list of what was 发布",
    "range": "61501 for every day",
    "delayed": "is_delay for yesterday",
    "empty": "no article on any day, and an empty list",
    "only-published": "no article on any day, while the list of what was 发布 has some",
    "list-absent": "no list in the answer",
    "html": "a page where JSON was due",
    "server-error": "502",
    "slow": "no answer at all",
    "dropped": "the connection breaks off",
}
"""What an account's platform may do."""

_ERRORS = {
    "token-dead": (40001, "invalid credential, access_token is invalid or not latest"),
    "quota-at-once": (45009, "reach max api daily quota limit"),
    "unauthorised": (48001, "api unauthorized"),
    "busy": (-1, "system error"),
    "range": (61501, "date range error"),
}
_TOKEN_ERRORS = {
    "bad-app": (40013, "invalid appid"),
    "ip": (40164, "invalid ip 203.0.113.9, not in whitelist"),
}


_MENU = "/menu/"
_FIRST = 2247490000


class WechatApiService:
    """Answers for the accounts that are read by the official API, as of `now`; their platform id is their AppID."""

    def __init__(self, accounts: Sequence[DemoAccount], now: datetime) -> None:
        self._accounts = {a.platform_id: a for a in accounts if a.source == "wechat-official"}
        for account in self._accounts.values():
            if account.scenario not in SCENARIOS:
                raise ValueError(f"unknown scenario {account.scenario!r} of {account.platform_id}")
        self._now = now
        self._calls: dict[str, int] = {}
        self._here = ""

    def respond(self, request: Request) -> Reply:
        """The reply to one request."""
        told = json.loads(request.body) if request.body else {}
        self._here = f"http://{request.headers.get('host', 'api.example')}"
        if request.path == "/s":
            return self._page(request.query)
        if request.path.startswith(_MENU):
            return article("菜单页面", "missing" if "gone" in request.path else "ok")
        if request.path == "/cgi-bin/stable_token":
            account = self._accounts.get(str(told.get("appid")))
            if account is None:
                return _error(40013, "invalid appid")
            if account.scenario in _TOKEN_ERRORS:
                return _error(*_TOKEN_ERRORS[account.scenario])
            return _json({"access_token": f"token-of-{account.platform_id}", "expires_in": 7200})
        account = self._accounts.get(request.query.get("access_token", "").removeprefix("token-of-"))
        if account is None:
            return _error(40014, "invalid access_token")
        call = self._calls[account.platform_id] = self._calls.get(account.platform_id, 0) + 1
        if (early := _misbehaviour(account.scenario, call)) is not None:
            return early
        if request.path == "/datacube/getarticletotaldetail":
            return self._day(account, told)
        if request.path == "/cgi-bin/freepublish/batchget":
            return self._batch(account, told)
        return _json(_menu(account, self._here))

    def _page(self, query: Mapping[str, str]) -> Reply:
        """The page of an article by its account and place."""
        account, number = self._accounts.get(query.get("__biz", "")), _FIRST - int(query.get("mid", "0"))
        if account is None or not 0 <= number < len(account.posts):
            return article("", "missing")
        return article(account.posts[number].title, account.posts[number].article)

    def _day(self, account: DemoAccount, told: dict[str, str]) -> Reply:
        yesterday = f"{self._now - timedelta(days=1):%Y-%m-%d}"
        if told["begin_date"] != told["end_date"] or told["end_date"] > yesterday:
            return _error(61501, "dataRange error")
        if account.scenario == "list-absent":
            return _json({"is_delay": False})
        silent = account.scenario in ("empty", "only-published")
        listed = (
            []
            if silent
            else [
                self._article(account, number, post)
                for number, post in enumerate(account.posts)
                if f"{post.at:%Y-%m-%d}" == told["begin_date"]
            ]
        )
        delayed = account.scenario == "delayed" and told["begin_date"] == yesterday
        return _json(
            {"list": [] if delayed else listed, "is_delay": delayed},
            {"slow": Manner.NEVER, "dropped": Manner.BROKEN}.get(account.scenario, Manner.WHOLE),
        )

    def _article(self, account: DemoAccount, number: int, post: DemoPost) -> dict[str, object]:
        def row(days: int) -> dict[str, object]:
            return {
                "stat_date": f"{post.at + timedelta(days=days):%Y-%m-%d}",
                "read_user": 100 + 50 * days,
                "read_user_source": [{"user_count": 100 + 50 * days, "scene_desc": "全部"}],
                "share_user": 3 + days,
                "zaikan_user": 1,
                "like_user": 5 + days,
                "comment_count": 0 if account.quiet else 2,
                "collection_user": 0,
            }

        return {
            "ref_date": f"{post.at:%Y-%m-%d}",
            "msgid": f"{_mid(number)}_1",
            "publish_type": number % 3 if account.scenario == "publish-types" else 0,
            "title": post.title,
            "content_url": self._url(account, number),
            "detail_list": [row(0), row(1)],
        }

    def _url(self, account: DemoAccount, number: int) -> str:
        return _address(self._here, account, number)

    def _batch(self, account: DemoAccount, told: dict[str, int]) -> Reply:
        if account.scenario == "record-error":
            return _error(53600, "publish record error")
        posts = [] if account.scenario in ("ok", "empty") else list(enumerate(account.posts))
        shown = posts[told["offset"] : told["offset"] + told["count"]]
        items = [
            {
                "article_id": f"article-{number}",
                "content": {
                    "news_item": [
                        {
                            "title": post.title,
                            "digest": "",
                            "url": self._url(account, number),
                            "is_deleted": False,
                            "author": "",
                        }
                    ]
                },
                "update_time": int(post.at.timestamp()),
            }
            for number, post in shown
        ]
        return _json({"total_count": len(posts), "item_count": len(items), "item": items})


def _mid(number: int) -> int:
    return _FIRST - number


def _menu(account: DemoAccount, here: str) -> dict[str, object]:
    if account.scenario == "no-menu":
        return {"errcode": 46003, "errmsg": "menu no exist"}
    own = [{"type": "view", "name": words, "url": f"{here}{_MENU}{place}"} for words, place in account.menu]
    news = {"content_url": _address(here, account, 0)}
    latest = {"type": "news", "name": "热点", "value": "m1", "news_info": {"list": [news]}}
    buttons: list[object] = [
        {"name": "服务", "sub_button": {"list": [*own, latest]}},
        {"type": "click", "name": "咨询", "key": "ask"},
    ]
    return {"is_menu_open": 1, "selfmenu_info": {"button": buttons}}


def _address(here: str, account: DemoAccount, number: int) -> str:
    return f"{here}/s?__biz={account.platform_id}&mid={_mid(number)}&idx=1&sn=abc{number}"


def _misbehaviour(scenario: str, call: int) -> Reply | None:
    """The replies that do not depend on the account's posts; `call` counts its calls from 1."""
    if scenario in _ERRORS:
        return _error(*_ERRORS[scenario])
    if scenario == "token-expires" and call == 3:
        return _error(42001, "access_token expired")
    if scenario == "quota" and call >= 3:
        return _error(45009, "reach max api daily quota limit")
    if scenario == "busy-once" and call == 1:
        return _error(-1, "system error")
    if scenario == "html":
        return Reply(b"<!DOCTYPE html><html><body>busy</body></html>", content_type="text/html")
    return Reply(b"", 502, "text/html") if scenario == "server-error" else None


def _error(code: int, message: str) -> Reply:
    return _json({"errcode": code, "errmsg": f"{message} rid: 6745"})


def _json(told: object, manner: Manner = Manner.WHOLE) -> Reply:
    return Reply(json.dumps(told, ensure_ascii=False).encode(), manner=manner)
