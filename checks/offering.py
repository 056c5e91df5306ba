"""Where a site's services and interaction stand: on its own hosts, or on a platform elsewhere, not visited."""

from __future__ import annotations

from checks import derived, lexicon
from checks.derived import Mention
from crawler.facts import ColumnFact, SiteFacts


def entries(facts: SiteFacts, key: str) -> tuple[Mention, ...]:
    """The entries of a kind, by their names, on the site's own hosts and elsewhere."""
    return derived.of(facts).find(lexicon.pattern("entries", key), lexicon.pattern("entries", "talk_only"))


def only_elsewhere(facts: SiteFacts, key: str) -> Mention | None:
    """The first entry of a kind where all of them lead to other hosts; None where one is the site's own or none is."""
    hits = entries(facts, key)
    if any(derived.is_own(facts, hit.url) for hit in hits):
        return None
    return hits[0] if hits else None


def columns_of(facts: SiteFacts, kind: str) -> tuple[ColumnFact, ...]:
    """The site's columns of a type."""
    return tuple(column for column in facts.columns if column.type == kind)


def away_words(mention: Mention) -> str:
    """An entry that leads elsewhere, as a reason of not knowing."""
    return f"“{mention.text}”设在站外（{derived.host(mention.url)}），本次没有采集"
