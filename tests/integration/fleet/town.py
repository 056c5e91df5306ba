"""A town of many small sites in a process of its own: slow enough to be disturbed, each with known faults.

Run as `python -m tests.integration.fleet.town FOLDER SITES DELAY [ADDRESS]` (loopback by default): writes FOLDER/registry.yaml and serves until killed.
Every site has a port of its own; a canary stands beside them and is silent whenever they are. Whoever puts the file
FOLDER/cut there cuts the network; the file FOLDER/asked counts the requests of every site.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from pathlib import Path

import yaml

ARTICLES = 8
"""Articles of a column."""
AS_OF = "2026-11-20T09:00:00+08:00"


_WORDS = [
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
    "文化旅游",
    "交通运输",
    "市场监管",
    "政务公开",
    "民生实事",
    "森林防火",
    "水利设施",
    "食品药品",
    "社会救助",
]
_VERBS = ["推进", "部署", "检查", "调研", "督办", "总结", "落实", "启动", "完成", "公布"]


def _text(seed: str) -> str:
    """Some sentences of their own for every page: pages that say the same are taken for a trap."""
    draw = random.Random(seed)
    parts = (f"{draw.choice(_VERBS)}{draw.choice(_WORDS)}{draw.randint(2, 99)}项，" for _ in range(40))
    return "".join(parts) + "请各单位认真办理。"


def page(site: int, path: str) -> str | None:
    """The HTML of a path of a site, None where there is none. Site numbers count from 0."""
    name = f"云汐镇第{site + 1}办公室"
    frame = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>'
        '<div class="nav"><a href="/">首页</a> <a href="/news/">工作动态</a> <a href="/notice/">通知公告</a></div>'
        "{body}<div class='footer'>主办单位：" + name + "　联系电话：0999-1234567</div></body></html>"
    )
    parts = path.strip("/").split("/")
    if path == "/":
        items = "".join(
            f'<li><a href="/news/{n}.html">第{n}条工作动态信息</a> 2026-11-{n:02}</li>' for n in range(1, 6)
        )
        return frame.format(title=name, body=f"<ul>{items}</ul>")
    if path in ("/news/", "/notice/"):
        title = "工作动态" if path == "/news/" else "通知公告"
        year = 2026 if path == "/news/" or site % 2 else 2023
        items = "".join(
            f'<li><a href="{path}{n}.html">关于第{n}项工作的{title}</a><span>{year}-11-{n:02}</span></li>'
            for n in range(1, ARTICLES + 1)
        )
        return frame.format(title=f"{title} - {name}", body=f"<h2>{title}</h2><ul>{items}</ul>")
    if len(parts) == 2 and parts[0] in ("news", "notice") and parts[1].removesuffix(".html").isdigit():
        number = int(parts[1].removesuffix(".html"))
        if 1 <= number <= ARTICLES:
            kind = "动态" if parts[0] == "news" else "公告"
            dead = '<a href="/files/gone.doc">附件：申请表</a>' if number == 1 + site % ARTICLES else ""
            text = _text(f"{site}{path}")
            body = f"<h1>关于第{number}项工作的{kind}</h1><p>发布时间：2026-11-{number:02}</p><p>{text}</p>{dead}"
            return frame.format(title=f"关于第{number}项工作的{kind} - {name}", body=body)
    return None


class Town:
    """The servers of all sites and of the canary."""

    def __init__(self, folder: Path, sites: int, delay: float, address: str = "127.0.0.1") -> None:
        self._folder, self._sites, self._delay, self._address = folder, sites, delay, address
        self.asked: Counter[str] = Counter()

    async def serve(self) -> None:
        """Serves until it is cancelled; the registry is there once everything listens."""
        ports = [await self._listen(number) for number in range(self._sites)]
        canary = await self._listen(-1)
        interval = 0 if self._address.startswith("127.") else 1  # what is not loopback is never asked faster
        units = [
            {
                "code": f"office-{number + 1:02}",
                "name": f"云汐镇第{number + 1}办公室",
                "kind": "department",
                "sites": [
                    {
                        "name": f"云汐镇第{number + 1}办公室网站",
                        "home_url": f"http://{self._address}:{port}/",
                        "kind": "department",
                        "pace": {"interval": interval, "connections": 1},
                    }
                ],
            }
            for number, port in enumerate(ports)
        ]
        registry = {"as_of": AS_OF, "canaries": [f"http://{self._address}:{canary}/"], "units": units}
        part = self._folder / "registry.part"
        part.write_text(yaml.safe_dump(registry, allow_unicode=True), "utf-8")
        part.replace(self._folder / "registry.yaml")
        while True:
            await asyncio.sleep(0.5)
            (self._folder / "asked.part").write_text(json.dumps(self.asked))
            (self._folder / "asked.part").replace(self._folder / "asked")

    async def _listen(self, site: int) -> int:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while head := await reader.readuntil(b"\r\n\r\n"):
                    method, path = head.split(b" ", 2)[:2]
                    if (self._folder / "cut").exists():
                        break
                    await asyncio.sleep(self._delay)
                    self.asked[f"{site}{path.decode()}"] += 1
                    html = "<html><body>OK</body></html>" if site < 0 else page(site, path.decode().split("?")[0])
                    body = (html or "<html><title>404</title><body>页面不存在</body></html>").encode()
                    status = b"200 OK" if html else b"404 Not Found"
                    writer.write(
                        b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html; charset=utf-8\r\n"
                        b"Content-Length: "
                        + str(len(body)).encode()
                        + b"\r\n\r\n"
                        + (b"" if method == b"HEAD" else body)
                    )
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(answer, self._address, 0)
        port: int = server.sockets[0].getsockname()[1]
        return port


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    asyncio.run(Town(folder, int(sys.argv[2]), float(sys.argv[3]), *sys.argv[4:]).serve())
