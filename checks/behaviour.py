"""What the checks of links and safety gather from all pages: signs in the markup, by what they are about."""

from __future__ import annotations

from functools import lru_cache

from msgspec import Struct, field

from checks import lexicon
from checks.gathering import Gatherer
from crawler.facts import PageFact, SiteFacts
from crawler.facts.behaviour import Sign, Suspect

MOST = 200
"""Pages named of one sign; their number is told besides."""
_LABELS = ("keywords", "description")


class Borne(Struct):
    """A sign with the pages that bear it, in order of discovery; `count` is how many there are."""

    suspect: Suspect
    pages: list[str] = field(default_factory=list)
    count: int = 0

    def on(self, url: str) -> None:
        """One more page."""
        self.count += 1
        if len(self.pages) < MOST:
            self.pages.append(url)


class Wording(Struct, frozen=True):
    """A page whose title or labels speak of gambling or porn: which part, its words, and what was recognised."""

    url: str
    part: str
    words: str
    hit: str


class Signs(Gatherer):
    """The signs of all pages, each once, and the pages whose titles and labels are not a government's."""

    def __init__(self, facts: SiteFacts) -> None:
        super().__init__(facts)
        self.pages = 0
        self.borne: dict[tuple[Sign, str, str], Borne] = {}
        self.wordings: list[Wording] = []

    def see(self, page: PageFact) -> None:
        """A page's signs, and its words."""
        self.pages += 1
        for suspect in page.suspects:
            key = (suspect.sign, suspect.url or suspect.quote, suspect.text)
            self.borne.setdefault(key, Borne(suspect)).on(page.url)
        for part, words in (("标题（title）", page.title), *_labels(page)):
            hit = improper(words)
            if hit:
                self.wordings.append(Wording(page.url, part, words, hit))
                break

    def of(self, sign: Sign) -> list[Borne]:
        """The signs of that kind in order of discovery."""
        return [borne for (kind, _, _), borne in self.borne.items() if kind is sign]


@lru_cache(maxsize=4096)
def improper(words: str) -> str:
    """What in a title is of gambling or porn, "" where nothing is or where the title speaks about it.

    澳门葡京娱乐城官网 → 葡京; 警方捣毁一网络赌博窝点 → "".
    """
    found = lexicon.pattern("tampering", "strong").search(words) if words else None
    return found[0] if found and not lexicon.pattern("tampering", "speaks_about").search(words) else ""


def _labels(page: PageFact) -> list[tuple[str, str]]:
    return [(f"页面标签 {name}", value) for name, value in page.labels if name.lower() in _LABELS and value]
