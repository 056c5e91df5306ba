"""Chooses the source of an account by its registered kind and fetches. One file a source; this is their list."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

import httpx

from crawler.accounts import feed, table, wechat_backend, wechat_official, weibo_api, weibo_mobile, weibo_web
from crawler.accounts.answer import DEFAULT_LIMITS, Limits
from crawler.accounts.attempt import Attempt, Keep
from crawler.accounts.errors import AccountSettingsError
from crawler.accounts.pacing import Pacer
from crawler.accounts.routes import NO_ROUTES, Routes
from crawler.facts import Account, AccountFetch, AccountOutcome

KINDS = (feed, table, weibo_mobile, weibo_web, weibo_api, wechat_official, wechat_backend)

SETTINGS: Mapping[str, tuple[str, ...]] = {module.KIND: module.SETTINGS for module in KINDS}
"""The known kinds of source and the settings each takes in the registry."""


class AccountSource(Protocol):
    """Reads one account's posts. Whatever the network or the platform does ends in the result's outcome;
    AccountSourceError is raised for a wrong registration or a wrong filed table alone.
    """

    async def fetch(self, account: Account, since: datetime, until: datetime) -> AccountFetch:
        """The posts up to `until`, read back to `since` where the source lets one."""
        ...


async def fetch_account(
    account: Account,
    since: datetime,
    until: datetime,
    *,
    clock: Callable[[], datetime],
    client: httpx.AsyncClient,
    base_folder: Path,
    routes: Routes = NO_ROUTES,
    pacer: Pacer | None = None,
    environ: Mapping[str, str] = os.environ,
    limits: Limits = DEFAULT_LIMITS,
    keep: Keep | None = None,
) -> tuple[AccountFetch, ...]:
    """All that the account's registered source gives for the window `since`…`until` (aware, `until` = as_of).

    `client` carries address guard and user agent. `base_folder` is where relative tables lie (the registry's folder).
    `routes` are the operator's switches for the undocumented sources; loopback stand-ins need none. `pacer` is to be
    shared by all accounts of a process. `environ` is where logins are looked up. `keep` takes (SHA-256, bytes) of the
    raw payload. Raises AccountSourceError.
    """
    if since > until:
        raise ValueError("since lies after until")
    if account.source is None:
        attempt = Attempt("", account, since, until, clock)
        return (attempt.ended(AccountOutcome.NO_SOURCE, reason="台账未登记该账号的数据来源"),)
    pacer = pacer or Pacer()
    source: AccountSource
    match account.source.kind:
        case feed.KIND:
            source = feed.FeedSource(client, clock, pacer, limits, keep)
        case table.KIND:
            source = table.TableSource(base_folder, clock, keep)
        case weibo_mobile.KIND:
            source = weibo_mobile.WeiboMobileSource(client, clock, pacer, environ, routes.weibo_mobile, limits, keep)
        case weibo_web.KIND:
            source = weibo_web.WeiboWebSource(client, clock, pacer, environ, routes.weibo_web, limits, keep)
        case weibo_api.KIND:
            source = weibo_api.WeiboApiSource(client, clock, pacer, environ, limits, keep)
        case wechat_official.KIND:
            source = wechat_official.WechatOfficialSource(client, clock, pacer, environ, limits, keep)
        case wechat_backend.KIND:
            source = wechat_backend.WechatBackendSource(
                client, clock, pacer, environ, routes.wechat_backend, limits, keep
            )
        case unknown:
            known = "、".join(SETTINGS)
            raise AccountSettingsError(account.key, "kind", f"不认识的数据来源“{unknown}”，已知的有 {known}")
    return (await source.fetch(account, since, until),)
