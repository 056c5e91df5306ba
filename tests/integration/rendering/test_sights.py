"""A browser's look before a link is called dead: what a visitor sees is no dead link, and a refusal adds nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.integration.inspecting.conftest import Xuncha, lines
from tests.integration.rendering.conftest import Answer, Serve, Served

pytestmark = pytest.mark.browser

_NAMES = {
    "/moody.html": "只认浏览器的页面",
    "/gone.html": "确实没有的页面",
    "/home.html": "被带回首页的页面",
    "/wall.html": "拦下浏览器的页面",
}
_HTML = {"Content-Type": "text/html; charset=utf-8"}


def _answer(path: str, headers: Mapping[str, str]) -> Answer | None:
    """Pages that answer a browser otherwise than they answer a crawler."""
    by_browser = "Sec-Fetch-Mode" in headers or "sec-ch-ua" in headers or "Upgrade-Insecure-Requests" in headers
    if path.startswith("/moody.html"):
        page = "<title>办事指南</title><h1>办事指南</h1><p>这是来访者看得到的内容。</p>".encode()
        return (200, _HTML, page) if by_browser else (404, _HTML, b"")
    if path.startswith("/home.html"):
        return 404, _HTML, "<script>location.href='/'</script><p>页面不存在</p>".encode()
    if path.startswith("/wall.html"):
        return (403, _HTML, "拒绝".encode()) if by_browser else (404, _HTML, b"")
    return None


def _found(folder: Path, site: Served, *words: str) -> dict[str, dict[str, Any]]:
    (folder / "r.yaml").write_text(
        "units:\n  - code: a\n    name: 甲局\n    kind: department\n    sites:\n"
        f"      - {{name: 甲局, home_url: '{site.home}', kind: department, pace: {{interval: 0, connections: 8}}}}\n"
        f"canaries: ['{site.home}']\n",
        "utf-8",
    )
    Xuncha(folder)("inspect", "--registry", "r.yaml", "--allow-private", "--out", "out", *words)
    rows = lines(folder / "out/findings.jsonl")
    return {row["quote"]: row for row in rows if row["check"] == "link.broken"}


@pytest.fixture
def site(serve: Serve) -> tuple[Served, Served]:
    elsewhere: Served = serve({}, _answer)
    links = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in _NAMES.items())
    away = f'<p><a href="{elsewhere.home}moody.html">站外只认浏览器的页面</a><a href="{elsewhere.home}gone.html">站外没有的页面</a></p>'
    home = f'<html><head><meta charset="utf-8"><title>甲局</title></head><body><ul>{links}</ul>{away}</body></html>'
    return serve({"/": home}, _answer), elsewhere


def test_what_a_visitor_sees_is_not_dead(tmp_path: Path, site: tuple[Served, Served]) -> None:
    own, _ = site
    found = _found(tmp_path, own)
    assert set(found) == {"确实没有的页面", "被带回首页的页面", "拦下浏览器的页面", "站外没有的页面"}
    assert found["确实没有的页面"]["confirmations"] == 3
    assert found["拦下浏览器的页面"]["confirmations"] == 2


def test_without_a_browser_the_looks_of_the_crawl_decide(tmp_path: Path, site: tuple[Served, Served]) -> None:
    own, _ = site
    found = _found(tmp_path, own, "--no-render")
    assert set(found) == {*_NAMES.values(), "站外只认浏览器的页面", "站外没有的页面"}
