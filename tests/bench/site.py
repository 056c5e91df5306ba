"""A generated site of any size with pages like those of a real government site: about 29 kB and 61 links each,

40 columns in the navigation, dated lists of 20, labels, footers, attachments, and dead targets of several kinds.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

COLUMNS = 40
PER_LIST = 20
_WORDS = [
    "政务公开",
    "通知公告",
    "工作部署",
    "营商环境",
    "安全生产",
    "乡村振兴",
    "医疗保障",
    "城市更新",
    "防汛抗旱",
    "教育招生",
    "就业服务",
    "生态保护",
    "便民服务",
    "项目建设",
]
_ENDS = ("的通知", "的公告", "工作会议召开", "情况通报", "实施方案", "的批复")
_STYLE = 'style="text-indent:2em;line-height:32px;font-family:宋体,SimSun;font-size:16pt;text-align:justify"'


class Resource(Struct, frozen=True):
    """What the server answers for one path."""

    status: int
    content_type: str
    body: bytes
    location: str = ""


class GeneratedSite(Struct, frozen=True):
    """`dead` are the own addresses that do not answer well, as paths."""

    resources: Mapping[str, Resource]
    pages: int
    dead: frozenset[str]


class _Maker:
    def __init__(self, pages: int) -> None:
        self.random = random.Random(7)
        self.resources: dict[str, Resource] = {}
        self.dead: set[str] = set()
        self.pages = 0
        articles = pages - 1 - COLUMNS
        while articles + self._lists(articles) + 1 > pages:
            articles -= 1
        self.articles = [self._article_head(number) for number in range(articles)]
        self.nav = "".join(
            f'<li class="nav_li"><a href="/col/{c}/index.html" title="{self._column(c)}"><span>{self._column(c)}</span></a></li>\n'
            for c in range(COLUMNS)
        )

    def _lists(self, articles: int) -> int:
        per = -(-articles // COLUMNS)
        return COLUMNS * max(1, -(-per // PER_LIST))

    def _column(self, number: int) -> str:
        return f"{_WORDS[number % len(_WORDS)]}{number // len(_WORDS) or ''}"

    def _title(self) -> str:
        return "关于" + "".join(self.random.sample(_WORDS, 3)) + self.random.choice(_ENDS)

    def _article_head(self, number: int) -> tuple[int, str, str, date]:
        column = number % COLUMNS
        day = date(2026, 11, 18) - timedelta(days=number // COLUMNS)
        return column, f"/art/{day:%Y/%m}/t{day:%Y%m%d}_{number}.html", self._title(), day

    def page(self, path: str, title: str, head: str, body: str, charset: str = "utf-8") -> None:
        scripts = "".join(
            f"function f{i}(a){{var c=document.getElementById('b'+a);return c&&c.offsetHeight>{i};}}\n"
            for i in range(60)
        )
        html = (
            f'<!DOCTYPE html>\n<html><head><meta charset="{charset}"><title>{title}</title>\n'
            '<meta name="SiteName" content="示例市人民政府"><meta name="SiteDomain" content="www.example.gov.cn">'
            f'<meta name="SiteIDCode" content="3300000001">\n{head}'
            '<link rel="stylesheet" href="/css/base.css"><script src="/js/site.js"></script>\n'
            f"<script>{scripts}</script></head><body>\n"
            f'<div class="top"><a href="/index.html"><img src="/images/logo.png" alt="logo"></a></div>'
            f'<div class="nav"><ul>{self.nav}</ul></div>\n{body}\n'
            '<div class="footer"><p>主办：示例市人民政府办公室　网站标识码：3300000001　电话：000-12345678</p>'
            "<p>浙ICP备00000001号-1　浙公网安备 33000002000001号</p></div></body></html>"
        )
        encoded = html.encode("gb18030" if charset == "gb2312" else "utf-8")
        self.resources[path] = Resource(200, "text/html", encoded)
        self.pages += 1

    def sentence(self) -> str:
        return f"{self.random.choice(_WORDS)}工作要{self.random.choice(_WORDS)}，统筹推进各项任务落实到位，切实维护人民群众合法权益。"

    def make(self) -> GeneratedSite:
        for name, kind in (
            ("/css/base.css", "text/css"),
            ("/js/site.js", "text/javascript"),
            ("/images/logo.png", "image/png"),
        ):
            self.resources[name] = Resource(200, kind, b"/* */" * 200)
        self.resources["/robots.txt"] = Resource(200, "text/plain", b"User-agent: *\nAllow: /\n")
        by_column: list[list[tuple[int, str, str, date]]] = [[] for _ in range(COLUMNS)]
        for head in self.articles:
            by_column[head[0]].append(head)
        for column, heads in enumerate(by_column):
            self._column_pages(column, heads)
        for number, head in enumerate(self.articles):
            self._article(number, head, by_column[head[0]])
        newest = "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>\n' for _, u, t, d in self.articles[:60])
        self.page("/index.html", "示例市人民政府", '<meta name="ColumnName" content="首页">', f"<ul>{newest}</ul>")
        self.resources["/"] = self.resources["/index.html"]
        return GeneratedSite(self.resources, self.pages, frozenset(self.dead))

    def _column_pages(self, column: int, heads: list[tuple[int, str, str, date]]) -> None:
        count = max(1, -(-len(heads) // PER_LIST))
        for number in range(1, count + 1):
            items = "".join(
                f'<li><span class="date">{d}</span><a href="{u}" title="{t}">{t}</a><p>{self.sentence()}{self.sentence()}</p></li>\n'
                for _, u, t, d in heads[(number - 1) * PER_LIST : number * PER_LIST]
            )
            following = (
                f'<a class="next" href="/col/{column}/index_{number + 1}.html">下一页</a>' if number < count else ""
            )
            name = self._column(column)
            padding = "".join(f"<!-- {self.sentence()} -->\n" for _ in range(120))
            self.page(
                f"/col/{column}/index.html" if number == 1 else f"/col/{column}/index_{number}.html",
                f"{name}_示例市人民政府",
                f'<meta name="ColumnName" content="{name}"><meta name="ColumnType" content="工作动态">',
                f'<div class="pos">当前位置：<a href="/index.html">首页</a> &gt; {name}</div>'
                f'<div class="list"><ul>{items}</ul></div><div class="page">{following}</div>{padding}',
            )

    def _article(
        self, number: int, head: tuple[int, str, str, date], siblings: list[tuple[int, str, str, date]]
    ) -> None:
        column, path, title, day = head
        name = self._column(column)
        text = "".join(
            f"<p {_STYLE}><span>{''.join(self.sentence() for _ in range(3))}</span></p>\n"
            for _ in range(self.random.randint(24, 44))
        )
        extra = self._extras(number)
        side = "".join(
            f'<li><a href="{u}" title="{t}">{t[:14]}</a></li>'
            for _, u, t, _ in self.random.sample(siblings, min(15, len(siblings)))
        )
        self.page(
            path,
            f"{title}_示例市人民政府",
            f'<meta name="ColumnName" content="{name}"><meta name="ArticleTitle" content="{title}">'
            f'<meta name="PubDate" content="{day} 09:30"><meta name="ContentSource" content="市人民政府办公室">\n',
            f'<div class="pos">当前位置：<a href="/index.html">首页</a> &gt; <a href="/col/{column}/index.html">{name}</a></div>'
            f'<div class="article"><h1>{title}</h1><div class="info">发布时间：{day} 09:30　来源：市人民政府办公室</div>'
            f'<div class="TRS_Editor">{text}{extra}</div></div><div class="side"><h3>相关信息</h3><ul>{side}</ul></div>',
            charset="gb2312" if number % 20 == 0 else "utf-8",
        )

    def _extras(self, number: int) -> str:
        """Every tenth article has an attachment, every fiftieth a dead target."""
        extra = ""
        if number % 10 == 0:
            path = f"/files/{number}.pdf"
            self.resources[path] = Resource(200, "application/pdf", b"%PDF-1.4\n" + b"0" * 4_000)
            extra += f'<p>附件：<a href="{path}">附件.pdf</a></p>'
        if number % 50 == 0:
            kinds = (
                (f"/art/missing/{number}.html", '<p><a href="{}">原文</a></p>', None),
                (f"/images/missing/{number}.jpg", '<p><img src="{}" alt="图"></p>', None),
                (f"/files/缺失{number}.doc", '<p><a href="{}">附件</a></p>', None),
                (f"/error/{number}.html", '<p><a href="{}">查询系统</a></p>', Resource(500, "text/html", b"error")),
            )
            path, markup, resource = kinds[number // 50 % len(kinds)]
            if resource is not None:
                self.resources[path] = resource
            self.dead.add(path)
            extra += markup.format(path)
        return extra


def generated(pages: int) -> GeneratedSite:
    """A site of exactly about `pages` HTML pages; the same bytes at every call."""
    return _Maker(pages).make()
