"""信息采用统计: how many items of each unit the city site carried, as the office tells it (2019 annex 2)."""

from __future__ import annotations

from msgspec import Struct


class Adopted(Struct, frozen=True):
    """One unit's count."""

    unit: str
    count: int


class Adoptions(Struct, frozen=True):
    """The counts by group (类别, "" where the file has none), each group the most adopted first."""

    groups: tuple[tuple[str, tuple[Adopted, ...]], ...]
