"""response.column-missing: whether a column that answers public concerns (回应关切) stands on the site."""

from __future__ import annotations

from checks.model import Check, Mode, Subject, Thresholds, Verdict
from checks.presence import standing_column
from crawler.facts import SiteFacts


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Pass, fail or undetermined by the columns of the type, else by the entries that name one."""
    return standing_column(facts, "response", "回应关切栏目")


CHECK = Check(
    id="response.column-missing",
    title="未开设回应关切",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="对涉及本地区、本部门的热点和疑问不在网站上回应，误解和传言就会占据公众的视线。",
    rectify="开设“回应关切”（热点回应、舆情回应）栏目，及时发布权威信息。",
    measured="在首页导航、栏目、列表和距首页 3 次点击以内的页面中查找名为“回应关切”“热点回应”“舆情回应”“解读回应”等的"
    "栏目入口，并确认其能够打开、有内容。",
    limits="单篇回应稿件不算栏目；采集不完整、首页由脚本填充、专栏设在站外平台时为未能判定；"
    "以图片作入口且无替代文字的识别不出。",
    clause="国办发〔2016〕61号（政务舆情回应）；安政办函〔2018〕50号（未及时公开社会热点回应相关内容）",
    judge=judge,
    needs=("home",),
)
