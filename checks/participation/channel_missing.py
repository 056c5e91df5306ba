"""participation.channel-missing: whether the site has an online channel for questions and advice (咨询建言)."""

from __future__ import annotations

from checks import derived, lexicon
from checks.model import Check, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.offering import away_words, entries
from checks.participation_places import ParticipationPlaces
from checks.presence import judge_presence
from checks.settling import undetermined
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass where messages were read or an entry of 咨询建言 stands; 信访, 举报, 征集 and 访谈 are none.

    An entry 互动交流 alone tells nothing, unless all that stands under it is known to be such.
    """
    if facts.participation and facts.participation.messages:
        return Verdict(State.PASS, f"已提供咨询建言渠道，读出公开留言 {len(facts.participation.messages)} 条")
    board = next(
        (one for one in facts.columns if one.type == "message" and one.items and not _is_place(one.name)), None
    )
    if board is not None:
        return Verdict(State.PASS, f"已提供咨询建言渠道：栏目“{board.name}”（{board.url}）")
    if (doubt := _doubt(facts)) and not entries(facts, "channel"):
        return undetermined(doubt)
    return judge_presence(
        facts, "channel", "咨询建言渠道", unwanted="not_an_offer", platform="participation", severity=Severity.VETO
    )


def _is_place(name: str) -> bool:
    return bool(lexicon.pattern("entries", "participation").search(name))


def _doubt(facts: SiteFacts) -> str:
    """Why a channel may stand behind an entry of interaction; "" where there is no such entry, or it holds none."""
    view = derived.of(facts)
    other = lexicon.pattern("entries", "not_a_channel")
    under = {name for name in derived.gathered(facts, ParticipationPlaces).names if not _is_place(name)}
    unknown = sorted(name for name in under if not other.search(name))
    for entry in entries(facts, "participation"):
        if not derived.is_own(facts, entry.url):
            return away_words(entry)
        if unknown:
            return f"“{entry.text}”之下的“{unknown[0]}”可能是咨询建言渠道"
        if not under and entry.url not in view.failures and entry.url not in view.notices:
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
