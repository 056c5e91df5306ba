"""`xuncha facts`, `check` and the catalogues, as a user calls them."""

import json
from collections.abc import Callable
from pathlib import Path

import yaml

from tests.integration.inspecting.conftest import Xuncha, lines

PAGE = """<html><head><meta charset="utf-8"><title>关于防汛工作的通知_甲县人民政府</title>
<meta name="ArticleTitle" content="关于防汛工作的通知"><meta name="PubDate" content="2026-08-03 09:30">
<meta name="ContentSource" content="甲县水利局"></head><body><h1>关于防汛工作的通知</h1>
<p>各乡镇人民政府：现将有关事项通知如下，请认真贯彻执行，确保各项工作落到实处。</p></body></html>"""


def test_facts_of_a_file(xuncha: Xuncha) -> None:
    (xuncha.folder / "页面.html").write_text(PAGE, "utf-8")
    done = xuncha("facts", "页面.html", "--base", "http://www.a.example/art/1.html", "--json")
    fact = json.loads(done.stdout)
    assert fact["title"] == "关于防汛工作的通知"
    assert fact["kind"] == "article"
    assert fact["published"]["value"].startswith("2026-08-03")
    assert fact["published"]["source"] == "label"
    assert fact["charset"] == {"declared": "utf-8", "used": "utf-8"}
    assert fact["source"] == "甲县水利局"


def test_a_saved_page_knows_where_it_was_saved_from(xuncha: Xuncha) -> None:
    saved = "<!-- saved from url=(0042)http://www.a.example/art/2026/8/3/art_1.html -->\n"
    bare = PAGE.replace("PubDate", "Other")
    (xuncha.folder / "a.htm").write_text(f"<!DOCTYPE html>\n{saved}{bare}", "utf-8")
    fact = json.loads(xuncha("facts", "a.htm", "--json").stdout)
    assert fact["url"] == "http://www.a.example/art/2026/8/3/art_1.html"
    assert fact["published"] == {"value": "2026-08-03", "source": "url", "quote": "/2026/8/3/"}


def test_facts_of_several_files_are_one_object_a_line(xuncha: Xuncha) -> None:
    for name in ("a.html", "b.html"):
        (xuncha.folder / name).write_text(PAGE, "utf-8")
    done = xuncha("facts", "a.html", "b.html", "--json")
    assert [json.loads(line)["source_given"] for line in done.stdout.splitlines()] == ["a.html", "b.html"]


def test_facts_of_an_address(xuncha: Xuncha, city: tuple[Path, Path]) -> None:
    home = yaml.safe_load(city[0].read_text("utf-8"))["units"][2]["sites"][0]["home_url"]
    fact = json.loads(xuncha("facts", home, "--json", "--allow-private").stdout)
    assert fact["outcome"] == "ok"
    assert fact["kind"] == "home"
    assert fact["items"] and fact["links"]


def test_facts_of_a_missing_file_are_bad_input(xuncha: Xuncha) -> None:
    assert "无.html" in xuncha("facts", "无.html", code=2).stderr


def test_check_tells_one_site(xuncha: Xuncha, city: tuple[Path, Path]) -> None:
    home = yaml.safe_load(city[0].read_text("utf-8"))["units"][2]["sites"][0]["home_url"]
    words = [
        "check",
        home,
        "--allow-private",
        "--max-pages",
        "6",
        "--no-render",
        "--as-of",
        "2026-11-20 17:00",
        "--out",
        "out",
    ]
    done = xuncha(*words)
    for expected in ("总分", "问题", "report.html"):
        assert expected in done.stdout
    run = json.loads((xuncha.folder / "out/run.json").read_text("utf-8"))
    assert run["targets"][0]["exit_reason"] == "页面数上限"
    findings = lines(xuncha.folder / "out/findings.jsonl")
    assert not [row for row in findings if row["check"] == "identity.title" or "登记" in row["message"]]
    absence = [row for row in lines(xuncha.folder / "out/results.jsonl") if row["check"].startswith("disclosure.")]
    assert absence and not [row for row in absence if row["state"] == "fail"]


def test_catalogues(xuncha: Xuncha) -> None:
    checks = json.loads(xuncha("checks", "list", "--json").stdout)
    assert {"update.column-stale", "link.broken", "account.zombie"} <= {check["id"] for check in checks}
    assert "阈值" in xuncha("checks", "show", "update.column-stale").stdout
    rulesets = json.loads(xuncha("rulesets", "list", "--json").stdout)
    assert {"cn-2019-website", "ankang-2019-website"} <= {ruleset["id"] for ruleset in rulesets}
    assert "单项否决" in xuncha("rulesets", "show", "cn-2019-website").stdout
    xuncha("registry", "template", "台账.xlsx")
    assert (xuncha.folder / "台账.xlsx").stat().st_size > 5000


def test_json_output_is_one_object(xuncha: Xuncha, city: tuple[Path, Path]) -> None:
    words = [
        "inspect",
        "--registry",
        str(city[0]),
        "--allow-private",
        "--units",
        "xingzheng-bureau",
        "--out",
        "out",
        "--json",
    ]
    said = json.loads(xuncha(*words).stdout)
    assert said["whole"] is True
    assert all((xuncha.folder / path).exists() for path in said["files"])


def test_fail_on_finding_is_exit_code_1(xuncha: Xuncha, city: tuple[Path, Path]) -> None:
    xuncha(
        "inspect",
        "--registry",
        str(city[0]),
        "--allow-private",
        "--units",
        "xingzheng-bureau",
        "--fail-on",
        "finding",
        code=1,
    )


def test_without_a_browser_no_column_with_scripts_is_called_empty(xuncha: Xuncha, city: tuple[Path, Path]) -> None:
    """The city's scripted site, received but never shown: what its scripts fill is 未能判定, not blank."""
    words = ["inspect", "--registry", str(city[0]), "--allow-private", "--units", "xingzheng-bureau", "--no-render"]
    xuncha(*words, "--out", "out")
    results = {row["check"]: row for row in lines(xuncha.folder / "out/results.jsonl") if row["target_kind"] == "site"}
    assert results["update.column-empty"]["state"] == "undetermined"
    assert not [row for row in lines(xuncha.folder / "out/findings.jsonl") if row["check"] == "update.column-empty"]


def test_a_host_that_nobody_outside_can_judge_accuses_no_link(
    xuncha: Xuncha, city: tuple[Path, Path], narrowed: Callable[..., list[str]]
) -> None:
    truth = json.loads(city[1].read_text("utf-8"))["rows"]
    planted = next(row for row in truth if row["expect"] == "fail" and "//127.0.0.32" in row.get("problem_url", ""))
    words = [*narrowed(planted["unit"]), "--no-render"]
    xuncha(*words, "--out", "judged")
    assert planted["problem_url"] in {row.get("problem_url") for row in lines(xuncha.folder / "judged/findings.jsonl")}
    (xuncha.folder / "xuncha.toml").write_text('unjudged_hosts = ["127.0.0.32"]\n', "utf-8")
    xuncha(*words, "--out", "unjudged")
    found = {row.get("problem_url") for row in lines(xuncha.folder / "unjudged/findings.jsonl")}
    assert found and not [url for url in found if url and "//127.0.0.32" in url]
    notes = {row["coverage"]["note"] for row in lines(xuncha.folder / "unjudged/results.jsonl")}
    assert any("无法从外部判断" in note for note in notes)
