"""A site whose root answers a true 404 and one of whose folders answers everything with a page of its own, under 200."""

import re
from collections.abc import Iterator

import pytest

from tests.integration.inspecting.conftest import Xuncha, lines
from tests.integration.inspecting.living_site import PAGE, Answer, LivingSite, living_site

FOUND_NOTHING = PAGE.format(
    title="404",
    head="",
    body="<div><p>网站导航：政务公开、政务服务、互动交流、走进本局、数据开放、专题专栏，欢迎浏览本网站的其他栏目和页面。</p></div>",
).encode()
LIKE_IT = PAGE.format(
    title="404",
    head="",
    body="<div><p>本栏目介绍编号为四〇四的老式蒸汽机车，它于一九五八年在本地机务段服役，今陈列于工人文化宫前的广场上。</p></div>",
).encode()


class Folder(dict[str, Answer]):
    """Answers of paths; any other path under /sub/ is answered with the folder's own page."""

    def get(self, path: str, default: Answer | None = None) -> Answer | None:  # type: ignore[override]
        return super().get(path) or (Answer(FOUND_NOTHING) if path.startswith("/sub/") else default)


@pytest.fixture
def site(xuncha: Xuncha) -> Iterator[LivingSite]:
    with living_site() as living:
        living.answers = Folder()
        for number in range(1, 6):
            living.article(number)
        living.lists(range(1, 6), validator="")
        home = living.answers["/"].body.replace(
            b"</ul></div><div class='footer'>",
            "</ul><p><a href='/sub/a/1.html'>办事指南一</a> <a href='/sub/2.html'>办事指南二</a> "
            "<a href='/gone.html'>办事指南三</a> <a href='/old/engine.html'>四〇四号机车</a></p></div>"
            "<div class='footer'>".encode(),
        )
        living.answers["/"] = Answer(home)
        living.answers["/old/engine.html"] = Answer(LIKE_IT)
        (xuncha.folder / "r.yaml").write_text(living.registry(), "utf-8")
        yield living


def test_each_folder_is_asked_where_a_page_of_it_is_suspected(xuncha: Xuncha, site: LivingSite) -> None:
    xuncha("inspect", "--registry", "r.yaml", "--allow-private", "--no-render", "--out", "out")
    probes = [path for _, path, _ in site.asked() if re.search(r"/xuncha-[0-9a-f]{32}\.", path)]
    folders = [path.rpartition("/")[0] for path in probes]
    # the root at the start, each suspected folder once, no folder without a suspect (/art/, /tzgg/)
    assert sorted(folders) == ["", "/old", "/sub"]
    broken = {
        row["problem_url"]: row for row in lines(xuncha.folder / "out/findings.jsonl") if row["check"] == "link.broken"
    }
    told = {url.removeprefix(site.home): row["message"] for url, row in broken.items()}
    assert {"sub/a/1.html", "sub/2.html", "gone.html"} <= set(told)
    assert "页面不存在" in told["sub/2.html"]
    # a page with the same title under a folder that answers a true 404 stays a page
    assert "old/engine.html" not in told
