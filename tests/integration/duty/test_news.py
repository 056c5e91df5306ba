"""What of a night is news, to whom and how often; and when a night itself is not to be trusted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from checks.model import CheckResult, State
from console.night import wanted
from crawler.facts import BEIJING
from reports import night_text
from reports.night_model import AlarmKind, NightReport
from scheduler.night import report_of
from scheduler.night_post import message_of, post_night
from scheduler.webhook import Webhook
from storage.postings import Sent
from storage.rounds import Round
from storage.store import Store
from tests.integration.duty.nights import FIRST, LANSHAN, POSTS, YUNXI, Night, excused, found
from tests.integration.duty.servers import Hook, webhook

QUIET = found(LANSHAN, "旧页")


def whole(store: Store, number: int, *, kind: str = "nightly") -> Night:
    """A night like every other."""
    night = Night(store, number, kind=kind).do(YUNXI, found(YUNXI, "甲"), articles=20, pages=30)
    return night.do(LANSHAN, QUIET, pages=30).do(POSTS, found(POSTS), posts=10)


def told(store: Store, night: Night, missed: tuple[date, ...] = ()) -> NightReport:
    return report_of(store, night.end(), missed)


def kinds(report: NightReport) -> list[AlarmKind]:
    return [alarm.kind for alarm in report.alarms]


def test_a_night_like_the_last_is_no_news_and_one_that_differs_is(store: Store) -> None:
    told(store, whole(store, 0))
    quiet = told(store, whole(store, 1))
    assert quiet.is_news(None)
    assert not quiet.is_news(quiet.digest)
    blocked = told(store, whole(store, 2).do(LANSHAN, QUIET, pages=30, reason="被拦截"))
    assert (blocked.is_news(quiet.digest), blocked.is_news(blocked.digest)) == (True, False)
    new = told(store, whole(store, 3).do(YUNXI, found(YUNXI, "甲", "乙"), articles=20, pages=30))
    assert new.is_news(new.digest)


def test_targets_in_another_order_are_no_news(store: Store) -> None:
    failed = {"state": "failed", "reason": "出错：OSError"}
    one = Night(store, 0).do(YUNXI, **failed).do(LANSHAN, **failed).do(POSTS, found(POSTS, "甲"))  # type: ignore[arg-type]
    report = told(store, one)
    turned = replace(report, failed=report.failed[::-1], slowest=())
    assert turned.digest == report.digest


def test_a_site_that_lost_its_content_is_news(store: Store) -> None:
    told(store, whole(store, 0))
    report = told(store, whole(store, 1).do(LANSHAN, QUIET, pages=9))
    assert [(one.what, one.before, one.now, one.cause) for one in report.emptied] == [("网页", 30, 9, "")]
    assert report.is_news(report.digest)
    assert night_text.title(report) == "巡检日报 2026-11-20：内容锐减 1 个"


def test_a_site_of_which_we_saw_less_is_none(store: Store) -> None:
    told(store, whole(store, 0))
    report = told(store, whole(store, 1).do(LANSHAN, QUIET, pages=9, reason="超过时限"))
    assert len(report.emptied) == 1
    assert not report.is_news(report.digest)


def test_a_visit_cut_short_hides_no_later_fall(store: Store) -> None:
    told(store, whole(store, 0))
    told(store, whole(store, 1).do(LANSHAN, QUIET, pages=8, reason="超过时限"))
    report = told(store, whole(store, 2).do(LANSHAN, QUIET, pages=9))
    assert [(one.before, one.now, one.cause) for one in report.emptied] == [(30, 9, "")]


def test_a_home_page_that_did_not_open_is_told_once(store: Store) -> None:
    told(store, whole(store, 0))
    report = told(store, whole(store, 1).do(LANSHAN, QUIET, pages=0, reason="首页无法打开"))
    assert ([one.name for one in report.unreachable], report.emptied) == (["岚山区人民政府网"], ())


def test_accounts_that_could_not_be_read_are_news(store: Store) -> None:
    before = told(store, whole(store, 0))
    report = told(
        store, whole(store, 1).do(POSTS, CheckResult("x.y", POSTS, State.UNDETERMINED, ""), reason="登录失效")
    )
    assert report.is_news(before.digest)
    assert not report.is_news(report.digest)


def test_a_fault_of_our_own_network_is_news(store: Store) -> None:
    told(store, whole(store, 0))
    report = told(store, whole(store, 1).do(LANSHAN, QUIET, pages=30, own_network=2))
    assert report.is_news(report.digest)
    assert night_text.title(report).endswith("本机网络故障 1 起")


def test_a_city_whose_every_problem_is_excused_is_no_empty_one(store: Store) -> None:
    result = found(YUNXI, "甲")
    record = Night(store).do(YUNXI, result).do(LANSHAN, found(LANSHAN)).do(POSTS, found(POSTS)).end()
    store.reviews.add(record.id, (excused(result),), FIRST)
    report = report_of(store, record)
    assert (report.new + report.standing + report.candidates, kinds(report)) == (0, [])


def test_a_doubt_that_is_gone_was_never_put_right(store: Store) -> None:
    doubt = found(LANSHAN, "疑", check="content.typo", state=State.NEEDS_REVIEW)
    told(store, whole(store, 0).do(LANSHAN, QUIET, doubt, pages=30))
    report = told(store, whole(store, 1).do(LANSHAN, QUIET, found(LANSHAN, check="content.typo"), pages=30))
    assert (report.fixed, report.fixed_kinds, report.candidates) == (0, (), 0)


def test_an_inspection_of_nothing(store: Store) -> None:
    record = store.inspections.get(Night(store).id)
    store.inspections.create(replace(record, id="none"), [])
    store.inspections.finish("none", FIRST, "完成")
    report = report_of(store, store.inspections.get("none"))
    assert kinds(report) == [AlarmKind.NOTHING_DONE]
    assert "应查 0 个对象" in night_text.text(report)
    assert night_text.title(report) == "【警报】巡检日报 2026-11-19：一个对象也没有查成"


# --------------------------------------------------------------------------- nights that were none, and long ones


def test_a_night_that_did_not_run_is_an_alarm_every_day(store: Store) -> None:
    record = whole(store, 0).end()
    hook, posted = Hook(), []
    morning = FIRST.replace(hour=8)
    with webhook(hook) as url:
        for day in (0, 1, 1, 2):
            at = morning + timedelta(days=day)
            report = report_of(store, wanted(store, ""), (), at)
            posted.append(post_night(store, report, [Webhook(url)], lambda: at)[0].outcome)  # noqa: B023
        whole(store, 3).end()
        at = morning + timedelta(days=3)
        assert kinds(report_of(store, wanted(store, ""), (), at)) == []
    assert posted == [Sent.SENT, Sent.SENT, None, Sent.SENT]
    assert [body["title"] for body in hook.bodies[1:]] == ["【警报】巡检日报 2026-11-19：夜间巡查没有进行"] * 2
    assert "最近一次查完对象是在 2026-11-19 01:03" in hook.bodies[1]["text"]
    assert kinds(report_of(store, record)) == []  # an old night, asked for by its number


def test_a_quarter_of_several_nights_is_told_each_morning_and_is_no_alarm(store: Store) -> None:
    night = Night(store, 0, kind="quarterly").do(YUNXI, found(YUNXI, "甲"), pages=30)
    closes = FIRST + timedelta(days=5)
    assert store.rounds.claim(Round("quarterly", "s", "2026Q4", FIRST, closes, FIRST, FIRST, "h", inspection=night.id))
    first = FIRST.replace(hour=8)
    reports = []
    for day in range(3):
        if day:
            then = FIRST + timedelta(days=day)
            store.inspections.complete(night.id, day + 1, state="done", exit_reason="完成", stats={}, now=then)
        reports.append(report_of(store, wanted(store, ""), (), first + timedelta(days=day)))
    assert [kinds(report) for report in reports] == [[], [], []]
    assert len({message_of(report).key for report in reports}) == 3
    assert "检查按计划进行中，至迟 2026-11-24 01:00 结束，还有 2 个对象待查。" in night_text.text(reports[0])
    late = report_of(store, wanted(store, ""), (), closes + timedelta(hours=1))
    assert AlarmKind.UNFINISHED in kinds(late)


def test_a_night_that_goes_on_is_not_said_to_have_failed(store: Store) -> None:
    night = Night(store)
    assert kinds(report_of(store, store.inspections.get(night.id))) == [AlarmKind.UNFINISHED]


def test_a_missed_night_is_told_once(store: Store) -> None:
    told(store, whole(store, 0))
    hook, posted = Hook(), []
    record = whole(store, 1).end()
    lost = (date(2026, 11, 18),)
    with webhook(hook) as url:
        for missed in ((), lost, lost, ()):  # it leaves the week that is looked back upon
            report = report_of(store, record, missed)
            posted.append(post_night(store, report, [Webhook(url)], lambda: FIRST)[0].outcome)
    assert posted == [Sent.SENT, Sent.SENT, None, None]
    assert hook.bodies[1]["title"].startswith("巡检日报 2026-11-20：漏查 1 夜")


@pytest.mark.parametrize("outcome", [Sent.UNSURE, Sent.SENDING])
def test_after_a_report_that_may_not_have_arrived_the_next_is_sent_in_any_case(store: Store, outcome: Sent) -> None:
    channel = "webhook"
    first = message_of(told(store, whole(store, 0)))
    store.postings.claim("night", first.key, channel, FIRST, digest=first.digest, told=())
    if outcome is not Sent.SENDING:
        store.postings.settle("night", first.key, channel, outcome, FIRST)
    with webhook(hook := Hook()) as url:
        posted = post_night(store, told(store, whole(store, 1)), [Webhook(url)], lambda: FIRST)
    assert [one.outcome for one in posted] == [Sent.SENT]
    assert [body["data"]["inspection"] for body in hook.bodies] == ["nightly-1"]  # the other may be there already
    assert hook.bodies[0]["text"].startswith("上一份日报（批次 nightly-0）未能确认是否送达")


def test_news_that_did_not_arrive_comes_before_the_next(store: Store) -> None:
    hook = Hook(500)
    clock = [FIRST]

    def morning(number: int, *quotes: str) -> list[Sent | None]:
        clock[0] = FIRST + timedelta(days=number)
        night = whole(store, number).do(YUNXI, found(YUNXI, "甲", *quotes), articles=20, pages=30)
        return [one.outcome for one in post_night(store, told(store, night), [Webhook(url)], lambda: clock[0])]

    with webhook(hook) as url:
        assert morning(0) == [Sent.FAILED]
        assert morning(1, "乙") == [Sent.FAILED, Sent.FAILED]
        assert morning(2, "乙") == [Sent.FAILED] * 3  # whether it is news cannot be known while nothing arrived
        hook.status, hook.bodies = 200, []
        assert morning(3, "乙", "丙") == [Sent.SENT, Sent.SENT, Sent.SENT]
        assert morning(4, "乙", "丙") == [None]
    assert [body["title"] for body in hook.bodies] == [
        "巡检日报 2026-11-19：新增问题 2 处",
        "巡检日报 2026-11-20：新增问题 1 处",
        "巡检日报 2026-11-22：新增问题 1 处",
    ]


def test_a_night_of_a_clock_that_was_ahead_hides_no_other(store: Store) -> None:
    right = (datetime.now(BEIJING) - FIRST).days - 1
    whole(store, right).end()
    whole(store, right + 5).end()
    assert wanted(store, "").id == f"nightly-{right}"
    at = FIRST + timedelta(days=right + 3)
    assert kinds(report_of(store, store.inspections.get(f"nightly-{right}"), (), at)) == [AlarmKind.NOT_RUN]


def test_a_night_has_the_date_of_its_beginning_in_beijing(store: Store) -> None:
    night = whole(store, 0)
    record = night.end()
    assert record.started == datetime.fromisoformat("2026-11-18T17:00:00Z")
    assert report_of(store, record).night == date(2026, 11, 19)
