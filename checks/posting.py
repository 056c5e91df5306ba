"""What the fetches of one account say of its posts in a window; shared by the checks of not updating.

Only 获取成功 whose listing is known to be whole back to the window's start may say that nothing was posted. One live
post in the window from any source disproves it. Deleted posts are no updates. Sources that contradict each other are
left to a person.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from checks.model import JSON, Finding, Measurement, Severity, State, Verdict
from checks.settling import amount, undetermined
from checks.window import Window, beijing_day
from crawler.facts import AccountFacts, AccountFetch, AccountOutcome, PostFact
from crawler.facts.accounts import KeptPost

FILED = "table"
"""The source kind of a unit's own filing (单位填报): alone against a platform's listing, it is left to a person."""

_PLATFORMS = {"wechat": "微信公众号", "weibo": "微博", "app": "移动客户端"}


class Posting(Struct, frozen=True):
    """An account in a window: its `live` posts, the `newest` up to the time point, and the fetches that prove absence.

    `conflict` says in Chinese how sources contradict each other; "" where they do not.
    """

    live: tuple[PostFact, ...]
    newest: PostFact | None
    proof: tuple[AccountFetch, ...]
    conflict: str


def platform_words(platform: str) -> str:
    """A platform in Chinese; its id where it has no name here."""
    return _PLATFORMS.get(platform, platform)


def account_words(facts: AccountFacts) -> str:
    """An account as it is named in a message: 微博“云溪发布”."""
    return f"{platform_words(facts.account.platform)}“{facts.account.name}”"


def posting(facts: AccountFacts, window: Window) -> Posting:
    """The account's posts in a window, over all its fetches that succeeded."""
    fetched = [fetch for fetch in facts.fetches if fetch.outcome is AccountOutcome.FETCHED]
    deleted = {post.post_id for fetch in fetched for post in fetch.posts if post.deleted}
    by_fetch = [(fetch, _live(fetch, window, deleted)) for fetch in fetched]
    standing = [one for one in kept_standing(facts) if one.post.post_id not in deleted]
    kept = [one for one in standing if window.holds(_day(one.post))]
    live = tuple(
        {post.post_id: post for posts in (*(p for _, p in by_fetch), [k.post for k in kept]) for post in posts}.values()
    )
    past = [p for f in fetched for p in f.posts if not p.deleted and p.post_id not in deleted]
    past += [one.post for one in standing]
    newest = max((p for p in past if p.published_at <= facts.as_of), key=lambda p: p.published_at, default=None)
    proof = tuple(fetch for fetch, posts in by_fetch if fetch.spans(window.opening) and not posts)
    return Posting(live, newest, proof, _conflict(facts, by_fetch, kept, proof, window))


def judge_silence(facts: AccountFacts, window: Window, fault: str, severity: Severity, measure: bool = True) -> Verdict:
    """Pass on a live post in the window, fail where a whole listing shows none; `fault` ends the message."""
    seen = posting(facts, window)
    today = window.end
    measured: tuple[Measurement, ...] = ()
    if measure and seen.newest and (seen.live or seen.proof):
        measured = (amount("距最近发布天数", (today - _day(seen.newest)).days, "天"),)
    if seen.live and not seen.conflict:
        newest = max(seen.live, key=lambda post: post.published_at)
        return Verdict(
            State.PASS,
            f"{account_words(facts)}最近一条信息发布于 {_day(newest)}，在监测时间点 {today} 前 {window.words}之内",
            measurements=measured,
        )
    if not seen.proof:
        return undetermined(why_unproved(facts, window))
    finding = _finding(facts, seen, window, fault, severity)
    if seen.conflict:
        return Verdict(State.NEEDS_REVIEW, f"来源不一致，待人工复核：{seen.conflict}", (finding,), measured)
    return Verdict(State.FAIL, finding.message, (finding,), measured)


def _live(fetch: AccountFetch, window: Window, deleted: set[str]) -> list[PostFact]:
    return [p for p in fetch.posts if not p.deleted and p.post_id not in deleted and window.holds(_day(p))]


