from __future__ import annotations

from datetime import datetime

import pytest

from crawler.accounts.feed_dates import read_feed_date
from crawler.facts import BEIJING


@pytest.mark.parametrize(
    ("written", "expected"),
    (
        ("Sat, 14 Jun 2025 12:00:00 ", "2025-06-14 12:00:00"),
        ("Sat, 14 Jun 2025 12:00:00", "2025-06-14 12:00:00"),
        ("Sat, 14 Jun 2025 04:00:00 GMT", "2025-06-14 12:00:00"),
        ("Sat, 14 Jun 2025 04:00:00 +0000", "2025-06-14 12:00:00"),
        ("Sat, 14 Jun 2025 04:00:00 -0000", "2025-06-14 12:00:00"),
        ("Sat, 14 Jun 2025 12:00:00 +0800", "2025-06-14 12:00:00"),
        ("Sat, 14 Jun 2025 12:00:00 CST", "2025-06-14 12:00:00"),
        ("Fri, 31 Dec 2027 17:30:00 GMT", "2028-01-01 01:30:00"),
        ("2025-06-14T04:00:00.000Z", "2025-06-14 12:00:00"),
        ("2025-06-14T12:00:00+08:00", "2025-06-14 12:00:00"),
        ("2025-06-14 12:00:00", "2025-06-14 12:00:00"),
        ("2025-06-14T12:00:00", "2025-06-14 12:00:00"),
        ("2025-6-4 9:05:06", "2025-06-04 09:05:06"),
        ("2025/6/4 9:05", "2025-06-04 09:05:00"),
    ),
)
def test_feed_date(written: str, expected: str) -> None:
    moment = read_feed_date(written)
    assert moment is not None
    wanted = datetime.fromisoformat(expected).replace(tzinfo=BEIJING)
    assert (moment.earliest, moment.latest) == (wanted, wanted)


def test_a_date_without_a_clock_is_any_second_of_its_day() -> None:
    moment = read_feed_date("2025-06-14")
    assert moment is not None
    assert moment.earliest == datetime(2025, 6, 14, tzinfo=BEIJING)
    assert moment.latest == datetime(2025, 6, 14, 23, 59, 59, tzinfo=BEIJING)


@pytest.mark.parametrize("written", ("", " ", "yesterday", "2025-13-01", "Sat, 99 Jun 2025 12:00:00", "1718337600"))
def test_other_words_are_no_date(written: str) -> None:
    assert read_feed_date(written) is None
