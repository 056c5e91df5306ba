from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.accounts.weibo_time import read_created_at
from crawler.facts import BEIJING
from demo.platform_weibo import full, relative


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("words", "now", "earliest", "latest"),
    (
        ("刚刚", "2026-11-20 00:00:20", "2026-11-19 23:59:20", "2026-11-20 00:00:20"),
        ("30秒前", "2026-11-20 00:00:20", "2026-11-19 23:59:49", "2026-11-19 23:59:50"),
        ("5分钟前", "2026-11-20 00:02:00", "2026-11-19 23:56:00", "2026-11-19 23:57:00"),
        ("1小时前", "2027-01-01 00:30:00", "2026-12-31 22:30:00", "2026-12-31 23:30:00"),
        ("23小时前", "2026-11-20 12:00:00", "2026-11-19 12:00:00", "2026-11-19 13:00:00"),
        ("今天 08:05", "2026-11-20 17:00:00", "2026-11-20 08:05:00", "2026-11-20 08:05:59"),
        ("今天 23:59", "2026-11-20 00:00:01", "2026-11-19 23:59:00", "2026-11-19 23:59:59"),
        ("昨天 23:59", "2026-11-20 00:00:01", "2026-11-19 23:59:00", "2026-11-19 23:59:59"),
        ("昨天 08:05", "2026-11-20 23:59:59", "2026-11-19 08:05:00", "2026-11-19 08:05:59"),
        ("昨天 9:30", "2027-01-01 09:00:00", "2026-12-31 09:30:00", "2026-12-31 09:30:59"),
        ("昨天 09:30", "2028-03-01 09:00:00", "2028-02-29 09:30:00", "2028-02-29 09:30:59"),
        ("昨天 09:30", "2027-03-01 09:00:00", "2027-02-28 09:30:00", "2027-02-28 09:30:59"),
        ("11-20", "2026-11-20 17:00:00", "2026-11-20 00:00:00", "2026-11-20 23:59:59"),
        ("11-21", "2026-11-20 17:00:00", "2025-11-21 00:00:00", "2025-11-21 23:59:59"),
        ("12-30", "2027-01-02 08:00:00", "2026-12-30 00:00:00", "2026-12-30 23:59:59"),
        ("01-02", "2027-01-02 08:00:00", "2027-01-02 00:00:00", "2027-01-02 23:59:59"),
        ("1-2", "2026-12-31 23:59:59", "2026-01-02 00:00:00", "2026-01-02 23:59:59"),
        ("02-29", "2028-02-29 08:00:00", "2028-02-29 00:00:00", "2028-02-29 23:59:59"),
        ("02-29", "2028-02-28 08:00:00", "2024-02-29 00:00:00", "2024-02-29 23:59:59"),
        ("02-29", "2027-03-01 08:00:00", "2024-02-29 00:00:00", "2024-02-29 23:59:59"),
        ("06月14日 20:39", "2026-11-20 17:00:00", "2026-06-14 20:39:00", "2026-06-14 20:39:59"),
        ("2019-12-31", "2026-11-20 17:00:00", "2019-12-31 00:00:00", "2019-12-31 23:59:59"),
        ("2019-12-31 08:30", "2026-11-20 17:00:00", "2019-12-31 08:30:00", "2019-12-31 08:30:59"),
        ("2019-12-31 08:30:12", "2026-11-20 17:00:00", "2019-12-31 08:30:12", "2019-12-31 08:30:12"),
        ("Tue Feb 23 12:28:47 +0800 2021", "2026-11-20 17:00:00", "2021-02-23 12:28:47", "2021-02-23 12:28:47"),
        ("Tue Feb 23 04:28:47 +0000 2021", "2026-11-20 17:00:00", "2021-02-23 12:28:47", "2021-02-23 12:28:47"),
    ),
)
def test_created_at(words: str, now: str, earliest: str, latest: str) -> None:
    moment = read_created_at(words, at(now))
    assert moment is not None
    assert (moment.earliest, moment.latest) == (at(earliest), at(latest))
    assert moment.latest.utcoffset() == timedelta(hours=8)


def test_the_clock_may_be_in_any_zone() -> None:
    moment = read_created_at("昨天 23:30", datetime(2026, 11, 19, 17, 0, tzinfo=UTC))  # 01:00 on the 20th in Beijing
    assert moment is not None
    assert moment.earliest == at("2026-11-19 23:30:00")


@pytest.mark.parametrize(
    "words",
    ("", "很久以前", "13-01", "02-30", "00-10", "2021-02-30", "昨天 25:00", "Tue Feb 30 12:28:47 +0800 2021",
     "Tue Xyz 23 12:28:47 +0800 2021", "Tue Feb 23 12:28:47 +9900 2021", "11-20 extra", "已编辑"),
)  # fmt: skip
def test_other_words_are_not_guessed(words: str) -> None:
    assert read_created_at(words, at("2026-11-20 17:00:00")) is None


times = st.datetimes(datetime(2020, 1, 1), datetime(2032, 12, 31))  # noqa: DTZ001 (the zone follows)


@given(now=times, age=st.timedeltas(timedelta(0), timedelta(days=500)))
def test_whatever_the_platform_shows_holds_the_time_it_stands_for(now: datetime, age: timedelta) -> None:
    here = now.replace(tzinfo=BEIJING)
    posted = (here - age).replace(microsecond=0)
    for words in (relative(posted, here), full(posted)):
        moment = read_created_at(words, here)
        assert moment is not None, words
        assert moment.earliest <= posted <= moment.latest, words
