"""Pages that scripts fill: which ones a browser must show, and what is left of one that no browser has shown."""

from __future__ import annotations

from dataclasses import replace

from crawler.facts import Outcome, PageFact, PageKind

SOME_TEXT = 50
"""Characters of main text below which a list page without entries may be one that scripts fill."""


def unshown(fact: PageFact) -> PageFact:
    """A page that left something open and that no browser has shown: where it bears scripts, its gaps prove nothing."""
    return replace(fact, scripted=fact.scripted or any(link.tag == "script" for link in fact.links))


def leaves_open(fact: PageFact) -> bool:
    """The page as received shows nothing where something may be: a browser must show it before it is called empty."""
    if fact.outcome is Outcome.EMPTY_SHELL or fact.scripted:
        return True
    return fact.kind is PageKind.COLUMN and not fact.items and fact.body_length < SOME_TEXT and not fact.notice
