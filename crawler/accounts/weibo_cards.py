"""The JSON of m.weibo.cn as profile and posts. Pure reading; every shape it does not know is told, none is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from crawler.accounts.attempt import SourceFailure
from crawler.accounts.moment import Moment
from crawler.accounts.weibo_time import read_created_at
from crawler.facts import AccountOutcome, AccountProfile

TITLE = 40
"""Characters of a post's text that stand for the title it has not."""

_COUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([万亿]?)\+?\Z")
_DELETED_STATES = (7, 8)  # 作者删除, 被投诉删除


class WeiboPost(Struct, frozen=True):
    """One mblog of the account. `moment` is None where created_at is in no known form."""

    post_id: str
    bid: str
    moment: Moment | None
    text: str
    pinned: bool
    original: bool
    deleted: bool
    likes: int | None
    shares: int | None
    comments: int | None

    @property
    def title(self) -> str:
        """【…】 at the head of the text, else its first characters."""
        headed = re.match(r"【(.{2,60}?)】", self.text)
        return headed[1] if headed else self.text[:TITLE]


def read_profile(data: dict[str, Any], uid: str) -> AccountProfile:
    """What userInfo says. Raises SourceFailure 接口变更 where it is absent or someone else's."""
    return read_user(data.get("userInfo"), uid)


def read_web_profile(data: dict[str, Any], uid: str) -> AccountProfile:
    """What weibo.com's `user` says. Raises as `read_profile`."""
    return read_user(data.get("user"), uid)


def read_user(info: object, uid: str) -> AccountProfile:
    """A user object of any of the interfaces. Raises SourceFailure 接口变更 where it is absent or someone else's."""
    if not isinstance(info, dict):
        raise SourceFailure(AccountOutcome.CHANGED, "返回中没有账号信息")
    if str(info.get("id", "")) != uid:
        raise SourceFailure(AccountOutcome.CHANGED, "返回的账号信息不是所查账号的")
    verified = info.get("verified")
    return AccountProfile(
        name=_string(info.get("screen_name")),
        introduction=_string(info.get("description")),
        avatar=_string(info.get("avatar_hd")) or _string(info.get("profile_image_url")),
        verified=verified if isinstance(verified, bool) else None,
        verified_subject=_string(info.get("verified_reason")),
        followers=read_count(info.get("followers_count")),
        posts_total=read_count(info.get("statuses_count")),
    )


def read_posts(cards: list[Any], uid: str, now: datetime) -> tuple[WeiboPost, ...]:
    """The account's own posts in the order of the page; cards of other accounts (推荐, 赞过) are left out."""
    return tuple(
        _post(mblog, card, now) for card in _flat(cards) if (mblog := card.get("mblog")) and _is_own(mblog, uid)
    )


def read_web_posts(listed: list[Any], uid: str, now: datetime) -> tuple[WeiboPost, ...]:
    """The account's own posts of weibo.com's or the API's list, in its order."""
    return tuple(
        _post({**mblog, "bid": mblog.get("mblogid"), "raw_text": mblog.get("text_raw")}, {}, now)
        for mblog in listed
        if _is_own(mblog, uid)
    )


def _flat(cards: list[Any]) -> Iterator[dict[str, Any]]:
    """The cards with those of every card_group in place."""
    for card in cards:
        if isinstance(card, dict):
            yield card
            group = card.get("card_group")
            if isinstance(group, list):
                yield from _flat([{**inner, "card_group": None} for inner in group if isinstance(inner, dict)])


def _is_own(mblog: object, uid: str) -> bool:
    if not isinstance(mblog, dict):
        return False
    user = mblog.get("user")
    # A deleted post comes without its user.
    return not isinstance(user, dict) or str(user.get("id", "")) == uid


def _post(mblog: dict[str, Any], card: dict[str, Any], now: datetime) -> WeiboPost:
    created = mblog.get("created_at")
    return WeiboPost(
        post_id=str(mblog.get("mid") or mblog.get("id") or mblog.get("bid") or ""),
        bid=_string(mblog.get("bid")),
        moment=read_created_at(created, now) if isinstance(created, str) else None,
        text=_text(_string(mblog.get("raw_text")) or _string(mblog.get("text"))),
        pinned=_is_pinned(mblog, card),
        original="retweeted_status" not in mblog,
        deleted=str(mblog.get("deleted", "")) == "1" or mblog.get("state") in _DELETED_STATES,
        likes=read_count(mblog.get("attitudes_count")),
        shares=read_count(mblog.get("reposts_count")),
        comments=read_count(mblog.get("comments_count")),
    )


def _is_pinned(mblog: dict[str, Any], card: dict[str, Any]) -> bool:
    """The four marks of 置顶 seen since 2016; a pinned post stands first whatever its date."""
    title = mblog.get("title")
    heading = title.get("text") if isinstance(title, dict) else title
    return (
        mblog.get("mblogtype") == 2
        or str(mblog.get("isTop", "")) in ("1", "True")
        or "置顶" in _string(heading)
        or _string(card.get("profile_type_id")).startswith("proweibotop")
    )


def read_count(value: object) -> int | None:
    """A count as a number; the platform writes 1008, "178.2万" or "100万+". None where it says nothing."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    found = _COUNT.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    return round(float(found[1]) * {"": 1, "万": 10_000, "亿": 100_000_000}[found[2]])


def _text(markup: str) -> str:
    body = LexborHTMLParser(markup).body if markup else None
    return " ".join(body.text().split()) if body is not None else ""


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
