"""The fake platforms of the demo and the tests: a feed service and an m.weibo.cn, each on its own loopback port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from demo.accounts import DemoAccount
from demo.platform_feeds import FeedService
from demo.platform_http import PlatformServer
from demo.platform_weibo import WeiboService


class Platforms:
    """Both servers. `now` is the time they live in: relative dates, sync times and build dates are told from it."""

    def __init__(
        self,
        accounts: Sequence[DemoAccount],
        now: datetime,
        host: str = "127.0.0.1",
        feed_port: int = 0,
        weibo_port: int = 0,
    ) -> None:
        self.feed = PlatformServer(FeedService(accounts, now).respond, host, feed_port)
        self.weibo = PlatformServer(WeiboService(accounts, now).respond, host, weibo_port)

    async def start(self) -> None:
        """Starts both; they serve while the event loop runs."""
        await self.feed.start()
        await self.weibo.start()

    async def stop(self) -> None:
        """Stops both and cuts what is still open."""
        await self.weibo.stop()
        await self.feed.stop()

    @property
    def feed_url(self) -> str:
        """`http://host:port` of the feed service."""
        return self.feed.url

    @property
    def weibo_url(self) -> str:
        """`http://host:port` of m.weibo.cn's stand-in."""
        return self.weibo.url
