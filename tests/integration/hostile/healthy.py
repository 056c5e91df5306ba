"""The well-kept part of the hostile site: a home page, three columns, twelve articles. The place is fictional."""

from __future__ import annotations

from collections.abc import Sequence

COLUMNS = (("/zwdt/", "政务动态"), ("/tzgg/", "通知公告"), ("/zcwj/", "政策文件"))
_SUBJECTS = ("防汛抗旱工作部署", "便民服务中心延时开放", "农村公路养护招标", "中小学招生安排")


PROSE = "本页面由云汐县人民政府办公室维护，内容以正式公布的文件为准。如有疑问，请在工作时间拨打联系电话，或者到县便民服务中心窗口咨询，工作人员将及时答复。"


def shell(title: str, inner: str) -> str:
    """A page of the site's template."""
    entries = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in COLUMNS)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f'<div class="nav"><ul><li><a href="/">首页</a></li>{entries}</ul></div>{inner}'
        '<div class="footer">主办单位：云汐县人民政府办公室 网站标识码：9999990001 联系电话：0999-1234567</div></body></html>'
    )


def _articles() -> dict[str, tuple[str, str, str]]:
    """Address → column's name, heading, day."""
    return {
        f"{path}art/2026/7/{day}/art_{number}.html": (
            name,
            f"云汐县{subject}（{name}第{turn + 1}期）",
            f"2026-07-{day}",
        )
        for number, (path, name) in enumerate(COLUMNS)
        for turn, subject in enumerate(_SUBJECTS)
        for day in [10 + 4 * turn + number]
    }


def _article(column: str, heading: str, day: str) -> str:
    text = f"现将{heading}有关事项公告如下，请各乡镇、各部门认真组织落实，遇有问题及时与县人民政府办公室联系。"
    return shell(
        f"{heading}_云汐县人民政府",
        f'<div class="position">当前位置：<a href="/">首页</a> &gt; {column}</div><h1>{heading}</h1>'
        f'<p>发布时间：{day} 来源：云汐县人民政府</p><div class="content"><p>{text * 3}</p></div>',
    )


def _entries(column: str) -> str:
    rows = "".join(
        f'<li><a href="{path}">{heading}</a><span>{day}</span></li>'
        for path, (name, heading, day) in ARTICLES.items()
        if name == column
    )
    return f'<ul class="list">{rows}</ul>'


ARTICLES = _articles()
PAGES = {
    **{path: _article(*told) for path, told in ARTICLES.items()},
    **{
        path: shell(
            f"{name}_云汐县人民政府",
            f'<div class="position">当前位置：<a href="/">首页</a> &gt; {name}</div><h1>{name}</h1>{_entries(name)}',
        )
        for path, name in COLUMNS
    },
}
EVERY = ("/", *PAGES)
"""Every healthy address."""


def home(links: Sequence[tuple[str, str]]) -> str:
    """The home page; `links` are further (address, words) that a scene puts there."""
    lists = "".join(f"<h2>{name}</h2>{_entries(name)}" for _, name in COLUMNS)
    more = "".join(f'<p><a href="{href}">{words}</a></p>' for href, words in links)
    return shell("云汐县人民政府", f'{lists}<div class="service">{more}</div>')
