"""Which visits are timed, and that the sample does not hang on their order."""

from __future__ import annotations

from msgspec.structs import replace

from crawler.facts import FetchOutcome, Outcome, PageTiming, Resource
from crawler.read.timings import Timings
from tests.unit.checks.sites import AS_OF, HOME

OWN = frozenset({"www.yunxi.gov.cn"})


def _visit(number: int, **given: object) -> FetchOutcome:
    url = f"{HOME}{number}.html"
    return replace(FetchOutcome(url, url, AS_OF, Outcome.OK, 200, elapsed_ms=number), **given)


def _sampled(visits: list[FetchOutcome]) -> tuple[PageTiming, ...]:
    timings = Timings(OWN)
    assert list(timings.noting(visits)) == visits
    return timings.sample()


def test_only_first_looks_at_own_pages_that_came_at_once_are_timed() -> None:
    odd = [
        _visit(1, outcome=Outcome.TIMEOUT),
        _visit(2, attempt=2),
        _visit(3, method="HEAD"),
        _visit(4, resource=Resource.ATTACHMENT),
        _visit(5, redirects=(HOME,)),
        _visit(6, reason="与上次相同（304）"),
        replace(_visit(7), requested_url="http://elsewhere.example/7.html"),
        _visit(8, outcome=Outcome.BLOCKED),
    ]
    assert _sampled([*odd, _visit(9)]) == (PageTiming(f"{HOME}9.html", 9),)


def test_the_sample_is_bounded_and_the_same_in_any_order() -> None:
    visits = [_visit(number) for number in range(500)]
    sample = _sampled(visits)
    assert len(sample) == 30
    assert sample == _sampled(visits[::-1])
