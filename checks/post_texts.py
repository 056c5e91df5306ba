"""The texts of an account's posts as the checks of words see them: hits with their posts, and what was not read."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from checks import texts
from checks.model import Finding, Thresholds, Verdict
from checks.posting import account_words
from checks.settings import integer
from checks.settling import settle, undetermined
from checks.text_gathering import Text
from checks.window import Window, beijing_day, window
from crawler.facts import AccountFacts, PostFact
from crawler.facts.accounts import PostText
from crawler.facts.texts import TextKind

_SHOWN = 30
"""Characters of a title that name a post."""

Told = Callable[[texts.Candidate, int], Finding]


def judge_posts(
    facts: AccountFacts,
    thresholds: Thresholds,
    kind: TextKind,
    told: Told,
    about: str,
    weigh: texts.Weigh | None = None,
) -> Verdict:
    """Candidates of one kind in the posts of the window; titles without texts and short listings leave doubts."""
    span = window(facts.as_of, thresholds, "window_months")
    read = _read(facts, span)
    if not read:
        return undetermined("期限内没有读到信息的文字")
    places = [(_text(facts, post, words), hit) for post, words in read for hit in words.hits]
    registered = (facts.unit.name, facts.account.name, facts.account.subject)
    listed = integer(thresholds, "pages_listed")
    candidates = texts.among(places, registered, kind, weigh)
    found = [_of_account(facts, told(one, listed)) for one in candidates]
    bare = sum(not post.text.strip() for post, _ in read)
    doubts = [f"{bare} 条信息只读到标题"] if bare else []
    if not any(fetch.spans(span.opening) for fetch in facts.fetches):
        doubts.append(f"列表没有完整读到 {span.start}")
    seen = f"查看{account_words(facts)}近 {span.words} {len(read)} 条信息的文字"
    return settle(
        findings=found,
        doubts=doubts,
        failed=f"{seen}，发现{about} {len(found)} 处，待人工确认",
        passed=f"{seen}，未发现{about}",
    )


def _read(facts: AccountFacts, span: Window) -> list[tuple[PostFact, PostText]]:
    """The posts of the window whose words were looked at. Sources number posts each in its own way."""
    posts = {(post.post_id, post.title): post for fetch in facts.fetches for post in fetch.posts}
    return [
        (post, words)
        for words in facts.texts
        if (post := posts.get((words.post_id, words.title)))
        and not post.deleted
        and post.published_at <= facts.as_of
        and span.holds(beijing_day(post.published_at))
    ]


def _text(facts: AccountFacts, post: PostFact, words: PostText) -> Text:
    title = post.title if len(post.title) <= _SHOWN else f"{post.title[:_SHOWN]}…"
    day = beijing_day(post.published_at)
    return Text(words.url or facts.account.key, day, f"{day} 的信息“{title}”")


def _of_account(facts: AccountFacts, finding: Finding) -> Finding:
    """A finding that observes whose account it is, proved by what the account's sources answered."""
    observed = {"platform": facts.account.platform, "unit_kind": facts.unit.kind, **finding.observed}
    evidence = (facts.account.key, *dict.fromkeys(fetch.url for fetch in facts.fetches if fetch.url))
    return replace(finding, observed=observed, evidence_urls=evidence)
