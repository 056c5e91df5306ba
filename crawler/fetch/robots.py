"""robots.txt of one site: read once, kept as read, and obeyed unless the registry authorises otherwise."""

from __future__ import annotations

from urllib.parse import urljoin

import httpx
from msgspec import Struct
from protego import Protego

from crawler.fetch.limits import ROBOTS_BYTES
from crawler.fetch.outcome import of_exception
from crawler.fetch.received import receive


class Robots(Struct, frozen=True):
    """`text` as received ("" where there is none), `note` how the reading ended, `delay` seconds it asks for."""

    text: str
    note: str
    obeyed: bool
    agent: str
    rules: Protego

    def permits(self, url: str) -> bool:
        """Whether the address may be visited."""
        return not self.obeyed or not self.text or self.rules.can_fetch(url, self.agent)

    @property
    def delay(self) -> float:
        """Crawl-delay in seconds, 0 where none is asked for."""
        return float(self.rules.crawl_delay(self.agent) or 0) if self.obeyed else 0.0


async def read_robots(client: httpx.AsyncClient, home: str, *, obeyed: bool, agent: str, seconds: float) -> Robots:
    """Reads the site's robots.txt within `seconds`; an HTML answer, a 4xx or no answer means that there are no rules.

    Of one without end the beginning is read, and the note says so.
    """
    text, note = "", ""
    try:
        answer = await receive(client, urljoin(home, "/robots.txt"), most=ROBOTS_BYTES, seconds=seconds)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        note = f"未能读取：{of_exception(error).reason}"
    else:
        if answer.status != 200:
            note = f"返回 {answer.status}，按没有规则处理"
        elif "html" in answer.content_type or answer.text.lstrip()[:1] == "<":
            note = "返回的是网页而不是规则，按没有规则处理"
        else:
            text, note = answer.text, "已读取"
            if answer.cut is not None:
                # the last line may be cut in two, and half a rule may say the reverse
                text, note = text[: text.rfind("\n") + 1], f"只读取了开头部分：{answer.cut.reason}"
    if not obeyed:
        note += "；台账授权访问其不允许的公开页面"
    return Robots(text, note, obeyed, agent, Protego.parse(text))
