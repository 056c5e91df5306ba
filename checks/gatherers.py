"""The gatherers of all families. Adding one is one line here and one class beside the family's derivations."""

from __future__ import annotations

from checks.gathering import Gatherer

GATHERERS: tuple[type[Gatherer], ...] = ()
