"""Whose a document is: the unit's own (本级), passed on (转发), another body's (上级或其他), or not to be told."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from msgspec import Struct

from checks import lexicon
from crawler.facts import SiteFacts
from crawler.facts.documents import DocumentFact, IssuerSource

_SHORT_GOVERNMENT = r"(?:人民政府|政府|委|办|政府办公室|府办|管委会)"
_PLACE = re.compile(r"^[\u4e00-\u9fff]{1,8}?(?:自治州|自治县|自治区|地区|新区|省|市|县|区|州|盟|旗|镇|乡|街道)")
_LAW = re.compile(r"(?:条例|(?<![办方司执守普书])法)(?:实施条例)?(?:[（(【].{1,16}[）)】])?$")
"""Laws and 条例 are made by congresses and the State Council, by no office whose site this is."""
_LEVELS = "省市县区州旗镇乡"


class Level(StrEnum):
    """Whose document it is, seen from the unit whose site it stands on."""

    OWN = "own"
    FORWARDED = "forwarded"
    OTHER = "other"
    UNKNOWN = "unknown"

    @property
    def is_own(self) -> bool:
        """Issued by the unit or a body under it, also where it passes on what others said."""
        return self in (Level.OWN, Level.FORWARDED)


class Issuers(Struct, frozen=True):
    """The names under which one unit issues documents."""

    stem: str
    short: str
    government: bool

    @classmethod
    def of(cls, facts: SiteFacts) -> Issuers:
        """青砚县人民政府 → 青砚县…, 县政府…; 砚江市财蕴局 → 砚江市财蕴局, 市财蕴局."""
        name = facts.unit.name
        stem = re.sub(lexicon.table("policies")["government"], "", name)
        place = _PLACE.match(name)
        short = name[place.end() :] if place and stem == name else ""
        return cls(stem, short if len(short) >= len("财局") else "", stem != name)

    def level(self, title: str, document: DocumentFact | None) -> Level:
        """Told from the issuer, else from the title's first words; UNKNOWN where neither says it."""
        plain = title.strip()
        issuer = document.issuer.value if document and document.issuer else ""
        if _pattern("national").search(plain) or (issuer and _pattern("national").search(issuer)):
            return Level.OTHER
        before = plain.partition("关于")[0] if "关于" in plain else plain.partition("《")[0]
        if self.is_ours(issuer) or (not issuer and self._begins_with_us(plain)):
            if document and document.issuer_source is IssuerSource.PUBLISHER and not self._numbers(document):
                return Level.UNKNOWN  # 发布机构 may be the office that put another's document on the site
            return Level.FORWARDED if _pattern("forwarded").search(plain) else Level.OWN
        if issuer:
            return Level.OTHER
        if _LAW.search(plain) or (_PLACE.match(before) and not self._is_level_word(before)):
            return Level.OTHER
        return Level.UNKNOWN

    def is_ours(self, issuer: str) -> bool:
        """县政府办 on a county's site, 市财蕴局 on a bureau's: the place may be left out or stand in one word."""
        if not issuer:
            return False
        if self.stem in issuer or issuer in ("本局", "我局", "本机关", "本单位"):
            return True
        if self.government:
            return bool(re.match(rf"{self.stem[-1:]}{_SHORT_GOVERNMENT}", issuer))
        return bool(self.short) and bool(re.match(rf"[{_LEVELS}]?{re.escape(self.short)}", issuer))

    def _begins_with_us(self, title: str) -> bool:
        if title.startswith(self.stem) or self.government or not self.short:
            return title.startswith(self.stem)
        return bool(re.match(rf"[{_LEVELS}]?{re.escape(self.short)}", title))

    def _numbers(self, document: DocumentFact) -> bool:
        """The 文号 begins with a character of the unit's name: 云政发〔2026〕5号 on 云溪县's site."""
        return document.number is not None and document.number.value[:1] in self.stem

    def _is_level_word(self, text: str) -> bool:
        """全市, 全县 and the like name no place of their own."""
        return text.startswith(("全", "本", "我", self.stem))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return lexicon.pattern("policies", key)
