"""What cannot be checked, and why.

ScoringError
└── UnreadableCircular   a file that is not there, not of a kind that is read, damaged, too large, or without any table
"""

from __future__ import annotations

from scoring.errors import ScoringError


class UnreadableCircular(ScoringError):
    """A file of which nothing is said but why it cannot be checked."""

    def __init__(self, file: str, reason: str) -> None:
        self.file = file
        self.reason = reason
        super().__init__(f"文件 {file}：{reason}")
