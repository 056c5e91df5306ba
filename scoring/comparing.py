"""What moves between two scorecards of one target, and why: the old against the new, indicator by indicator."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from scoring.display import plain
from scoring.model import Scorecard, ScoreTrace


class Move(Struct, frozen=True):
    """An indicator that moved. A score is None where it was not determined or the indicator was not there.

    `why` says in Chinese what changed: state, rule, points, sum, findings, note.
    """

    indicator: str
    name: str
    before: Decimal | None
    after: Decimal | None
    why: tuple[str, ...]


class Change(Struct, frozen=True):
    """One target under one ruleset; `before` is None where it had no card."""

    before: Scorecard | None
    after: Scorecard
    moves: tuple[Move, ...]

    @property
    def is_none(self) -> bool:
        """Whether the two cards say the same."""
        old, new = self.before, self.after
        return old is not None and not self.moves and (old.total, old.verdict) == (new.total, new.verdict)


def compare(before: Scorecard | None, after: Scorecard) -> Change:
    """The change from one card to another of the same target; indicators are told apart by their ids."""
    if before is None:
        return Change(None, after, ())
    old = {trace.indicator: trace for trace in before.traces}
    new = {trace.indicator: trace for trace in after.traces}
    ids = dict.fromkeys((*new, *old))
    moves = (_move(id, old.get(id), new.get(id)) for id in ids)
    return Change(before, after, tuple(move for move in moves if move.why))


def _move(id: str, old: ScoreTrace | None, new: ScoreTrace | None) -> Move:
    if old is None or new is None:
        only, why = (new, "新增指标") if old is None else (old, "已取消的指标")
        assert only is not None
        return Move(id, only.name, old.score if old else None, new.score if new else None, (why,))
    return Move(id, new.name, old.score, new.score, tuple(_reasons(old, new)))


def _reasons(old: ScoreTrace, new: ScoreTrace) -> Iterator[str]:
    if old.state is not new.state:
        yield f"状态：{old.state.label} → {new.state.label}"
    if old.points != new.points:
        yield f"满分：{plain(old.points)} → {plain(new.points)}"
    if old.rule != new.rule:
        yield f"规则：{old.rule} → {new.rule}"
    if old.arithmetic != new.arithmetic:
        yield f"算式：{old.arithmetic or '无'} → {new.arithmetic or '无'}"
    gone, come = set(old.findings) - set(new.findings), set(new.findings) - set(old.findings)
    if gone or come:
        yield "计入的问题：" + "，".join(
            words for words in (f"减少 {len(gone)} 项" if gone else "", f"增加 {len(come)} 项" if come else "") if words
        )
    if old.note != new.note:
        yield f"说明：{old.note or '无'} → {new.note or '无'}"
