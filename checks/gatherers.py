"""The gatherers of all families. Adding one is one line here and one class beside the family's derivations."""

from __future__ import annotations

from checks.gathering import Gatherer
from checks.text_gathering import TextGatherer

GATHERERS: tuple[type[Gatherer], ...] = (TextGatherer,)
