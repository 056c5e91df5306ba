"""How much of a target was seen, so that no gap reads as clean."""

from __future__ import annotations

from msgspec import Struct


class Coverage(Struct, frozen=True):
    """How much of a target was seen, so that no gap reads as clean. Counts are distinct addresses.

    `unrendered` are pages that scripts fill and that no browser has shown, for want of one or of budget.
    """

    attempted: int = 0
    reached: int = 0
    blocked: int = 0
    failed: int = 0
    truncated_by: str = ""
    note: str = ""
    unrendered: int = 0

    @property
    def is_whole(self) -> bool:
        """Nothing was cut off and nothing was blocked."""
        return not self.truncated_by and not self.blocked
