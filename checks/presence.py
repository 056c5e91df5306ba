"""Whether something that must be offered is offered: entries within three clicks of the home page, by their names."""

from __future__ import annotations

from checks import derived, lexicon
from checks.derived import Mention, SiteView
from checks.model import Finding, Severity, State, Verdict
from checks.settling import undetermined
from checks.visits import confirmed
from crawler.facts import SiteFacts

_VISITS_MIN = 2
_SHORT = 16
"""Characters of an entrance that says no more than its name."""
"""Visits that must have failed alike before an entry counts as dead; the same as link.broken's default."""


def standing_column(facts: SiteFacts, kind: str, name: str) -> Verdict:
    """Pass where a column of this type holds entries, whatever it is called; else as `judge_presence` of its names."""
    for column in facts.columns:
        if column.type == kind and (column.items or column.children):
            return Verdict(State.PASS, f"已提供{name}：“{column.name}”（{column.url}）")
    return judge_presence(facts, kind, name, unwanted="not_a_column")


def judge_presence(
    facts: SiteFacts,
    key: str,
    name: str,
    *,
    unwanted: str = "not_an_entry",
    platform: str = "platform",
    severity: Severity = Severity.MAJOR,
) -> Verdict:
    """Pass where an entry named by `key` of data/entries.yaml leads to a page; fail where none does and we saw enough.

    `name` is what is sought, in Chinese. A page that only says 内容建设中 is not what was sought. Where the crawl
    was cut short, the home page is filled by scripts, or what `platform` names is kept on another host, absence proves
    nothing. `unwanted` names the words of what only speaks about it.
    """
    view = derived.of(facts)
    hits = view.find(lexicon.pattern("entries", key), lexicon.pattern("entries", unwanted))
    standing, dead, unsettled = _sorted_by_fate(hits, view)
    sound = [hit for hit in standing if hit.url not in view.notices]
    if sound:
        return Verdict(State.PASS, f"已提供{name}：“{sound[0].text}”（{sound[0].url}）")
    if unsettled:
        return undetermined(f"{name}的入口“{unsettled[0].text}”指向的页面本次未能打开（{unsettled[0].url}）")
    if standing:
        hit = standing[0]
        return _missing(facts, f"{name}页面没有内容，显示“{view.notices[hit.url]}”", hit, severity)
    if dead:
        return _missing(facts, f"{name}的入口“{dead[0].text}”指向的页面无法打开", dead[0], severity)
    doubt = _doubt(facts, view, platform)
    if doubt:
        return undetermined(f"未见{name}，但{doubt}")
    message = f"自首页起 {derived.NEAR} 次点击内未找到{name}（共查看 {view.near_pages} 个页面）"
    return _missing(facts, message, None, severity)


def _sorted_by_fate(hits: tuple[Mention, ...], view: SiteView) -> tuple[list[Mention], list[Mention], list[Mention]]:
    """Entries that stand, those that are confirmed dead, and those whose page was not seen."""
    standing: list[Mention] = []
    dead: list[Mention] = []
    unsettled: list[Mention] = []
    for hit in hits:
        failure = view.failures.get(hit.url)
        if failure is None:
            standing.append(hit)
        elif confirmed(failure, _VISITS_MIN):
            dead.append(hit)
        else:
            unsettled.append(hit)
    return standing, dead, unsettled


def _doubt(facts: SiteFacts, view: SiteView, key: str) -> str:
    """Why what was not found may yet be there; "" where it would have been found."""
    if view.gap:
        return view.gap
    home = facts.home
    if home and (home.scripted or (home.embedded and not home.rendered)):
        return "首页有由脚本或嵌入页面填充的内容未能读取"
    platform = lexicon.pattern("entries", key)
    for mention in view.named(platform, _SHORT):
        if not derived.is_own(facts, mention.url):
            return f"“{mention.text}”设在站外（{derived.host(mention.url)}），本次没有采集"
    for column in facts.columns:
        if platform.search(column.name) and (column.unread or column.embedded):
            return f"栏目“{column.name}”未能完整读取"
    return ""


def _missing(facts: SiteFacts, message: str, hit: Mention | None, severity: Severity) -> Verdict:
    finding = Finding(
        url=hit.page if hit else facts.site.home_url,
        message=message,
        location="网站首页及各级栏目" if hit is None else f"入口“{hit.text}”",
        quote=hit.text if hit else "",
        problem_url=hit.url if hit else "",
        observed={"entry": hit.text if hit else None, "clicks": derived.NEAR},
        severity=severity,
        evidence_urls=(facts.site.home_url,) if hit is None else (hit.page, hit.url),
    )
    return Verdict(State.FAIL, message, (finding,))
