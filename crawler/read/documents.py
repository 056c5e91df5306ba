"""The elements (要素) of a policy document: from labels and tables at the head of its page, its title and its text.

Labels stand in one line (索引号：… 发文机关：…), in cells or definition lists; 文号 under the title, 落款 at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from msgspec import Struct

from crawler.facts.documents import DocumentFact, IssuerSource, Told, ToldDay, Validity
from crawler.read.body import NO_BODY, Body
from crawler.read.dates import find_date, worded_date
from crawler.read.lexicon import any_pattern, table, words
from crawler.read.outline import Line, Outline
from crawler.read.zones import Zone

_FRAME = (Zone.NAVIGATION, Zone.FOOTER, Zone.BREADCRUMB)
_LONGEST_LINE = 240
_LONGEST_VALUE = 100
_PROSE = 90
_MOST_LINES = 120
_HEAD_LINES = 12
_LONGEST_SIGNATURE = 44
_LAST_LINES = 6
_LONGEST_INDEX = 60
_LONGEST_STAMP = 6
_ELEMENTS = frozenset(("number", "issuer", "written", "validity", "index"))
_SHORTEST_ORGAN = 2
_NOTHING = re.compile(r"[-—–/\\_\s　]*\Z")
_EDGES = " 　|｜;；，,\t"
_HAN_LINE = re.compile(r"[\u4e00-\u9fff（）()、，·\s　]+")


class _Labelled(Struct, frozen=True):
    """A label as it stands, its element's key, and its value ("" where none stands behind it)."""

    key: str
    label: str
    value: str

    @property
    def told(self) -> Told:
        """The value with the words it was read from."""
        return Told(self.value, f"{self.label}：{self.value}")


def document_of(page: Outline, heading: str, heading_line: int, body: Body, *, rendered: bool) -> DocumentFact | None:
    """The elements that a page gives; None where it gives none."""
    found: dict[str, _Labelled] = {}
    empty: list[str] = []
    for one in _labelled(page.lines, heading_line):
        if one.value and not _NOTHING.match(one.value):
            if _is_plausible(one):
                found.setdefault(one.key, one)
        elif one.key in _ELEMENTS:
            empty.append(one.label)
    unfilled: tuple[str, ...] = ()
    if not _ELEMENTS & found.keys() and not rendered and _has_scripts(page):
        # a table of empty cells is filled by a script; one of which some cells are empty is what it is
        unfilled = tuple(dict.fromkeys(empty)) or _scripted_labels(page)
    organ, signed = _signature(page, body, heading_line)
    issuer, source = _issuer(heading, found, organ)
    validity, mark = _validity(heading, found, page)
    document = DocumentFact(
        number=_number(page, heading, heading_line, found),
        issuer=issuer,
        issuer_source=source,
        written=_day(found, "written") or signed or _day(found, "made"),
        published=_day(found, "published"),
        validity=validity,
        validity_mark=mark,
        index=found["index"].told if "index" in found else None,
        subject=found["subject"].told if "subject" in found else None,
        unfilled=unfilled,
    )
    return document if document != DocumentFact() else None


# --------------------------------------------------------------------------- labels


def _labelled(lines: list[Line], heading_line: int) -> Iterator[_Labelled]:
    """The labels before the text begins, each with what stands behind it, in its line or in the next."""
    seen = 0
    begun = False
    for number, line in enumerate(lines):
        if line.zone in _FRAME:
            continue
        text = line.text
        if len(text) > _PROSE and not _label().match(text):
            if line.zone is Zone.MAIN and len(text) - line.linked > _PROSE and (begun or -1 < heading_line < number):
                return
            continue
        seen += 1
        if seen > _MOST_LINES or len(text) > _LONGEST_LINE:
            continue
        matches = list(_label().finditer(text))
        ends = [*(found.start() for found in matches[1:]), len(text)]
        for found, end in zip(matches, ends, strict=False):
            value = text[found.end() : end].strip(_EDGES)
            begun = True
            yield _made(found["label"], value or (_beside(lines, number) if end == len(text) else ""))
        if not matches and (bare := _bare_label().fullmatch(text)):
            begun = True
            yield _made(bare["label"], _beside(lines, number))


