"""Three real inspections of one site: an article that appears late under an early date is told, and stays told."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from tests.integration.inspecting.conftest import Xuncha, lines
from tests.integration.inspecting.living_site import PAGE, Answer, LivingSite, living_site

TODAY = date.today()  # noqa: DTZ011  the machine's own day: what a list claims is held against when it was seen
TEXT = "各有关单位：请按要求做好相关工作，确保各项任务按期完成，现将有关事项通知如下。" * 4


@pytest.fixture
def site(xuncha: Xuncha) -> Iterator[LivingSite]:
    with living_site() as living:
        registry = living.registry().replace("2026-11-20", TODAY.isoformat())
        (xuncha.folder / "r.yaml").write_text(registry, "utf-8")
        yield living


def put(site: LivingSite, ages: Mapping[int, int]) -> None:
    """A column of articles, by number their days of age, newest first."""
    rows = ""
    for number, age in sorted(ages.items(), key=lambda pair: pair[1]):
        day, title = TODAY - timedelta(days=age), f"关于第{number}号事项的通知"
        rows += f"<li><a href='/art/{number}.html'>{title}</a><span>{day}</span></li>"
        body = f"<h1>{title}</h1><p>发布时间：{day}　来源：甲局</p><div id='zoom'><p>{TEXT}</p></div>"
        site.answers[f"/art/{number}.html"] = Answer(PAGE.format(title=title, head="", body=body).encode())
    listing = f"<div class='list'><ul>{rows}</ul></div>"
    head = "<meta name='ColumnName' content='通知公告'>"
    site.answers["/tzgg/"] = Answer(PAGE.format(title="通知公告", head=head, body=listing).encode())
    site.answers["/"] = Answer(PAGE.format(title="甲局网站", head="", body=listing).encode())


def inspect(xuncha: Xuncha, out: str) -> tuple[str, list[dict[str, Any]]]:
    """The state of the check, and what it found."""
    words = ["inspect", "--registry", "r.yaml", "--allow-private", "--no-render", "--kind", "nightly", "--out", out]
    xuncha(*words)
    (result,) = [r for r in lines(xuncha.folder / out / "results.jsonl") if r["check"] == "update.date-forged"]
    found = [f for f in lines(xuncha.folder / out / "findings.jsonl") if f["check"] == "update.date-forged"]
    return result["state"], found


def test_an_article_put_in_late_under_an_early_date(xuncha: Xuncha, site: LivingSite) -> None:
    ages = {1: 2, 2: 9, 3: 30, 4: 60}
    put(site, ages)
    assert inspect(xuncha, "first") == ("undetermined", [])
    # 5 claims to be three weeks old; 6 is of today, 7 of two days ago, 8 older than what was read back
    put(site, {**ages, 5: 21, 6: 0, 7: 2, 8: 90})
    state, found = inspect(xuncha, "second")
    assert state == "needs-review"
    assert [row["problem_url"] for row in found] == [f"{site.home}art/5.html"]
    observed = found[0]["observed"]
    assert observed["claimed"] == (TODAY - timedelta(days=21)).isoformat()
    assert observed["first_seen"] >= observed["absent_on"]
    assert found[0]["evidence"]
    state, again = inspect(xuncha, "third")
    assert state == "needs-review"
    assert [row["fingerprint"] for row in again] == [row["fingerprint"] for row in found]


def test_a_site_that_only_adds_what_is_new(xuncha: Xuncha, site: LivingSite) -> None:
    ages = {1: 2, 2: 9, 3: 30}
    put(site, ages)
    inspect(xuncha, "first")
    put(site, {**ages, 4: 0})
    assert inspect(xuncha, "second") == ("pass", [])
