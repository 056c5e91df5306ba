"""A number of a ruleset and how sure it is; the strict base of every model a ruleset is read into."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from scoring.model import Provenance


class Entry(BaseModel):
    """What every part of a ruleset file has in common: unknown keys are refused, and nothing changes once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Figure(Entry):
    """A number with the source that holds it. `provenance` None means: as the indicator it stands in says."""

    value: Decimal = Field(ge=0)
    provenance: Provenance | None = None
    source: str = ""


def _figure(data: object) -> object:
    """A bare number is a figure whose provenance is the indicator's."""
    return data if isinstance(data, Mapping | Figure) else {"value": data}


Amount = Annotated[Figure, BeforeValidator(_figure)]
"""`5` or `{value: 5, provenance: printed, source: …}` in a file."""

WEAKEST_FIRST = (Provenance.ASSUMED, Provenance.DERIVED, Provenance.PRINTED)


def weakest(provenances: frozenset[Provenance]) -> Provenance:
    """What a result may claim that rests on all of these; ValueError where there are none."""
    return min(provenances, key=WEAKEST_FIRST.index)
