"""The gatherers of all families. Adding one is one line here and one class beside the family's derivations."""

from __future__ import annotations

from checks.gathering import Gatherer
from checks.participation_places import ParticipationPlaces

GATHERERS: tuple[type[Gatherer], ...] = (ParticipationPlaces,)
