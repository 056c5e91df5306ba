"""The fake platforms of the demo and the tests: a feed service, m.weibo.cn, weibo.com with the commercial API, the
official account API and the public platform's back end, each on its own loopback port.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from demo.account_model import DemoAccount
from demo.platform_feeds import FeedService
from demo.platform_http import PlatformServer
from demo.platform_wechat_api import WechatApiService
from demo.platform_wechat_backend import WechatBackendService
from demo.platform_weibo import WeiboService
from demo.platform_weibo_web import WeiboWebService


class Platforms:
    """All servers. `now` is the time they live in: relative dates, sync times and build dates are told from it."""

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
        self.weibo_web = PlatformServer(WeiboWebService(accounts, now).respond, host, 0)
        self.wechat_api = PlatformServer(WechatApiService(accounts, now).respond, host, 0)
        self.wechat_backend = PlatformServer(WechatBackendService(accounts, now).respond, host, 0)
        self._by_source = {
            "feed": self.feed,
            "weibo-mobile": self.weibo,
            "weibo-web": self.weibo_web,
            "weibo-api": self.weibo_web,
            "wechat-official": self.wechat_api,
            "wechat-backend": self.wechat_backend,
        }

    async def start(self) -> None:
        """Starts all; they serve while the event loop runs."""
        for server in dict.fromkeys(self._by_source.values()):
            await server.start()

    async def stop(self) -> None:
        """Stops all and cuts what is still open."""
        for server in dict.fromkeys(self._by_source.values()):
            await server.stop()

    def of(self, source: str) -> PlatformServer:
        """The server that a kind of source reads."""
        return self._by_source[source]

    @property
    def feed_url(self) -> str:
        """`http://host:port` of the feed service."""
        return self.feed.url

    @property
    def weibo_url(self) -> str:
        """`http://host:port` of m.weibo.cn's stand-in."""
        return self.weibo.url
