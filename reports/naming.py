"""File names from unit names: safe on Windows, macOS and Linux, and one name to one unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from reports.problems import InspectionView
from reports.wording import printable

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\s]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST = 60
"""Characters: 60 Chinese ones are 180 bytes of UTF-8, which leaves room for a suffix under most disks' 255."""


def safe_stem(name: str, fallback: str) -> str:
    """The name without what a file system forbids, at most 60 characters; from `fallback` where nothing is left."""
    for text in (name, fallback):
        stem = _FORBIDDEN.sub("_", printable(text).replace("\t", " ")).strip("._ ")[:_LONGEST].rstrip("._ ")
        if stem:
            return f"_{stem}" if _RESERVED.fullmatch(stem) else stem
    return "未命名"


def file_stems(view: InspectionView) -> Mapping[str, str]:
    """By unit code the stem of its files (`problems/<stem>.xlsx`); where names fall together the code is added."""
    stems = {unit.code: safe_stem(unit.name, unit.code) for unit in view.units}
    heads = [stem.casefold() for stem in stems.values()]
    taken: set[str] = set()
    unique: dict[str, str] = {}
    for code, stem in stems.items():
        candidate = f"{stem}（{safe_stem(code, 'x')}）" if heads.count(stem.casefold()) > 1 else stem
        number = 1
        while candidate.casefold() in taken:
            number += 1
            candidate = f"{stem}（{number}）"
        taken.add(candidate.casefold())
        unique[code] = candidate
    return unique


def reference(path: str) -> str:
    """A relative path as it stands in a link: percent-encoded, slashes kept."""
    return quote(path, safe="/")
