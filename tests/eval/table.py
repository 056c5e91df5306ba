"""A table of an evaluation: the same labelled pages read by us and by rivals, side by side, with our misses by page."""

from __future__ import annotations

from msgspec import Struct


class Score(Struct, frozen=True):
    """How one reader did: `right` of `total`; `answered` counts the cases in which it gave an answer at all."""

    reader: str
    right: int
    total: int
    answered: int

    @property
    def share(self) -> float:
        """Right answers among all cases, 0 to 1; 1 where there are none."""
        return self.right / self.total if self.total else 1.0


class Miss(Struct, frozen=True):
    """A case that we got wrong: the page's name in the corpus, the truth, our answer, and why as far as is known."""

    page: str
    truth: str
    ours: str
    reason: str = ""


class Table(Struct, frozen=True):
    """One topic: scores with ours first, what is counted, and our misses."""

    topic: str
    counted: str
    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]

    def render(self) -> str:
        """The table as Markdown, and the misses below it."""
        lines = [
            f"## {self.topic}",
            self.counted,
            "",
            "| reader | right | of | share | answered |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {each.reader} | {each.right} | {each.total} | {each.share:.2%} | {each.answered} |"
            for each in self.scores
        ]
        if self.misses:
            lines += ["", "Our misses:"]
            lines += [f"- {miss.page}: {miss.truth} → {miss.ours or '—'}  {miss.reason}" for miss in self.misses]
        return "\n".join(lines)
