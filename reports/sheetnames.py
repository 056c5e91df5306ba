"""Names of sheets within what Excel allows: 31 signs, none of `[ ] : * ? / \\`, no quote at an end, no name twice."""

from __future__ import annotations

from reports.wording import printable

LIMIT = 31
"""Signs of a sheet's name, counted in UTF-16 as Excel counts."""
_WIDE = str.maketrans("[]:*?/\\", "［］：＊？／＼")
_RESERVED = "history"
"""Excel keeps this name for itself, whatever its case."""


class SheetNames:
    """The names of one workbook."""

    def __init__(self) -> None:
        self._taken = {_RESERVED}

    def take(self, wanted: str, tail: str = "") -> str:
        """The name, made to fit and told from those before by a number; `tail` is kept whole where it must be cut."""
        text = " ".join(printable(wanted).translate(_WIDE).split()).strip("'") or "未命名"
        number = 1
        while True:
            end = tail if number == 1 else f"{tail}（{number}）"
            name = _cut(text, LIMIT - _length(end)).strip("' ") + end
            if name.lower() not in self._taken:
                self._taken.add(name.lower())
                return name
            number += 1


def inside(name: str) -> str:
    """The address of a sheet's first cell within the workbook."""
    quoted = name.replace("'", "''")
    return f"internal:'{quoted}'!A1"


def _cut(text: str, room: int) -> str:
    if _length(text) <= room:
        return text
    return text.encode("utf-16-le")[: 2 * (room - 1)].decode("utf-16-le", "ignore") + "…"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
