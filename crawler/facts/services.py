"""办事服务 as facts: what a site's service guides (办事指南) say, and the items that its published lists name."""

from __future__ import annotations

from msgspec import Struct

ELEMENTS = ("事项名称", "设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程")
"""The eight classes of elements of a guide, in the order of the clause (国办秘函〔2019〕19号)."""


class ServiceGuideFact(Struct, frozen=True):
    """One guide. `given` are the classes of elements that it gives, 无需材料 and 不收费 among them.

    `opaque` says in Chinese what of the page is no text to us (a picture, a document) and may hold what is not
    given; "" where all of it is text. `forms` are the forms it asks for, `downloads` the words of the links by which
    a form may be had, `form_source` the words that say a form is had elsewhere (窗口领取, 网上填报).
    """

    url: str
    title: str
    column: str = ""
    given: tuple[str, ...] = ()
    opaque: str = ""
    forms: tuple[str, ...] = ()
    downloads: tuple[str, ...] = ()
    form_source: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The classes that it does not give, in their order."""
        return tuple(element for element in ELEMENTS if element not in self.given)


class ServiceListFact(Struct, frozen=True):
    """One published list of items (权责清单, 公共服务事项清单) with the names that its table gives."""

    url: str
    title: str
    names: tuple[str, ...] = ()


class ServiceFacts(Struct, frozen=True):
    """What was read of a site's 办事服务, from a bounded number of pages.

    `unread` says in Chinese why there may be guides that were not read, "" where all that are listed were; `untold`
    are pages that stand among the guides and in which no element of a guide was told.
    """

    guides: tuple[ServiceGuideFact, ...] = ()
    untold: tuple[str, ...] = ()
    unread: str = ""
    lists: tuple[ServiceListFact, ...] = ()