def _conflict(
    facts: AccountFacts,
    by_fetch: list[tuple[AccountFetch, list[PostFact]]],
    kept: list[KeptPost],
    proof: tuple[AccountFetch, ...],
    window: Window,
) -> str:
    """How sources contradict each other on this window, in Chinese; "" where they do not."""
    if not proof:
        return ""
    showing = [fetch.source for fetch, posts in by_fetch if posts] + [one.source for one in kept]
    if showing and all(is_filed(source) for source in showing) and any(not is_filed(f.source) for f in proof):
        return f"单位填报显示期限内有信息，{'、'.join(f.source for f in proof if not is_filed(f.source))} 未见"
    if showing:
        return ""
    gone = [fetch.source for fetch in facts.fetches if fetch.outcome is AccountOutcome.NO_ACCOUNT]
    if gone:
        return f"{'、'.join(gone)} 称账号不存在，{'、'.join(fetch.source for fetch in proof)} 获取成功"
    for fetch, _ in by_fetch:
        if any(not post.deleted and window.holds(_day(post)) for post in fetch.posts):
            return f"{fetch.source} 显示期限内有信息，另一来源显示该信息已删除"
    return ""


def is_filed(source: str) -> bool:
    """Whether a source is the unit's own filing (单位填报)."""
    return source == FILED or source.startswith(f"{FILED}:")


def kept_standing(facts: AccountFacts) -> tuple[KeptPost, ...]:
    """The kept posts that stood when they were last looked for; none where a source says that the account is gone."""
    if any(fetch.outcome is AccountOutcome.NO_ACCOUNT for fetch in facts.fetches):
        return ()
    return tuple(one for one in facts.history.posts if one.gone_since is None and not one.post.deleted)


_TITLES = 3
"""How many posts that are gone are named."""


def gone_words(facts: AccountFacts) -> str:
    """What was posted and is there no longer, in Chinese; "" where nothing is known to be gone. No fault of itself."""
    gone = [one.post for one in facts.history.posts if one.gone_since is not None]
    opened = [
        link
        for link in facts.links or ()
        if link.place == "文章" and link.outcome in ("gone", "faulty") and link.attempts > 1
    ]
    parts = []
    if gone:
        titles = "、".join(f"“{post.title}”（{_day(post)}）" for post in gone[:_TITLES])
        parts.append(f"历次检查见过而现已不在的信息 {len(gone)} 条：{titles}{'等' if len(gone) > _TITLES else ''}")
    if opened:
        told = "、".join(f"“{link.words}”（{link.reason}）" for link in opened[:_TITLES])
        parts.append(f"抽查的文章中 {len(opened)} 篇打不开：{told}{'等' if len(opened) > _TITLES else ''}")
    return "；".join(parts)


def why_unproved(facts: AccountFacts, window: Window) -> str:
    """Source by source, in Chinese, why no listing is known to be whole over the window."""
    parts = []
    for fetch in facts.fetches:
        if fetch.outcome is not AccountOutcome.FETCHED:
            parts.append(f"{fetch.source}：{fetch.outcome.label}{f'（{fetch.reason}）' if fetch.reason else ''}")
        elif fetch.covered_since:
            parts.append(f"{fetch.source}：只读到 {beijing_day(fetch.covered_since)}，未及 {window.start}")
        else:
            parts.append(f"{fetch.source}：列表是否完整不明")
    return "；".join(parts)


def _finding(facts: AccountFacts, seen: Posting, window: Window, fault: str, severity: Severity) -> Finding:
    words = account_words(facts)
    sources: list[JSON] = [fetch.source for fetch in seen.proof]
    observed: dict[str, JSON] = {
        "platform": facts.account.platform,
        "unit_kind": facts.unit.kind,
        "newest": None,
        "age_days": None,
        "limit": window.words,
        "window_start": window.start.isoformat(),
        "sources": sources,
    }
    if seen.newest:
        age = (window.end - _day(seen.newest)).days
        observed |= {"newest": _day(seen.newest).isoformat(), "age_days": age}
        message = f"{words}最近一条信息发布于 {_day(seen.newest)}，距监测时间点 {window.end} 已 {age} 天，{fault}"
    else:
        since = min(beijing_day(fetch.covered_since) for fetch in seen.proof if fetch.covered_since)
        message = f"{words}自 {since} 至监测时间点 {window.end} 没有发布信息，{fault}"
    return Finding(
        url=facts.account.key,
        message=message,
        location=words,
        observed=observed,
        severity=severity,
        confirmations=len(seen.proof),
        evidence_urls=tuple(fetch.url for fetch in seen.proof if fetch.url),
    )


def _day(post: PostFact) -> date:
    return beijing_day(post.published_at)
