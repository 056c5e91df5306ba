"""The publication date that a reader sees: behind words that name it, or in a line close under the heading.

    发布时间：2026-08-03   发布日期 | 2026-08-03   发表于2026-08-03      labelled
    2026-08-03 10:08 来源：云溪融媒 阅读 12   03 | 2026-08             a line under the heading

A date within a sentence, of an event, of a related article or of the day's calendar is none of these.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from crawler.read.dates import DateText, cell_date, compact_date, date_at, find_date, worded_date
from crawler.read.lexicon import any_of, any_pattern, words
from crawler.read.outline import Line, Outline
from crawler.read.zones import Zone

_LONGEST_LINE = 200
_LONGEST_DATELINE = 90
_PROSE = 70
_LONGEST_PART = 12
_UNDER_HEADING = 6
_HEAD_LINES = 8
_LEAST_TITLE = 6
_ENTRIES = 3
_GAP = re.compile(r"[\s　/|｜>\[（(【]*")
_SENTENCE = re.compile("[，。；]")
_EVENT = re.compile(r"\s*(?:日\s*)?(?:至|到|—|–|~|～|起|止|前(?!往)|以前|之前|-\s*\d{1,2}\s*月|（?地点)")
_HALF_DAY = re.compile(r"\s*(?:日\s*)?[（(]?(?:星期|周|上午|下午|晚)")
_PLACE = re.compile(r"地\s*[点點]")
_NUMBERED = re.compile(r"(?:^|[\s（(])(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、．.）)]\s*\Z")
_NAMED_OTHERWISE = re.compile(r"(?:日\s*期|[时時]\s*[间間]|[截有][止效]期?|期限|日)\s*[:：]?\s*\Z")
_WITHIN = re.compile(r"(?:[于於至到从從自在以截])\s*\Z")
_YEARISH = re.compile(
    r"(?:19|20|２０)\S?\d|\d{1,2}\s?月|\b[A-Z][a-z]{2}|[一二][〇○零一二三四五六七八九]{3}年|民國|\d\d-\d{1,2}-\d"
)
_PUBLISHED = re.compile(r"\s*(?:首次)?(?:[发發][布佈表]|刊[发登]|[创創]建)")
_PUNCTUATION = re.compile(r"[：:\s]+")
_STAND_IN = "\0"
_APART = re.compile(r"\A\W?\0(?!\w)|(?<!\w)\0\W?\Z")
"""The date, put down as a stand-in, at either end of a line and apart from its words."""
_NO_WORD = re.compile(r"[\W_]+|(?:星期|周)[一二三四五六日天]")
_SHUT = ")）]】〕 "
_OPEN = "(（[【〔"
_ZONES_APART = (Zone.FOOTER, Zone.NAVIGATION)
_ZONES_BESIDE = (Zone.FOOTER, Zone.NAVIGATION, Zone.BREADCRUMB, Zone.SIDE)


class Dateline(Struct, frozen=True):
    """A date that the page shows. `evident` says that it stands by the page's own heading as a line about it;
    `changed` that its words tell a later change (更新时间).
    """

    read: DateText
    quote: str
    evident: bool
    changed: bool = False


class Place(Struct, frozen=True):
    """Where to look: the page's lines, the number of its heading's line (-1: none), the first text of its body.

    `named` are the lines that may hold words that name a date, `dated` those that may hold a date.
    """

    lines: list[Line]
    heading: int
    body_first: int
    title: str
    named: list[int]
    dated: list[int]
    texts: list[str]

    @classmethod
    def of(cls, page: Outline, heading: int, body_first: int) -> Place:
        """The place in a page; one quick pass picks the lines that may name a date and those that may hold one."""
        lines = page.lines
        texts = [line.text for line in lines]
        near = range(max(heading - 1, 0), min(max(heading, 0) + _HEAD_LINES, len(lines)))
        dated = [number for number, text in enumerate(texts) if "20" in text or "19" in text]
        named = [number for number, text in enumerate(texts) if "间" in text or "期" in text or "間" in text]
        dated = sorted({*dated, *near})
        named = sorted({*named, *(number for number in dated if _NAMING.search(texts[number]))})
        return cls(lines, heading, body_first, "".join(page.title.split()), named, dated, page.texts)

    def is_title(self, number: int) -> bool:
        """The line is the page's heading, or says its title."""
        return number == self.heading or self._agrees_with_title(self.lines[number])

    def heading_above(self, number: int) -> int:
        """The line of the heading that stands few short lines above, no text or other matter between; or -1."""
        for above in range(number - 1, max(-1, number - 1 - _UNDER_HEADING), -1):
            line = self.lines[above]
            if self.is_title(above):
                return above
            if line.heading and line.linked * 2 <= len(line.text) and line.zone not in _ZONES_APART:
                return above
            if len(line.text) - line.linked > _PROSE or line.linked >= 2 * _LEAST_TITLE:
                return -1
        return -1

    def is_under_title(self, number: int) -> bool:
        """The page's own title stands above."""
        above = self.heading_above(number)
        return above >= 0 and self.is_title(above)

    @property
    def shows_title(self) -> bool:
        """Some line is the page's title in so many words."""
        return any(map(self._agrees_with_title, self.lines))

    def ends_title(self, text: str, read: DateText) -> bool:
        """The date is the last of a line that says the title, or stands right behind the title: <h1>…<small>date."""
        squeezed = "".join(text.split())
        if squeezed in self.title:
            return False
        before = "".join(text.partition(read.quote)[0].split()).rstrip(_OPEN)
        return text.rstrip(_SHUT).endswith(read.quote.rstrip(_SHUT)) or (
            len(before) >= _LEAST_TITLE and before != squeezed and self.title.startswith(before)
        )

    def may_head(self, number: int, read: DateText) -> bool:
        """A line near the top of the main part that is little more than a date, or stands before any text."""
        line = self.lines[number]
        first = max(self.heading, 0)
        if number < first or line.heading or line.linked * 2 > len(line.text) or self._is_beside(line):
            return False
        room = _HEAD_LINES + (0 if self.heading >= 0 else _HEAD_LINES - 2)
        in_text = line.first >= self.body_first or bool(_SENTENCE.search(line.text))
        for above in self.lines[first:number]:
            if self._is_beside(above):
                continue
            room -= 1
            in_text = in_text or len(above.text) > _PROSE
        return room > 0 and (_is_bare(line.text, read) or not in_text)

    def _agrees_with_title(self, line: Line) -> bool:
        if line.text[0] not in self.title or line.zone is Zone.BREADCRUMB:
            return False
        return _agrees("".join(line.text.split()), self.title, heading=line.heading)

    def pieced(self, number: int) -> DateText | None:
        """The date of a short line whose elements hold its parts: <b>03</b><i>2026.08</i>."""
        line = self.lines[number]
        if len(line.text) > _LONGEST_PART:
            return None
        pieces: list[str] = []
        wanted = "".join(line.text.split())
        for piece in self.texts[line.first : line.first + _MOST_PIECES]:
            pieces.append(piece)
            if len("".join(pieces)) >= len(wanted):
                break
        # the lines of a fragment count their texts by themselves
        return cell_date(tuple(pieces)) if len(pieces) > 1 and "".join("".join(pieces).split()) == wanted else None

    def begins_bare(self, number: int) -> re.Match[str] | None:
        """Bare 时间 or 日期 at the start of an element that stands against another: <i>县政府办</i><i>日期：…</i>."""
        line = self.lines[number]
        last = self.lines[number + 1].first if number + 1 < len(self.lines) else len(self.texts)
        for piece in self.texts[line.first : min(last, line.first + _MOST_ELEMENTS)]:
            if _BARE_LABEL.match(piece):
                at = line.text.find(piece)
                return _BARE_LABEL.match(line.text, at) if at >= 0 else None
        return None

    def is_entry(self, line: Line, quote: str) -> bool:
        """A link with a date behind it: the entry of a list. `quote` is the date with the words that name it."""
        rest = line.text.replace(quote, "", 1)
        titled = line.linked >= _LEAST_TITLE and line.linked * 2 > len(rest)
        return titled and not line.text.startswith(quote) and not _beside(rest)

    def _is_beside(self, line: Line) -> bool:
        return line.zone in _ZONES_BESIDE or (line.zone is Zone.HEADER and self.heading < 0)


