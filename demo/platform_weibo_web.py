"""The fake weibo.com (`/ajax/profile/info`, `/ajax/statuses/mymblog`) and c.api.weibo.com (user_timeline/other)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from demo.account_model import DemoAccount, DemoPost
from demo.platform_http import Manner, Reply, Request
from demo.platform_weibo import full

SCENARIOS = {
    "ok": "in order",
    "pinned-old": "a pinned post of long ago stands first",
    "cookie-required": "-100 unless a cookie is sent",
    "login-expired": "-100 with the address of the login",
    "login-redirect": "sent to weibo.com/login.php",
    "expires-on-page-2": "-100 from the second page on",
    "blocked": "432",
    "teapot": "418",
    "forbidden": "403",
    "network-login": "511",
    "html": "a page where JSON was due",
    "captcha": "a captcha's js.url",
    "rate-limited": "429",
    "code-100098": "the code that means too many requests",
    "empty": "an empty list, with statuses_count 0 or more",
    "list-absent": "ok 1 without data.list",
    "no-user": "用户不存在",
    "server-error": "502",
    "slow": "no answer at all",
    "dropped": "the connection breaks off",
}
"""What weibo.com may do."""

API_SCENARIOS = {
    "ok": "in order",
    "ip-limit": "10004",
    "permission": "10014",
    "rate": "10022",
    "user-rate": "10023",
    "special-rate": "10024",
    "no-user": "20003",
    "privacy": "20112",
    "expired": "21327",
    "invalid-token": "21332",
    "empty": "nothing listed",
    "statuses-absent": "neither posts nor an error",
}
"""What the commercial API may do."""

PAGE = 10
_CODES = {
    "ip-limit": 10004,
    "permission": 10014,
    "rate": 10022,
    "user-rate": 10023,
    "special-rate": 10024,
    "no-user": 20003,
    "privacy": 20112,
    "expired": 21327,
    "invalid-token": 21332,
}
_LOGIN_EXPIRED = {"ok": -100, "url": "https://weibo.com/login.php?tabtype=weibo"}


class WeiboWebService:
    """Answers for the accounts that are read at weibo.com or by the commercial API, as of `now`."""

    def __init__(self, accounts: Sequence[DemoAccount], now: datetime) -> None:
        self._web = {a.platform_id: a for a in accounts if a.source == "weibo-web"}
        self._api = {a.platform_id: a for a in accounts if a.source == "weibo-api"}
        for known, own in ((SCENARIOS, self._web), (API_SCENARIOS, self._api)):
            for account in own.values():
                if account.scenario not in known:
                    raise ValueError(f"unknown scenario {account.scenario!r} of {account.platform_id}")
        self._now = now

    def respond(self, request: Request) -> Reply:
        """The reply to one request."""
        uid = request.query.get("uid", "")
        if request.path == "/2/statuses/user_timeline/other.json":
            return self._other(self._api.get(uid), request.query)
        account = self._web.get(uid)
        if account is None:
            return _json({"ok": 0, "msg": "用户不存在"})
        if (early := _misbehaviour(account.scenario, request)) is not None:
            return early
        told = self._list(account, request.query) if request.path.endswith("/mymblog") else _profile(account)
        manner = {"slow": Manner.NEVER, "dropped": Manner.BROKEN}.get(account.scenario, Manner.WHOLE)
        return Reply(json.dumps(told, ensure_ascii=False).encode(), manner=manner)

    def _list(self, account: DemoAccount, query: Mapping[str, str]) -> Mapping[str, object]:
        if account.scenario == "list-absent":
            return {"ok": 1, "data": {"since_id": "", "status_visible": 0}}
        posts = account.posts
        if account.scenario == "pinned-old" and not any(post.pinned for post in posts):
            posts = (DemoPost(self._now - timedelta(days=800), "政务新媒体使用须知", pinned=True), *posts)
        listed = [] if account.scenario == "empty" else sorted(posts, key=lambda p: (not p.pinned, -p.at.timestamp()))
        start = (int(query["page"]) - 1) * PAGE
        shown = [_status(account, post, start + n) for n, post in enumerate(listed[start : start + PAGE])]
        return {"ok": 1, "data": {"since_id": f"s{start}", "list": shown, "status_visible": 0, "topicList": []}}

    def _other(self, account: DemoAccount | None, query: Mapping[str, str]) -> Reply:
        code = 20003 if account is None else _CODES.get(account.scenario)
        if not query.get("access_token"):
            code = _CODES["invalid-token"]
        if account is None or code is not None:
            return _json({"request": "/2/statuses/user_timeline/other.json", "error_code": code, "error": "refused"})
        if account.scenario == "statuses-absent":
            return _json({"total_number": 3})
        posts = () if account.scenario == "empty" else account.posts
        count = int(query["count"])
        start = (int(query["page"]) - 1) * count
        shown = [_status(account, post, start + n) for n, post in enumerate(posts[start : start + count])]
        return _json({"statuses": shown, "total_number": len(posts)})


def _status(account: DemoAccount, post: DemoPost, place: int) -> dict[str, object]:
    number = f"53{account.platform_id}{place:05d}"
    told: dict[str, object] = {
        "created_at": full(post.at),
        "id": int(number),
        "idstr": number,
        "mid": number,
        "mblogid": f"W{place:05d}",
        "text_raw": post.title,
        "text": post.title,
        "isLongText": False,
        "source": "微博网页版",
        "region_name": "发布于 砚江",
        "user": {**_user(account), "idstr": account.platform_id},
        "reposts_count": 0 if account.quiet else 3,
        "comments_count": 0 if account.quiet else 2,
        "attitudes_count": 0 if account.quiet else 15,
    }
    if post.reprint:
        told["retweeted_status"] = {"id": int(f"9{number}"), "user": {"idstr": "1234567890", "screen_name": "路人"}}
    return {**told, "isTop": 1, "title": {"text": "置顶"}} if post.pinned else told


def _user(account: DemoAccount) -> dict[str, object]:
    count = len(account.posts) if account.statuses_count is None else account.statuses_count
    return {
        "id": int(account.platform_id),
        "screen_name": account.shown_name or account.name,
        "statuses_count": count,
        "verified": account.verified,
        "verified_type": 1 if account.verified else -1,
        "verified_reason": f"{account.verified_as or account.subject}官方微博" if account.verified else "",
        "description": f"{account.subject}政务微博，发布信息、回应关切。",
        "followers_count": 16000,
        "avatar_hd": "https://pictures.example/avatar.jpg",
    }


def _profile(account: DemoAccount) -> Mapping[str, object]:
    return {"ok": 1, "data": {"user": _user(account)}}


def _misbehaviour(scenario: str, request: Request) -> Reply | None:
    """The replies that do not depend on the account's posts."""
    later = request.query.get("page", "1") != "1"
    if (
        scenario == "login-expired"
        or (scenario == "cookie-required" and "SUB=" not in request.headers.get("cookie", ""))
        or (scenario == "expires-on-page-2" and later)
    ):
        return _json(_LOGIN_EXPIRED)
    statuses = {"blocked": 432, "teapot": 418, "forbidden": 403, "network-login": 511, "rate-limited": 429}
    if scenario in statuses:
        return Reply(b"", statuses[scenario], "text/html")
    return {
        "login-redirect": Reply(b"", 302, "text/html", headers=(("Location", "https://weibo.com/login.php"),)),
        "html": Reply(b"<!DOCTYPE html><html><body>Sina Visitor System</body></html>", content_type="text/html"),
        "captcha": _json({"ok": 0, "js": {"url": "https://security.weibo.example/captcha/geetest"}}),
        "code-100098": _json({"code": 100098, "msg": "系统繁忙"}),
        "no-user": _json({"ok": 0, "msg": "用户不存在"}),
        "server-error": Reply(b"", 502, "text/html"),
    }.get(scenario)


def _json(told: object) -> Reply:
    return Reply(json.dumps(told, ensure_ascii=False).encode())
