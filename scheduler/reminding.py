"""Reminders (提醒): of what somebody is to be reminded on a day, and in which words. Pure.

A reminder's key names its topic, its item and its deadline, so that each is told once as due and once as overdue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import groupby

import msgspec
from msgspec import Struct

from checks.model import JSON
from checks.working_days import UnknownYear, working_days
from scheduler.duties import Done, Entry
from scheduler.posting import Message
from scheduler.rectifying import Case, Progress

POSTING = "remind"
"""The kind of their postings."""
_WITH_THE_OFFICE = frozenset({Progress.REPLIED, Progress.OBJECTED})
"""The unit has done its part: what is open is for the office to look at."""


class Limits(Struct, frozen=True):
    """`data/reminding.yaml`, which says of each what it is and where it comes from."""

    notice_working_days: int
    duty_days: int
    login_days: int
    review_days: int
    shown: int


class Topic(StrEnum):
    """What a reminder is about, in the order in which they are told."""

    NOTICE_OVERDUE = "notice-overdue"
    NOTICE_DUE = "notice-due"
    DUTY_MISSING = "duty-missing"
    DUTY_DUE = "duty-due"
    LOGIN_ENDED = "login-ended"
    LOGIN_DUE = "login-due"
    REVIEW_DUE = "review-due"

    @property
    def label(self) -> str:
        """The topic in Chinese."""
        return _LABELS[self]


_LABELS = {
    Topic.NOTICE_OVERDUE: "整改逾期",
    Topic.NOTICE_DUE: "整改期限将至",
    Topic.DUTY_MISSING: "履职事项逾期未发布",
    Topic.DUTY_DUE: "履职事项将到期",
    Topic.LOGIN_ENDED: "登录凭据已到期",
    Topic.LOGIN_DUE: "登录凭据将到期",
    Topic.REVIEW_DUE: "季度检查尚有待人工复核的问题",
}


class LoginEnd(Struct, frozen=True):
    """When a login ends, by the variable that holds it; `accounts` are read with it."""

    variable: str
    ends: date
    accounts: int


class Waiting(Struct, frozen=True):
    """A quarterly inspection with problems that wait for a person, and the day on which its quarter closes."""

    inspection: str
    name: str
    count: int
    closes: date


class Open(Struct, frozen=True):
    """Everything that has a deadline."""

    cases: tuple[Case, ...] = ()
    duties: tuple[Entry, ...] = ()
    logins: tuple[LoginEnd, ...] = ()
    waiting: tuple[Waiting, ...] = ()


class Reminder(Struct, frozen=True):
    """One thing to be reminded of. `item` names it within its topic."""

    topic: Topic
    item: str
    deadline: date
    words: str

    @property
    def key(self) -> str:
        """What it is remembered by."""
        return f"{self.topic.value}/{self.item}/{self.deadline}"


@cache
def limits() -> Limits:
    """The numbers of the data file, read once."""
    return msgspec.yaml.decode((files("scheduler") / "data" / "reminding.yaml").read_bytes(), type=Limits)


def reminders(day: date, things: Open, limits: Limits) -> tuple[Reminder, ...]:
    """What is to be reminded of on a day, by topic and deadline."""
    found = [
        *_notices(day, things.cases, limits),
        *_duties(day, things.duties, limits),
        *_logins(day, things.logins, limits),
        *_waiting(day, things.waiting, limits),
    ]
    order = list(Topic)
    return tuple(sorted(found, key=lambda one: (order.index(one.topic), one.deadline, one.item)))


def message_of(day: date, due: Sequence[Reminder], told: Collection[str], limits: Limits) -> Message | None:
    """A day's one message; None where nothing is due that was not told before. `told` are the keys of what was."""
    fresh = [one for one in due if one.key not in told]
    if not fresh:
        return None
    standing = [one for one in due if one.key in told]
    lines = [*_lines(fresh, limits)]
    if standing:
        lines += ["", f"此前已提醒、仍未办结的还有 {len(standing)} 项。"]
    counts = "，".join(f"{topic.label} {len(list(group))} 项" for topic, group in _by_topic(fresh))
    return Message(
        kind=POSTING,
        key=day.isoformat(),
        title=f"巡查提醒 {day}：{counts}",
        summary="\n".join(lines),
        text="\n".join([f"巡查提醒　{day}", "", *lines, ""]),
        data={"day": day.isoformat(), "reminders": [records(one) for one in due]},
        told=tuple(one.key for one in fresh),
    )


def records(one: Reminder) -> dict[str, JSON]:
    """A reminder for programs."""
    return {
        "topic": one.topic.value,
        "item": one.item,
        "deadline": one.deadline.isoformat(),
        "words": one.words,
        "key": one.key,
    }


