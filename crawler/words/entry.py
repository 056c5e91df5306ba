"""One row of a lexicon: a wrong form, the right one, and what must stand around it or must not."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from crawler.facts.texts import TextKind

WINDOW = 20
"""Characters before and behind a form that its context is tried on."""


class Entry(Struct, frozen=True):
    """A row. `kind` None lets `wrong` through wherever it stands, whatever it holds (a proper name).

    `exceptions` are longer words in which the form is right. `before` must end where the form begins and `after` begin
    where it ends (the line's start reads as a line break); of `nearby` one word must stand in the same sentence.
    `since` is the day from which the form is wrong.
    """

    kind: TextKind | None
    wrong: str
    right: str = ""
    exceptions: tuple[str, ...] = ()
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    nearby: tuple[str, ...] = ()
    since: date | None = None
    source: str = ""
    note: str = ""

    def exception_at(self, text: str, start: int) -> str:
        """The exception that the text has around the form at `start`; "" where there is none."""
        for word in self.exceptions:
            at = word.find(self.wrong)
            while at >= 0:
                if start >= at and text.startswith(word, start - at):
                    return word
                at = word.find(self.wrong, at + 1)
        return ""

    def fits(self, line: str, start: int, end: int) -> bool:
        """Whether the form's surroundings in its line are those it is wrong in."""
        if self.before is not None and not self.before.search(f"\n{line[:start]}"[-WINDOW:]):
            return False
        return self.after is None or self.after.match(line, end, end + WINDOW) is not None
