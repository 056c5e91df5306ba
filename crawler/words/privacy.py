"""Private numbers in a text by rules: identity numbers, bank cards, mobile numbers of private persons.

A masked number is no number here: what is not whole is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from crawler.facts.texts import TextHit, TextKind
from crawler.read.lexicon import any_of, words
from crawler.words.spans import person, sentence_around

IDENTITY, CARD, MOBILE = "identity-number", "bank-card", "mobile"
_EDGE, _END = r"(?<![0-9A-Za-z*.])", r"(?![0-9A-Za-z*])"
_LONG = re.compile(r"[0-9][0-9]{2}(?:[0-9]{8}|[ -][0-9]{4}[ -][0-9]{4}|[0-9] [0-9]{4} [0-9]{4})")
"""A run of digits that could be one; a single class stands first, for then `re` skips to it."""
_IDENTITY = re.compile(rf"{_EDGE}[1-8][0-9]{{16}}[0-9Xx]{_END}")
_CARD = re.compile(rf"{_EDGE}(?:[0-9]{{16,19}}|[0-9]{{4}}(?: [0-9]{{4}}){{3}}(?: [0-9]{{1,3}})?){_END}")
_MOBILE = re.compile(rf"{_EDGE}1[3-9][0-9](?:[0-9]{{8}}|([ -])[0-9]{{4}}\1[0-9]{{4}}){_END}")
_VALUES = re.compile(rf"{_IDENTITY.pattern}|{_CARD.pattern}|{_EDGE}1[3-9][0-9][ -]?[0-9]{{4}}[ -]?[0-9]{{4}}{_END}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_LABEL = re.compile(r"(?:户主|学生|申请人|本人|家长)?姓\s*名[:：\s]{0,6}([\u4e00-\u9fff·]{2,4})(?![\u4e00-\u9fff])")
_CALL = r"[\s，,、：:（(]*(?:联系)?(?:电话|手机|方式|号码|手机号码?|联系电话|电话号码)?[:：\s]{0,3}\Z"
_NEAR, _AROUND, _CHAIN = 60, 80, 200
_OLDEST, _YOUNGEST = date(1900, 1, 1), date(2099, 12, 31)


def find_private(text: str) -> list[TextHit]:
    """The private numbers of a text, those of one rule and sentence as one; most texts end at the first look."""
    if _LONG.search(text) is None:
        return []
    return [
        _hit(text, rule, start, end)
        for rule, found in ((IDENTITY, _identities(text)), (CARD, _cards(text)), (MOBILE, _mobiles(text)))
        for start, end in found
    ]


def masked(text: str) -> str:
    """The text with every number of a private form hidden but for its ends; the length stays."""
    return _VALUES.sub(lambda found: f"{found[0][:3]}{'*' * (len(found[0]) - 5)}{found[0][-2:]}", text)


def _hit(text: str, rule: str, start: int, end: int) -> TextHit:
    sentence, offset = sentence_around(text, start, end)
    return TextHit(TextKind.PRIVACY, rule, masked(sentence), offset, end - start)


def _identities(text: str) -> Iterator[tuple[int, int]]:
    for found in _IDENTITY.finditer(text):
        if is_identity_number(found[0]) and not _is_other(text, found.start(), found.end()):
            yield found.span()


def is_identity_number(number: str) -> bool:
    """Whether 18 characters are a citizen's number: region, day of birth and check digit."""
    if number[:2] not in _provinces() or number[2:4] == "00":
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    if not _OLDEST <= born <= _YOUNGEST:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == number[17].upper()


def _cards(text: str) -> Iterator[tuple[int, int]]:
    signs, bodies = any_of("privacy", "card_signs"), any_of("privacy", "body_account")
    for found in _CARD.finditer(text):
        number = found[0].replace(" ", "")
        start, end = found.span()
        if not number.startswith(_issuers()) or not passes_luhn(number) or is_identity_number(number[:18]):
            continue
        if signs.search(text) is None or bodies.search(text, max(0, start - _NEAR), end + 20):
            continue
        if not _is_other(text, start, end):
            yield start, end


def passes_luhn(number: str) -> bool:
    """Whether the check digit of a card number is right (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(d if at % 2 == 0 else d * 2 - 9 * (d > 4) for at, d in enumerate(digits)) % 10 == 0


def _mobiles(text: str) -> Iterator[tuple[int, int]]:
    """Numbers beside a private person's name. A list of official contacts is one from its head to its end."""
    official, citizens = any_of("privacy", "official_contact"), any_of("privacy", "citizens")
    last, is_official = -_CHAIN, False
    for found in _MOBILE.finditer(text):
        start, end = found.span()
        before = text[max(0, start - _AROUND) : start]
        near = official.search(before) or official.search(text, end, end + 20)
        is_official = near is not None or (is_official and start - last < _CHAIN)
        last = end
        if is_official or _is_other(text, start, end):
            continue
        if _labelled(before[-_NEAR:]) or (
            _stands_by_name(before) and citizens.search(text, max(0, start - 400), end + 20)
        ):
            yield start, end


def _labelled(before: str) -> bool:
    return any(_is_name(found[1]) for found in _LABEL.finditer(before))


def _stands_by_name(before: str) -> bool:
    """Whether a name stands right before the number, or in one of the four cells (lines) before its own."""
    cells = before.split("\n")
    for cell in cells[-5:-1]:
        if _is_name(cell.strip().replace(" ", "")):
            return True
    own = re.search(rf"(?:^|[\s，,。、；;：:（(])([\u4e00-\u9fff]{{2,4}}){_CALL}", cells[-1])
    return own is not None and _is_name(own[1])


def _is_name(word: str) -> bool:
    return word not in _never() and person().fullmatch(word) is not None


def _is_other(text: str, start: int, end: int) -> bool:
    """Whether the words before a number make it another one, or a sample."""
    before = text[max(0, start - 20) : start].rsplit("\n", 1)[-1]
    if any_of("privacy", "other_number").search(before):
        return True
    sentence, _ = sentence_around(text, start, end)
    return any_of("privacy", "sample").search(sentence) is not None


@cache
def _provinces() -> frozenset[str]:
    return frozenset(words("privacy", "provinces"))


@cache
def _issuers() -> tuple[str, ...]:
    return words("privacy", "cards")


@cache
def _never() -> frozenset[str]:
    return frozenset(words("names", "never"))
