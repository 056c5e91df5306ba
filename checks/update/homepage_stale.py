"""update.homepage-stale: whether anything dated on the home page is newer than two weeks."""

from __future__ import annotations

from datetime import date

from checks import columns, derived, lexicon
from checks.columns import Freshness, freshness
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import amount, undetermined
from checks.window import Window, window
from crawler.facts import PageFact, SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass on one entry in the window; fail only where all that the home page shows was seen and is older.

    An undated entry has the day its own page shows. A home page that shows nothing dated (a navigation page) is
    judged by its first-level columns: all must be stale.
    """
    home = facts.home
    if home is None:
        return undetermined("未取得首页内容")
    view = derived.of(facts)
    span = window(facts.as_of, thresholds, "stale_days")
    fresh = freshness(derived.home_entries(facts), view)
    if fresh.day is None and not fresh.later:
        return _by_columns(facts, home, view, span)
    if fresh.day and span.holds(fresh.day):
        return _updated(fresh.day, view, facts, thresholds)
    hidden = _hidden(home)
    if hidden:
        return undetermined(hidden)
    if fresh.later:
        return undetermined("首页已有晚于监测时间点的信息，监测时间点当时的首页无从得知")
    if fresh.unknown and view.gap:
        return undetermined(f"{view.gap}，首页有 {fresh.unknown} 条未注明时间的链接没有查看")
    return _stale(facts, fresh, view, span, "首页")


def _updated(newest: date, view: derived.SiteView, facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    age = (view.today - newest).days
    sentence = f"首页最新一条信息发布于 {newest}，距监测时间点 {view.today} 为 {age} 天"
    if not window(facts.as_of, thresholds, "warn_days").holds(newest):
        sentence += f"，已接近 {thresholds['stale_days']} 天，请及时更新"
    return Verdict(State.PASS, sentence, measurements=(amount("首页距最近更新天数", age, "天"),))


def _by_columns(facts: SiteFacts, home: PageFact, view: derived.SiteView, span: Window) -> Verdict:
    listed = [column for column in facts.columns if column.level == 1 and columns.publishes(column, view)]
    fresh = freshness(tuple(item for column in listed for item in column.items), view)
    if fresh.day and span.holds(fresh.day):
        age = (view.today - fresh.day).days
        return Verdict(
            State.PASS,
            f"首页没有注明时间的信息；二级页面最新一条信息发布于 {fresh.day}，距监测时间点 {view.today} 为 {age} 天",
            measurements=(amount("首页距最近更新天数", age, "天"),),
        )
    hidden = _hidden(home) or next((columns.unseen(c) for c in facts.columns if columns.unseen(c)), "")
    if hidden or view.gap or not listed:
        return undetermined(hidden or view.gap or "首页没有注明时间的信息，也未发现信息类的一级栏目")
    if fresh.later or fresh.unknown or not all(column.items for column in listed):
        return undetermined("首页没有注明时间的信息，部分二级页面的信息时间无从得知")
    return _stale(facts, fresh, view, span, "首页没有注明时间的信息，其二级页面")


def _stale(facts: SiteFacts, fresh: Freshness, view: derived.SiteView, span: Window, where: str) -> Verdict:
    if fresh.day is None or fresh.newest is None:
        message = f"{where}的信息均未注明发布时间，视为不更新"
        finding = _finding(facts, message, "", {"newest": None, "age_days": None})
        return Verdict(State.FAIL, message, (finding,))
    age = (view.today - fresh.day).days
    message = f"{where}最新一条信息发布于 {fresh.day}，距监测时间点 {view.today} 已 {age} 天，超过 {span.words}"
    observed: dict[str, JSON] = {
        "newest": fresh.day.isoformat(),
        "age_days": age,
        "limit": span.words,
        "window_start": span.start.isoformat(),
    }
    finding = _finding(facts, message, fresh.newest.title, observed)
    return Verdict(State.FAIL, message, (finding,), (amount("首页距最近更新天数", age, "天"),))


def _finding(facts: SiteFacts, message: str, quote: str, observed: dict[str, JSON]) -> Finding:
    home_url = facts.home.url if facts.home else facts.site.home_url
    return Finding(
        url=home_url,
        message=message,
        location="首页信息列表",
        quote=quote,
        observed=observed,
        severity=Severity.VETO,
        evidence_urls=(home_url,),
    )


def _hidden(home: PageFact) -> str:
    """Why newer entries may stand on the home page unseen; "" where they cannot."""
    if home.scripted:
        return "首页信息由脚本填充，未能完整读取"
    return "首页有嵌入页面或数据请求，其中的信息未能读取" if home.embedded and not home.rendered else ""


CHECK = Check(
    id="update.homepage-stale",
    title="首页不更新",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="首页超过两周没有更新属单项否决情形，说明网站日常保障已经中断。",
    rectify="及时在首页发布动态、要闻、通知公告等信息，并为每条信息注明发布时间。",
    measured="取首页所列信息中不晚于监测时间点的最新日期；条目未注明时间的，以其稿件页自身的时间为准；"
    "首页没有注明时间的信息（如仅为导航页）的，看全部一级栏目。",
    limits="由脚本或嵌入页面填充而未能读取的首页、采集时已晚于监测时间点而旧信息可能被替换的首页，均为未能判定。",
    clause="国办秘函〔2019〕19号 政府网站单项否决“首页不更新”",
    judge=judge,
    needs=("home",),
    thresholds=lexicon.thresholds("update.homepage-stale"),
)
