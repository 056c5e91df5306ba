"""Hosts that cannot be judged from outside: a link to one is left unvisited, with the reason, and accuses nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from crawler.read.lexicon import table

_NAMED_BY_OFFICE = "本单位已列为无法从外部判断的主机"


class _Known(NamedTuple):
    hosts: Mapping[str, str]
    labels: Mapping[str, str]


@cache
def _known() -> _Known:
    raw = table("unjudged_hosts")
    return _Known(raw["hosts"], raw["labels"])


def why_unjudged(host: str, named: Collection[str] = ()) -> str:
    """Why links to a host (`name` or `name:port`) are not judged, in Chinese; "" where they are.

    `named` are the office's own entries: each stands for the name itself and all that lies below it.
    """
    name = host.rpartition("@")[2].partition(":")[0].rstrip(".").lower()
    known = _known()
    labels = name.split(".")
    for start in range(len(labels)):
        parent = ".".join(labels[start:])
        if parent in named:
            return _NAMED_BY_OFFICE
        if parent in known.hosts:
            return known.hosts[parent]
    return known.labels.get(labels[0], "") if len(labels) > 2 else ""
