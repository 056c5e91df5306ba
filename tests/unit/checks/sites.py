"""Facts made by hand, for edges that no small page can show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from crawler.facts import (
    BEIJING,
    ColumnFact,
    Coverage,
    DateSource,
    FetchOutcome,
    LinkFact,
    ListItem,
    Outcome,
    PageFact,
    PageKind,
    Parent,
    PublishedDate,
    Region,
    Resource,
    Site,
    SiteFacts,
    Unit,
    pages_of,
)

HOME = "http://www.yunxi.gov.cn/"
AS_OF = datetime(2026, 11, 20, 22, 0, tzinfo=BEIJING)
SITE = Site("yunxi", "云溪县人民政府网", HOME, site_code="6109990001", kind="portal")
UNIT = Unit("yunxi", "云溪县人民政府", kind="county", sites=(SITE,))


def item(day: date | None, title: str = "信息", *, url: str = "", pinned: bool = False) -> ListItem:
    dated = PublishedDate(day, DateSource.LIST, day.isoformat()) if day else None
    return ListItem(title, url or f"{HOME}{title}.html", dated, pinned)


def column(items: Iterable[ListItem], **given: Any) -> ColumnFact:
    return ColumnFact(**{"url": f"{HOME}tzgg/", "name": "通知公告", "type": "notice", **given}, items=tuple(items))


def page(path: str = "", kind: PageKind = PageKind.HOME, **given: Any) -> PageFact:
    return replace(PageFact(f"{HOME}{path}", AS_OF, Outcome.OK, kind), **given)


def dead(path: str, *outcomes: Outcome, text: str = "附件1", on: str = "") -> LinkFact:
    url = f"{HOME}{path}"
    visits = tuple(
        FetchOutcome(url, url, AS_OF.replace(hour=number), outcome, 404 if outcome is Outcome.GONE else None)
        for number, outcome in enumerate(outcomes)
    )
    return LinkFact(url, Resource.PAGE, True, visits, (Parent(f"{HOME}{on}", text, Region.LIST),))


def site(pages: Iterable[PageFact] = (), **given: Any) -> SiteFacts:
    facts = SiteFacts(UNIT, SITE, AS_OF, Coverage(attempted=10, reached=10), pages_of(pages))
    return replace(facts, **given)
