"""The words of data/words.yaml, and how text of a table is compared with them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache
from importlib.resources import files

import msgspec
import yaml
from msgspec import Struct

_NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d{1,12})?分?")
_LONGEST_NUMBER = 40
_FOOTNOTE = re.compile(r"[*＊※△▲†#⁰¹²³⁴-⁹①-⑳\s]+$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WIDE_GAP = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """The data file's keys; what each means stands there. All are folded."""

    ranks: tuple[str, ...]
    serials: tuple[str, ...]
    names: tuple[str, ...]
    name_endings: tuple[str, ...]
    totals: tuple[str, ...]
    subtotals: tuple[str, ...]
    deductions: tuple[str, ...]
    bonuses: tuple[str, ...]
    rates: tuple[str, ...]
    counts: tuple[str, ...]
    remarks: tuple[str, ...]
    asides: tuple[str, ...]
    aggregates: tuple[str, ...]
    maxima_rows: tuple[str, ...]
    no_score: tuple[str, ...]
    captions: tuple[str, ...]
    scopes: tuple[str, ...]
    counters: tuple[str, ...]
    scope_ends: tuple[str, ...]
    fillers: tuple[str, ...]
    earlier: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]
    levels: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """The vocabulary, read once."""
    raw = yaml.load(files("scoring").joinpath("circulars/data/words.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(_folded(raw), Words)


def _folded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _folded(one) for key, one in value.items()}
    return [folded(str(one)) for one in value] if isinstance(value, list) else value


def folded(text: str) -> str:
    """The text without any space, full-width forms made half-width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def name_of(text: str) -> str:
    """A unit's name as it is meant: spaces that only a line's break made are gone, those between Latin words stay."""
    return _WIDE_GAP.sub("", " ".join(text.split()))


def number(text: str) -> Decimal | None:
    """The number that a cell prints, exactly and with its decimals; None for anything else."""
    if len(text) > _LONGEST_NUMBER:
        return None
    plain = folded(_FOOTNOTE.sub("", text))  # before it is folded: 83.5① is not 83.51
    match = _NUMBER.fullmatch(plain)
    return Decimal(match[1] + match[2].replace(",", "") + (match[3] or "")) if match else None


def decimals(value: Decimal) -> int:
    """How many decimals are printed."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def in_place_of_score(text: str) -> bool:
    """Words (two Han signs or more, no digit) or a mark that say why there is no score."""
    plain = folded(text)
    if plain in words().no_score:
        return True
    return len(_HAN.findall(plain)) > 1 and not any(sign.isdigit() for sign in plain)