def _is_plausible(one: _Labelled) -> bool:
    """Whether a value can be one of its label: forms to fill in and tables of another shape bear the same labels."""
    value = one.value
    if one.key == "number":
        return "号" in value or value.startswith(("无", "暂无", "没有"))
    if one.key == "index":
        return any(char.isdigit() for char in value) and len(value) <= _LONGEST_INDEX
    if one.key in ("issuer", "publisher"):
        return len(value) >= _SHORTEST_ORGAN and not any(char.isdigit() or char in "：:" for char in value)
    return not value.endswith(("：", ":"))


def _made(label: str, value: str) -> _Labelled:
    squeezed = re.sub(r"[\s　]+", "", label)
    return _Labelled(_keys()[squeezed], squeezed, value[:_LONGEST_VALUE])


def _beside(lines: list[Line], number: int) -> str:
    """The value in the cell behind a label: the next line, unless it is a label itself or a text."""
    following = lines[number + 1] if number + 1 < len(lines) else None
    if following is None or following.zone in _FRAME or following.heading:
        return ""
    text = following.text
    if len(text) > _LONGEST_VALUE or _label().match(text) or _bare_label().fullmatch(text):
        return ""
    return text.strip(_EDGES)


@cache
def _keys() -> Mapping[str, str]:
    labels: Mapping[str, list[str]] = table("documents")["labels"]
    return {label: key for key, names in labels.items() for label in names}


@cache
def _names() -> str:
    spaced = sorted(_keys(), key=len, reverse=True)
    return "|".join(r"[\s　]*".join(map(re.escape, name)) for name in spaced)


@cache
def _label() -> re.Pattern[str]:
    """A label with its colon, at a line's beginning or behind a space or a bracket."""
    return re.compile(rf"(?:(?<=[\s　|｜\[【(（;；，。>、])|\A)(?P<label>{_names()})[\s　]*[\]】]?[\s　]*[:：∶]")


@cache
def _bare_label() -> re.Pattern[str]:
    """A cell that holds nothing but a label."""
    return re.compile(rf"[\[【\s　]*(?P<label>{_names()})[\]】\s　]*[:：∶]?\s*")


def _day(found: Mapping[str, _Labelled], key: str) -> ToldDay | None:
    one = found.get(key)
    read = (find_date(one.value) or worded_date(one.value)) if one else None
    value = read.value if read else None
    return ToldDay(value, one.told.quote) if one and value else None


def _has_scripts(page: Outline) -> bool:
    return bool(page.scripts) or any(raw.tag == "script" for raw in page.links)


def _scripted_labels(page: Outline) -> tuple[str, ...]:
    """Labels that stand in a script of the page, which writes the table."""
    names = ("索引号", "文号", "发文机关", "成文日期", "有效性")
    return tuple(name for name in names if any(name in script.text for script in page.scripts))


# --------------------------------------------------------------------------- title and text


def _number(page: Outline, heading: str, heading_line: int, found: Mapping[str, _Labelled]) -> Told | None:
    """文号: its label, else a line under the title that is one, else at the title's end."""
    if "number" in found:
        return found["number"].told
    first = max(heading_line, 0)
    near = [line for line in page.lines[first : first + 4 * _HEAD_LINES] if line.zone not in _FRAME]
    for line in near[: _HEAD_LINES + 1]:
        text = line.text.strip(" 　（）()")
        if len(text) <= _LONGEST_SIGNATURE and (_numbers().fullmatch(text) or _orders().fullmatch(text)):
            return Told(text, line.text)
    named = _numbers().search(heading)
    return Told(named[0], heading) if named and heading.rstrip(" 　）)").endswith(named[0]) else None


def _issuer(
    heading: str, found: Mapping[str, _Labelled], organ: Told | None
) -> tuple[Told | None, IssuerSource | None]:
    """发文机关: the title's own words first, for a reprint's table may name who put it on the site."""
    plain = heading.strip()
    named = _before_subject().match(plain)
    if named and _organ().search(named[1].strip()):
        return Told(named[1].strip(), plain), IssuerSource.TITLE
    if "issuer" in found:
        return found["issuer"].told, IssuerSource.LABEL
    if organ is not None:
        return organ, IssuerSource.SIGNATURE
    if "publisher" in found:
        return found["publisher"].told, IssuerSource.PUBLISHER
    return None, None