def labelled(place: Place) -> Dateline | None:
    """The date behind the strongest words that name a publication date; a date without a year keeps None for it."""
    best: tuple[int, int, Dateline] | None = None
    values: list[tuple[int, int, int]] = []
    patterns = _label_patterns()
    last = len(patterns) - 1
    for number in place.named:
        line = place.lines[number]
        text = line.text
        if len(text) > _LONGEST_LINE:
            continue
        apart = line.zone in _ZONES_APART
        for rank, pattern in enumerate(patterns):
            if best is not None and rank > best[0]:
                break
            found = pattern.search(text) or (place.begins_bare(number) if rank == _BARE else None)
            if found is None:
                continue
            if apart and not place.is_under_title(number):
                continue
            read = _behind(place.lines, number, found)
            if read is None or not _is_publication(place, number, found, rank):
                continue
            if best is None or rank < best[0]:
                values.clear()
                best = (rank, number, Dateline(read, f"{found[0]}{read.quote}", evident=False, changed=rank == last))
            values.append((read.year or 0, read.month, read.day))
            break
    if best is None:
        return None
    above = place.heading_above(best[1])
    single = len(set(values)) == 1
    line = place.lines[best[1]]
    own = not place.is_entry(line, best[2].quote)
    if own and above >= 0 and (place.is_title(above) or (single and not place.shows_title)):
        return replace(best[2], evident=True)
    # a list whose every entry names its date tells nothing of the page; below a thread stand later replies
    return None if len(set(values)) >= _ENTRIES and min(values) < values[0] else best[2]


