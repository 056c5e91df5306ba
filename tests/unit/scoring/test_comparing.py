"""What moves between two cards is told with its reason; what does not move is not told."""

from __future__ import annotations

from decimal import Decimal

from checks.model import State
from scoring.comparing import Change, compare
from scoring.engine import score
from scoring.model import Scorecard
from tests.unit.scoring.samples import SITE, broken, deduct, result, ruleset


def card(*results: object, points: int = 5) -> Scorecard:
    return score(ruleset(deduct("A1", points), deduct("A2", 3)), SITE, "云溪", list(results))  # type: ignore[arg-type]


def test_equal_cards_move_nothing() -> None:
    change = compare(card(broken(2)), card(broken(2)))
    assert change.is_none and change.moves == ()


def test_a_finding_more_moves_every_indicator_that_counts_it() -> None:
    change = compare(card(broken(1)), card(broken(2)))
    assert [(move.indicator, move.before, move.after) for move in change.moves] == [("A1", 4, 3), ("A2", 2, 1)]
    assert change.moves[0].why == ("算式：5 − min(1 × 1, 5) = 4 → 5 − min(2 × 1, 5) = 3", "计入的问题：增加 1 项")


def test_what_was_not_known_before_is_told_as_a_state() -> None:
    before = card(result("link.broken", State.UNDETERMINED, summary="被拦截"))
    (first, _) = compare(before, card(broken(1))).moves
    assert (first.before, first.after) == (None, Decimal(4))
    assert first.why[0] == "状态：未能判定 → 发现问题"


def test_a_ruleset_that_changed_is_told() -> None:
    moves = compare(card(broken(1)), card(broken(1), points=7)).moves
    assert [move.indicator for move in moves] == ["A1"]
    assert "满分：5 → 7" in moves[0].why


def test_indicators_that_come_and_go_are_told() -> None:
    one = score(ruleset(deduct("A1", 5)), SITE, "云溪", [broken(1)])
    other = score(ruleset(deduct("B1", 5)), SITE, "云溪", [broken(1)])
    moves = {move.indicator: move for move in compare(one, other).moves}
    assert (moves["B1"].before, moves["B1"].why) == (None, ("新增指标",))
    assert (moves["A1"].after, moves["A1"].why) == (None, ("已取消的指标",))


def test_a_target_without_a_card_before_is_new() -> None:
    change: Change = compare(None, card(broken(1)))
    assert not change.is_none and change.before is None and change.moves == ()
