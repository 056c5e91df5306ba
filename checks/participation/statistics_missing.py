"""participation.statistics-missing: whether figures of messages received and answered are published."""

from __future__ import annotations

from checks import columns
from checks.model import Check, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.offering import away_words, columns_of, entries, only_elsewhere
from checks.presence import judge_presence
from checks.settling import undetermined
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass where a board's page shows figures or an entry names them. Asked only where the site has a board."""
    known = facts.participation
    if known and known.statistics:
        return Verdict(State.PASS, f"留言栏目公开了受理反馈数据：“{known.statistics}”")
    boards = columns_of(facts, "message")
    away = only_elsewhere(facts, "channel") or only_elsewhere(facts, "participation")
    if away:
        return undetermined(f"咨询建言渠道{away_words(away)}")
    if not boards and not entries(facts, "channel"):
        return Verdict(State.NOT_APPLICABLE, "不适用：未见咨询建言渠道，由 participation.channel-missing 判定")
    verdict = judge_presence(
        facts,
        "message_statistics",
        "受理反馈统计",
        unwanted="not_an_offer",
        platform="message_statistics",
        severity=Severity.MINOR,
    )
    hidden = next((one for one in boards if columns.unseen(one)), None)
    if verdict.state is State.FAIL and hidden is not None:
        return undetermined(f"未见受理反馈统计，但{columns.words(hidden)}{columns.unseen(hidden)}")
    if verdict.state is State.FAIL and not boards:
        return undetermined("未见受理反馈统计，但留言栏目的页面没有读到")
    return verdict


CHECK = Check(
    id="participation.statistics-missing",
    title="无受理反馈统计",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="公开留言的受理、答复数量，公众才能了解和监督办理情况。",
    rectify="在留言栏目公布收到、受理、答复的数量和办结率，或定期发布受理反馈情况统计。",
    measured="查找留言统计、受理反馈情况等入口和信息，并在留言栏目的页面中查找收到、办结数量等数据。",
    limits="数据以图片、图表或脚本显示的读不出；渠道设在站外的为未能判定；没有咨询建言渠道的不适用。",
    clause="国办秘函〔2019〕19号 扣分指标“受理反馈统计”；安政办函〔2020〕10号（公开网民受理反馈情况统计数据）",
    judge=judge,
    needs=("home",),
)
