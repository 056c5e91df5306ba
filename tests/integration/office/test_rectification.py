"""One problem through the whole loop: notice, reply, recheck of the pages concerned alone, closed or still there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.integration.inspecting.conftest import lines
from tests.integration.inspecting.living_site import PAGE, Answer, LivingSite, living_site
from tests.integration.office.conftest import Xuncha, filled

ARTICLES = range(1, 41)
AS_OF = ("--as-of", "2026-11-25")


@pytest.fixture
def site(tmp_path: Any) -> Iterator[LivingSite]:
    """A site of forty articles in which two attachments are missing and a typo stands."""
    with living_site() as living:
        for number in ARTICLES:
            living.article(number)
        living.lists(ARTICLES)
        del living.answers["/files/7.pdf"]
        del living.answers["/files/9.pdf"]
        (tmp_path / "r.yaml").write_text(living.registry(), "utf-8")
        yield living


@pytest.fixture
def office(tmp_path: Any, site: LivingSite) -> Xuncha:
    xuncha = Xuncha(tmp_path)
    xuncha(
        "inspect",
        "--registry",
        "r.yaml",
        "--allow-private",
        "--no-render",
        "--ruleset",
        "cn-2019-website",
        "--out",
        "o",
    )
    site.asked()
    return xuncha


def issue(office: Xuncha, unit: str = "") -> dict[str, dict[str, Any]]:
    """The only notice's problems by fingerprint."""
    words = ("--by", "政务办", "--number", "砚政办函〔2026〕9号", "--units", unit)
    (notice,) = json.loads(office("rectify", "issue", *words, "--json").stdout)
    assert notice["notice"] == 1 and notice["open"] == notice["problems"] > 2
    return problems(office)


def problems(office: Xuncha) -> dict[str, dict[str, Any]]:
    return {one["fingerprint"]: one for one in json.loads(office("rectify", "show", "1", "--json").stdout)["items"]}


