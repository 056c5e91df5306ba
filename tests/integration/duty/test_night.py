"""The report of a night over a real store, and as the command line gives it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from checks.model import CheckResult, Severity, State, Target
from crawler.facts.endings import OWN_FAULT
from reports import night_page, night_text
from reports.night_model import AlarmKind, NightReport
from scheduler.night import report_of
from storage.store import Store
from tests.integration.duty.nights import FIRST, LANSHAN, POSTS, YUNXI, Night, excused, found
from tests.integration.inspecting.conftest import Xuncha

QUIET = found(LANSHAN, "旧页")


def first(store: Store) -> None:
    """A night before, with two problems, thirty pages, twenty articles and ten posts."""
    night = Night(store)
    night.do(YUNXI, found(YUNXI, "甲", "乙"), articles=20, pages=30)
    night.do(LANSHAN, QUIET, pages=30).do(POSTS, found(POSTS), posts=10).end()


def alarms(report: NightReport) -> set[AlarmKind]:
    return {alarm.kind for alarm in report.alarms}


def test_an_ordinary_night(store: Store) -> None:
    first(store)
    night = Night(store, 1).do(YUNXI, found(YUNXI, "甲", "丙"), articles=20, pages=31)
    night.do(LANSHAN, QUIET, found(LANSHAN, "疑", check="content.typo", state=State.NEEDS_REVIEW), pages=30)
    report = report_of(store, night.do(POSTS, found(POSTS), posts=10).end())
    assert (report.due, report.done, report.unfinished) == (3, 3, 0)
    assert (report.new, report.standing, report.fixed) == (1, 2, 1)
    assert (report.new_candidates, report.candidates) == (1, 1)
    assert [(kind.check, kind.count, kind.targets) for kind in report.fixed_kinds] == [
        ("link.broken", 1, ("云溪县人民政府网 1",))
    ]
    assert [(kind.check, kind.count) for kind in report.new_candidate_kinds] == [("content.typo", 1)]
    assert [kind.check for kind in report.new_kinds] == ["link.broken"]
    assert "待人工复核：错别字 1 处" in night_text.summary(report)
    assert (report.alarms, report.emptied, report.incidents, report.failed) == ((), (), (), ())
    assert report.slowest[0].target.name == "云溪发布"
    assert report.disk.free > 0


def test_accounts_of_one_name_are_told_apart_and_vetoes_counted(store: Store) -> None:
    night = Night(store).do(YUNXI, found(YUNXI, "甲", severity=Severity.VETO), found(YUNXI, "乙", check="column.stale"))
    doubt = found(LANSHAN, "疑", check="content.typo", state=State.NEEDS_REVIEW, severity=Severity.VETO)
    report = report_of(store, night.do(LANSHAN, doubt).do(POSTS, state="failed", reason="出错：OSError").end())
    text = night_text.text(report)
    assert "  云溪发布（云溪县人民政府，微信公众号）：OSError" in text
    assert "1 处，其中单项否决 1 处（云溪县人民政府网 1）" in text
    assert "错别字：1 处，如属实将单项否决 1 处（岚山区人民政府网 1）" in text
    page = LexborHTMLParser(night_page.render(report))
    assert [node.text() for node in page.css(".veto")] == ["单项否决 1", "如属实将单项否决 1"]
    headings = [node.text() for node in page.css("h2")]
    assert headings[:2] == ["新增问题2 处", "新增待人工复核1 处"]


def test_what_a_review_calls_a_false_alarm_is_no_news(store: Store) -> None:
    first(store)
    results = found(YUNXI, "甲", "乙", "丙")
    record = Night(store, 1).do(YUNXI, results).do(LANSHAN, QUIET).do(POSTS, found(POSTS)).end()
    assert report_of(store, record).new == 1
    store.reviews.add(record.id, (excused(results, 2),), FIRST)
    assert report_of(store, record).new == 0


def test_a_site_that_lost_half_is_told_and_told_apart_from_a_visit_cut_short(store: Store) -> None:
    first(store)
    night = Night(store, 1).do(YUNXI, found(YUNXI, "甲"), articles=9, pages=28)
    night.do(LANSHAN, QUIET, pages=8, reason="超过时限")
    report = report_of(store, night.do(POSTS, found(POSTS), posts=2, reason="登录失效").end())
    assert [(one.target.name, one.what, one.before, one.now, one.cause) for one in report.emptied] == [
        ("云溪县人民政府网", "信息", 20, 9, ""),
        ("岚山区人民政府网", "网页", 30, 8, "采集止于：超过时限"),
        ("云溪发布", "账号推文", 10, 2, "采集止于：登录失效"),
    ]
    assert report.sources == (("登录失效", 1),)
    text = night_text.text(report)
    assert (
        text.index("内容锐减")
        < text.index("云溪县人民政府网（")
        < text.index("采集不完整")
        < text.index("岚山区人民政府网（")
    )


def test_more_refusals_by_a_firewall_are_a_cause_of_ours(store: Store) -> None:
    first(store)
    blocked: dict[str, Any] = {"outcomes": {"ok": 8, "blocked": 20}, "blocked": 20}
    night = Night(store, 1).do(YUNXI, found(YUNXI, "甲"), pages=8, **blocked).do(LANSHAN, QUIET, pages=30)
    report = report_of(store, night.do(POSTS, found(POSTS), posts=10).end())
    assert [one.cause for one in report.emptied] == ["被对方防护拦截 20 次（上次 0 次）"]
    assert [(one.name, one.words) for one in report.blocked] == [("云溪县人民政府网", "被拦截 20 次，看到 8 页")]


def test_faults_of_our_own_network_have_their_hours(store: Store) -> None:
    first(store)
    night = Night(store, 1).do(YUNXI, found(YUNXI, "甲"), reason="本机网络故障", own_network=3)
    (incident,) = report_of(store, night.do(LANSHAN, QUIET).do(POSTS, found(POSTS)).end()).incidents
    assert (incident.target.name, incident.times) == ("云溪县人民政府网", 3)
    assert (incident.first, incident.last) == (night.started, night.started + timedelta(minutes=2))


def test_a_night_that_found_nothing_at_all_is_an_alarm(store: Store) -> None:
    first(store)
    night = Night(store, 1).do(YUNXI, found(YUNXI)).do(LANSHAN, found(LANSHAN)).do(POSTS, found(POSTS))
    assert alarms(report_of(store, store.inspections.get(night.id))) == {AlarmKind.UNFINISHED}
    report = report_of(store, night.end())
    assert alarms(report) == {AlarmKind.NO_FINDINGS}
    assert report.fixed == 3
    assert night_text.title(report).startswith("【警报】")


def test_a_night_of_which_nothing_was_done_is_an_alarm(store: Store) -> None:
    night = Night(store)
    for target in (YUNXI, LANSHAN, POSTS):
        night.do(target, state="failed", reason="出错：OSError")
    report = report_of(store, night.end())
    assert alarms(report) == {AlarmKind.NOTHING_DONE}
    assert [one.words for one in report.failed] == ["OSError"] * 3


def test_most_targets_undetermined_is_an_alarm(store: Store) -> None:
    def untold(target: Target) -> list[CheckResult]:
        states = [*[State.UNDETERMINED] * 4, State.ERROR, State.NOT_APPLICABLE]
        return [CheckResult(f"x.{number}", target, state, "") for number, state in enumerate(states)]

    night = Night(store).do(YUNXI, *untold(YUNXI), found(YUNXI, "甲")).do(LANSHAN, *untold(LANSHAN))
    report = report_of(store, night.do(POSTS, found(POSTS)).end())
    assert alarms(report) == {AlarmKind.MOSTLY_UNDETERMINED}
    assert [one.words for one in report.undetermined] == ["6 项中 5 项未能判定", "5 项中 5 项未能判定"]


def test_a_fault_of_our_own_is_an_alarm(store: Store) -> None:
    night = Night(store).do(YUNXI, found(YUNXI, "甲"), reason=OWN_FAULT).do(LANSHAN, found(LANSHAN, "乙"))
    report = report_of(store, night.do(POSTS, found(POSTS)).end())
    assert alarms(report) == {AlarmKind.OWN_FAULT}
    assert "1 个网站时本系统出错" in report.alarms[0].words and "云溪县人民政府网" in report.alarms[0].words


def test_the_page_shows_what_the_report_says_and_loads_nothing(store: Store) -> None:
    night = Night(store).do(YUNXI, found(YUNXI, "<script>alert(1)</script>"), pages=30)
    night.do(LANSHAN, state="failed", reason="出错：<b>坏</b>")
    report = report_of(store, night.do(POSTS, found(POSTS)).end(), [date(2026, 11, 18)])
    page = LexborHTMLParser(night_page.render(report))
    assert [node.text() for node in page.css(".alarms p")] == ["漏查：2026-11-18 夜间没有巡查"]
    tiles = {node.css_first("dt").text(): node.css_first("dd").text() for node in page.css(".tiles > div")}
    assert (tiles["应查对象"], tiles["出错"], tiles["新增问题"]) == ("3个", "1个", "1处")
    assert "<b>坏</b>" in [node.text() for node in page.css("td")]
    assert page.css("script, link, img, [src], [href]") == []


def test_the_command_shows_the_last_night_and_writes_files(store: Store, xuncha: Xuncha) -> None:
    assert "还没有夜间巡查" in xuncha("night", code=2).stderr
    first(store)
    Night(store, 5, kind="quarterly").end()
    told = json.loads(xuncha("night", "--json").stdout)
    assert (told["inspection"], told["night"]) == ("quarterly-5", "2026-11-24")  # it takes the nightly's place
    told = json.loads(xuncha("night", "--inspection", "nightly-0", "--json").stdout)
    assert (told["inspection"], told["new"], told["night"]) == ("nightly-0", 3, "2026-11-19")
    assert datetime.fromisoformat(told["started"]) == FIRST
    assert "新增问题 3 处" in xuncha("night", "--inspection", "nightly-0").stdout
    assert "【漏查】" in xuncha("night", "--inspection", "quarterly-5", "--missed", "2026-11-20").stdout
    for name in ("a/night.html", "night.txt", "night.json"):
        xuncha("night", "--out", name)
        assert "2026" in (xuncha.folder / name).read_text("utf-8")
    assert "无法识别" in xuncha("night", "--out", "night.doc", code=2).stderr


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 秒"), (200, "3 分 20 秒"), (7500, "2 小时 5 分"), (7200, "2 小时"), (7201, "2 小时"), (120, "2 分")],
)
def test_durations_as_a_person_says_them(seconds: float, words: str) -> None:
    assert night_text.duration(seconds) == words
