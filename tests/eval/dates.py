"""The day of publication on captured pages: ours against htmldate, GNE and trafilatura, under four conditions.

The truth is in `labels/dates.tsv`, told by looking at each page, and in the corpus' own index of State Council documents.
Groups: `article` and `forum` show their day to a reader, `script` keep it in a script only, `none` show none.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from crawler.facts import BEIJING, PageFact
from crawler.read.charset import decode
from crawler.read.page import PageReader
from crawler.read.urls import host_of
from tests.eval.table import Miss, Score, Table

LABELS = Path(__file__).parent / "labels/dates.tsv"
AS_OF = datetime(2026, 11, 22, tzinfo=BEIJING)
NOWHERE = "http://localhost/page.html"
"""The address of a page of which none is known, as `xuncha facts FILE` reads it."""
_IN_MARKUP = "itemprop"
_DATED_META = re.compile(r"<meta\b[^>]*?(?:\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2})[^>]*>", re.IGNORECASE)
_SCRIPT = re.compile(r"(<script\b[^>]*>).*?</script\s*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MACHINE = re.compile(
    r"""\s(?:datetime|data-[\w-]*(?:time|date)|content)\s*=\s*["'][^"']*\d{4}-\d\d[^"']*["']""", re.IGNORECASE
)
_DATES = re.compile(
    r"(?:(?:19|20)\d\d|\d\d)\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*月?"
    r"|\d{1,2}\s*月\s*\d{1,2}\s*日|(?:19|20)\d{6}"
)
_RECORD = re.compile(r"<record><!\[CDATA\[(.*?)\]\]></record>", re.DOTALL)
_PRINTED = re.compile(r">(\d{4})-(\d\d)-(\d\d)<")

Reader = Callable[[str, str], date | None]
"""A rival: the page's text and its address in, a day out."""


class Case(Struct, frozen=True):
    """A page with its day; None where it shows none. `url` is "" where the address is not known."""

    group: str
    page: str
    body: bytes
    url: str
    day: date | None
    how: str


def _formed(found: re.Match[str], form: Callable[[str], str]) -> str:
    return form(found[0])


