"""account.no-interaction: no menu, answer by rule, comments or messages; comments that nobody answers."""

from __future__ import annotations

from checks import lexicon
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.posting import account_words, posting
from checks.settings import integer
from checks.settling import share, undetermined
from checks.window import window
from crawler.facts import AccountFacts, AccountOutcome, PostFact


def judge(facts: AccountFacts, thresholds: Thresholds) -> Verdict:
    """Fail where a source says of every channel that there is none; where some are not told, a person looks."""
    span = window(facts.as_of, thresholds, "interaction_days")
    posts = posting(facts, span).live
    channels = {**_of_profiles(facts), "评论": _comments(posts)}
    present = [name for name, told in channels.items() if told]
    absent = [name for name, told in channels.items() if told is False]
    untold = [name for name, told in channels.items() if told is None]
    answered = [
        (post.comments, post.replies) for post in posts if post.comments is not None and post.replies is not None
    ]
    comments, replies = sum(pair[0] for pair in answered), sum(pair[1] for pair in answered)
    measured = (share("评论回复率", min(replies, comments), comments),) if comments else ()
    said = f"近 {span.words} {comments} 条评论，回复 {replies} 条" if answered else "来源不提供评论回复数"
    words = account_words(facts)
    findings = []
    if not present and absent:
        gaps = f"；{'、'.join(untold)}来源未说明" if untold else ""
        findings.append(_finding(facts, "互动渠道", f"{words}没有{'、'.join(absent)}等互动渠道{gaps}", absent, untold))
    if comments >= max(integer(thresholds, "comments_min"), 1) and not replies:
        findings.append(_finding(facts, "评论回复", f"{words}近 {span.words} {comments} 条评论，没有一条回复", [], []))
    if findings:
        state = State.FAIL if absent and not present and not untold else State.NEEDS_REVIEW
        return Verdict(state, "；".join(finding.message for finding in findings), tuple(findings), measured)
    if not present:
        return undetermined("各来源没有说明菜单、自动回复、留言和评论的情况", measured)
    return Verdict(State.PASS, f"{words}有互动渠道：{'、'.join(present)}；{said}", measurements=measured)


def _of_profiles(facts: AccountFacts) -> dict[str, bool | None]:
    """Menu, answer by rule and messages as the sources tell them: True where any has it, False where all deny it."""
    profiles = [f.profile for f in facts.fetches if f.outcome is AccountOutcome.FETCHED and f.profile]
    return {
        "菜单": _any([bool(profile.menus) for profile in profiles if profile.menus is not None]),
        "自动回复": _any([profile.auto_reply for profile in profiles if profile.auto_reply is not None]),
        "留言": _any([profile.messages for profile in profiles if profile.messages is not None]),
    }


def _comments(posts: tuple[PostFact, ...]) -> bool | None:
    """Whether the public can comment: one comment proves it; that nobody can, only every post in the window."""
    if any(post.comments_open or post.comments or post.replies for post in posts):
        return True
    return False if posts and all(post.comments_open is False for post in posts) else None


def _any(told: list[bool]) -> bool | None:
    return any(told) if told else None


def _finding(facts: AccountFacts, part: str, words: str, absent: list[str], untold: list[str]) -> Finding:
    lacking: list[JSON] = [*absent]
    unknown: list[JSON] = [*untold]
    return Finding(
        url=facts.account.key,
        message=words,
        location=account_words(facts),
        quote=part,
        observed={
            "platform": facts.account.platform,
            "unit_kind": facts.unit.kind,
            "part": part,
            "absent": lacking,
            "untold": unknown,
        },
        severity=Severity.MINOR,
        evidence_urls=tuple(fetch.url for fetch in facts.fetches if fetch.url),
    )


CHECK = Check(
    id="account.no-interaction",
    title="无有效互动",
    subject=Subject.ACCOUNT,
    mode=Mode.AUTOMATIC,
    why="政务新媒体应当听民意、回应关切；没有互动渠道或有问不答的，公众的意见无处可去。",
    rectify="开通菜单、留言或评论功能，设置自动回复，安排专人及时答复公众留言和评论。",
    measured="查看各数据来源给出的菜单、自动回复、留言功能和期限内信息的评论情况，任一渠道存在即为有互动渠道；"
    "来源给出评论数和回复数的，计算回复率。",
    limits="来源明确说明各渠道均不存在的才直接认定；部分渠道未说明的，以及评论较多而无一回复的，转人工复核；都没有说明的为未能判定。"
    "不评价答复质量。",
    clause="国办发〔2018〕123号（强化政民互动）；"
    "国办秘函〔2019〕19号 政务新媒体单项否决“互动回应差”（未提供有效互动功能）；安政办函〔2020〕10号（互动）",
    judge=judge,
    needs=("posts",),
    thresholds=lexicon.thresholds("account.no-interaction"),
)