def document_day(place: Place) -> Dateline | None:
    """The day that the document itself bears (成文日期, 发文日期), from the table above its text."""
    for number in place.named:
        line = place.lines[number]
        if len(line.text) > _PROSE or line.zone in _ZONES_APART:
            continue
        found = _document().search(line.text)
        read = _behind(place.lines, number, found) if found else None
        if found and read and read.year is not None:
            return Dateline(read, f"{found[0]}{read.quote}", evident=False)
    return None


def dateline(place: Place) -> Dateline | None:
    """A line about the article that bears a date: close under a heading, else before the text begins."""
    guess: Dateline | None = None
    headed: list[Dateline] = []
    for number in place.dated:
        line = place.lines[number]
        text = line.text
        if len(text) > _LONGEST_DATELINE or not _YEARISH.search(text):
            continue
        candidate = _candidate(place, number)
        if candidate is None:
            continue
        if place.is_title(number):
            if place.ends_title(text, candidate):
                return Dateline(candidate, candidate.quote, evident=True)
            continue
        if _is_about(text, candidate):
            above = place.heading_above(number)
            if above >= 0 and place.is_title(above):
                return Dateline(candidate, candidate.quote, evident=True)
            if above >= 0:
                headed.append(Dateline(candidate, candidate.quote, evident=True))
        if guess is None and _is_about(text, candidate) and place.may_head(number, candidate):
            guess = Dateline(candidate, candidate.quote, evident=False)
    # headings that are not the page's title stand over the entries of a list too
    if len(headed) == 1 and (guess is None or guess.read == headed[0].read) and not place.shows_title:
        return headed[0]
    return guess


def _candidate(place: Place, number: int) -> DateText | None:
    """The date of a line that might be about the article; None where its words tell another day."""
    line = place.lines[number]
    text = line.text
    read = find_date(text) or _split(place.lines, number) or worded_date(text) or place.pieced(number)
    if read is None and _beside(text):
        read = compact_date(text)
    if read is None or read.year is None or place.is_entry(line, read.quote):
        return None
    start = text.find(read.quote)
    before = text[: max(start, 0)]
    behind = start + len(read.quote)
    above = place.lines[number - 1].text if number and not _PUNCTUATION.sub("", before) else ""
    if len(above) <= _LONGEST_PART and _NAMED_OTHERWISE.search(above):
        return None
    if _NAMED_OTHERWISE.search(before) or (_WITHIN.search(before) and not _PUBLISHED.match(text, behind)):
        return None
    if start >= 0 and (_EVENT.match(text, behind) or (_HALF_DAY.match(text, behind) and not _beside(text))):
        return None
    if any_of("date_labels", "other").search(text):
        return None
    return None if any_of("date_labels", "calendar").search(text) and not _beside(text) else read


def _is_about(text: str, read: DateText) -> bool:
    """Nothing but a date, or a date with a clock or with words such as 来源 and 浏览 beside it."""
    if _is_bare(text, read):
        return not text.startswith(("（", "(")) or (text[1:5].isdigit() and "年" not in text)
    if _SENTENCE.search(text.partition(read.quote)[0] if _beside(text) else text):
        return False
    return bool(read.clock) or _beside(text) or bool(_APART.search(text.replace(read.quote, _STAND_IN, 1)))


