"""The gatherers of all families. Adding one is one line here and one class beside the family's derivations."""

from __future__ import annotations

from checks.behaviour import Signs
from checks.dating import PrintedDates
from checks.gathering import Gatherer
from checks.labelling import TargetNames
from checks.participation_places import ParticipationPlaces
from checks.policy_pages import PolicyPages
from checks.text_gathering import TextGatherer

GATHERERS: tuple[type[Gatherer], ...] = (
    ParticipationPlaces,
    PolicyPages,
    PrintedDates,
    Signs,
    TargetNames,
    TextGatherer,
)
