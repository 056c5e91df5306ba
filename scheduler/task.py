"""What a worker is to look at again on one target: plain values that cross a process boundary."""

from __future__ import annotations

from msgspec import Struct

from checks.model import StampedFinding


class Asked(Struct, frozen=True):
    """One problem: the item of its notice, the finding, and the address at which the unit says that it is mended."""

    item: int
    finding: StampedFinding
    url: str = ""


class Task(Struct, frozen=True):
    """The problems of one target. `base` is the run that they were found in, 0 for an account or a unit.

    `known` are the fingerprints of all that was found on the target then: what is not among them is new.
    """

    base: int
    asked: tuple[Asked, ...]
    known: frozenset[str]

    @property
    def checks(self) -> frozenset[str]:
        """The checks that found them."""
        return frozenset(one.finding.check for one in self.asked)
