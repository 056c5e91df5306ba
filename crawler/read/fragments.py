"""Navigation and footer repeat on every page of a site: what was read of them once is not walked again.

A fragment is known again by its whole markup. One whose addresses depend on the page's directory is known only there.
"""

from __future__ import annotations

import re

from crawler.read.outline import Fragment, Outline

_MOST = 300
_LONGEST = 200_000
_MOST_MISSES = 400
_PAGER = re.compile(r"下\s*一?\s*页|上\s*一?\s*页")


class FragmentMemory:
    """The fragments of one site. It stops looking where a site's frame differs from page to page."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Fragment | None] = {}
        self._misses = 0

    @property
    def is_worthwhile(self) -> bool:
        """Whether fragments of this site come again."""
        return self._misses < _MOST_MISSES

    def find(self, markup: str, origin: str, directory: str) -> Fragment | None:
        """What is known of this markup on a page in this directory of this origin."""
        key = (origin, markup)
        if key in self._known:
            found = self._known[key] or self._known.get((directory, markup))
            if found is not None:
                self._misses = 0
                return found
        self._misses += 1
        return None

    def keep(self, page: Outline, origin: str, directory: str) -> None:
        """Remembers those fragments of a page that are new; their links are made."""
        for _, fragment in page.fragments:
            if not fragment.markup or ((origin, fragment.markup) in self._known and not fragment.relative):
                continue
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[origin, fragment.markup] = None if fragment.relative else fragment
            if fragment.relative:
                self._known[directory, fragment.markup] = fragment


def is_keepable(markup: str) -> bool:
    """Whether a fragment may be remembered: not outsized, and no pager, whose numbers are the page's own."""
    return len(markup) <= _LONGEST and not _PAGER.search(markup)
