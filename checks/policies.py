"""Policy documents and their interpretations: which belongs to which, and whether their pages lead to each other.

An interpretation belongs to a document that its title names, that its text names first, or that is linked with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from checks import lexicon
from checks.issuers import Issuers, Level
from checks.papers import Paper, document_keys, is_interpretation, is_policy_document, key_of, names_in
from checks.window import Window
from crawler.facts import SiteFacts
from crawler.facts.documents import PolicyText

DOCUMENTS, INTERPRETATIONS = "policy-document", "policy-interpretation"
_HEAD = 6


class Document(Struct, frozen=True):
    """A policy document with whose it is and the names it goes by.

    `from_us` says that its page names the unit as its 来源: little, where nothing else says whose it is.
    """

    paper: Paper
    level: Level
    keys: frozenset[str]
    from_us: bool = False


class Pair(Struct, frozen=True):
    """A document and an interpretation of it.

    `named` says that the interpretation's own title names the document. `forward` and `backward` say whether the
    document's page links to the interpretation and the other way; None where that page could not be read.
    """

    document: Document
    interpretation: Paper
    named: bool
    forward: bool | None
    backward: bool | None

    @property
    def is_sure(self) -> bool:
        """Not merely a text that mentions the document."""
        return self.named or bool(self.forward and self.backward)


class Policies(Struct, frozen=True):
    """What the columns of documents and interpretations hold. A document that stands in two columns counts once."""

    documents: tuple[Document, ...]
    interpretations: tuple[Paper, ...]
    pairs: tuple[Pair, ...]

    @classmethod
    def of(cls, facts: SiteFacts, papers: Iterable[Paper]) -> Policies:
        """Puts the papers of a site together; linear in their number."""
        issuers = Issuers.of(facts)
        documents: dict[str, Document] = {}
        interpretations: dict[str, Paper] = {}
        for paper in papers:
            if paper.column == DOCUMENTS and is_policy_document(paper):
                document = Document(
                    paper,
                    issuers.level(paper.title, paper.document),
                    document_keys(paper.title, issuers.stem),
                    issuers.is_ours(paper.source),
                )
                known = documents.get(key_of(paper.title))
                if known is None or (known.paper.unread and not paper.unread):
                    documents[key_of(paper.title)] = document
            elif paper.column == INTERPRETATIONS or is_interpretation(paper.title):
                interpretations.setdefault(place(paper.url), paper)
        index = _Index(documents.values())
        for paper in list(_linked_from(documents.values())):
            interpretations.setdefault(place(paper.url), paper)
        pairs = tuple(pair for paper in interpretations.values() for pair in index.pairs_of(paper))
        return cls(tuple(documents.values()), tuple(interpretations.values()), pairs)

    def own(self, span: Window) -> tuple[Document, ...]:
        """The own-level documents published in a window; what only passes others' documents on is none."""
        return tuple(one for one in self.documents if one.level is Level.OWN and _is_within(one.paper, span))

    def unknown(self, span: Window) -> tuple[Document, ...]:
        """The documents of the window of which it is not known whose they are."""
        return tuple(one for one in self.documents if one.level is Level.UNKNOWN and _is_within(one.paper, span))

    def interpreted(self) -> frozenset[str]:
        """The addresses of the documents that any interpretation belongs to."""
        return frozenset(pair.document.paper.url for pair in self.pairs)


class _Index:
    """Finds the documents that a text names, by the first characters of their names and the lengths these may have:
    what it costs hangs on the text, not on the number of documents that begin with the same words.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self._by_key: dict[str, list[Document]] = {}
        self._lengths: dict[str, set[int]] = {}
        self._by_place: dict[str, Document] = {}
        for document in documents:
            self._by_place[place(document.paper.url)] = document
            for key in document.keys:
                self._by_key.setdefault(key, []).append(document)
                self._lengths.setdefault(key[:_HEAD], set()).add(len(key))

    def named_in(self, text: str) -> dict[str, Document]:
        """The documents whose names stand in a text of a few dozen characters, by address."""
        spans: list[tuple[int, int, Document]] = []
        for at in range(len(text) - _HEAD + 1):
            for length in self._lengths.get(text[at : at + _HEAD], ()):
                found = self._by_key.get(text[at : at + length], ())
                spans.extend((at, at + length, document) for document in found)
        # 关于修改《办法》的决定 is not the 办法 itself: a name within a longer one is no name of its own
        return {
            document.paper.url: document
            for first, last, document in spans
            if not any(a <= first and last <= b and last - first < b - a for a, b, _ in spans)
        }

    def pairs_of(self, paper: Paper) -> Iterator[Pair]:
        """The documents that an interpretation belongs to."""
        titled = self.named_in(key_of(paper.title))
        if not titled and paper.policy is not None and not any(names_in(paper.title)):
            # the title names none: the first name in the text is what it is about
            titled = self.named_in(key_of(next(iter(paper.policy.named), "")))
        found = dict(titled)
        for name in paper.policy.named if paper.policy else ():
            found |= self.named_in(key_of(name))
        for related in paper.policy.related if paper.policy else ():
            document = self._by_place.get(place(related.url))
            if document is not None:
                found.setdefault(document.paper.url, document)
        for url, document in found.items():
            if url != paper.url:
                forward = _leads_to(document.paper, paper, frozenset((key_of(paper.title),)))
                yield Pair(document, paper, url in titled, forward, _leads_to(paper, document.paper, document.keys))


def _leads_to(source: Paper, target: Paper, keys: frozenset[str]) -> bool | None:
    """Whether a page links to another, by its address or by its name (it may stand under several addresses)."""
    if source.unread or source.policy is None:
        return None
    wanted = place(target.url)
    if any(place(one.url) == wanted or _is_called(one.text, keys) for one in source.policy.related):
        return True
    return None if source.policy.unfilled else False


def _is_called(text: str, keys: frozenset[str]) -> bool:
    return any(len(key) >= _HEAD and key in key_of(text) for key in keys)


def _linked_from(documents: Iterable[Document]) -> Iterator[Paper]:
    """Interpretations that no list names and that a document's page leads to: elsewhere on the site, or off it."""
    for document in documents:
        policy = document.paper.policy
        for related in policy.related if policy else ():
            if is_interpretation(related.text) and any(key in key_of(related.text) for key in document.keys):
                yield Paper(related.url, related.text, "", unread="页面未能查看")


def place(url: str) -> str:
    """An address as it is compared: without scheme, `www.` and index page."""
    parts = urlsplit(url)
    path = parts.path
    for index in ("index.html", "index.htm", "index.shtml"):
        path = path.removesuffix(index)
    return f"{parts.netloc.removeprefix('www.')}{path}?{parts.query}"


def _is_within(paper: Paper, span: Window) -> bool:
    written = paper.document.written.value if paper.document and paper.document.written else None
    day = paper.released or written
    return day is not None and span.holds(day)


def is_of_other_kind(paper: Paper) -> bool:
    """Whether a text in a column of interpretations is plainly of another kind, by its title and its own page."""
    if paper.unread or not lexicon.pattern("policies", "other_kind").search(paper.title):
        return False
    if lexicon.pattern("policies", "interpretive").search(paper.title):
        return False
    return paper.policy is not None and not _interprets(paper.policy)


def _interprets(policy: PolicyText) -> bool:
    return bool(policy.named)
