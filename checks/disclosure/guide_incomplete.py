"""disclosure.guide-incomplete: fields of Art. 12 that the 政府信息公开指南 does not give."""

from __future__ import annotations

from checks import reports
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import share, undetermined
from crawler.facts import SiteFacts
from crawler.facts.disclosure import GuideFact

FIELDS = (
    "信息分类",
    "编排体系",
    "获取方式",
    "机构名称",
    "办公地址",
    "办公时间",
    "联系电话",
    "传真号码",
    "互联网联系方式",
)


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Fail where the fullest of the site's own guides lacks a field and all of its text was read."""
    own = [guide for guide in facts.disclosure.guides if not reports.is_of_another_body(facts, guide.title)]
    if not own:
        return undetermined("没有读到政府信息公开指南的正文")
    guide = max(own, key=lambda one: len(one.fields))
    given = dict(guide.fields)
    absent = [name for name in FIELDS if name not in given]
    measured = (share("指南要素完整率", len(FIELDS) - len(absent), len(FIELDS)),)
    if not absent:
        return Verdict(State.PASS, f"指南九项要素齐全（{guide.url}）", (), measured)
    if guide.unread:
        return undetermined(f"指南文字中未见{'、'.join(absent)}，但{guide.unread}（{guide.url}）")
    words = f"政府信息公开指南缺少{'、'.join(absent)}"
    return Verdict(State.FAIL, f"{words}（九项要素缺 {len(absent)} 项）", (_finding(guide, absent, words),), measured)


def _finding(guide: GuideFact, absent: list[str], words: str) -> Finding:
    lacking: list[JSON] = list(absent)
    quotes: dict[str, JSON] = dict(guide.fields)
    return Finding(
        url=guide.url,
        message=words,
        location=f"“{guide.title}”",
        quote=guide.title,
        observed={"missing": lacking, "missing_count": len(absent), "given": quotes},
        severity=Severity.MINOR,
        evidence_urls=(guide.url,),
    )


CHECK = Check(
    id="disclosure.guide-incomplete",
    title="信息公开指南要素不全",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="指南应当让公众知道信息如何分类编排、怎样获取、找谁联系，缺一项就办不成事。",
    rectify="按条例第十二条补齐信息分类、编排体系、获取方式和公开工作机构的名称、办公地址、办公时间、联系电话、"
    "传真号码、"
    "互联网联系方式，变动后及时更新。",
    measured="读取指南正文，逐项查找九项要素；电话、传真、邮箱等须有标签和内容，只有标签没有内容的视为没有。",
    limits="指南在附件、图片、嵌入页面中或由脚本生成时，缺少的要素为未能判定；用词宽松，提到即算，"
    "不核对内容是否准确；"
    "门户网站上所属部门的指南不计。",
    clause="政府信息公开条例（国令第711号）第十二条",
    judge=judge,
    needs=("home",),
)
