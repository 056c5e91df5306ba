"""What a look at one thing tells."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Symptom(Struct, frozen=True):
    """One thing looked at. `ok` None means that it could not be told."""

    name: str
    ok: bool | None
    words: str


class Limits(Struct, frozen=True):
    """`data/doctor.yaml`, which says of each what it is and where it comes from."""

    free_bytes_min: int
    clock_seconds: float
    login_days: int
    queue_hours: float
    night_hours: float


@cache
def limits() -> Limits:
    """The numbers of the data file, read once."""
    return msgspec.yaml.decode((files("console") / "data" / "doctor.yaml").read_bytes(), type=Limits)
