"""Facts and results as JSON text, and back to equal objects.

Most of the vocabulary msgspec reads by its types alone. Two fields it cannot: `observed` and `config` hold any JSON.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec.structs import replace

from checks.model import JSON, CheckResult, Finding, StampedFinding
from crawler.facts import FetchOutcome, Link, PageFact, PostFact, ProbeFact, Unit

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


def text_of(value: object) -> str:
    """JSON text of a fact, a mapping or a sequence of them.

    Half a surrogate pair (a platform cut a post in the middle of an emoji) becomes U+FFFD, for no text can hold it.
    """
    try:
        return _encoder.encode(value).decode()
    except UnicodeEncodeError:
        return _encoder.encode(_mended(msgspec.to_builtins(value))).decode()


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_mended(key): _mended(each) for key, each in value.items()}
    return [_mended(each) for each in value] if isinstance(value, (list, tuple)) else value


page_of: Callable[[str], PageFact] = msgspec.json.Decoder(PageFact).decode
link_of: Callable[[str], Link] = msgspec.json.Decoder(Link).decode
visit_of: Callable[[str], FetchOutcome] = msgspec.json.Decoder(FetchOutcome).decode
post_of: Callable[[str], PostFact] = msgspec.json.Decoder(PostFact).decode
probe_of: Callable[[str], ProbeFact] = msgspec.json.Decoder(ProbeFact).decode
units_of: Callable[[str], tuple[Unit, ...]] = msgspec.json.Decoder(tuple[Unit, ...]).decode
strings_of: Callable[[str], tuple[str, ...]] = msgspec.json.Decoder(tuple[str, ...]).decode
json_of: Callable[[str], Any] = msgspec.json.Decoder().decode


class _Requested(msgspec.Struct):
    requested_url: str


_requested = msgspec.json.Decoder(_Requested).decode


def requested_url_of(text: str) -> str:
    """The address of a stored visit, without reading the rest of it."""
    return _requested(text).requested_url


def mapping_of(text: str) -> Mapping[str, JSON]:
    """A stored JSON object."""
    value: dict[str, JSON] = json_of(text)
    return value


# --------------------------------------------------------------------------- link numbers


def blob_of(numbers: array[int]) -> bytes:
    """Link numbers as little-endian uint32, in page order."""
    if numbers.itemsize != 4:
        raise ValueError(f"link numbers must be an array('I'), not {numbers.typecode!r}")
    if sys.byteorder == "big":
        numbers = array("I", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def numbers_of(blob: bytes) -> array[int]:
    """The link numbers of a stored page, in page order."""
    numbers = array("I", blob)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


# --------------------------------------------------------------------------- results


@cache
def _hints(kind: Hashable) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _built(kind: Callable[..., T], raw: Mapping[str, Any], **ready: Any) -> T:
    """A value of that kind: the fields in `ready` as they are, the others read by their types."""
    for name, hint in _hints(kind).items():
        if name not in ready and name in raw:
            ready[name] = msgspec.convert(raw[name], hint)
    return kind(**ready)


def finding_of(text: str) -> StampedFinding:
    """A stored finding."""
    return _finding(json_of(text))


def findings_of(text: str) -> tuple[StampedFinding, ...]:
    """Stored findings, in a list."""
    return tuple(_finding(raw) for raw in json_of(text))


def _finding(raw: Mapping[str, Any]) -> StampedFinding:
    inner = raw["finding"]
    return _built(StampedFinding, raw, finding=_built(Finding, inner, observed=inner["observed"]))


def result_text(result: CheckResult) -> str:
    """A result without its findings, which are rows of their own."""
    return text_of(replace(result, findings=()))


def result_of(text: str, findings: tuple[StampedFinding, ...]) -> CheckResult:
    """A stored result with its findings."""
    raw = json_of(text)
    return _built(CheckResult, raw, findings=findings, config=raw["config"])
