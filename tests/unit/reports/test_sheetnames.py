"""Names that Excel takes for sheets."""

from __future__ import annotations

import pytest

from reports.sheetnames import LIMIT, SheetNames, inside


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("错链（死链）", "错链（死链）"), ("a[b]:c*d?e/f\\g", "a［b］：c＊d？e／f＼g"), ("'x'", "x"), (" \x00 ", "未命名"), ("HISTORY", "HISTORY（2）")],
)  # fmt: skip
def test_a_name_is_made_to_fit(wanted: str, name: str) -> None:
    assert SheetNames().take(wanted) == name


def test_names_are_told_apart_whatever_their_case() -> None:
    names = SheetNames()
    assert [names.take(one) for one in ("Ab", "aB", "ab")] == ["Ab", "aB（2）", "ab（3）"]


def test_a_long_name_is_cut_before_its_tail_and_its_number() -> None:
    names = SheetNames()
    made = [names.take("\U0001f600长" * 20, "（待复核）") for _ in range(12)]
    assert len(set(made)) == 12
    assert all(len(name.encode("utf-16-le")) // 2 <= LIMIT for name in made)
    assert made[0].endswith("…（待复核）") and made[11].endswith("…（待复核）（12）")


def test_a_quote_within_a_name_is_doubled_in_its_address() -> None:
    assert inside("it's") == "internal:'it''s'!A1"
