"""A text of the columns of policy documents and interpretations, and what its title says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from msgspec import Struct

from checks import lexicon
from crawler.facts.documents import DocumentFact, PolicyText

_SHORTEST_KEY = 6
_QUOTED = re.compile(r"(?P<before>.{0,3})《(?P<name>[^《》]{3,90})》")
_NOT_ISSUED = re.compile(r"(?:贯彻|落实|执行|实施|学习|宣传|根据|依据|按照)$")
_PASSING = re.compile(r"^(?:印发|公布|发布|下发|转发|批转|实施|修订|修改|废止|调整)+")
_TAIL = re.compile(r"的(?:通知|公告|通告|决定|批复|函)$")
_STATE = re.compile(
    r"(?:试行|暂行|修订版|修订|修正|修改|已废止|废止|失效|已失效|已修改|现行有效|有效|20\d\d年?修订|全文|附件)$"
)


class Paper(Struct, frozen=True):
    """A text as its list names it, and as its own page shows it where that was seen.

    `column` is the type of the column that lists it, "" where none does. `unread` says why its page tells nothing: it
    was not seen, or scripts fill it.
    """

    url: str
    title: str
    column: str
    day: date | None = None
    listed: date | None = None
    source: str = ""
    document: DocumentFact | None = None
    policy: PolicyText | None = None
    unread: str = ""

    @property
    def released(self) -> date | None:
        """The day on which it was published: as its page says, else as the list does."""
        return self.day or self.listed


def is_interpretation(title: str) -> bool:
    """Whether a title says that its text interprets a policy, and does not only speak about interpreting."""
    wanted, unwanted = (lexicon.pattern("policies", key) for key in ("interpretation", "not_interpretation"))
    return bool(wanted.search(title)) and not unwanted.search(title)


def is_policy_document(paper: Paper) -> bool:
    """Whether a text of a documents' column is a policy document: by its 文号 or the end of its title; meetings,
    persons, procurement, notices of results and interpretations are none.
    """
    title = paper.title
    if lexicon.pattern("policies", "not_document").search(title):
        return False
    number = paper.document.number if paper.document else None
    return (number is not None and "号" in number.value) or bool(
        lexicon.pattern("policies", "document").search(_without_mark(title))
    )


def key_of(name: str) -> str:
    """A name as it is compared: 《云溪县茶产业扶持办法（试行）》 → 云溪县茶产业扶持办法."""
    plain = _brackets().sub("", name)
    while shorter := _STATE.sub("", plain):
        if shorter == plain:
            break
        plain = shorter
    return plain


def document_keys(title: str, stem: str) -> frozenset[str]:
    """The names by which an interpretation may call a document, with and without the unit's own place.

    青砚县人民政府关于印发《青砚县茶产业扶持办法》的通知 → 青砚县茶产业扶持办法, 茶产业扶持办法, and the title itself.
    """
    found = {key_of(title)}
    for quoted in _QUOTED.finditer(title):
        if not _NOT_ISSUED.search(quoted["before"]):
            found.add(key_of(quoted["name"]))
    _, about, subject = title.partition("关于")
    if about:
        passed = _PASSING.sub("", subject)
        found.add(key_of(passed))
        if passed != subject:
            found.add(key_of(_TAIL.sub("", passed)))
    found |= {key.removeprefix(stem) for key in found}
    return frozenset(key for key in found if len(key) >= _SHORTEST_KEY)


def names_in(title: str) -> Iterator[str]:
    """The names in 《…》 of a title, as they are compared."""
    return (key_of(quoted["name"]) for quoted in _QUOTED.finditer(title))


def _without_mark(title: str) -> str:
    """A title without the marks behind it: （试行）, 【已废止】, a 文号, a cut."""
    plain = title.rstrip(" .…")
    return re.sub(r"(?:\s*[（(\[【［〔][^（()）\[\]【】]{1,24}[）)\]】］〕])+\s*$", "", plain).rstrip("》 ")


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile(str(lexicon.table("policies")["brackets"]))
