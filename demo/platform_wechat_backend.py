"""The fake mp.weixin.qq.com back end (`/cgi-bin/appmsgpublish`): what the account that is logged in has published.

Any cookie with any token is a login; without both nobody is logged in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from demo.account_model import DemoAccount, DemoPost
from demo.platform_articles import article
from demo.platform_http import Manner, Reply, Request

SCENARIOS = {
    "ok": "in order",
    "info-empty": 'the third entry\'s publish_info is ""',
    "first-info-empty": 'the first entry\'s publish_info is ""',
    "session": "ret 200003",
    "csrf": "ret 200040",
    "limited": "ret 200013",
    "limited-on-page-2": "ret 200013 from the second page on",
    "system": "ret -1",
    "page-absent": "ret 0 without publish_page",
    "ret-and-empty-page": "ret 200003 with an empty publish_page",
    "empty": "nothing listed",
    "login-page": "a page where JSON was due",
    "server-error": "502",
    "slow": "no answer at all",
    "dropped": "the connection breaks off",
}
"""What the back end may do."""

_RETS = {
    "session": (200003, "invalid session"),
    "csrf": (200040, "invalid csrf token"),
    "limited": (200013, "freq control"),
    "system": (-1, "system error"),
    "ret-and-empty-page": (200003, "invalid session"),
}


class WechatBackendService:
    """Answers for the one account that is logged in."""

    def __init__(self, accounts: Sequence[DemoAccount], now: datetime) -> None:
        self._accounts = {a.platform_id: a for a in accounts if a.source == "wechat-backend"}
        for account in self._accounts.values():
            if account.scenario not in SCENARIOS:
                raise ValueError(f"unknown scenario {account.scenario!r} of {account.platform_id}")
        self._now = now

    def respond(self, request: Request) -> Reply:
        """The reply to one request."""
        here = f"http://{request.headers.get('host', 'mp.example')}"
        if request.path.startswith("/s/"):
            return self._page(request.path.removeprefix("/s/"))
        account = self._accounts.get(request.query.get("fakeid", ""))
        logged_in = "cookie" in request.headers and request.query.get("token")
        if request.path != "/cgi-bin/appmsgpublish" or account is None or not logged_in:
            return _told(200003, "invalid session")
        begin, count = int(request.query["begin"]), int(request.query["count"])
        scenario = account.scenario
        if scenario in _RETS:
            empty = '{"publish_list": []}' if scenario == "ret-and-empty-page" else None
            return _told(*_RETS[scenario], page=empty)
        if scenario == "limited-on-page-2" and begin:
            return _told(200013, "freq control")
        if scenario == "login-page":
            return Reply(b"<!DOCTYPE html><html><body>login</body></html>", content_type="text/html")
        if scenario == "server-error":
            return Reply(b"", 502, "text/html")
        if scenario == "page-absent":
            return _told(0, "ok")
        posts = [] if scenario == "empty" else _listed(account)
        entries = []
        for number, post in list(enumerate(posts))[begin : begin + count]:
            at = int(post.at.timestamp())
            article = {
                "aid": f"{2247490000 - number}_1",
                "appmsgid": 2247490000 - number,
                "itemidx": 1,
                "title": post.title,
                "digest": "",
                "link": f"{here}/s/{account.platform_id}-{number}",
                "create_time": at,
                "update_time": at,
                "is_deleted": False,
                "item_show_type": 0,
            }
            info = {"type": 9, "msgid": number, "sent_info": {"time": at, "func_flag": 1}, "appmsgex": [article]}
            blank = {"info-empty": 2, "first-info-empty": 0}.get(scenario) == number
            entries.append({"publish_type": 101, "publish_info": "" if blank else json.dumps(info, ensure_ascii=False)})
        page = {"total_count": len(posts), "publish_count": 0, "masssend_count": len(posts), "publish_list": entries}
        manner = {"slow": Manner.NEVER, "dropped": Manner.BROKEN}.get(scenario, Manner.WHOLE)
        return _told(0, "ok", page=json.dumps(page, ensure_ascii=False), manner=manner)

    def _page(self, identifier: str) -> Reply:
        """The page of the article that the list names by this address."""
        fakeid, _, place = identifier.rpartition("-")
        posts = _listed(self._accounts[fakeid]) if fakeid in self._accounts else []
        number = int(place) if place.isdigit() else len(posts)
        return article(posts[number].title, posts[number].article) if number < len(posts) else article("", "missing")


def _listed(account: DemoAccount) -> list[DemoPost]:
    return sorted(account.posts, key=lambda post: post.at, reverse=True)


def _told(ret: int, message: str, page: str | None = None, manner: Manner = Manner.WHOLE) -> Reply:
    told: dict[str, object] = {"base_resp": {"ret": ret, "err_msg": message}}
    if page is not None:
        told["publish_page"] = page
    return Reply(json.dumps(told, ensure_ascii=False).encode(), manner=manner)
