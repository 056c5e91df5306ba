"""Reminders: which days bring which, that each is told once, and the command over a real store."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from checks.model import CheckResult, State
from checks.working_days import UnknownYear, working_days
from crawler.accounts.expiry import expiry_of, logins_of
from crawler.facts import BEIJING, Account, AccountSourceSpec, Unit
from scheduler.deadlines import open_things, post_reminders
from scheduler.duties import Done, Entry, duties
from scheduler.rectifying import Case, Progress, issue
from scheduler.reminding import LoginEnd, Open, Reminder, Topic, Waiting, limits, quarter_end, reminders
from scheduler.webhook import Webhook
from storage.postings import Sent
from storage.rectifications import Item, Notice
from storage.store import Store
from tests.integration.duty.nights import FIRST, LANSHAN, POSTS, UNITS, YUNXI, Night, found
from tests.integration.duty.servers import Hook, webhook
from tests.integration.inspecting.conftest import Xuncha

FRIDAY = date(2026, 11, 20)
FINDING = found(YUNXI, "甲").findings[0]


def case(deadline: date | None, progress: Progress = Progress.OPEN, *, notice: int = 1) -> Case:
    return Case(
        Notice(notice, "n", "yunxi", "云溪县人民政府", FIRST, "王敏", deadline=deadline),
        Item(1, notice, FINDING),
        progress,
    )


def due(day: date, things: Open) -> list[Reminder]:
    return list(reminders(day, things, limits()))


def topics(day: date, things: Open) -> list[Topic]:
    return [one.topic for one in due(day, things)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 16), []),
        (date(2026, 11, 17), [Topic.NOTICE_DUE]),
        (FRIDAY, [Topic.NOTICE_DUE]),
        (date(2026, 11, 21), [Topic.NOTICE_OVERDUE]),
    ],
)
def test_a_notice_is_told_three_working_days_before_and_when_it_is_overdue(day: date, expected: list[Topic]) -> None:
    assert topics(day, Open(cases=(case(FRIDAY),))) == expected


def test_a_deadline_over_a_weekend_counts_working_days() -> None:
    (one,) = due(FRIDAY, Open(cases=(case(date(2026, 11, 23)),)))
    assert one.words == "云溪县人民政府：整改通知 1 还有 1 处未整改，期限 2026-11-23，还剩 1 个工作日"
    assert one.key == "notice-due/1/2026-11-23"


def test_what_the_unit_has_answered_is_for_the_office() -> None:
    replied = case(FRIDAY, Progress.REPLIED)
    assert topics(FRIDAY, Open(cases=(replied, case(FRIDAY, Progress.CLOSED)))) == []
    (one,) = due(FRIDAY, Open(cases=(case(FRIDAY), case(FRIDAY, Progress.STANDING), replied)))
    assert "还有 2 处未整改（另有 1 处已回复，待复查或复核），期限 2026-11-20，今天到期" in one.words
    assert topics(FRIDAY, Open(cases=(case(None),))) == []


def test_a_year_whose_holidays_nobody_knows_is_counted_in_days() -> None:
    year = next(
        year for year in range(2027, 2060) if isinstance(working_days(date(year, 3, 1), date(year, 3, 9)), UnknownYear)
    )
    (one,) = due(date(year, 3, 6), Open(cases=(case(date(year, 3, 9)),)))
    assert one.words.endswith("还剩 3 天")
    assert topics(date(year, 3, 5), Open(cases=(case(date(year, 3, 9)),))) == []


def entry(deadline: date, done: Done, home: str = YUNXI.address) -> Entry:
    return Entry(duties()[0], "2026 年度", deadline, UNITS[0], "云溪县人民政府网", home, done)


def test_duties_are_told_together_before_and_site_by_site_after() -> None:
    january = date(2027, 1, 31)
    coming = (entry(january, Done.NOT_DUE), entry(january, Done.NOT_DUE, LANSHAN.address))
    assert topics(date(2027, 1, 16), Open(duties=coming)) == []
    (one,) = due(date(2027, 1, 17), Open(duties=coming))
    assert (one.topic, one.words) == (
        Topic.DUTY_DUE,
        "2026 年度政府信息公开工作年度报告：2027-01-31 前发布，还有 14 天，涉及 2 个网站",
    )
    assert topics(date(2027, 2, 1), Open(duties=coming)) == []
    states = (Done.MISSING, Done.UNTOLD, Done.ON_TIME, Done.LATE, Done.DONE, Done.PAST)
    (late,) = due(date(2027, 2, 3), Open(duties=tuple(entry(january, done) for done in states)))
    assert (late.topic, late.item) == (Topic.DUTY_MISSING, f"annual-report@{YUNXI.address}")


def test_a_login_is_told_before_it_ends_and_when_it_has() -> None:
    def one(day: date) -> list[Topic]:
        return topics(day, Open(logins=(LoginEnd("XUNCHA_C", FRIDAY, 3),)))

    assert one(FRIDAY - timedelta(days=8)) == []
    assert one(FRIDAY - timedelta(days=7)) == one(FRIDAY) == [Topic.LOGIN_DUE]
    assert one(FRIDAY + timedelta(days=1)) == [Topic.LOGIN_ENDED]


def test_open_confirmations_are_told_before_the_quarter_closes() -> None:
    def one(day: date, count: int = 4) -> list[Topic]:
        return topics(day, Open(waiting=(Waiting("q", "第四季度检查", count, quarter_end(FRIDAY)),)))

    assert one(date(2026, 12, 20)) == one(date(2027, 1, 1)) == one(date(2026, 12, 25), 0) == []
    assert one(date(2026, 12, 21)) == one(date(2026, 12, 31)) == [Topic.REVIEW_DUE]
    assert [quarter_end(date(2026, month, 1)).isoformat()[5:] for month in (1, 6, 9, 12)] == [
        "03-31", "06-30", "09-30", "12-31",
    ]  # fmt: skip


def test_what_logins_say_of_their_end() -> None:
    at = datetime(2026, 12, 1, tzinfo=BEIJING)
    cookie = f"SUB=x; ALF={int(at.timestamp())}; SCF=y"
    assert expiry_of("weibo-web", cookie) == expiry_of("weibo-mobile", cookie) == at
    assert expiry_of("wechat-backend", cookie) is None
    source = AccountSourceSpec("weibo-mobile", {"cookie_env": "XUNCHA_C"})
    accounts = tuple(Account("u", "weibo", name, name, source=source) for name in "ab")
    (login,) = logins_of([Unit("u", "示例", accounts=accounts)], {"XUNCHA_C": cookie})
    assert (login.variable, login.accounts, login.is_there, login.ends) == ("XUNCHA_C", 2, True, at)


def remembered(store: Store) -> None:
    """A quarterly inspection with a confirmed problem, a candidate, and a notice of three working days."""
    missing = CheckResult("disclosure.annual-report-missing", YUNXI, State.PASS, "")
    night = Night(store, 0, kind="quarterly").do(
        YUNXI, found(YUNXI, "甲"), found(YUNXI, "疑", check="content.typo", state=State.NEEDS_REVIEW), missing
    )
    record = night.do(LANSHAN, found(LANSHAN)).do(POSTS, found(POSTS)).end()
    issue(store, record, [], by="王敏", document_number="", due=date(2026, 11, 23), working_days=3, now=FIRST)


def test_each_thing_is_told_once_in_one_message_a_day(store: Store) -> None:
    remembered(store)
    hook = Hook()

    def sent(day: date, *more: Reminder) -> Sent | None:
        things = [*due(day, open_things(store, day, {}, {}, frozenset())), *more]
        return post_reminders(store, day, things, [Webhook(url)], lambda: datetime.now(BEIJING))[0].outcome

    login = due(FRIDAY, Open(logins=(LoginEnd("XUNCHA_C", FRIDAY, 3),)))[0]
    with webhook(hook) as url:
        assert sent(date(2026, 11, 10)) is None
        assert sent(FRIDAY) is Sent.SENT
        assert sent(FRIDAY) is None
        assert sent(FRIDAY, login) is None
        hook.status = 500
        assert sent(FRIDAY + timedelta(days=1), login) is Sent.FAILED
        hook.status = 200
        assert sent(FRIDAY + timedelta(days=1), login) is Sent.SENT
        assert sent(date(2026, 11, 23)) is None
        assert sent(date(2026, 11, 24)) is Sent.SENT
    assert [body["title"] for body in hook.bodies] == [
        "巡查提醒 2026-11-20：整改期限将至 1 项",
        "巡查提醒 2026-11-21：登录凭据将到期 1 项",
        "巡查提醒 2026-11-21：登录凭据将到期 1 项",
        "巡查提醒 2026-11-24：整改逾期 1 项",
    ]
    assert "仍未办结的还有 1 项" in hook.bodies[2]["text"]


@pytest.mark.parametrize("outcome", [Sent.UNSURE, Sent.SENDING])
def test_what_may_not_have_arrived_is_told_again_the_next_day(store: Store, outcome: Sent) -> None:
    """A deadline that is told twice costs a look, one that nobody heard of costs the deadline."""
    remembered(store)
    things = due(FRIDAY, open_things(store, FRIDAY, {}, {}, frozenset()))
    store.postings.claim("remind", str(FRIDAY), "webhook", FIRST, digest="", told=[one.key for one in things])
    if outcome is not Sent.SENDING:
        store.postings.settle("remind", str(FRIDAY), "webhook", outcome, FIRST)

    def sent(day: date) -> Sent | None:
        return post_reminders(store, day, things, [Webhook(url)], lambda: datetime.now(BEIJING))[0].outcome

    with webhook(Hook()) as url:
        saturday = FRIDAY + timedelta(days=1)
        assert [sent(FRIDAY), sent(saturday), sent(saturday)] == [None, Sent.SENT, None]


def test_the_command_reads_the_registry_of_the_last_inspection(store: Store, xuncha: Xuncha) -> None:
    remembered(store)
    cookie = f"ALF={int(datetime(2026, 11, 25, tzinfo=BEIJING).timestamp())}"
    record = store.inspections.get("quarterly-0")
    weibo = Account(
        "yunxi", "weibo", "云溪发布", "1", source=AccountSourceSpec("weibo-web", {"cookie_env": "XUNCHA_C"})
    )
    units = (replace(UNITS[0], accounts=(weibo,)), UNITS[1])
    store.inspections.create(
        replace(record, id="nightly-9", kind="nightly", units=units, started=record.started + timedelta(hours=9)), []
    )
    config = xuncha.folder / "logins.toml"
    config.write_text(f'XUNCHA_C = "{cookie}"\n', "utf-8")
    config.chmod(0o600)
    (xuncha.folder / "xuncha.toml").write_text(f'credentials_file = "{config}"\nweibo_web = true\n', "utf-8")
    told = json.loads(xuncha("remind", "--as-of", "2026-11-20", "--json").stdout)
    assert [one["topic"] for one in told["reminders"]] == ["notice-due", "login-due"]
    assert "ALF" not in json.dumps(told)
    december = xuncha("remind", "--as-of", "2026-12-25").stdout
    assert "■ 整改逾期" in december
    assert "还有 1 处待人工复核，本季度 2026-12-31 结束，还有 6 天" in december
    january = json.loads(xuncha("remind", "--as-of", "2027-01-25", "--json").stdout)
    assert [one["item"] for one in january["reminders"] if one["topic"] == "duty-due"] == ["site-report"]
    assert xuncha("remind", "--as-of", "2026-10-01").stdout == "2026-10-01 没有需要提醒的事项\n"
