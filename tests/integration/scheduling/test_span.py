"""A span of nights under an accelerated clock, begun by the quarterly inspection, with every mishap (tests/soak)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scheduler.quarter import beginning
from scheduler.timetable import Hours
from tests.soak.quarter import lived


@pytest.mark.timeout(900)
def test_a_week_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Six sites; the quarterly inspection over two nights, a power cut, a night too short, a clock ahead and back."""
    start = beginning(date(2026, 9, 30), Hours().quarterly_working_days).day
    mishaps = {"quarterly": 0, "killed": 2, "short": 3, "ahead": 4, "back": 5, "doubled": 6}
    assert lived(tmp_path, 6, start, 7, mishaps) == []
