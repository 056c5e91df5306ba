"""Two inspections of one account through the command line: what the first saw is kept, the second tells what is gone."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from msgspec.structs import replace

from crawler.facts import BEIJING
from demo.account_model import DemoAccount, DemoPost
from demo.platform_feeds import FeedService
from demo.platform_http import PlatformServer, Reply, Request
from storage.store import Store
from tests.integration.inspecting.conftest import Xuncha, lines

NOW = datetime.now(BEIJING)
POSTS = tuple(DemoPost(NOW - timedelta(days=day, hours=2), f"停水通知第 {day} 号") for day in range(3, 23, 2))
ACCOUNT = DemoAccount("u", "wechat", "示例发布", "1001", "feed", posts=POSTS)

REGISTRY = """
units:
  - code: u
    name: 示例局
    kind: department
    accounts:
      - {{platform: wechat, name: 示例发布, platform_id: gh_1, source: {{kind: feed, url: "{url}/feeds/MP_WXS_1001.json"}}}}
"""


class Stage:
    """A feed service whose posts may change between two inspections."""

    def __init__(self) -> None:
        self.posts = POSTS

    def respond(self, request: Request) -> Reply:
        reply = FeedService([replace(ACCOUNT, posts=self.posts)], datetime.now(BEIJING)).respond(request)
        if not request.path.endswith(".json"):
            return reply
        told = json.loads(reply.body)
        for item in told["items"]:  # a real feed's ids stay with their posts
            item["id"] = item["title"]
        return replace(reply, body=json.dumps(told).encode())


@contextmanager
def served(stage: Stage) -> Iterator[str]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = PlatformServer(stage.respond, "127.0.0.1", 0)
    asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
    try:
        yield server.url
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def test_a_post_that_went_between_two_inspections_is_told_and_is_no_fault(xuncha: Xuncha) -> None:
    stage = Stage()
    with served(stage) as url:
        (xuncha.folder / "r.yaml").write_text(REGISTRY.format(url=url), "utf-8")
        order = ("accounts", "check", "--registry", "r.yaml", "--db", "sqlite:///x.db", "--allow-private")
        xuncha(*order, "--out", "first")
        stage.posts = tuple(replace(post, article="deleted") for post in (*POSTS[:3], *POSTS[4:]))
        xuncha(*order, "--out", "second")
    first, second = (
        {row["check"]: row for row in lines(xuncha.folder / out / "results.jsonl")} for out in ("first", "second")
    )
    gone = POSTS[3].title
    assert "现已不在" not in json.dumps(first, ensure_ascii=False)
    note = second["account.stale"]["coverage"]["note"]
    assert f"历次检查见过而现已不在的信息 1 条：“{gone}”" in note
    assert "抽查的文章中 5 篇打不开" in note and "该内容已被发布者删除" in note
    assert second["account.stale"]["state"] == first["account.stale"]["state"] == "pass"
    with Store(f"sqlite:///{xuncha.folder}/x.db", xuncha.folder / "kept") as store:
        history = store.accounts.history("wechat:gh_1", NOW - timedelta(days=366), datetime.now(BEIJING))
    assert {one.post.title: one.gone_since is None for one in history.posts} == {
        post.title: post.title != gone for post in POSTS
    }
