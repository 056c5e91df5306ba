"""participation.channel-missing: whether the site has an online channel for questions and advice (咨询建言)."""

from __future__ import annotations

from checks import derived
from checks.model import Check, Mode, State, Subject, Thresholds, Verdict
from checks.offering import entries
from checks.presence import judge_presence
from checks.settling import undetermined
from crawler.facts import SiteFacts

_NO_CHANNEL = frozenset(("consultation", "interview", "petition", "news", "notice"))
"""Types of columns that are not a channel, so that a place of interaction which holds only these has none."""


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass where messages were read or an entry of 咨询建言 stands; 信访, 举报, 征集 and 访谈 are none.

    An entry 互动交流 alone tells nothing, unless its column holds nothing but such.
    """
    if facts.participation and facts.participation.messages:
        return Verdict(State.PASS, f"已提供咨询建言渠道，读出公开留言 {len(facts.participation.messages)} 条")
    if (doubt := _doubt(facts)) and not entries(facts, "channel"):
        return undetermined(doubt)
    return judge_presence(facts, "channel", "咨询建言渠道", unwanted="talk_only", platform="participation")


def _doubt(facts: SiteFacts) -> str:
    """Why a channel may stand behind an entry of interaction; "" where there is no such entry, or it holds none."""
    kinds = {column.url: column.type for column in facts.columns}
    for column in facts.columns:
        if column.type == "message" and not column.items and column.url not in derived.of(facts).notices:
            held = [kinds.get(child, "") for child in column.children]
            if not held or any(kind not in _NO_CHANNEL for kind in held):
                return f"设有“{column.name}”，未能确认其中有没有咨询建言渠道"
    for entry in entries(facts, "participation"):
        if not derived.is_own(facts, entry.url):
            return f"“{entry.text}”设在站外（{derived.host(entry.url)}），本次没有采集"
        if entry.url not in kinds and entry.url not in derived.of(facts).failures:
            return f"设有“{entry.text}”，未能确认其中有没有咨询建言渠道"
    return ""


CHECK = Check(
    id="participation.channel-missing",
    title="无咨询建言渠道",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="政府网站应当提供有效的网上咨询建言渠道；没有的，属于“互动回应差”，单项否决。网上信访、纪检举报不计。",
    rectify="开设“领导信箱”“留言咨询”等栏目或接入统一的互动平台，受理咨询、建议并公开答复。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找信箱、留言、咨询、建言等入口，"
    "并确认其能够打开、有内容。",
    limits="渠道只在“互动交流”等总栏目之内、设在站外、须登录或由脚本生成而看不到的，为未能判定；"
    "不实际提交留言，是否受理需人工模拟。",
    clause="国办秘函〔2019〕19号 单项否决“互动回应差”",
    judge=judge,
    needs=("home",),
)
