"""How long a good answer of a foreign address serves the nights after it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.facts import BEIJING, FetchOutcome, Outcome, Resource
from crawler.fetch.offsite import LEAST_DAYS, SPREAD, serves

NOW = datetime(2026, 11, 29, 23, tzinfo=BEIJING)
DAY = timedelta(days=1)


def answer(
    outcome: Outcome = Outcome.OK,
    *,
    days: float = 1,
    url: str = "http://www.yi.gov.cn/a.html",
    resource: Resource = Resource.PAGE,
) -> FetchOutcome:
    return FetchOutcome(
        requested_url=url,
        final_url=url,
        at=NOW - days * DAY,
        outcome=outcome,
        status=200,
        reason="",
        attempt=1,
        method="HEAD",
        elapsed_ms=1,
        resource=resource,
    )


def test_a_good_answer_serves_for_some_days_and_never_longer_than_a_week() -> None:
    urls = [f"http://www.yi.gov.cn/{number}.html" for number in range(300)]
    served = {url: max(day for day in range(30) if serves(answer(url=url, days=day), NOW)) + 1 for url in urls}
    assert set(served.values()) == set(range(LEAST_DAYS, LEAST_DAYS + SPREAD + 1))
    assert max(served.values()) <= 7
    counts = [list(served.values()).count(days) for days in set(served.values())]
    assert min(counts) > 60  # no night asks them all


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in (Outcome.OK, Outcome.REDIRECTED)])
def test_whatever_is_not_good_is_asked_again(outcome: Outcome) -> None:
    assert not serves(answer(outcome), NOW)


def test_a_page_of_nobody_s_government_is_asked_again_and_its_pictures_are_not() -> None:
    url = "http://www.example.com/a"
    assert not serves(answer(url=url), NOW)
    assert serves(answer(url=url, resource=Resource.IMAGE), NOW)


def test_an_answer_of_a_clock_that_ran_ahead_serves_nobody() -> None:
    assert not serves(answer(days=-1), NOW)
