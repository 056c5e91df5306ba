"""What is registered of a site's planned downtime (维护时段)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A window in which a site may be down, from `start` to `end`, both included; it may be registered afterwards."""

    start: datetime
    end: datetime
    reason: str = ""

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in the window."""
        return self.start <= moment <= self.end
