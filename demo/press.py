"""Prints a site: renders its pages, styles, scripts and pictures to the bytes that the server sends."""

from __future__ import annotations

import base64
import json
import posixpath
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl, quote

from demo import pictures
from demo.answers import HTML, Answer, plain_error
from demo.content import table
from demo.makes import MAKES
from demo.makes.scripted import Scripted
from demo.model import SearchState, Section, SitePlan
from demo.pages import Block, Entry, Page, PageList, Place, session
from demo.rendering import rendered
from demo.site_plan import Hosts

RESULTS = 20
"""Results on the first page of a site's search."""


class Press:
    """The printed site. `answers` by path and query; `pages` are the pages behind them."""

    def __init__(self, site: SitePlan, neighbours: Iterable[SitePlan], hosts: Hosts) -> None:
        self.site, self.hosts, self.make = site, hosts, MAKES[site.make]
        self.list = PageList(site, neighbours, hosts)
        self.pages: dict[str, Page] = {page.path: page for page in self.list}
        self.titles = [(article.title, self.list.entry(article)) for article in self._newest_first()]

    def answers(self) -> dict[str, Answer]:
        """All that the site's server has ready, by unquoted path and query."""
        ready = {path: self.answer(page) for path, page in self.pages.items()}
        return {**ready, **self._assets(), **self._data()}

    def answer(self, page: Page) -> Answer:
        """One page as bytes."""
        return Answer(200, self._bytes(self.render(page)), self._content_type, modified=page.modified)

    def standing(self, path: str, name: str) -> bytes:
        """A page for a planted address that answers well, with enough text to be a page."""
        lines = (
            f"{name}由{self.site.unit_name}提供，工作日提供咨询服务，办理时请携带有效身份证件。",
            "请先阅读服务须知，按照提示填写信息；提交以后可以凭查询码了解办理进度，如有疑问请与工作人员联系。",
            "节假日期间受理的事项，将在节后第一个工作日统一处理。",
        )
        return self._bytes(self.render(self.list.standing(path, name, (Section("服务须知", lines),))))

    def missing(self) -> Answer:
        """The answer to an unknown address: a true 404, or 200 with the words that it is not there."""
        if self.site.soft_missing:
            body = rendered(f"{self.make.name}/missing.html")
            return Answer(200, body.encode(), HTML)
        if self.make.relative_links:
            return plain_error(404, "Not Found")
        page = self.list.standing("/404.html", "页面提示", (Section("", ("您访问的页面不存在或者已被删除。",)),))
        return Answer(404, self._bytes(self.render(page)), self._content_type)

    def search(self, query: str) -> Answer:
        """The first page of results; `query` is the raw query string, in UTF-8 or GBK."""
        words = "".join(_field(query, self.make.search_field).split())
        found: list[Entry] = []
        if words and self.site.search is SearchState.WORKS:
            found = [entry for title, entry in self.titles if words in title]
        context = {"query": words, "entries": tuple(found[:RESULTS]), "total": len(found)}
        page = self.list.standing(self.make.search_path, "站内搜索", ())
        shown = Page(page.path, "search", page.name, page.labels, page.crumbs, context, page.column)
        return Answer(200, self._bytes(self.render(shown)), self._content_type)

    # ------------------------------------------------------------------ rendering

    def render(self, page: Page) -> str:
        """The HTML of one page."""
        to = self._linker(page.path)
        return rendered(
            f"{self.make.name}/{page.template}.html",
            site=self.site,
            marks=self.site.marks,
            doc_title=self.list.title(page),
            here_name=page.column.name if page.article and page.column else page.name,
            labels=page.labels,
            crumbs=[(place.text, to(place.href) if place.href else "") for place in page.crumbs],
            nav=[Place(place.text, to(place.href), place.on) for place in self.list.navigation(page.column)],
            column=page.column,
            to=to,
            links=self._links(page.path),
            search_field=self.make.search_field,
            viewstate=base64.b64encode(page.path.encode() * 3).decode()[:96],
            **{key: _linked(value, to) for key, value in page.context.items()},
        )

    def _linker(self, here: str) -> Callable[[str], str]:
        """Turns a path into a link as this make writes it on the page at `here`."""

        def to(target: str) -> str:
            if not target.startswith("/") or not self.make.relative_links:
                return target
            path, mark, query = target.partition("?")
            relative = posixpath.relpath(path, posixpath.dirname(here.partition("?")[0]))
            return relative + ("/" if path.endswith("/") else "") + mark + query

        return to

    def _links(self, here: str) -> dict[str, str]:
        """The footer's and the header's fixed addresses; the public registers have stand-ins on the partner host."""
        site, partner = self.site, self.hosts.partner
        sitemap = self.make.sitemap_path
        if self.make.name == "aspnet":
            sitemap += f"?sessionid={session(here)}"
        police = "".join(filter(str.isdigit, site.marks.police_filing))
        home = quote(site.home_url, safe="")

        def register(path: str) -> str:
            return self.hosts.address(partner, path)

        return {
            "icp": register("/beian.miit.gov.cn/"),
            "police": register(f"/beian.mps.gov.cn/query/webSearch?code={police}"),
            "badge": register(f"/bszs.conac.cn/sitename?method=show&id={site.site_code}"),
            "error": register(f"/zfwzzc.www.gov.cn/exposure/jiucuo.html?site_code={site.site_code}&url={home}"),
            "sitemap": sitemap,
            "about": self.make.about_path,
            "search": "" if site.search is SearchState.ABSENT else self.make.search_path,
        }

    def _bytes(self, text: str) -> bytes:
        return text.encode(self.make.charset, "xmlcharrefreplace")

    @property
    def _content_type(self) -> str:
        return HTML if self.make.charset_in_header else "text/html"

    def _newest_first(self) -> list[Any]:
        return sorted(self.site.articles(), key=lambda article: article.published, reverse=True)

    # ------------------------------------------------------------------ everything that is not a page

    def _assets(self) -> dict[str, Answer]:
        colours = table("themes")[self.site.theme]
        svg, png, script = "image/svg+xml", "image/png", "application/javascript; charset=utf-8"
        style = rendered(f"{self.make.name}/style.css", **colours)
        assets = {
            "/favicon.ico": Answer(200, pictures.seal(colours["main"]), svg),
            "/images/style.css": Answer(200, style.encode(), "text/css; charset=utf-8"),
            "/images/seal.svg": Answer(200, pictures.seal(colours["main"]), svg),
            "/images/banner.svg": Answer(200, pictures.banner(colours["main"], colours["dark"]), svg),
            "/images/red.svg": Answer(200, pictures.badge("党政机关", "#c0272d"), svg),
            "/images/jiucuo.svg": Answer(200, pictures.badge("网站找错", "#1c63b7"), svg),
            "/images/ghs.svg": Answer(200, pictures.seal("#2b5ea8"), svg),
            "/images/chart.png": Answer(200, pictures.chart(), png),
            **{f"/images/p{n}.png": Answer(200, pictures.landscape(n), png) for n in range(1, 7)},
            **{
                f"/images/leader{n}.png": Answer(200, pictures.portrait(n), png)
                for n in range(1, len(self.site.leaders) + 1)
            },
        }
        if self.make.name == "scripted":
            footer = rendered("scripted/footer.html", marks=self.site.marks, links=self._links("/"))
            written = rendered("scripted/footer.js", footer=footer)
            app = rendered("scripted/app.js")
            assets["/images/footer.js"] = Answer(200, written.encode(), script)
            assets["/images/app.js"] = Answer(200, app.encode(), script)
        else:
            assets["/images/site.js"] = Answer(200, rendered("site.js").encode(), script)
        if self.site.leave_script:
            assets["/images/leave.js"] = Answer(200, rendered("leave.js", site=self.site).encode(), script)
        rules = {"": "User-agent: *\nAllow: /\n", "private": "User-agent: *\nDisallow: /private/\n"}
        if self.site.robots in rules and not self.site.soft_missing:
            assets["/robots.txt"] = Answer(200, rules[self.site.robots].encode(), "text/plain; charset=utf-8")
        return assets

    def _data(self) -> dict[str, Answer]:
        """What scripts fetch: the items of scripted columns."""
        make, ready = self.make, {}
        if isinstance(make, Scripted):
            for column in self.site.walk():
                pages = make.pages(column) if column.scripted else 0
                for number in range(1, pages + 1):
                    articles = column.articles[(number - 1) * make.page_size : number * make.page_size]
                    rows = [{"title": a.title, "url": make.article(a), "date": a.day} for a in articles]
                    body = json.dumps(
                        {"code": 0, "total": len(column.articles), "pages": pages, "rows": rows}, ensure_ascii=False
                    )
                    ready[make.data(column, number)] = Answer(200, body.encode(), "application/json; charset=utf-8")
        return ready


def _linked(value: Any, to: Callable[[str], str]) -> Any:
    """A context value with its paths turned into links."""
    match value:
        case Entry():
            return Entry(value.title, to(value.href), value.day, value.pinned)
        case Block():
            return Block(
                value.name, to(value.href), value.slug, _linked(value.entries, to), _linked(value.children, to)
            )
        case Place():
            return Place(value.text, to(value.href) if value.href else "", value.on)
        case dict():
            return {
                key: to(item) if isinstance(item, str) and item.startswith("/") else item for key, item in value.items()
            }
        case tuple() | list():
            return tuple(_linked(item, to) for item in value)
        case str() if value.startswith("/"):
            return to(value)
    return value


def _field(query: str, name: str) -> str:
    """A query's field, percent-decoded as UTF-8 or else as GBK."""
    for encoding in ("utf-8", "gbk"):
        try:
            return dict(parse_qsl(query, encoding=encoding, errors="strict")).get(name, "")
        except UnicodeDecodeError:
            continue
    return ""
