"""The fake m.weibo.cn (`/api/container/getIndex`): profile and post list of the accounts that are read there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from demo.account_model import DemoAccount, DemoPost
from demo.platform_http import Manner, Reply, Request

SCENARIOS = {
    "ok": "in order",
    "pinned-old": "a pinned post of long ago stands first",
    "pinned-unmarked": "the same without any mark of being pinned",
    "pics-dict": "pictures as an object in place of a list",
    "relative": "刚刚, N小时前, 昨天 HH:MM, MM-DD in place of full dates",
    "card-group": "the posts inside a card_group",
    "foreign-cards": "posts of other accounts among its own",
    "empty": "这里还没有内容, with statuses_count 0 or more",
    "same-page": "the page number is ignored",
    "expires-on-page-2": "-100 from the second page on",
    "limited-on-page-2": "429 from the second page on",
    "login-expired": "-100 请先登录",
    "login-redirect": "sent to passport.weibo.com",
    "cookie-required": "-100 unless a cookie is sent",
    "blocked": "432",
    "captcha": "a captcha's js.url",
    "html": "a page where JSON was due",
    "rate-limited": "429",
    "code-100098": "the code that means too many requests",
    "list-absent": "ok 1 without cards",
    "undated": "created_at in an unknown form",
    "no-user": "用户不存在",
    "server-error": "502",
    "slow": "no answer at all",
    "dropped": "the connection breaks off",
}
"""What an account's platform may do."""

PAGE = 10
LOGIN = "https://passport.weibo.cn/signin/welcome?entry=mweibo"
_NOTHING = {"ok": 0, "msg": "这里还没有内容", "data": {"cards": []}}
_LOGIN_EXPIRED = {"ok": -100, "msg": "请先登录", "url": LOGIN}
_HTML = '<!DOCTYPE html><html lang="zh"><head><title>Sina Visitor System</title></head><body></body></html>'
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class WeiboService:
    """Answers for the accounts that are read at m.weibo.cn, as of `now`."""

    def __init__(self, accounts: Sequence[DemoAccount], now: datetime) -> None:
        self._accounts = {account.platform_id: account for account in accounts if account.source == "weibo-mobile"}
        for account in self._accounts.values():
            if account.scenario not in SCENARIOS:
                raise ValueError(f"unknown scenario {account.scenario!r} of {account.platform_id}")
        self._now = now

    def respond(self, request: Request) -> Reply:
        """The reply to one request."""
        if request.path != "/api/container/getIndex":
            return Reply(_HTML.encode(), 404, "text/html; charset=utf-8")
        account = self._accounts.get(request.query.get("value", ""))
        if account is None:
            return _json(_NOTHING)
        if (early := _misbehaviour(account.scenario, request)) is not None:
            return early
        told = self._cards(account, request.query) if "containerid" in request.query else _profile(account)
        return Reply(
            json.dumps(told, ensure_ascii=False).encode(),
            manner={"slow": Manner.NEVER, "dropped": Manner.BROKEN}.get(account.scenario, Manner.WHOLE),
        )

    def _cards(self, account: DemoAccount, query: Mapping[str, str]) -> Mapping[str, object]:
        page = 1 if account.scenario == "same-page" else int(query.get("page", "1"))
        posts = account.posts
        if account.scenario.startswith("pinned") and not any(post.pinned for post in posts):
            marked = account.scenario == "pinned-old"
            posts = (
                DemoPost(self._now - timedelta(days=800), "政务新媒体使用须知", pinned=True, marked=marked),
                *posts,
            )
        listed = sorted(posts, key=lambda post: (not post.pinned, -post.at.timestamp()))
        start = (page - 1) * PAGE
        cards = [self._card(account, post, start + place) for place, post in enumerate(listed[start : start + PAGE])]
        if account.scenario == "empty" or not cards:
            return _NOTHING
        info = {"containerid": f"107603{account.platform_id}", "total": len(listed), "page": page + 1}
        if account.scenario == "list-absent":
            return {"ok": 1, "data": {"cardlistInfo": info}}
        if account.scenario == "card-group":
            cards = [{"card_type": 11, "card_group": cards}]
        if account.scenario == "foreign-cards":
            stranger = DemoPost(self._now - timedelta(hours=1), "别人刚刚发布的博文")
            other = self._card(account, stranger, 9_000 + page)
            other["mblog"] = {**_mapping(other["mblog"]), "user": {"id": 1234567890, "screen_name": "路人"}}
            cards = [other, *cards]
        return {"ok": 1, "data": {"cardlistInfo": info, "cards": cards}}

    def _card(self, account: DemoAccount, post: DemoPost, place: int) -> dict[str, object]:
        number = f"52{account.platform_id}{place:05d}"
        pictures = [{"pid": f"p{number}", "url": "https://pictures.example/1.jpg"}]
        mblog: dict[str, object] = {
            "id": number,
            "mid": number,
            "bid": f"B{place:05d}",
            "created_at": self._written(account, post),
            "text": f'{post.title} <a href="/n/{account.name}">@{account.name}</a>',
            "isLongText": False,
            "source": "微博 weibo.com",
            "user": {"id": int(account.platform_id), "screen_name": account.name, "verified": account.verified},
            "pics": {"0": pictures[0]} if account.scenario == "pics-dict" else pictures,
            "reposts_count": 0 if account.quiet else 3,
            "comments_count": 0 if account.quiet else 2,
            "attitudes_count": 0 if account.quiet else "1.2万" if place == 0 else 15,
            "mblogtype": 0,
            "visible": {"type": 0, "list_id": 0},
        }
        if post.reprint:
            mblog["retweeted_status"] = {"id": f"9{number}", "user": {"id": 1234567890, "screen_name": "路人"}}
        card: dict[str, object] = {"card_type": 9, "itemid": f"107603{account.platform_id}_-_{number}", "mblog": mblog}
        if post.pinned and post.marked:
            mblog.update({"mblogtype": 2, "isTop": 1, "title": {"text": "置顶", "base_color": 1}})
            card["profile_type_id"] = "proweibotop_"
        return card

    def _written(self, account: DemoAccount, post: DemoPost) -> str:
        if account.scenario == "undated":
            return "很久以前"
        return relative(post.at, self._now) if account.scenario == "relative" else full(post.at)


