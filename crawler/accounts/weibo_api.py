"""Source `weibo-api`: the commercial API's user_timeline/other, with a token that the operator has bought (B1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from crawler.accounts.answer import DEFAULT_LIMITS, Answer, Limits, get, json_object
from crawler.accounts.attempt import Attempt, Keep, SourceFailure
from crawler.accounts.budget import Channel, budget_of
from crawler.accounts.failures import of_code, of_status
from crawler.accounts.login import expect, login_of
from crawler.accounts.pacing import Pacer
from crawler.accounts.settings import Settings, weibo_uid
from crawler.accounts.weibo_cards import read_user, read_web_posts
from crawler.accounts.weibo_timeline import Timeline, View, judged
from crawler.facts import Account, AccountFetch, AccountOutcome, AccountProfile

KIND = "weibo-api"
SETTINGS = ("base_url", "token_env", "interval", "max_pages")
PLATFORM = "https://c.api.weibo.com"
MAX_PAGES = 20
COUNT = 25
"""Posts a page, the interface's most."""


@dataclass(frozen=True, slots=True)
class WeiboApiSource:
    """Reads the commercial API with the caller's client and clock. `environ` is where the token is looked up."""

    client: httpx.AsyncClient
    clock: Callable[[], datetime]
    pacer: Pacer
    environ: Mapping[str, str] = field(repr=False)
    limits: Limits = DEFAULT_LIMITS
    keep: Keep | None = None

    async def fetch(self, account: Account, since: datetime, until: datetime) -> AccountFetch:
        """What the interface gives. Raises AccountSettingsError where the registry's entry is wrong."""
        settings = Settings(account, KIND, SETTINGS)
        if account.platform != "weibo":
            raise settings.wrong("kind", f"{KIND} 只能读取微博账号")
        uid = weibo_uid(settings)
        login = login_of(settings, self.environ, PLATFORM, "token_env")
        least = 0.0 if login.is_local else budget_of(KIND).interval
        channel = Channel(
            KIND, login.variable, login.host, settings.number("interval", least, at_least=least), login.is_local
        )
        pages = int(settings.number("max_pages", MAX_PAGES, at_least=1))
        attempt = Attempt(KIND, account, since, until, self.clock, f"https://weibo.com/u/{uid}", self.keep)
        attempt.secrets = (login.secret,)
        try:
            expect(login)
        except SourceFailure as failure:
            return attempt.failed(failure)
        timeline, profile = Timeline(), AccountProfile()
        for page in range(1, pages + 1):
            params = {"access_token": login.secret, "uid": uid, "count": str(COUNT), "page": str(page)}
            try:
                async with self.pacer.call(channel, self.clock):
                    url = f"{login.base_url}/2/statuses/user_timeline/other.json"
                    answer = await get(self.client, url, limits=self.limits, params=params)
                    attempt.heard(answer.body)
                    statuses, total = read_statuses(answer)
            except SourceFailure as failure:
                if page == 1:
                    return attempt.failed(failure)
                timeline.stopped = f"第 {page} 页{failure.outcome.label}（{failure.reason}）"
                break
            if page == 1 and statuses and isinstance(statuses[0], dict) and statuses[0].get("user"):
                profile = _profile(statuses[0]["user"], uid)
            if not timeline.add(read_web_posts(statuses, uid, self.clock())):
                break
            if timeline.reached and timeline.reached < since:
                break
        timeline.is_whole = len(timeline.posts) >= total > 0
        if not timeline.posts:
            return attempt.ended(AccountOutcome.EMPTY, reason="接口没有列出博文，不能证明未发布")
        return judged(attempt, View(True, f"https://weibo.com/{uid}/{{}}"), profile, timeline)


def _profile(user: object, uid: str) -> AccountProfile:
    """The account as a post's user shows it; one cut short tells its name alone, for its gaps are not the account's."""
    shown = read_user(user, uid)
    is_whole = isinstance(user, dict) and "description" in user and "followers_count" in user
    return shown if is_whole else AccountProfile(name=shown.name)


def read_statuses(answer: Answer) -> tuple[list[Any], int]:
    """The posts of one page and how many there are in all. Raises SourceFailure."""
    try:
        told = json_object(answer, page=AccountOutcome.BLOCKED)
    except SourceFailure as failure:
        raise of_status(answer.status, answer.message) or failure from None
    if (code := told.get("error_code")) is not None:
        raise of_code(KIND, int(code) if str(code).isdigit() else code, str(told.get("error", "")))
    if failed := of_status(answer.status, answer.message):
        raise failed
    statuses, total = told.get("statuses"), told.get("total_number")
    if not isinstance(statuses, list) or isinstance(total, bool) or not isinstance(total, int):
        raise SourceFailure(AccountOutcome.CHANGED, "返回成功但没有博文列表 statuses")
    return statuses, total
