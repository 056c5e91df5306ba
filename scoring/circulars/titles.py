"""The headings above a table, by the levels of official writing (附件, title, 一、, （一）, 1., （1）)."""

from __future__ import annotations

import re
import unicodedata

from scoring.circulars.words import folded, name_of, words

_ANNEX = re.compile(r"附\s*(?:件|表)\s*\d{0,3}\s*[:：]?\s*(.*)")
_TITLE = 1
_NUMBERED = (
    (2, re.compile(r"[一二三四五六七八九十]{1,3}\s*、")),
    (3, re.compile(r"[(（]\s*[一二三四五六七八九十]{1,3}\s*[)）]")),
    (4, re.compile(r"\d{1,2}\s*[.、．](?!\d)")),
    (5, re.compile(r"[(（]\s*\d{1,2}\s*[)）]")),
)
_LONGEST, _LONGEST_LINE = 60, 300
_SENTENCE = "。；，：;,:？！"
_PAGE = re.compile(r"[\s\-—–·第]*\d{1,4}[\s\-—–·页]*")
_ASIDE_END = re.compile(r"[（(]续[)）]$")


class Trail:
    """The headings in force while a file is read from its top."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._levels: dict[int, str] = {}

    def read(self, paragraph: str) -> None:
        """Takes a paragraph for a heading where it is one."""
        if len(paragraph) > _LONGEST_LINE:
            return
        text = _ASIDE_END.sub("", name_of(paragraph.strip().lstrip("#").strip().strip("*").strip()))
        plain = folded(text)
        if not text or len(text) > _LONGEST or _PAGE.fullmatch(text) or plain.startswith(words().captions):
            return
        if annex := _ANNEX.match(text):
            self._levels = {0: text}
            text = annex[1]
            if not text:
                return
        if unicodedata.normalize("NFKC", text)[-1] in _SENTENCE:
            return
        for level, mark in _NUMBERED:
            if match := mark.match(text):
                self._set(level, text[match.end() :].strip())
                return
        self._set(_TITLE, text)

    def _set(self, level: int, text: str) -> None:
        self._levels = {at: heading for at, heading in self._levels.items() if at < level} | {level: text}

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings in force, the nearest last."""
        return tuple(heading for _, heading in sorted(self._levels.items()))

    @property
    def title(self) -> str:
        """What a table here is called: the numbered headings above it, else the title, the annex or the file."""
        numbered = [heading for level, heading in sorted(self._levels.items()) if level > _TITLE]
        return " / ".join(numbered) or self._levels.get(_TITLE) or self._levels.get(0) or self._name
