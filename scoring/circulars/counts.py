"""数量不符: how many sites, accounts and units the text tells, against the rows of the tables it speaks of.

Told only where a sentence says that it speaks of what was assessed (纳入绩效评估范围) and where exactly one table
answers each level (县区, 部门) that it names; whatever is less clear than that is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from scoring.circulars.table import Discrepancy, Kind, Role, Table
from scoring.circulars.words import folded, words

_SENTENCE = re.compile(r"[。！？]")
_LONGEST_PHRASE, _LONGEST_SENTENCE = 120, 2_000
_ASIDE = re.compile(r"\([^()]{0,60}\)")


class Claim(Struct, frozen=True):
    """网站32个: a number of one kind, for these levels; none where the sentence names none."""

    kind: str
    levels: frozenset[str]
    number: int
    text: str


def count_discrepancies(paragraphs: Sequence[str], tables: Sequence[Table]) -> Iterator[Discrepancy]:
    """The told numbers that differ from the rows of their tables."""
    told: set[tuple[str, frozenset[str]]] = set()
    for paragraph in paragraphs:
        for claim in claims(paragraph):
            answering = _answering(claim, tables)
            rows = sum(len(table.rows) for table in answering)
            if not answering or rows == claim.number or (claim.kind, claim.levels) in told:
                continue
            told.add((claim.kind, claim.levels))
            titles = "、".join(table.title for table in answering)
            made = "+".join(str(len(table.rows)) for table in answering)
            made = f"{made}={rows}" if len(answering) > 1 else made
            text = f"正文称“{claim.text}”，表中为 {made} 行"
            yield Discrepancy(titles, None, "", Kind.COUNT, str(claim.number), str(rows), text)


def claims(paragraph: str) -> Iterator[Claim]:
    """The numbers of a paragraph's sentences that speak of what was assessed."""
    for sentence in _SENTENCE.split(folded(paragraph)):
        if len(sentence) <= _LONGEST_SENTENCE and any(scope in sentence for scope in words().scopes):
            for clause in sentence.split(";"):
                yield from _claims(_ASIDE.sub(_level_mark, clause))


def _level_mark(match: re.Match[str]) -> str:
    """县（区）级 names a level with its brackets; 13个（含派出机构） does not."""
    return match[0][1:-1] if match[0][1:-1] in ("区", "市、区", "市") else ""


def _claims(clause: str) -> Iterator[Claim]:
    counters = "|".join(map(re.escape, words().counters))
    before: frozenset[str] = frozenset()
    for match in re.finditer(rf"([^0-9]{{0,{_LONGEST_PHRASE}}}?)共?(\d{{1,5}})(?:{counters})", clause):
        phrase = match[1]
        levels = frozenset(level for level, marks in words().levels.items() if any(mark in phrase for mark in marks))
        levels = levels or before
        before = levels
        kind = _counted(phrase)
        if kind and not any(word in clause for word in words().earlier):
            yield Claim(kind, levels, int(match[2]), match[0].lstrip(",、"))


def _counted(phrase: str) -> str:
    """The kind that a phrase counts; "" where it names two (微博、微信共75个) or a part of one (优秀网站5个)."""
    known = words()
    named = {kind for kind, marks in known.kinds.items() if any(mark in phrase for mark in marks)}
    noun = phrase.split(",")[-1]
    for end in known.scope_ends:
        noun = noun.rpartition(end)[2]
    for kind, marks in known.kinds.items():
        for mark in marks:
            if noun.endswith(mark) and named == {kind} and not _without_fillers(noun.removesuffix(mark)):
                return kind
    return ""


def _without_fillers(text: str) -> str:
    for filler in sorted(words().fillers, key=len, reverse=True):
        text = text.replace(filler, "")
    return text


def _answering(claim: Claim, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables that the claim speaks of; none where one is lacking or two could be meant."""
    of_kind = [(table, _level_of(table)) for table in tables if _kind_of(table) == claim.kind]
    if not claim.levels:
        levels = [level for _, level in of_kind]
        return tuple(table for table, _ in of_kind) if len(set(levels)) == len(levels) else ()
    found = [(table, level) for table, level in of_kind if level in claim.levels]
    return tuple(table for table, _ in found) if sorted(level for _, level in found) == sorted(claim.levels) else ()


def _kind_of(table: Table) -> str:
    """The kind that the names' head (政务微信名称), else the nearest heading tells; "" for lists of counts."""
    if not table.at(Role.TOTAL):
        return ""
    heads = [table.columns[at].head for at in table.at(Role.NAME)]
    for text in (*heads, *reversed(table.headings)):
        plain = folded(text)
        kinds = [kind for kind, marks in words().kinds.items() if any(mark in plain for mark in marks)]
        if len(kinds) == 1 and (kinds[0] != "unit" or not _other_kind(table)):
            return kinds[0]
    return ""


def _other_kind(table: Table) -> str:
    """A kind of site or account that a heading names: 单位名称 heads many tables that rank units by their sites."""
    for heading in reversed(table.headings):
        for kind, marks in words().kinds.items():
            if kind != "unit" and any(mark in heading for mark in (*marks, "新媒体", "公开")):
                return kind
    return ""


def _level_of(table: Table) -> str:
    for heading in reversed(table.headings):
        plain = folded(heading)
        levels = [level for level, marks in words().levels.items() if any(mark in plain for mark in marks)]
        if len(levels) == 1:
            return levels[0]
    return ""