def broken(found: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return next(one for one in found.values() if one["problem_url"].endswith(name))


def recheck(office: Xuncha, *words: str) -> dict[str, Any]:
    done = office("recheck", "--allow-private", "--no-render", *AS_OF, "--json", *words)
    return dict(json.loads(done.stdout))


def test_from_notice_to_closing(office: Xuncha, site: LivingSite) -> None:
    found = issue(office)
    confirmed = {row["fingerprint"] for row in lines(office.folder / "o/findings.jsonl") if row["state"] == "fail"}
    assert found.keys() == confirmed
    assert "没有需要发出的整改通知" in office("rectify", "issue", "--by", "政务办").stdout
    assert "没有需要复查的问题" in office("recheck", "1", "--allow-private").stdout
    seventh, ninth = broken(found, "/files/7.pdf"), broken(found, "/files/9.pdf")
    site.answers["/files/7.pdf"] = Answer(b"%PDF-1.4", content_type="application/pdf")
    (office.folder / "说明.docx").write_bytes(b"what the unit says")
    words = ("--item", seventh["fingerprint"][:12], "--item", ninth["fingerprint"][:12], "--text", "附件已补传")
    office("rectify", "reply", "1", *words, "--by", "甲局", "--file", "说明.docx")
    assert problems(office)[seventh["fingerprint"]]["progress"] == "replied"

    told = recheck(office)
    after = {one["fingerprint"]: one for one in told["items"]}
    assert {one["progress"] for one in after.values()} == {"closed", "standing"}
    assert after[seventh["fingerprint"]]["progress"] == "closed"
    assert after[ninth["fingerprint"]]["progress"] == "standing"
    steps = after[ninth["fingerprint"]]["steps"]
    assert [step["kind"] for step in steps] == ["mended", "standing"]
    assert (steps[0]["file"], steps[0]["by"]) == ("说明.docx", "甲局")
    assert steps[1]["evidence"]
    asked = {path for _, path, _ in site.asked()}
    articles = {path for path in asked if path.startswith(("/art/", "/files/"))}
    assert articles == {"/art/7.html", "/art/9.html", "/files/7.pdf", "/files/9.pdf"}

    shown = office("rectify", "show", "1").stdout
    assert "复查：仍存在" in shown and "复查：已整改" in shown and "附件 说明.docx" in shown
    office("rectify", "close", "1", "--item", ninth["fingerprint"][:12], "--reason", "人工核实", "--by", "政务办")
    assert problems(office)[ninth["fingerprint"]]["progress"] == "closed"
    assert "复查 " not in office("recheck", "--allow-private").stdout


def test_a_recheck_leaves_inspections_as_they_are(office: Xuncha, site: LivingSite) -> None:
    issue(office)
    before = office("export", "--inspection", "latest", "--format", "json", "--out", "a").stdout
    recheck(office, "--all")
    after = office("export", "--inspection", "latest", "--format", "json", "--out", "b").stdout
    assert before.split("a/")[0] == after.split("b/")[0]
    for name in ("findings.jsonl", "results.jsonl", "scores.json"):
        assert (office.folder / "a" / name).read_bytes() == (office.folder / "b" / name).read_bytes()
    site.asked()
    words = ("--allow-private", "--no-render", "--kind", "nightly", "--out", "c", "--ruleset", "cn-2019-website")
    office("inspect", "--registry", "r.yaml", *words)
    lives = {row["fingerprint"]: row["life"] for row in lines(office.folder / "c/findings.jsonl")}
    assert set(lives.values()) == {"persisting"}
    assert sum(status == 304 for _, _, status in site.asked()) > 30  # it stands on the whole visit before the recheck


def test_rechecking_everything_finds_what_stands_standing(office: Xuncha) -> None:
    found = issue(office)
    told = recheck(office, "--all")
    progress = {one["fingerprint"]: (one["check"], one["progress"]) for one in told["items"]}
    assert progress.keys() == found.keys()
    assert {state for check, state in progress.values() if check == "link.broken"} == {"standing"}
    assert "closed" not in {state for _, state in progress.values()}, "nothing was mended"


def test_a_page_that_cannot_be_read_again_proves_nothing(office: Xuncha, site: LivingSite) -> None:
    seventh = broken(issue(office), "/files/7.pdf")
    handle = seventh["fingerprint"][:12]
    article = site.answers.pop("/art/7.html")
    site.answers["/art/7.html"] = Answer(b"<html><title>WAF</title><body>request blocked</body></html>" * 2)
    site.statuses["/art/7.html"] = 503
    office("rectify", "reply", "1", "--item", handle, "--text", "已改", "--by", "甲局")
    (one,) = recheck(office, "1")["items"]
    assert (one["progress"], one["steps"][-1]["kind"]) == ("untold", "untold")
    assert "未能再次读到" in one["steps"][-1]["text"]
    site.statuses.clear()
    site.answers["/art/7.html"] = article
    (one,) = recheck(office, "1")["items"]  # the reply still waits for its answer
    assert one["progress"] == "standing"
    del site.answers["/art/7.html"]  # the page itself was taken down
    office("rectify", "reply", "1", "--item", handle, "--text", "页面已撤", "--by", "甲局")
    (one,) = recheck(office, "1")["items"]
    assert one["progress"] == "closed"


def test_a_new_page_that_the_home_page_names_is_found(office: Xuncha, site: LivingSite) -> None:
    found = issue(office)
    missing = next((one for one in found.values() if one["check"] == "disclosure.guide-missing"), None)
    assert missing is not None
    guide = (
        "<h1>政府信息公开指南</h1><p>更新时间：2026-11-20</p><div id='zoom'><p>"
        + (
            "一、信息的分类和编排体系。二、获取方式：依申请公开。三、公开工作机构：甲局办公室，办公地址：人民路1号，"
            "办公时间：工作日上午8时至12时，联系电话：0900-1234567，传真：0900-1234567，通信地址：人民路1号，"
            "邮政编码：700000，互联网联系方式：xxgk@example.gov.cn。四、监督方式。"
        )
        * 2
        + "</p></div>"
    )
    site.answers["/zn.html"] = Answer(PAGE.format(title="政府信息公开指南", head="", body=guide).encode())
    home = site.answers["/"].body.replace(
        "通知公告</a></li>".encode(), "通知公告</a></li><li><a href='/zn.html'>政府信息公开指南</a></li>".encode(), 1
    )
    site.answers["/"] = Answer(home)
    office("rectify", "reply", "1", "--item", missing["fingerprint"][:12], "--text", "已公布", "--by", "甲局")
    (one,) = recheck(office, "1")["items"]
    assert one["progress"] == "closed", one["steps"][-1]
    assert "/zn.html" in {path for _, path, _ in site.asked()}


def test_a_dismissed_problem_is_done_and_an_objection_waits(xuncha: Xuncha) -> None:
    found = issue(xuncha, "caiyun-bureau")
    first, second = list(found)[:2]
    xuncha("rectify", "reply", "1", "--item", first[:12], "--objects", "--text", "不是本单位的", "--by", "甲局")
    assert problems(xuncha)[first]["progress"] == "objected"
    words = ("--decision", "false-alarm", "--reason", "异议成立", "--by", "张三")
    xuncha("review", "add", first[:12], *words)
    now = problems(xuncha)
    assert (now[first]["progress"], now[second]["progress"]) == ("dismissed", "open")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("rectify", "issue", "--by", " "), "没有写明发出人"),
        (("rectify", "issue", "--by", "甲", "--units", "nobody"), "没有单位“nobody”"),
        (("rectify", "issue", "--by", "甲", "--deadline", "2020-01-01"), "已过"),
        (("rectify", "issue", "--by", "甲", "--deadline", "月底"), "“月底”不是有效的日期"),
        (("rectify", "show", "9"), "没有整改通知 9"),
        (("rectify", "reply", "1", "--text", "", "--by", "甲局"), "没有写明回复内容"),
        (("rectify", "reply", "1", "--text", "好", "--by", "甲局", "--item", "ffffffff"), "没有编号为“ffffffff”的问题"),
        (("rectify", "reply", "1", "--text", "好", "--by", "甲局", "--file", "无.docx"), "没有这个文件"),
        (("rectify", "close", "1", "--reason", "好", "--by", "甲"), "请用 --item"),
    ],
)
def test_what_cannot_be_taken_is_refused(xuncha: Xuncha, words: tuple[str, ...], reason: str) -> None:
    issue(xuncha, "caiyun-bureau")
    assert reason in xuncha(*words, code=2).stderr
    assert {one["progress"] for one in problems(xuncha).values()} == {"open"}


