"""Menu entries and articles are opened on a real server, twice where they are not good, and never beyond the bounds."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx

from crawler.accounts.links import MOST_ARTICLES, Follower, links_of
from crawler.accounts.pacing import Pacer
from crawler.facts import Account, AccountFetch, AccountOutcome, AccountProfile, PostFact
from crawler.facts.accounts import AccountLink, MenuEntry
from demo.model import AS_OF
from demo.platform_articles import article
from demo.platform_http import PlatformServer, Reply, Request

WECHAT = Account("u", "wechat", "示例发布", "gh_1")
BROKEN = "http://[no-address/"
WEIBO = Account("u", "weibo", "示例发布", "7000000001")


def _fetch(base: str, *entries: MenuEntry, posts: int = 0) -> AccountFetch:
    return AccountFetch(
        "feed",
        AS_OF,
        AS_OF - timedelta(days=366),
        AS_OF,
        AccountOutcome.FETCHED,
        posts=tuple(PostFact(str(n), AS_OF - timedelta(days=n), f"信息 {n}", f"{base}/ok?n={n}") for n in range(posts)),
        profile=AccountProfile(menus=entries),
    )


def _followed(paths: list[str]) -> tuple[dict[str, AccountLink], list[str], dict[str, bytes]]:
    """The entries to these paths after they were followed, the paths that were asked for, and the pages kept."""
    asked: dict[str, int] = {}
    kept: dict[str, bytes] = {}

    def respond(request: Request) -> Reply:
        asked[request.path] = asked.get(request.path, 0) + 1
        state = request.path.strip("/")
        if state == "flaky":
            return Reply(b"", 503) if asked[request.path] == 1 else article("通知")
        if state == "login":
            return Reply(b"", 302, headers=(("Location", "https://passport.weibo.com/sso/signin"),))
        if state == "loop":
            return Reply(b"", 302, headers=(("Location", "/loop"),))
        return article("通知", state)

    async def play() -> tuple[AccountLink, ...]:
        server = PlatformServer(respond, "127.0.0.1", 0)
        await server.start()
        try:
            entries = [MenuEntry(path, f"{server.url}{path}" if path.startswith("/") else path) for path in paths]
            wanted = links_of(WECHAT, [_fetch(server.url, *entries)])
            assert wanted is not None
            async with httpx.AsyncClient() as client:
                follower = Follower(client, lambda: AS_OF, Pacer(), keep=lambda url, body: kept.update({url: body}))
                return await follower.follow(wanted)
        finally:
            await server.stop()

    return {link.words: link for link in asyncio.run(play())}, [p for p, n in asked.items() for _ in range(n)], kept


def test_what_becomes_of_a_link() -> None:
    links, asked, kept = _followed(
        ["/ok", "/deleted", "/violation", "/challenge", "/captcha", "/missing", "/flaky", "/login"]
    )
    outcomes = {words.strip("/"): (link.outcome, link.attempts) for words, link in links.items()}
    assert outcomes == {
        "ok": ("good", 1),
        "deleted": ("gone", 2),
        "violation": ("faulty", 2),
        "challenge": ("blocked", 1),
        "captcha": ("blocked", 1),
        "missing": ("gone", 2),
        "flaky": ("good", 1),
        "login": ("blocked", 1),
    }
    assert asked.count("/deleted") == 2 and asked.count("/ok") == 1
    assert {url.rpartition("/")[2] for url in kept} == {"deleted", "violation"}


def test_what_cannot_be_told_is_unread() -> None:
    nowhere = "http://127.0.0.1:9/"
    temporary = "https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=1&signature=x"
    links, _, _ = _followed(["/loop", nowhere, temporary, "weixin://dl/business", "https://m.weibo.cn/u/1", BROKEN])
    assert links["/loop"].outcome == links[nowhere].outcome == links["weixin://dl/business"].outcome == "unread"
    assert links[temporary].reason == "临时链接，到期自动失效"
    assert links["https://m.weibo.cn/u/1"].outcome == "blocked"
    assert (links[BROKEN].outcome, links[BROKEN].reason) == ("unread", "地址无法识别")


def test_articles_are_a_small_sample_that_does_not_hang_on_their_order() -> None:
    fetch = _fetch("http://127.0.0.1:9", posts=60)
    wanted = links_of(WECHAT, [fetch])
    assert wanted is not None and len(wanted) == MOST_ARTICLES
    assert all(int(link.url.rpartition("=")[2]) <= 30 for link in wanted)
    turned = AccountFetch(**{f: getattr(fetch, f) for f in fetch.__struct_fields__} | {"posts": fetch.posts[::-1]})
    assert links_of(WECHAT, [turned]) == wanted


def test_posts_of_weibo_are_not_opened() -> None:
    assert links_of(WEIBO, [_fetch("http://127.0.0.1:9", posts=9)]) is None


def test_an_entry_has_a_link_for_each_address_that_its_source_names() -> None:
    """Also two that lead to one article: an entry without a link would read as one that was not opened."""
    shares = [f"https://mp.weixin.qq.com/s?__biz=B&mid=1&idx=1&sn=S&scene={scene}" for scene in (1, 2)]
    wanted = links_of(WECHAT, [_fetch("", *(MenuEntry(url, url) for url in (*shares, shares[0])))])
    assert wanted is not None and [link.url for link in wanted] == shares


def test_a_broken_address_of_a_post_ends_nothing() -> None:
    fetch = AccountFetch(
        "feed", AS_OF, AS_OF, AS_OF, AccountOutcome.FETCHED, posts=(PostFact("1", AS_OF, "一", BROKEN),)
    )
    assert links_of(WECHAT, [fetch]) == (AccountLink("文章", "一", BROKEN, "unread"),)
