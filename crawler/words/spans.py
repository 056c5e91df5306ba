"""What protects a form where it stands: titles in 《》, quoted words, names of firms, places and persons.

Also the sentence around a place of a text.
"""

from __future__ import annotations

import re
from functools import cache

from crawler.facts.texts import TextKind
from crawler.read.lexicon import any_of, words

LONGEST_SENTENCE = 160
"""Characters of a sentence that are kept; of a longer one what is around the form."""
_QUOTED = 12
"""So many quoted characters are words that are spoken about; more are a speech, whose typos are typos."""
_ENDS = "。！？；!?\n"
_NAMED = re.compile(
    r"[\u4e00-\u9fff（）()·]{0,10}?(?:公司|合作社|酒店|饭店|宾馆|商行|经营部|门市部|工作室|厂|幼儿园|小区|花园|"
    r"村委会|村民委员会|居委会|社区|庄园|山庄|度假区|渔村|农场|林场)"
)
_PERSON = re.compile(r"(?:同志|先生|女士|教授|医师|律师|老师|某)")
_SHORT = 3
"""Characters up to which a form may stand within a name by chance."""


def sentence_around(text: str, start: int, end: int) -> tuple[str, int]:
    """The sentence that holds a place, and the place's offset in it."""
    first = start
    while first > 0 and text[first - 1] not in _ENDS and start - first < LONGEST_SENTENCE:
        first -= 1
    last, size = end, len(text)
    while last < size and text[last] not in _ENDS and last - end < LONGEST_SENTENCE:
        last += 1
    if last < size and text[last] in _ENDS[:-1]:
        last += 1
    if last - first > LONGEST_SENTENCE:
        spare = max(0, LONGEST_SENTENCE - (end - start)) // 2
        first = max(first, start - spare)
        last = min(last, end + spare)
    sentence = text[first:last]
    lead = len(sentence) - len(sentence.lstrip())
    lead = min(lead, start - first)
    return sentence[lead:].rstrip(), start - first - lead


def protection(kind: TextKind, wrong: str, line: str, start: int, end: int) -> str:
    """Why a form is let through where it stands in its line, in Chinese; "" where nothing protects it."""
    if _encloser(line, start, end, "《", "》"):
        return "书名号内"
    quoted = _encloser(line, start, end, "“", "”") or _encloser(line, start, end, "「", "」")
    if quoted and (kind is TextKind.WORDING or quoted <= _QUOTED):
        return "引号内"
    if kind is TextKind.TYPO and len(wrong) <= _SHORT:
        if _NAMED.match(line, end, end + 20):
            return "机构、场所名称"
        if start and line[start - 1] in surnames() and _PERSON.match(line, end):
            return "人名"
    return ""


def _encloser(line: str, start: int, end: int, opening: str, closing: str) -> int:
    """How many characters the marks around a place hold; 0 where none are around it."""
    left = line.rfind(opening, 0, start)
    if left < 0 or line.find(closing, left, start) >= 0:
        return 0
    right = line.find(closing, end)
    return (right if right >= 0 else len(line)) - left - 1


@cache
def surnames() -> frozenset[str]:
    """Common surnames of one character."""
    return frozenset("".join(words("names", "single")))


@cache
def person() -> re.Pattern[str]:
    """A personal name: a surname and one or two characters."""
    doubles = any_of("names", "double").pattern
    singles = "".join(sorted(surnames()))
    return re.compile(rf"(?:{doubles}|[{singles}])[\u4e00-\u9fff]{{1,2}}")