def test_the_overdue_are_told(xuncha: Xuncha) -> None:
    xuncha("rectify", "issue", "--by", "政务办", "--deadline", "2999-12-31")
    assert "没有超期的整改通知" in xuncha("rectify", "list", "--overdue").stdout
    assert "期限 2999-12-31" in xuncha("rectify", "list").stdout


def test_a_unit_replies_in_a_sheet(xuncha: Xuncha) -> None:
    found = issue(xuncha, "caiyun-bureau")
    xuncha("rectify", "sheet", "1", "反馈.xlsx")
    path = xuncha.folder / "反馈.xlsx"
    (xuncha.folder / "截图.png").write_bytes(b"a picture")
    filled(path, "整改反馈", 4, 整改情况="已整改", 说明="已补传", 填报人="李四", 附件="截图.png")
    filled(path, "整改反馈", 5, 整改情况="不改", 说明="", 填报人="李四", 佐证网址="此处")
    filled(path, "整改反馈", 6, 填报人="李四", 附件="没有.png")
    said = xuncha("rectify", "import", "1", "反馈.xlsx", code=2).stderr
    for place, reason in (
        ("第 5 行，“整改情况”列", "应为已整改或有异议"),
        ("第 5 行，“说明”列", "没有填写说明"),
        ("第 5 行，“佐证网址”列", "不是有效的网址"),
        ("第 6 行，“整改情况”列", "没有填整改情况"),
    ):
        assert any(place in line and reason in line for line in said.splitlines()), (place, said)
    assert {one["progress"] for one in problems(xuncha).values()} == {"open"}
    filled(path, "整改反馈", 5, 整改情况="有异议", 说明="不是本单位的", 佐证网址=None)
    filled(path, "整改反馈", 6, 填报人=None, 附件=None)
    told = json.loads(xuncha("rectify", "import", "1", "反馈.xlsx", "--json").stdout)
    now = problems(xuncha)
    assert [now[one]["progress"] for one in told["items"]] == ["replied", "objected"]
    step = now[told["items"][0]]["steps"][0]
    assert (step["text"], step["by"], step["file"]) == ("已补传", "李四", "截图.png")
    assert len(found) == len(now)


def test_the_paper_of_a_notice_says_what_the_notice_says(xuncha: Xuncha) -> None:
    issue(xuncha, "caiyun-bureau")
    xuncha("rectify", "issue", "--by", "市政务办", "--deadline", "2999-12-31", "--units", "shuiwu-bureau")
    xuncha("rectify", "paper", "1", "一.docx")
    xuncha("rectify", "paper", "2", "二.docx")
    first, second = (
        "\n".join(one.text for one in docx.Document(str(xuncha.folder / name)).paragraphs)
        for name in ("一.docx", "二.docx")
    )
    assert "砚政办函〔2026〕9号" in first and "砚江市财蕴局" in first
    assert f"{len(problems(xuncha))}" in first
    assert "2999年12月31日前" in second and "市政务办" in second and "砚江市水务局" in second
    assert "以 .docx 结尾" in xuncha("rectify", "paper", "1", "一.pdf", code=2).stderr


def test_what_is_no_longer_registered_is_for_a_person_to_tell(office: Xuncha, site: LivingSite) -> None:
    issue(office)
    other = site.registry(home="http://127.0.0.9:1/")
    (office.folder / "later.yaml").write_text(other, "utf-8")
    site.asked()
    told = recheck(office, "--all", "--registry", "later.yaml")
    assert {one["progress"] for one in told["items"]} == {"untold"}
    assert all("现行台账中已没有" in one["steps"][-1]["text"] for one in told["items"])
    assert site.asked() == []


def test_nothing_is_called_mended_that_was_not(xuncha: Xuncha, city: tuple[Path, Path]) -> None:
    """Three units of the demo city with all their faults, none of which was touched."""
    xuncha("rectify", "issue", "--by", "市政务办")
    words = ("--registry", str(city[0]), "--as-of", "2026-11-20 17:00", "--allow-private", "--no-render")
    told = json.loads(xuncha("recheck", "--all", *words, "--json").stdout)
    closed = [
        (one["check"], one["url"], one["steps"][-1]["text"]) for one in told["items"] if one["progress"] == "closed"
    ]
    assert closed == []
    standing = sum(one["progress"] == "standing" for one in told["items"])
    assert standing > 0.9 * len(told["items"]) > 50
