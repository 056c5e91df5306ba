"""The lexicons in force as one automaton: a text is scanned once for all forms, and only what it finds is weighed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct
from msgspec.structs import replace

from crawler.facts.texts import TextHit, TextKind
from crawler.words.entry import Entry
from crawler.words.errors import WordbookErrors, WordbookProblem
from crawler.words.files import SUFFIXES, read
from crawler.words.privacy import find_private, masked
from crawler.words.spans import protection, sentence_around

BUILT_IN = ("typos.csv", "wording.csv")
MOST_HITS = 40
"""Hits of one text that are kept; a text with more of them is told by those."""


class Spared(Struct, frozen=True):
    """A form that stands in a text and is let through, and why."""

    entry: Entry
    sentence: str
    offset: int
    reason: str


class Wordbook:
    """Entries ready to scan by. `digest` changes with whatever could change what a scan finds."""

    def __init__(self, entries: Sequence[Entry], digest: str) -> None:
        self.digest = digest
        self.entries = tuple(entries)
        forms: dict[str, list[Entry]] = {}
        for entry in entries:
            forms.setdefault(entry.wrong, []).append(entry)
        self._entries = list(forms.values())
        # small enough to stay in a core's cache beside the reading of pages: there faster than the larger DFA
        self._automaton = AhoCorasick(list(forms), implementation=Implementation.ContiguousNFA)

    def hits(self, text: str) -> tuple[TextHit, ...]:
        """What stands in a text, lines divided by line breaks, places that are alike once; at most MOST_HITS."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        private = find_private(text)
        if not found and not private:
            return ()
        return gathered([*self._weigh(text, found, None), *private])

    def examine(self, text: str) -> tuple[tuple[TextHit, ...], tuple[Spared, ...]]:
        """The hits of a text, and the forms that stand there and are let through."""
        spared: list[Spared] = []
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        hits = gathered([*self._weigh(text, found, spared), *find_private(text)])
        return hits, tuple(spared)

    def _weigh(self, text: str, found: Iterable[tuple[int, int, int]], spared: list[Spared] | None) -> list[TextHit]:
        matches = sorted(found, key=lambda match: (match[1], -match[2]))
        allowed = [
            (start, end) for form, start, end in matches if any(entry.kind is None for entry in self._entries[form])
        ]
        hits: list[TextHit] = []
        taken = -1
        for form, start, end in matches:
            for entry in self._entries[form]:
                if entry.kind is None or end <= taken:
                    continue
                first = text.rfind("\n", 0, start) + 1
                last = text.find("\n", end)
                line = text[first : last if last >= 0 else len(text)]
                if not entry.fits(line, start - first, end - first):
                    continue
                reason = self._reason(entry, text, line, start, end, first, allowed)
                sentence, offset = sentence_around(text, start, end)
                if not reason and entry.nearby and not any(word in sentence for word in entry.nearby):
                    reason = f"同句没有“{'”“'.join(entry.nearby[:4])}”等字样"
                if reason:
                    if spared is not None:
                        spared.append(Spared(entry, masked(sentence), offset, reason))
                    continue
                hits.append(_hit(entry, entry.kind, sentence, offset))
                taken = end
                break
        return hits

    @staticmethod
    def _reason(
        entry: Entry, text: str, line: str, start: int, end: int, first: int, allowed: Sequence[tuple[int, int]]
    ) -> str:
        """Why a form is let through; "" where nothing speaks for it."""
        if exception := entry.exception_at(text, start):
            return f"例外“{exception}”"
        if any(left <= start and end <= right for left, right in allowed):
            return "放行的词语"
        assert entry.kind is not None
        return protection(entry.kind, entry.wrong, line, start - first, end - first)


def gathered(hits: Iterable[TextHit]) -> tuple[TextHit, ...]:
    """Places that are alike as one with their count, and the private numbers of one rule as one; at most MOST_HITS."""
    kept: dict[TextHit | str, TextHit] = {}
    counts: dict[TextHit | str, int] = {}
    for hit in hits:
        key = hit.entry if hit.kind is TextKind.PRIVACY else hit
        kept.setdefault(key, hit)
        counts[key] = counts.get(key, 0) + hit.count
    return tuple(
        hit if counts[key] == hit.count else replace(hit, count=counts[key])
        for key, hit in list(kept.items())[:MOST_HITS]
    )


def _hit(entry: Entry, kind: TextKind, sentence: str, offset: int) -> TextHit:
    return TextHit(
        kind,
        entry.wrong,
        masked(sentence),
        offset,
        len(entry.wrong),
        correction=entry.right,
        since=entry.since,
        note=entry.note,
        source=entry.source,
    )


@cache
def built_in() -> Wordbook:
    """The lexicons that come with the program."""
    return wordbook(None)


def wordbook(folder: Path | None) -> Wordbook:
    """The built-in lexicons and over them the office's: every CSV and XLSX file of a folder, in the order of names.

    A form that the office lists replaces the built-in entries of the same form. A folder that is not there holds
    none. Raises WordbookErrors with the faults of all files.
    """
    entries: dict[str, list[Entry]] = {}
    digest = hashlib.sha256()
    problems: list[WordbookProblem] = []
    data = files("crawler.data.words")
    for name in BUILT_IN:
        with as_file(data / name) as path:
            _take(path, entries, digest)
    for path in office_files(folder):
        try:
            _take(path, entries, digest)
        except WordbookErrors as errors:
            problems += errors.problems
    if problems:
        raise WordbookErrors(problems)
    return Wordbook([entry for of_form in entries.values() for entry in of_form], digest.hexdigest())


def office_files(folder: Path | None) -> list[Path]:
    """The lexicon files of a folder by name; none where there is no folder."""
    if folder is None or not folder.is_dir():
        return []
    files_there = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(path for path in files_there if not path.name.startswith((".", "~$")))


def _take(path: Path, entries: dict[str, list[Entry]], digest: hashlib._Hash) -> None:
    own: dict[str, list[Entry]] = {}
    for entry in read(path):
        own.setdefault(entry.wrong, []).append(entry)
    entries.update(own)
    digest.update(hashlib.sha256(path.read_bytes()).digest())
