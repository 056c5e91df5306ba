"""Ranks as the circulars print them, and the one rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checks.model import State
from scoring.display import plain, shown
from scoring.engine import score
from scoring.manual import ManualScore
from scoring.model import Scorecard, Ties
from scoring.ranks import rank, rate, total
from tests.unit.scoring.samples import SITE, deduct, indicator, result, ruleset

RULES = ruleset(indicator("A1", "manual", 100))


def card(name: str, total: str) -> Scorecard:
    return score(RULES, SITE, name, [], manual={"A1": ManualScore(Decimal(total), "查看")})


def ranks(ties: Ties, *totals: str) -> list[int | None]:
    return [one.rank for one in rank([card(total, total) for total in totals], ties)]


def test_ties_are_numbered_through_or_share_a_rank() -> None:
    assert ranks(Ties.THROUGH, "72", "71", "71", "71", "69") == [1, 2, 3, 4, 5]
    assert ranks(Ties.SHARED, "73", "72", "72", "71", "71", "71", "70") == [1, 2, 2, 4, 4, 4, 7]
    assert rank([], Ties.SHARED) == ()


def test_a_ruleset_that_names_no_style_shares_ranks() -> None:
    assert card("甲", "60").ties is Ties.SHARED
    named = ruleset(
        indicator("A1", "manual", 100), ties={"style": "through", "clause": "附件3", "provenance": "printed"}
    )
    assert score(named, SITE, "甲", []).ties is Ties.THROUGH


def test_less_than_a_tenth_is_no_score() -> None:
    rules = ruleset(indicator("A1", "manual", 10), indicator("A2", "manual", 90))
    little = score(rules, SITE, "少", [], manual={"A1": ManualScore(Decimal(0), "查看")})
    assert (little.verdict, total(little), rate(little)) == ("已评分", 0, 0), "a tenth is enough"
    rules = ruleset(indicator("A1", "manual", 9), indicator("A2", "manual", 91))
    less = score(rules, SITE, "更少", [], manual={"A1": ManualScore(Decimal(9), "查看")})
    assert (less.verdict, total(less), rate(less)) == ("未能判定", None, None)
    assert less.verdict_note == "得到判定的只有 9.00 分，不足满分的十分之一，不评分"
    assert [one.rank for one in rank([less, little], Ties.SHARED)] == [1, None]


def test_ties_keep_the_order_they_came_in_and_others_are_sorted() -> None:
    rows = rank([card("甲", "60"), card("乙", "90.001"), card("丙", "60"), card("丁", "90")], Ties.SHARED)
    assert [one.card.name for one in rows] == ["乙", "丁", "甲", "丙"]


def test_a_gap_of_ours_is_no_last_place() -> None:
    unseen = score(RULES, SITE, "未见", [])
    rows = rank([unseen, card("甲", "3")], Ties.SHARED)
    assert [(one.rank, one.card.name) for one in rows] == [(1, "甲"), (None, "未见")]


def test_what_was_not_determined_takes_no_one_down() -> None:
    rules = ruleset(deduct("A1", 50), indicator("A2", "manual", 50))
    clean = [result("link.broken", State.PASS)]
    half = score(rules, SITE, "半", clean)
    full = score(rules, SITE, "全", clean, manual={"A2": ManualScore(Decimal(40), "查看")})
    assert (half.total, full.total) == (50, 90)
    assert [one.card.name for one in rank([full, half], Ties.SHARED)] == ["半", "全"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("83.535", "83.54"), ("83.5349", "83.53"), ("2.5", "2.50"), ("0", "0.00"), ("-0.001", "0.00"), ("-2", "-2.00")],
)
def test_two_decimals_half_up(value: str, text: str) -> None:
    assert shown(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("5.00", "5"), ("1E+1", "10"), ("0.10", "0.1"), ("-0.0", "0"), ("100", "100")]
)
def test_plain_digits(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text