def _signature(page: Outline, body: Body, heading_line: int) -> tuple[Told | None, ToldDay | None]:
    """落款: the first line that names an organ with a day behind it, in the line or the next; else a last bare day."""
    lines = _text_lines(page, body, heading_line)
    organ = ""
    for line in lines:
        text = line.text.strip()
        if len(text) <= _LONGEST_SIGNATURE:
            day = _closing_day(text)
            before = text[: text.find(day.quote)].strip() if day else text
            if day and (named := before or organ) and _is_organ(named):
                quote = text if before else f"{organ} {text}"
                return Told(named, quote), ToldDay(day.value, quote)
            organ = text if not day and _is_organ(text) else ""
        else:
            organ = ""
    for line in reversed(lines[-_LAST_LINES:]):
        day = _closing_day(line.text.strip())
        if day and day.quote == line.text.strip():
            return None, day
    return None, None


def _text_lines(page: Outline, body: Body, heading_line: int) -> list[Line]:
    """The lines of the main text."""
    if body is not NO_BODY and body.first < body.last:
        inside = [line for line in page.lines if body.first <= line.first < body.last and line.zone not in _FRAME]
    else:
        inside = [line for line in page.lines[max(heading_line, 0) + 1 :] if line.zone is Zone.MAIN]
    return inside


def _closing_day(text: str) -> ToldDay | None:
    """The day that ends a short line."""
    read = find_date(text) or worded_date(text)
    if read is None or read.value is None or not text.rstrip("。 　").endswith(read.quote):
        return None
    return ToldDay(read.value, read.quote)


def _is_organ(text: str) -> bool:
    return 3 <= len(text) <= _LONGEST_SIGNATURE and bool(_HAN_LINE.fullmatch(text)) and bool(_organ().search(text))


def _validity(heading: str, found: Mapping[str, _Labelled], page: Outline) -> tuple[Validity | None, Told | None]:
    """有效性: at the title's end, behind its label, as a stamp, as a day of expiry, or as a term in the text."""
    mark = _title_mark().search(heading)
    if mark:
        return _class_of(mark[1]), Told(mark[1], mark[0])
    if "validity" in found:
        return _class_of(found["validity"].value), found["validity"].told
    stamp = _stamp(page)
    if stamp is not None:
        return _class_of(stamp.value), stamp
    if "expiry" in found:
        return Validity.STATED, found["expiry"].told
    for line in page.lines:
        text = line.text
        if "期" not in text and "失效" not in text:
            continue
        term = any_pattern("documents", "term").search(text)
        if term and line.zone not in _FRAME:
            quote = text[max(0, term.start() - 12) : term.end() + 12]
            return Validity.STATED, Told(term[0], quote)
    return None, None


def _stamp(page: Outline) -> Told | None:
    """A picture that says whether the document holds: by its words, or where it stands behind the label 有效性."""
    pictures = [raw for raw in page.links if raw.tag == "img" and raw.zone not in _FRAME]
    for raw in pictures:
        words_of = (raw.alt or raw.title).strip()
        if words_of and len(words_of) <= _LONGEST_STAMP and _class_of(words_of) is not Validity.OTHER:
            return Told(words_of, f"图片“{words_of}”")
    for line in page.lines if pictures else ():
        bare = _bare_label().fullmatch(line.text) if "效" in line.text and line.zone not in _FRAME else None
        if bare and _made(bare["label"], "").key == "validity":
            behind = next((raw for raw in pictures if line.first < raw.first <= line.first + 1), None)
            if behind is not None:
                return Told("图片", f"{bare['label']}：图片 {behind.href}")
    return None


def _class_of(text: str) -> Validity:
    """The class of a mark: 已废止 → repealed, 现行有效 → valid."""
    for name, patterns in table("documents")["validity"].items():
        if any(re.search(pattern, text) for pattern in patterns):
            return Validity(name)
    return Validity.OTHER


@cache
def _numbers() -> re.Pattern[str]:
    return re.compile(str(table("documents")["number"]))


@cache
def _orders() -> re.Pattern[str]:
    return re.compile(str(table("documents")["order"]))


@cache
def _title_mark() -> re.Pattern[str]:
    return re.compile(rf"{table('documents')['title_mark']}\s*\Z")


@cache
def _before_subject() -> re.Pattern[str]:
    return re.compile(r"([^《》“”，。：:]{2,60}?)\s*(?:关于|转发|批转|印发)")


@cache
def _organ() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words('documents', 'organs'))})\Z")
