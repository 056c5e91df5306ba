"""Makes our Word templates (`python -m reports.templates.make`); the files beside this one are its output."""

from __future__ import annotations

import io
from pathlib import Path

from docx.document import Document as Paper

from reports.templates.page import blank
from reports.templates.parts import add, letterhead, looped, main_problems, problems_by_kind, signature
from reports.word import repacked


def notice() -> Paper:
    """整改通知书."""
    paper = blank("整改通知书模板")
    letterhead(paper)
    add(paper, "政府网站和政务新媒体问题整改通知书", "公文标题")
    add(paper, "{{ 单位 }}：", "主送机关")
    add(
        paper,
        "在“{{ 检查名称 }}”（监测时间点：{{ 监测时间点 }}）中，发现你单位所属网站、政务新媒体账号存在 "
        "{{ 问题数 }} 个问题"
        "{% if 否决数 %}，其中 {{ 否决数 }} 个涉及单项否决{% endif %}{% if 持续数 %}，{{ 持续数 }} 个为此前已发现、"
        "至今仍存在的问题{% endif %}。现将有关问题和整改要求通知如下。",
        "公文正文",
    )
    add(paper, "一、存在的问题", "一级标题")
    problems_by_kind(paper)
    add(paper, "二、整改要求", "一级标题")
    add(
        paper,
        "（一）请你单位对照上述问题和附件逐项整改，举一反三，对同类问题一并排查，并于{{ 整改期限 }}完成整改，"
        "书面报送整改情况，逐项说明整改措施、完成时间和责任人。",
        "公文正文",
    )
    add(
        paper,
        "（二）对所列问题有异议的，请在上述期限内注明附件中的序号，附说明或截图一并反馈，由我方组织复核。",
        "公文正文",
    )
    add(paper, "（三）整改完成后将对上述问题进行复查，未整改或再次出现的，按有关规定处理。", "公文正文")
    add(paper, "附件：问题清单（{{ 问题清单 }}）", "附件末项")
    signature(paper, sealed=True)
    add(paper, "（联系人：　　　　　　联系电话：　　　　　　　　）", "公文正文")
    return paper


def circular() -> Paper:
    """通报."""
    paper = blank("通报模板")
    letterhead(paper)
    add(paper, "关于{{ 检查名称 }}情况的通报", "公文标题")
    add(paper, "{{ 主送 }}：", "主送机关")
    add(
        paper,
        "为加强政府网站和政务新媒体监管，{{ 检查时间 }}，{{ 发文机关 }}组织开展了{{ 检查名称 }}"
        "（{{ 检查类型 }}，监测时间点：{{ 监测时间点 }}）。现将有关情况通报如下。",
        "公文正文",
    )
    add(paper, "一、总体情况", "一级标题")
    add(paper, "{{ 检查范围 }}{% for 句 in 结论 %}{{ 句 }}{% endfor %}{{ 问题概况 }}", "公文正文")
    add(paper, "二、存在的主要问题", "一级标题")
    main_problems(paper)
    add(paper, "三、与上次检查比较", "一级标题")
    add(paper, "{{ 与上次比较 }}{{ 反复出现 }}", "公文正文")
    add(paper, "{%p if 未能判定 %}", "公文正文")
    add(paper, "四、未能判定的情况", "一级标题")
    add(paper, "{{ 未能判定 }}", "公文正文")
    add(paper, "{%p endif %}", "公文正文")
    add(paper, "{% if 未能判定 %}五{% else %}四{% endif %}、工作要求", "一级标题")
    add(
        paper,
        "（一）限期整改。各单位要对照问题清单逐项整改，并于{{ 整改期限 }}报送整改情况。"
        "对涉及单项否决的问题要立即整改。",
        "公文正文",
    )
    add(
        paper,
        "（二）举一反三。各单位要对同类问题开展全面排查，完善内容更新、信息审核、链接巡检和日常监测机制，防止问题反复出现。",
        "公文正文",
    )
    add(paper, "（三）复查复核。对通报所列问题有异议的，请在整改期限内提交说明；整改完成后将组织复查。", "公文正文")
    add(paper, "{%p for 项 in 附件 %}", "公文正文")
    listed = "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ 项.序 }}. {{ 项.标题 }}"
    add(paper, "{%p if loop.last %}", "公文正文")
    add(paper, listed, "附件末项")
    add(paper, "{%p else %}", "公文正文")
    add(paper, listed, "附件说明")
    add(paper, "{%p endif %}", "公文正文")
    add(paper, "{%p endfor %}", "公文正文")
    signature(paper, sealed=False)
    add(paper, "{{p 附件正文 }}", "公文正文")
    return paper


def self_check() -> Paper:
    """季度自查报告."""
    paper = blank("季度自查报告模板")
    add(paper, "{{ 季度 }}\n政府网站和政务新媒体自查报告", "公文标题")
    add(paper, "一、检查总体情况", "一级标题")
    add(
        paper,
        "{{ 检查时间 }}，{% if 指标体系 %}对照{% for 名 in 指标体系 %}《{{ 名 }}》{% endfor %}{% endif %}开展了检查，"
        "监测时间点为{{ 监测时间点 }}。{{ 检查范围 }}{% for 句 in 结论 %}{{ 句 }}{% endfor %}",
        "公文正文",
    )
    add(paper, "二、检查发现的主要问题", "一级标题")
    add(paper, "{{ 问题概况 }}", "公文正文")
    main_problems(paper)
    add(paper, "三、问题整改情况", "一级标题")
    add(paper, "{{ 与上次比较 }}{{ 反复出现 }}", "公文正文")
    add(paper, "四、检查结果", "一级标题")
    looped(
        paper,
        "项",
        "对象",
        (
            ("序号", "{{ 项.序号 }}", 11),
            ("网站/账号", "{{ 项.名称 }}", 45),
            ("主办单位", "{{ 项.单位 }}", 40),
            ("结果", "{{ 项.结果 }}", 20),
            ("问题数", "{{ 项.问题数 }}", 18),
            ("连续合格季度数", "{{ 项.连续合格 }}", 22),
        ),
    )
    add(paper, "{%p if 未能判定 %}", "公文正文")
    add(paper, "{{ 未能判定 }}", "公文正文")
    add(paper, "{%p endif %}", "公文正文")
    add(paper, "五、下一步工作", "一级标题")
    add(
        paper,
        "对检查发现的问题逐项整改、逐项复查；对反复出现的问题查明原因，完善日常监测和信息审核机制；对未能判定的网站和账号，"
        "排除采集障碍后补充检查。",
        "公文正文",
    ).paragraph_format.keep_with_next = True
    signature(paper, sealed=False)
    return paper


TEMPLATES = {"notice.docx": notice, "circular.docx": circular, "self-check.docx": self_check}


def packed(paper: Paper) -> bytes:
    """The template as bytes, the same at every making."""
    buffer = io.BytesIO()
    paper.save(buffer)
    return repacked(buffer.getvalue())


def main() -> None:
    """Write the templates beside this file."""
    for name, make in TEMPLATES.items():
        (Path(__file__).parent / name).write_bytes(packed(make()))


if __name__ == "__main__":
    main()
