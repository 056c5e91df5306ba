"""A small site that lives: it can be changed between two visits, and writes down what it was asked."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from msgspec import Struct, field

PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>"
    "<meta name='SiteName' content='甲局网站'>{head}</head><body>"
    "<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='/tzgg/'>通知公告</a></li></ul></div>{body}"
    "<div class='footer'><p>主办：甲局　网站标识码：3300000001</p></div></body></html>"
)


class Answer(Struct, frozen=True):
    """What one path answers. `validator` is "etag", "modified", "lying" (304 to every condition) or ""."""

    body: bytes
    validator: str = ""
    content_type: str = "text/html; charset=utf-8"


class LivingSite(Struct):
    """The site's paths, which may be changed at any time, and the requests it got: (method, path, status).

    `statuses` are the paths that answer with another status than 200.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    delay: float = 0.0
    home: str = ""

    def article(self, number: int, text: str = "", validator: str = "etag") -> None:
        """Puts an article with an attachment."""
        body = (
            f"<div class='breadcrumb'>当前位置：<a href='/'>首页</a> &gt; <a href='/tzgg/'>通知公告</a></div>"
            f"<h1>关于第{number}号事项的通知</h1><p>发布时间：2026-11-{number % 18 + 1:02}　来源：甲局</p>"
            f"<div id='zoom'><p>{text or '各有关单位：请按要求做好相关工作，确保各项任务按期完成，现将有关事项通知如下。' * 4}</p>"
            f"<p><a href='/files/{number}.pdf'>附件{number}</a></p></div>"
        )
        head = f"<meta name='ArticleTitle' content='关于第{number}号事项的通知'>"
        page = PAGE.format(title=f"关于第{number}号事项的通知", head=head, body=body)
        self.answers[f"/art/{number}.html"] = Answer(page.encode(), validator)
        self.answers[f"/files/{number}.pdf"] = Answer(b"%PDF-1.4", content_type="application/pdf")

    def lists(self, numbers: range, validator: str = "lying") -> None:
        """Puts the home page and the column with these articles."""
        rows = "".join(
            f"<li><a href='/art/{number}.html'>关于第{number}号事项的通知</a><span>2026-11-{number % 18 + 1:02}</span></li>"
            for number in numbers
        )
        listing = f"<div class='list'><ul>{rows}</ul></div>"
        column = PAGE.format(title="通知公告", head="<meta name='ColumnName' content='通知公告'>", body=listing)
        self.answers["/"] = Answer(PAGE.format(title="甲局网站", head="", body=listing).encode(), validator)
        self.answers["/tzgg/"] = Answer(column.encode(), validator)

    def asked(self) -> list[tuple[str, str, int]]:
        """The requests since the last call."""
        seen, self.requests = self.requests, []
        return seen

    def registry(self, home: str = "", more: str = "") -> str:
        """A registry that names this site alone, by its home address or another; `more` are further fields."""
        return (
            "units:\n  - code: a\n    name: 甲局\n    kind: department\n    sites:\n"
            f"      - {{name: 甲局网站, home_url: '{home or self.home}', {more}site_code: '3300000001', kind: department, "
            "pace: {interval: 0, connections: 4}}\n"
            f"canaries: ['{self.home}']\nas_of: 2026-11-20\n"
        )


class Handler(BaseHTTPRequestHandler):
    """Answers in silence, and keeps connections open."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that leaves early is no news."""


@contextmanager
def serving(handler: type[Handler]) -> Iterator[str]:
    """Serves on a free port of loopback; the home address."""
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def living_site() -> Iterator[LivingSite]:
    """The site, served on a free port of loopback."""
    site = LivingSite()

    class Answers(Handler):
        def do_GET(self) -> None:
            answer = site.answers.get(self.path)
            status, body, headers = 404, b"<html><title>404</title></html>", {"Content-Type": "text/html"}
            time.sleep(site.delay)
            if answer is not None:
                status, body, headers = (
                    site.statuses.get(self.path, 200),
                    answer.body,
                    {"Content-Type": answer.content_type},
                )
                tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                conditions = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
                if answer.validator in ("etag", "lying"):
                    headers["ETag"] = tag
                elif answer.validator == "modified":
                    headers["Last-Modified"] = "Thu, 19 Nov 2026 01:00:00 GMT"
                same = tag in conditions or (answer.validator == "modified" and conditions[1] is not None)
                if same or (answer.validator == "lying" and any(conditions)):
                    status, body = 304, b""
            site.requests.append((self.command, self.path, status))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD" and status != 304:
                self.wfile.write(body)

        do_HEAD = do_GET

    with serving(Answers) as home:
        site.home = home
        yield site
