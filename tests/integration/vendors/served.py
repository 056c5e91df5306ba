"""A site served on loopback as a builder's system serves it: a function from a request to an answer.

What every make shares stands here: the frame of a page, the articles, the entries with their days.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from msgspec import Struct, field

NEWEST = date(2026, 11, 18)
APART = timedelta(days=30)
COUNT, SIZE = 40, 10
"""Entries of a list and entries of a page: three pages reach back past the longest window, the fourth is beyond it."""

HTML = "text/html; charset=utf-8"


class Row(Struct, frozen=True):
    """An entry as a person sees it; `path` is where its article stands."""

    title: str
    path: str
    day: date


class Answer(Struct, frozen=True):
    """What one request is answered with."""

    body: str
    content_type: str = HTML
    status: int = 200


class Asked(Struct, frozen=True):
    """A request: its method, path and fields (of the address, and of the body of a POST)."""

    method: str
    path: str
    query: dict[str, str]
    sent: dict[str, str]


Answers = Callable[[Asked], Answer | None]


class Served(Struct):
    """A site that is served: its home page's address, and the requests it got as (method, path with query)."""

    home: str
    requests: list[tuple[str, str]] = field(default_factory=list)

    def at(self, path: str) -> str:
        """The absolute address of a path."""
        return self.home.rstrip("/") + path


def rows(pattern: str, name: str, count: int = COUNT, newest: date = NEWEST) -> list[Row]:
    """Entries from new to old, thirty days apart; {n} {y} {m} {d} {ym} {ymd} stand in the pattern of their address."""
    made = []
    for number in range(count):
        day = newest - APART * number
        path = pattern.format(
            n=9000 - number, y=day.year, m=day.month, d=day.day, ym=f"{day:%Y%m}", ymd=f"{day:%Y%m%d}"
        )
        made.append(Row(f"云溪县关于第{count - number}号{name}事项办理情况的通知", path, day))
    return made


def page(title: str, main: str, *, menu: dict[str, str], head: str = "", frame: bool = True) -> str:
    """A page with the site's frame around its main part; `menu` is the navigation, path by name."""
    links = "".join(f'<li><a href="{path}">{name}</a></li>' for name, path in menu.items())
    before = f'<div class="nav"><ul><li><a href="/">首页</a></li>{links}</ul></div>' if frame else ""
    after = (
        '<div class="footer"><p>主办：云溪县人民政府办公室　网站标识码：6109990001　<a href="/">联系我们</a></p></div>'
        if frame
        else ""
    )
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{before}{main}{after}</body></html>"
    )


def place(*steps: tuple[str, str]) -> str:
    """当前位置 with these steps behind 首页, the last without an address."""
    words = [f'<a href="{path}">{name}</a>' if path else f"<span>{name}</span>" for name, path in steps]
    return f'<div class="position">当前位置：<a href="/">首页</a> &gt; {" &gt; ".join(words)}</div>'


def article(row: Row, column: str, menu: dict[str, str]) -> Answer:
    """The page of an entry."""
    head = f'<meta name="ArticleTitle" content="{row.title}"><meta name="PubDate" content="{row.day} 09:00">'
    text = "各镇人民政府、县直各部门：现将有关事项办理情况通知如下，请结合实际认真抓好落实，确保各项任务按期完成。" * 3
    main = f"{place((column, menu[column]), ('正文', ''))}<h1>{row.title}</h1><p>发布时间：{row.day} 09:00</p><div id='zoom'><p>{text}</p></div>"
    return Answer(page(f"{row.title}-云溪县人民政府", main, menu=menu, head=head))


def home(listed: list[Row], menu: dict[str, str]) -> Answer:
    """The home page with the newest entries."""
    entries = "".join(f'<li><a href="{row.path}">{row.title}</a><span>{row.day}</span></li>' for row in listed[:6])
    head = '<meta name="SiteName" content="云溪县人民政府"><meta name="SiteIDCode" content="6109990001">'
    return Answer(page("云溪县人民政府", f'<div class="news"><ul>{entries}</ul></div>', menu=menu, head=head))


def part(listed: list[Row], number: int, size: int = SIZE) -> list[Row]:
    """The entries of one page, counted from 1."""
    return listed[(number - 1) * size : number * size]


@contextmanager
def served(answers: Answers) -> Iterator[Served]:
    """Serves what `answers` gives on a free port; what it does not know is 404."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            length = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(length).decode() if length else ""
            site.requests.append((self.command, self.path))
            fields = dict(parse_qsl(query, keep_blank_values=True))
            asked = Asked(self.command, path, fields, dict(parse_qsl(sent, keep_blank_values=True)))
            answer = answers(asked) or Answer("<html><title>404</title><h1>404 Not Found</h1></html>", HTML, 404)
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A visitor that leaves early is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    site = Served(f"http://127.0.0.1:{server.server_address[1]}/")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
