"""Candidates in the texts of a site or an account: one for each wrong form and sentence, with all places of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct, field

from checks import derived
from checks.model import JSON, Finding, Severity, Verdict
from checks.settling import settle
from checks.text_gathering import Text, TextGatherer
from crawler.facts import SiteFacts
from crawler.facts.texts import TextHit, TextKind


class Candidate(Struct):
    """One hit and every text that has it in the same sentence, in order of discovery."""

    hit: TextHit
    texts: list[Text] = field(default_factory=list)
    count: int = 0

    @property
    def first(self) -> Text:
        """The text that is named first: not the first one found, for identity must not hang on a crawl's order."""
        return min(self.texts, key=lambda text: (len(text.url), text.url))


Weigh = Callable[[Text, TextHit], bool]
"""Whether a hit counts where it stands."""


def candidates(facts: SiteFacts, kind: TextKind, weigh: Weigh | None = None) -> list[Candidate]:
    """The candidates of one kind on a site, in order of discovery."""
    places = derived.gathered(facts, TextGatherer).found
    return among(places, (facts.unit.name, facts.site.name), kind, weigh)


def among(
    places: Iterable[tuple[Text, TextHit]], registered: Iterable[str], kind: TextKind, weigh: Weigh | None = None
) -> list[Candidate]:
    """The candidates of one kind among hits. Words of the registered names are names, not faults."""
    names = " ".join(registered)
    found: dict[tuple[str, str], Candidate] = {}
    for text, hit in places:
        if hit.kind is not kind or (kind is not TextKind.PRIVACY and hit.entry in names):
            continue
        if weigh is not None and not weigh(text, hit):
            continue
        candidate = found.setdefault((hit.entry, "".join(hit.sentence.split())), Candidate(hit))
        candidate.count += hit.count
        candidate.texts.append(text)
    return list(found.values())


def finding(candidate: Candidate, message: str, severity: Severity, listed: int, **observed: JSON) -> Finding:
    """The finding of a candidate: its sentence is quoted, `observed` holds where in it the words stand."""
    hit, first = candidate.hit, candidate.first
    urls = list(dict.fromkeys(text.url for text in candidate.texts))
    pages: list[JSON] = [*urls[:listed]]
    if len(urls) > 1:
        message += f"（出现在 {len(urls)} 处）"
    if first.page:
        message = f"{first.shown_on}：{message}"
        observed["named_on"] = first.page
    return Finding(
        url=first.url,
        message=message,
        location=f"{first.shown_on}，句中第 {hit.offset + 1} 字起",
        quote=hit.sentence,
        observed={
            "entry": hit.entry,
            "sentence": hit.sentence,
            "offset": hit.offset,
            "length": hit.length,
            "count": candidate.count,
            "pages": pages,
            "page_count": len(urls),
            **observed,
        },
        severity=severity,
        evidence_urls=(first.url,),
    )


def verdict(facts: SiteFacts, findings: Iterable[Finding], about: str) -> Verdict:
    """The verdict on the texts of a site; what was not seen leaves a "nothing found" open."""
    gathered = derived.gathered(facts, TextGatherer)
    found = tuple(findings)
    seen = f"查看 {gathered.pages} 个页面{_opened(facts)}的文字"
    return settle(
        findings=found,
        doubts=tuple(_doubts(facts)),
        failed=f"{seen}，发现{about} {len(found)} 处，待人工确认",
        passed=f"{seen}，未发现{about}",
    )


def _opened(facts: SiteFacts) -> str:
    tried, named = facts.attachments.tried, facts.attachments.named
    if not named:
        return ""
    return f"和 {sum(not one.unread for one in tried)} 个附件（共发现 {named} 个可读取的附件，抽查 {len(tried)} 个）"


def _doubts(facts: SiteFacts) -> Iterator[str]:
    gap = derived.of(facts).gap
    if gap:
        yield f"{gap}，未取得的页面没有查看"
    unread = Counter(one.unread for one in facts.attachments.tried if one.unread)
    for reason, count in unread.most_common():
        yield f"{count} 个附件未读或未读全（{reason}）"
