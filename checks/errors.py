"""What a caller of the judging room may do wrong.

CheckError
 ├── UnknownCheck      an id that no check bears
 └── BadThreshold      a setting a check does not know, or a value of another kind than its default
"""

from __future__ import annotations

from collections.abc import Iterable


class CheckError(ValueError):
    """A wrong id or setting; its text says what is wrong and what would be right, in words for an official."""


class UnknownCheck(CheckError):
    """An id that no check bears."""

    def __init__(self, check: str, known: Iterable[str]) -> None:
        super().__init__(f"没有编号为“{check}”的检查项；已有：{'、'.join(sorted(known))}")
        self.check = check


class BadThreshold(CheckError):
    """A threshold's key is unknown to its check, or its value is of the wrong kind."""