def cases(corpus: Path) -> Iterator[Case]:
    """The labelled pages."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            day = None if row["day"] == "-" else date.fromisoformat(row["day"])
            body = (corpus / row["page"]).read_bytes()
            yield Case(row["group"], row["page"], body, row["url"] or "", day, row["how"])
    for line in (corpus / "gov_pages/fragments_wwwgovcn/index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        day = date.fromisoformat(row["date_published_in_page"])
        yield Case("article", row["path"], (corpus / row["path"]).read_bytes(), row["url"], day, "发布日期：")


def shown(corpus: Path, rivals: Mapping[str, Reader] | None = None) -> Table:
    """Article pages as they were captured, without their address."""
    return _compared(
        "Publication dates: article pages that show a date",
        "exact day; pages as captured, address not given",
        [replace(case, url="") for case in cases(corpus) if case.group == "article"],
        rivals,
    )


def text_alone(corpus: Path, rivals: Mapping[str, Reader] | None = None) -> Table:
    """The same pages (derived) without dated labels, structured data and scripts: what a reader sees must tell."""
    kept = [case for case in cases(corpus) if case.group == "article" and _IN_MARKUP not in case.how]
    return _compared(
        "Publication dates: the visible text alone (derived pages)",
        "exact day; the same pages with dated <meta>, JSON-LD, datetime attributes and inline scripts taken out",
        [replace(case, body=without_markup(case.body), url="") for case in kept],
        rivals,
    )


def address_alone(corpus: Path, rivals: Mapping[str, Reader] | None = None) -> Table:
    """The same pages (derived) without any date in them: the address must tell."""
    kept = [case for case in cases(corpus) if case.group == "article" and case.day and _tells(case.url, case.day)]
    return _compared(
        "Publication dates: the address alone (derived pages)",
        "exact day; every date taken out of the page, its address given (GNE takes none)",
        [replace(case, body=_DATES.sub("", decode(case.body, "").text).encode()) for case in kept],
        rivals,
    )


def other_kinds(corpus: Path, rivals: Mapping[str, Reader] | None = None) -> Table:
    """Forum threads that show their day, and WeChat articles that keep theirs in a script."""
    return _compared(
        "Publication dates: forum threads, WeChat articles that keep it in a script",
        "exact day; pages as captured",
        [replace(case, url="") for case in cases(corpus) if case.group in ("forum", "script")],
        rivals,
    )


def undated(corpus: Path, rivals: Mapping[str, Reader] | None = None) -> Table:
    """Pages that show no day of publication: banner clocks, lists, standing texts. Right is to tell none."""
    return _compared(
        "Publication dates: pages that have none",
        "right is no answer: home pages, lists, standing texts, banner clocks, certificates",
        [replace(case, url="") for case in cases(corpus) if case.group == "none"],
        rivals,
    )


def list_dates(corpus: Path, rivals: Mapping[str, Reader] | None = None) -> Table:
    """The days of list entries, also (derived) with their years taken away. Rivals read no lists."""
    del rivals
    forms: Sequence[tuple[str, Callable[[str], str]]] = (
        ("as captured", str),
        ("year taken from the date (derived)", partial(_PRINTED.sub, r">\2-\3<")),
        (
            "year taken from date and address (derived)",
            lambda record: re.sub(r'href="[^"]*/(\w+\.html)"', r'href="/a/\1"', _PRINTED.sub(r">\2-\3<", record)),
        ),
        ("two-digit year (derived)", lambda record: _PRINTED.sub(lambda m: f">{m[1][2:]}-{m[2]}-{m[3]}<", record)),
    )
    scores: list[Score] = []
    misses: list[Miss] = []
    for name, form in forms:
        right = total = answered = 0
        for path in sorted((corpus / "gov_pages/captured/jpage_xml").glob("*.xml")):
            text = path.read_text(encoding="utf-8")
            wanted = [_printed(record) for record in _RECORD.findall(text)]
            page = _RECORD.sub(partial(_formed, form=form), text)
            fact = read(page.encode(), NOWHERE, as_of=_newest(wanted) + timedelta(days=3))
            told = [item.date.value if item.date else None for item in fact.items]
            told += [None] * (len(wanted) - len(told))
            total += len(wanted)
            answered += sum(day is not None for day in told)
            right += sum(one == other for one, other in zip(wanted, told, strict=False))
            misses += [
                Miss(f"{path.name} #{number}", str(one), str(other or ""), name)
                for number, (one, other) in enumerate(zip(wanted, told, strict=False))
                if one != other
            ]
        scores.append(Score(f"xuncha: {name}", right, total, answered))
    return Table(
        "Dates of list entries", "exact day of every record of captured list replies", tuple(scores), tuple(misses)
    )


def read(body: bytes, url: str, as_of: datetime = AS_OF) -> PageFact:
    """The page as `xuncha facts` reads a file."""
    return (
        PageReader(f"http://{host_of(url)}/", frozenset({host_of(url)}), as_of).read(body, url, fetched_at=as_of).fact
    )


def without_markup(body: bytes) -> bytes:
    """A page without what only machines read: dated labels, structured data, scripts, comments."""
    text = _COMMENT.sub("", decode(body, "").text)
    text = _SCRIPT.sub(r"\1</script>", text)
    return _MACHINE.sub("", _DATED_META.sub("", text)).encode()


def _compared(topic: str, counted: str, pages: Iterable[Case], rivals: Mapping[str, Reader] | None) -> Table:
    pages = list(pages)
    told = [_ours(case) for case in pages]
    misses = tuple(
        Miss(case.page, str(case.day or "-"), str(day or ""), f"{case.how}; {words}")
        for case, (day, words) in zip(pages, told, strict=True)
        if day != case.day
    )
    scores = [_score("xuncha", pages, [day for day, _ in told])]
    for name, reader in (_rivals() if rivals is None else rivals).items():
        scores.append(_score(name, pages, [reader(decode(case.body, "").text, case.url) for case in pages]))
    return Table(topic, f"{counted}; {len(pages)} pages", tuple(scores), misses)


def _ours(case: Case) -> tuple[date | None, str]:
    fact = read(case.body, case.url or NOWHERE)
    if fact.published is None:
        return None, f"kind {fact.kind}"
    return fact.published.value, f"{fact.published.source}: {fact.published.quote}"


def _score(reader: str, pages: Sequence[Case], told: Sequence[date | None]) -> Score:
    right = sum(day == case.day for day, case in zip(told, pages, strict=True))
    return Score(reader, right, len(pages), sum(day is not None for day in told))


def _rivals() -> Mapping[str, Reader]:
    from tests.eval.rivals import date_readers  # installed by `make eval` alone

    return date_readers()


def _tells(url: str, day: date) -> bool:
    path = url.partition("//")[2].partition("?")[0].partition("/")[2]
    forms = ("%Y%m%d", "%Y-%m-%d", "%Y/%m/%d", "%Y-%m/%d", "%Y/%m-%d", "%Y%m/%d", "%Y/%m%d")
    unpadded = f"{day.year}/{day.month}/{day.day}/"
    return any(day.strftime(form) in path for form in forms) or unpadded in path


def _printed(record: str) -> date:
    found = _PRINTED.search(record)
    if found is None:
        raise ValueError(f"a record without a date: {record[:80]}")
    return date(int(found[1]), int(found[2]), int(found[3]))


def _newest(days: Sequence[date]) -> datetime:
    newest = max(days)
    return datetime(newest.year, newest.month, newest.day, 12, tzinfo=BEIJING)


MEASURES = (shown, text_alone, address_alone, other_kinds, undated, list_dates)
