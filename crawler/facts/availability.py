"""What is registered of a site's planned downtime (维护时段)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Maintenance(Struct, frozen=True):
    """A window in which a site may be down, from `start` to `end`, both included; it may be registered afterwards."""

    start: datetime
    end: datetime
    reason: str = ""

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in the window."""
        return self.start <= moment <= self.end
