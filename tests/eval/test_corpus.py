"""The floors of the evaluation on captured pages; skipped where XUNCHA_CORPUS names no corpus. Rivals are not asked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.eval import charset, dates

pytestmark = pytest.mark.corpus
FLOORS = {
    dates.shown: 0.98,
    dates.text_alone: 0.97,
    dates.address_alone: 0.95,
    dates.other_kinds: 0.80,
    dates.undated: 0.95,
    dates.list_dates: 0.99,
    charset.captured: 0.99,
    charset.re_encoded: 0.99,
    charset.addresses: 1.0,
}
"""Shares of right answers below which no change may fall."""


@pytest.fixture(scope="module")
def corpus() -> Path:
    named = os.environ.get("XUNCHA_CORPUS", "")
    if not named or not Path(named).is_dir():
        pytest.skip("XUNCHA_CORPUS names no folder of captured pages")
    return Path(named)


@pytest.mark.parametrize(
    "measure", FLOORS, ids=lambda measure: f"{measure.__module__.rpartition('.')[2]}-{measure.__name__}"
)
def test_the_floor_holds(corpus: Path, measure) -> None:  # type: ignore[no-untyped-def]  # dates' and charset's rivals differ
    table = measure(corpus, {})
    assert table.scores
    for score in table.scores:
        assert score.total >= 10, table.render()
        assert score.share >= FLOORS[measure], table.render()


def test_every_measure_has_a_floor() -> None:
    assert set(FLOORS) == {*dates.MEASURES, *charset.MEASURES}
