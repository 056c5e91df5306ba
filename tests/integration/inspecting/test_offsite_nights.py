"""Links to other sites over the nights of a week: a good answer is carried over with its date, a failure is looked at

anew, and findings are neither lost nor doubled.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.integration.inspecting.conftest import Xuncha, findings_of, lines
from tests.integration.inspecting.living_site import PAGE, Answer, LivingSite, living_site
from tests.integration.inspecting.test_unchanged import figures, words


@pytest.fixture
def foreign() -> Iterator[LivingSite]:
    """Another government's site; one of the pages that are linked is gone."""
    with living_site() as other:
        other.answers["/a.html"] = Answer(PAGE.format(title="乙局", head="", body="<p>乙局公告</p>").encode())
        other.answers["/b.html"] = other.answers["/a.html"]
        yield other


@pytest.fixture
def site(xuncha: Xuncha, foreign: LivingSite) -> Iterator[LivingSite]:
    """A site that links to three pages of it."""
    with living_site() as living:
        home = f"http://www.yi.gov.cn:{urlsplit(foreign.home).port}"
        named = "".join(f"<a href='{home}/{name}.html'>乙局{name}</a>" for name in ("a", "b", "gone"))
        living.article(1, text=f"各单位请按要求做好相关工作，现将有关事项通知如下。{named}")
        living.lists(range(1, 2))
        registry = living.registry() + "hosts: [www.yi.gov.cn=127.0.0.1]\n"
        (xuncha.folder / "r.yaml").write_text(registry, "utf-8")
        yield living


def asked(foreign: LivingSite) -> set[str]:
    return {path for _, path, _ in foreign.asked()}


def broken(folder: Path) -> list[str]:
    """The paths of dead links, one for each row."""
    rows = lines(folder / "findings.jsonl")
    return sorted(
        urlsplit(row["problem_url"]).path for row in rows if "link" in row["check"] and row["life"] != "fixed"
    )


def age(database: Path, days: int) -> None:
    """Makes all that was visited so many days older, as if that time had passed since."""
    with sqlite3.connect(database) as connection:
        rows = connection.execute("select id, at, fact from visits").fetchall()
        for number, at, fact in rows:
            earlier = re.sub(r'"at":"(\d{4})-(\d\d)-(\d\d)', lambda m: _earlier(m, days), fact, count=1)
            assert earlier != fact
            connection.execute(
                "update visits set at = ?, fact = ? where id = ?", (at - days * 86_400_000_000, earlier, number)
            )
    connection.close()


def _earlier(found: re.Match[str], days: int) -> str:
    from datetime import date, timedelta

    return f'"at":"{date(*map(int, found.groups())) - timedelta(days=days)}'


def test_a_week_of_links_to_another_site(xuncha: Xuncha, site: LivingSite, foreign: LivingSite) -> None:
    database = xuncha.folder / "xuncha-data/xuncha.sqlite3"
    xuncha(*words("first"))
    assert asked(foreign) == {"/a.html", "/b.html", "/gone.html"}
    assert broken(xuncha.folder / "first") == ["/gone.html"]

    xuncha(*words("second"))
    assert asked(foreign) == {"/gone.html"}  # an accusation rests on a look of its own night
    assert findings_of(xuncha.folder / "second") == findings_of(xuncha.folder / "first")
    assert "站外链接中 2 个一周内访问正常" in (xuncha.folder / "second/report.html").read_text("utf-8")

    del foreign.answers["/a.html"]
    foreign.answers["/gone.html"] = foreign.answers["/b.html"]
    xuncha(*words("third"))
    assert broken(xuncha.folder / "third") == []  # mended is told at once, newly dead within the week
    assert asked(foreign) == {"/gone.html"}

    age(database, 8)
    xuncha(*words("fourth"))
    assert asked(foreign) == {"/a.html", "/b.html", "/gone.html"}
    assert broken(xuncha.folder / "fourth") == ["/a.html"]
    xuncha(*words("full", kind="quarterly"))
    assert findings_of(xuncha.folder / "full") == findings_of(xuncha.folder / "fourth")
    assert asked(foreign) == {"/a.html", "/b.html", "/gone.html"}
    assert figures(xuncha.folder, "fourth")["unchanged"] == 3


def test_what_was_carried_over_keeps_its_date(xuncha: Xuncha, site: LivingSite, foreign: LivingSite) -> None:
    xuncha(*words("first"))
    for name in ("second", "third"):
        xuncha(*words(name))
    with sqlite3.connect(xuncha.folder / "xuncha-data/xuncha.sqlite3") as connection:
        dates = connection.execute(
            "select count(distinct at), count(*) from visits where fact like '%/a.html%'"
        ).fetchone()
    connection.close()
    assert dates == (1, 3)
