"""A town of small sites on loopback, each with a home page, two columns and a few articles, that live from day to day.

What a site shows on a day is a pure function of its number and that day, so that whoever inspects it can be held
against it: who published, whose link was dead.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path

COLUMNS = {"tzgg": "通知公告", "gzdt": "工作动态"}
SHOWN = 3
"""Articles that a column lists."""


def unit_of(number: int) -> str:
    """The code of the unit whose site has that number."""
    return f"u{number:02}"


def published(number: int, day: date) -> list[date]:
    """The days of a site's articles in a column, newest first: one every 3 to 9 days."""
    step = 3 + number % 7
    last = day - timedelta(days=(day.toordinal() + number) % step)
    return [last - timedelta(days=step * back) for back in range(SHOWN)]


def is_link_dead(number: int, day: date) -> bool:
    """Every fifth site has a link in its navigation that is dead for two weeks of every six."""
    return number % 5 == 0 and (day.toordinal() + number) % 42 < 14


@lru_cache(maxsize=1024)
def pages(number: int, day: date) -> dict[str, bytes]:
    """The paths of a site on a day and what they show."""
    name = f"砚江市第{number}局"
    dead = "<li><a href='/bszn/'>办事指南</a></li>" if is_link_dead(number, day) else ""
    nav = "<li><a href='/'>首页</a></li>" + "".join(
        f"<li><a href='/{path}/'>{title}</a></li>" for path, title in COLUMNS.items()
    )
    made: dict[str, bytes] = {}

    def put(path: str, title: str, head: str, body: str) -> None:
        made[path] = (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>"
            f"<meta name='SiteName' content='{name}网站'>{head}</head><body><div class='nav'><ul>{nav}{dead}</ul></div>"
            f"{body}<div class='footer'><p>主办：{name}　网站标识码：33000{number:05}</p></div></body></html>"
        ).encode()

    listings = ""
    for column, title in COLUMNS.items():
        rows = ""
        for told in published(number, day):
            path, heading = f"/{column}/{told:%Y%m%d}.html", f"{name}{told.month}月{told.day}日{title}"
            rows += f"<li><a href='{path}'>{heading}</a><span>{told}</span></li>"
            put(
                path,
                heading,
                f"<meta name='ArticleTitle' content='{heading}'>",
                f"<h1>{heading}</h1><p>发布时间：{told}　来源：{name}</p><div id='zoom'>"
                f"<p>{'各有关单位：请按要求做好相关工作，确保各项任务按期完成，现将有关事项通知如下。' * 6}</p></div>",
            )
        listing = f"<div class='list'><h2>{title}</h2><ul>{rows}</ul></div>"
        listings += listing
        put(f"/{column}/", title, f"<meta name='ColumnName' content='{title}'>", listing)
    put("/", f"{name}网站", "", listings)
    return made


class _Visitor(asyncio.Protocol):
    number: int
    town: _Town

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            request, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            method, path, _ = request.decode("latin-1").split(" ", 2)
            body = pages(self.number, self.town.day).get(path.split("?")[0])
            status, body = ("200 OK", body) if body is not None else ("404 Not Found", b"<title>404</title>")
            tag = f'"{zlib.crc32(body):x}"'
            if f"If-None-Match: {tag}" in request.decode("latin-1"):
                self.transport.write(f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode())
                continue
            head = (
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nETag: {tag}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            self.transport.write(head.encode() + (b"" if method == "HEAD" else body))


class _Town:
    def __init__(self, day: date) -> None:
        self.day = day

    async def serve(self, count: int, orders: Connection) -> None:
        loop = asyncio.get_running_loop()
        ports = []
        for number in range(count):
            visitor = type("Visitor", (_Visitor,), {"number": number, "town": self})
            server = await loop.create_server(visitor, "127.0.0.1", 0, backlog=256)
            ports.append(server.sockets[0].getsockname()[1])
        ended = asyncio.Event()

        def order() -> None:
            try:
                self.day = orders.recv()
                orders.send(self.day)
            except EOFError:
                loop.remove_reader(orders.fileno())
                ended.set()

        orders.send(ports)
        loop.add_reader(orders.fileno(), order)
        await ended.wait()


def _serve(count: int, day: date, orders: Connection) -> None:
    asyncio.run(_Town(day).serve(count, orders))


class Town:
    """The sites as they are on one day after the other."""

    def __init__(self, ports: list[int], orders: Connection) -> None:
        self.homes = [f"http://127.0.0.1:{port}/" for port in ports]
        self._orders = orders

    def turn(self, day: date) -> None:
        """Lets the sites show what they show on that day."""
        self._orders.send(day)
        self._orders.recv()

    def write_registry(self, path: Path) -> None:
        """A registry that names every site, a unit each, with a home page of its own as canary."""
        units = "".join(
            f"  - code: {unit_of(number)}\n    name: 砚江市第{number}局\n    kind: department\n    sites:\n"
            f"      - {{name: 砚江市第{number}局网站, home_url: '{home}', site_code: '33000{number:05}', "
            "kind: department, pace: {interval: 0, connections: 4}}\n"
            for number, home in enumerate(self.homes)
        )
        path.write_text(f"units:\n{units}canaries: ['{self.homes[0]}']\n", "utf-8")


@contextmanager
def town(count: int, day: date) -> Iterator[Town]:
    """So many sites, served by a process of their own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(count, day, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Town(ours.recv(), ours)
    finally:
        ours.close()
        process.join(10)
        process.kill()
