"""What the visits of one address add up to: confirmed dead, open after all, or not settled."""

from __future__ import annotations

from datetime import datetime

from crawler.facts import BEIJING, FetchOutcome, LinkFact, Outcome

_WORDS = {
    Outcome.DNS_FAILED: "域名无法解析",
    Outcome.TLS_FAILED: "证书或加密连接失败",
    Outcome.REFUSED: "被拒绝连接",
    Outcome.TIMEOUT: "访问超时",
    Outcome.RESET: "连接中断",
    Outcome.REDIRECT_LOOP: "陷入循环跳转",
}


def confirmed(link: LinkFact, visits_min: int) -> bool:
    """Whether every visit failed, all in one class, at least `visits_min` times.

    404, 404 → yes. 404 → not yet. 404, 超时 → no, the causes differ. 404, 正常 → no, it opened. 404, 被拦截 → no.
    """
    classes = {visit.outcome for visit in link.visits}
    return len(link.visits) >= visits_min and len(classes) == 1 and classes.pop().is_failure


def pending(link: LinkFact) -> bool:
    """Whether the last visit failed and nothing is settled: another visit has to confirm it."""
    return bool(link.visits) and link.visits[-1].outcome.is_failure


def failure_words(visits: tuple[FetchOutcome, ...]) -> str:
    """How visits of one class failed, as the end of a sentence: `均返回 404`, `均为访问超时`."""
    outcome = visits[-1].outcome
    statuses = sorted({visit.status for visit in visits if visit.status})
    shown = "、".join(str(status) for status in statuses)
    if outcome is Outcome.SOFT_404:
        return "均显示页面不存在（状态码 200）"
    if shown and outcome in (Outcome.GONE, Outcome.SERVER_ERROR):
        return f"均返回 {shown}"
    return f"均为{_WORDS.get(outcome, outcome.label)}"


def visit_times(visits: tuple[FetchOutcome, ...]) -> str:
    """When the visits were made, in Beijing time: `01:14、07:40`, with the date wherever it changes."""
    shown: list[str] = []
    last: datetime | None = None
    for visit in visits:
        at = visit.at.astimezone(BEIJING)
        fresh = last is None or last.date() != at.date()
        spans_days = visits[0].at.astimezone(BEIJING).date() != visits[-1].at.astimezone(BEIJING).date()
        shown.append(at.strftime("%m-%d %H:%M" if fresh and spans_days else "%H:%M"))
        last = at
    return "、".join(shown)


def times_word(count: int) -> str:
    """A number of visits as it is spoken: 两次, 三次, 12 次."""
    return f"{'零一两三四五六七八九十'[count]}次" if count <= 10 else f"{count} 次"