def text_of(due: Sequence[Reminder], limits: Limits) -> str:
    """All that is due, by topic."""
    return "\n".join(_lines(due, limits))


def _lines(due: Sequence[Reminder], limits: Limits) -> Iterator[str]:
    for topic, group in _by_topic(due):
        every = list(group)
        yield f"■ {topic.label}"
        yield from (f"  {one.words}" for one in every[: limits.shown])
        if len(every) > limits.shown:
            yield f"  …另有 {len(every) - limits.shown} 项"


def _by_topic(due: Sequence[Reminder]) -> Iterator[tuple[Topic, Iterator[Reminder]]]:
    return groupby(due, key=lambda one: one.topic)


def _notices(day: date, cases: Iterable[Case], limits: Limits) -> Iterator[Reminder]:
    by_notice: dict[int, list[Case]] = {}
    for case in cases:
        if case.is_open and case.notice.deadline is not None:
            by_notice.setdefault(case.notice.id, []).append(case)
    for number, mine in by_notice.items():
        notice = mine[0].notice
        owed = sum(case.progress not in _WITH_THE_OFFICE for case in mine)
        if notice.deadline is None or not owed:
            continue
        replied = f"（另有 {len(mine) - owed} 处已回复，待复查或复核）" if owed < len(mine) else ""
        what = f"{notice.unit_name}：整改通知 {number} 还有 {owed} 处未整改{replied}，期限 {notice.deadline}"
        if notice.deadline < day:
            words = f"{what}，已过 {(day - notice.deadline).days} 天"
            yield Reminder(Topic.NOTICE_OVERDUE, str(number), notice.deadline, words)
        elif (left := _within(day, notice.deadline, limits.notice_working_days)) is not None:
            yield Reminder(Topic.NOTICE_DUE, str(number), notice.deadline, f"{what}，{left}")


def _within(day: date, deadline: date, most: int) -> str | None:
    """How long there is still time, where it is at most so many working days; else None.

    In a year whose holidays are not known yet days are counted: there are never more working days than days.
    """
    left = working_days(day, deadline)
    if isinstance(left, UnknownYear):
        days = (deadline - day).days
        return f"还剩 {days} 天" if days <= most else None
    if left > most:
        return None
    return f"还剩 {left} 个工作日" if deadline > day else "今天到期"


def _duties(day: date, entries: Iterable[Entry], limits: Limits) -> Iterator[Reminder]:
    """What falls due is told once for all sites, what is missing site by site: the units are told one by one."""
    due: dict[tuple[str, date], list[Entry]] = {}
    for entry in entries:
        name = f"{entry.period}{entry.duty.name}"
        if entry.done is Done.MISSING and entry.deadline < day:
            words = f"{entry.unit.name}（{entry.site}）：{name}应于 {entry.deadline} 前发布，检查时未见"
            yield Reminder(Topic.DUTY_MISSING, f"{entry.duty.id}@{entry.home_url}", entry.deadline, words)
        elif entry.done is Done.NOT_DUE and 0 <= (entry.deadline - day).days <= limits.duty_days:
            due.setdefault((entry.duty.id, entry.deadline), []).append(entry)
    for (id, deadline), mine in due.items():
        words = (
            f"{mine[0].period}{mine[0].duty.name}：{deadline} 前发布，{_days(day, deadline)}，涉及 {len(mine)} 个网站"
        )
        yield Reminder(Topic.DUTY_DUE, id, deadline, words)


def _logins(day: date, logins: Iterable[LoginEnd], limits: Limits) -> Iterator[Reminder]:
    for login in logins:
        what = f"{login.variable}（{login.accounts} 个账号）"
        if login.ends < day:
            words = f"{what}已于 {login.ends} 到期，到期后账号未能判定，请重新登录"
            yield Reminder(Topic.LOGIN_ENDED, login.variable, login.ends, words)
        elif (login.ends - day).days <= limits.login_days:
            words = f"{what}将于 {login.ends} 到期，{_days(day, login.ends)}"
            yield Reminder(Topic.LOGIN_DUE, login.variable, login.ends, words)


def _waiting(day: date, waiting: Iterable[Waiting], limits: Limits) -> Iterator[Reminder]:
    for one in waiting:
        if one.count and 0 <= (one.closes - day).days <= limits.review_days:
            words = f"{one.name}：还有 {one.count} 处待人工复核，本季度 {one.closes} 结束，{_days(day, one.closes)}"
            yield Reminder(Topic.REVIEW_DUE, one.inspection, one.closes, words)


def _days(day: date, deadline: date) -> str:
    left = (deadline - day).days
    return f"还有 {left} 天" if left else "今天到期"


def quarter_end(day: date) -> date:
    """The last day of a day's quarter."""
    month = 3 * ((day.month - 1) // 3) + 3
    return date(day.year, month, 31 if month in (3, 12) else 30)
