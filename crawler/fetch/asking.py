"""The requests of a site's visit: what each asks for, how it introduces itself and what it may cost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy import Request

from crawler.facts import Region, Resource
from crawler.fetch.limits import Limits
from crawler.fetch.log import Place
from crawler.fetch.traps import Step

Callback = Callable[..., Any]

_LIST_REGIONS = frozenset({Region.NAVIGATION, Region.BREADCRUMB})


def page_request(step: Step, limits: Limits, callback: Callback, errback: Callback) -> Request:
    """The first look at a page. A body that comes short of its declared length is taken as it came."""
    # Nearest pages first; of one depth the lists before the articles, so that a cut-off crawl knows its columns.
    priority = -10 * (step.depth + step.shape.further) + (5 if step.region in _LIST_REGIONS else 0)
    meta = {
        "address": step.url,
        "depth": step.depth,
        "shape": step.shape,
        "download_maxsize": limits.page_bytes,
        "download_fail_on_dataloss": False,
    }
    return Request(step.url, callback=callback, errback=errback, dont_filter=True, priority=priority, meta=meta)


def resource_request(url: str, resource: Resource, method: str, callback: Callback, errback: Callback) -> Request:
    """A look at a resource, of which the status is all that matters."""
    return Request(
        url,
        method=method,
        callback=callback,
        errback=errback,
        dont_filter=True,
        priority=-500,
        meta={"address": url, "resource": resource},
    )


def second_look(url: str, place: Place, callback: Callback, errback: Callback) -> Request:
    """A GET as a visitor's browser sends it, from the page that names the address."""
    return Request(
        url,
        headers={"Referer": place.parent} if place.parent else None,
        callback=callback,
        errback=errback,
        dont_filter=True,
        meta={"address": url, "depth": place.depth, "resource": place.resource},
    )
