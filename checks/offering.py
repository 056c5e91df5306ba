"""Where a site's services and interaction stand: on its own hosts, or on a platform elsewhere, not visited."""

from __future__ import annotations

from msgspec.structs import replace

from checks import derived, lexicon
from checks.derived import Mention
from checks.model import State, Verdict
from crawler.facts import ColumnFact, SiteFacts


def entries(facts: SiteFacts, key: str) -> tuple[Mention, ...]:
    """The entries of a kind, by their names, on the site's own hosts and elsewhere."""
    return derived.of(facts).find(lexicon.pattern("entries", key), lexicon.pattern("entries", "not_an_offer"))


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


def unless_nobody_is_served(facts: SiteFacts, verdict: Verdict) -> Verdict:
    """A department's missing services as a candidate: some serve nobody outside, which no page of theirs says.

    国办 checks no 办事服务 of such departments (the rules for the sites of 国务院部门).
    """
    if verdict.state is not State.FAIL or facts.site.kind == "portal":
        return verdict
    doubt = "；本单位没有对外服务事项的除外，待人工确认"
    findings = tuple(replace(finding, message=f"{finding.message}{doubt}") for finding in verdict.findings)
    return Verdict(State.NEEDS_REVIEW, f"{verdict.summary}{doubt}", findings, verdict.measurements)