def full(at: datetime) -> str:
    """The long form of created_at."""
    day = f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at.day:02d}"
    return f"{day} {at:%H:%M:%S} {at:%z} {at.year}"


def relative(at: datetime, now: datetime) -> str:
    """The short form of created_at, as the platform shows it at `now`; minutes and hours are cut off, not rounded."""
    here = at.astimezone(now.tzinfo)
    seconds = (now - here).total_seconds()
    if seconds < 60:
        return "刚刚"
    if seconds < 3600:
        return f"{int(seconds // 60)}分钟前"
    if here.date() == now.date():
        return f"{int(seconds // 3600)}小时前"
    if here.date() == now.date() - timedelta(days=1):
        return f"昨天 {here:%H:%M}"
    return f"{here:%m-%d}" if here.year == now.year else f"{here:%Y-%m-%d}"


def _profile(account: DemoAccount) -> Mapping[str, object]:
    count = len(account.posts) if account.statuses_count is None else account.statuses_count
    info = {
        "id": int(account.platform_id),
        "screen_name": account.shown_name or account.name,
        "statuses_count": count,
        "verified": account.verified,
        "verified_type": 1 if account.verified else -1,
        "verified_reason": f"{account.verified_as or account.subject}官方微博" if account.verified else "",
        "description": f"{account.subject}政务微博，发布信息、回应关切。",
        "followers_count": "1.6万",
        "avatar_hd": "https://pictures.example/avatar.jpg",
    }
    tabs = [{"tab_type": "weibo", "containerid": f"107603{account.platform_id}"}]
    return {"ok": 1, "data": {"userInfo": info, "tabsInfo": {"tabs": tabs}}}


def _misbehaviour(scenario: str, request: Request) -> Reply | None:
    """The replies that do not depend on the account's posts."""
    later = request.query.get("page", "1") != "1"
    has_cookie = "SUB=" in request.headers.get("cookie", "")
    if (
        scenario == "login-expired"
        or (scenario == "cookie-required" and not has_cookie)
        or (scenario == "expires-on-page-2" and later)
    ):
        return _json(_LOGIN_EXPIRED)
    if scenario == "limited-on-page-2" and later:
        return Reply(b"", 429, "text/plain")
    return {
        "login-redirect": Reply(
            b"", 302, "text/html", headers=(("Location", "https://passport.weibo.com/sso/signin?entry=miniblog"),)
        ),
        "blocked": Reply(b"", 432, "text/html"),
        "rate-limited": Reply(b"", 429, "text/plain"),
        "code-100098": _json({"code": 100098, "msg": "系统繁忙"}),
        "captcha": _json({"ok": 0, "js": {"url": "https://security.weibo.example/captcha/geetest"}}),
        "html": Reply(_HTML.encode(), content_type="text/html; charset=utf-8"),
        "server-error": Reply(b"", 502, "text/html"),
        "no-user": _json({"ok": 0, "msg": "用户不存在"}),
    }.get(scenario)


def _mapping(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _json(told: object) -> Reply:
    return Reply(json.dumps(told, ensure_ascii=False).encode())