def _is_bare(text: str, read: DateText) -> bool:
    """A date, a weekday perhaps, and no other word."""
    split = read.quote not in text and len(text) <= _LONGEST_PART
    return split or len(_NO_WORD.sub("", text.replace(read.quote, "", 1))) <= 1


def _beside(text: str) -> bool:
    return bool(any_of("date_labels", "beside").search(text))


def _split(lines: list[Line], number: int) -> DateText | None:
    """A day and its month in lines of their own, in either order: 21 | 2024年02月."""
    for first in (number, number - 1):
        pair = lines[max(first, 0) : first + 2]
        if len(pair) == 2 and all(len(line.text) <= _LONGEST_PART and line.text[0].isdigit() for line in pair):
            read = cell_date(tuple(line.text for line in pair))
            if read is not None:
                return read
    return None


def _behind(lines: list[Line], number: int, found: re.Match[str]) -> DateText | None:
    """The date that stands right behind words, also in the next line or cell."""
    text = lines[number].text
    gap = _GAP.match(text, found.end())
    read = date_at(text, gap.end() if gap else found.end())
    if read is None and found.end() >= len(text.rstrip()) and number + 1 < len(lines):
        following = lines[number + 1].text
        if len(following) <= _LONGEST_DATELINE:
            read = date_at(following.lstrip("：: "), 0)
            if read is not None and _EVENT.match(following.lstrip("：: "), len(read.quote)):
                return None
    elif read is not None and _EVENT.match(text, text.find(read.quote, found.end()) + len(read.quote)):
        return None
    return read


def _is_publication(place: Place, number: int, found: re.Match[str], rank: int) -> bool:
    """Whether words name this page's own publication: 采购公告发布日期 names another text's.

    Bare 时间 and 日期 may also name an event: then a place stands near, or the words are a point of a text.
    """
    line = place.lines[number]
    if any_pattern("date_labels", "elsewhere").search(line.text[: found.start()]):
        return False
    if rank < _BARE:
        return True
    if rank > _BARE or _beside(line.text):
        return True
    if _NUMBERED.search(line.text[: found.start()]) or line.first >= place.body_first:
        return False
    if re.search(r"[日\d]\s*(?:上午|下午|晚)", line.text[found.end() :]):
        return False
    near = place.lines[max(0, number - 1) : number + 3]
    return not any(_PLACE.search(other.text) for other in near)


_NAMING = re.compile("[间期間于於新日]")
"""One of these stands in any words that name a date."""
_BARE_LABEL = re.compile(r"(?:[时時]\s*[间間]|日\s*期)\s*[:：∶]\s*")
_MOST_ELEMENTS = 16
_BARE = 3
"""The rank of bare 时间 and 日期 among the label patterns."""


@cache
def _label_patterns() -> tuple[re.Pattern[str], ...]:
    """Words with a colon or a space before the date: publication words and verbs, then bare ones, then changes."""
    first, second, bare, changed = words("date_labels", "text")
    verbs = any_pattern("date_labels", "verbs").pattern
    colon = r"\s*[:：∶]\s*"
    space = r"\s*(?=\d{2,4}\s?[-/.年]|[\[（(【])"
    return (
        re.compile(f"(?:{first})(?:{colon}|{space}|$)"),
        re.compile(rf"(?:{verbs})\s*[:：]?\s*(?=\d)"),
        re.compile(f"(?:{second})(?:{colon}|{space}|$)"),
        re.compile(rf"(?:{bare})(?:{colon}|\s+(?=\d{{4}})|$)"),
        re.compile(f"(?:{changed})(?:{colon}|{space}|$)"),
    )


@cache
def _document() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_pattern('date_labels', 'document').pattern})\s*(?:[:：∶]\s*|$)")


def _agrees(text: str, title: str, *, heading: bool) -> bool:
    """The title begins with the text; or both begin alike, for templates cut titles and put numbers behind headings."""
    alike = next((at for at, (one, other) in enumerate(zip(text, title, strict=False)) if one != other), None)
    if alike is None:
        alike = min(len(text), len(title))
    return alike >= _LEAST_TITLE and (
        alike == len(text) or alike >= _COMMON or (heading and alike * 4 >= len(text) * 3)
    )


_COMMON = 12
_MOST_PIECES = 4
