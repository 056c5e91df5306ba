"""公众留言: what was asked and answered when, read from message pages, from lists that show both days, and from
questions and answers on one page. What the page does not tell stays None; nobody who wrote is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from msgspec.structs import replace

from crawler.facts import ColumnFact, ListItem, RunFacts
from crawler.facts.participation import MessageFact
from crawler.read.chosen import chosen
from crawler.read.dates import find_date
from crawler.read.fields import Labelled, Vocabulary, heading_of, labelled, own_lines
from crawler.read.lexicon import any_pattern, table
from crawler.read.masking import masked
from crawler.read.outline import Outline
from crawler.read.tables import Row, cell_tables
from crawler.read.urls import join

_MOST_PAGES = 60
_MOST_LIST_PAGES = 6
_PAST = timedelta(days=460)
"""How far back messages are read: those asked in the last year, and what was answered of them since."""
_ASKING = frozenset(("title", "asked", "question"))
_LONGEST = 400
_FEWEST_HEADS = 2


def messages_of(
    columns: Iterable[ColumnFact], run: RunFacts, outlined: Callable[[str], Outline | None], today: date
) -> tuple[tuple[MessageFact, ...], str, str]:
    """The messages of a site's boards, why there may be more, and figures of messages that a board's page shows."""
    own = [column for column in columns if column.type == "message" and "统计" not in column.name]
    found: dict[str, MessageFact] = {}
    statistics = ""
    doubts: list[str] = []
    entries: dict[str, tuple[str, str]] = {}
    for column in own:
        if doubt := _unread(column, today):
            doubts.append(doubt)
        for url in column.pages[:_MOST_LIST_PAGES]:
            page, body = outlined(url), run.body(url)
            if page is None or body is None:
                continue
            statistics = statistics or _statistics(page)
            for message in list(_of_tables(body, url, column.url)) or _of_page(page, url, column.url):
                key = message.url if message.url != url else f"{url}\n{message.title}\n{message.question[:40]}"
                found[key] = _joined(found.get(key), message)
        entries |= {item.url: (column.url, item.title) for item in column.items if item.url and _is_recent(item, today)}
    read = chosen(entries, _MOST_PAGES)
    untold = 0
    for url in read:
        page = outlined(url)
        told = list(_of_page(page, url, *entries[url])) if page is not None else []
        for number, message in enumerate(told):
            key = url if len(told) == 1 else f"{url}\n{number}"
            found[key] = _joined(found.get(key), message)
        untold += not told and url not in found
    if len(read) < len(entries):
        doubts.append(f"近一年留言 {len(entries)} 条，抽查了 {len(read)} 条")
    if untold:
        doubts.append(f"有 {untold} 条留言的页面没有读出问答")
    return tuple(found.values()), "；".join(dict.fromkeys(doubts)), statistics


def _unread(column: ColumnFact, today: date) -> str:
    """Why a board's list may hold messages of the last year that were not seen; "" where it cannot."""
    oldest = min((item.date.value for item in column.items if item.date), default=None)
    if oldest is not None and oldest < today - _PAST:
        return ""
    if column.embedded:
        return f"栏目“{column.name}”的列表由嵌入页面或脚本填充"
    return f"栏目“{column.name}”{column.unread}" if column.unread else ""


def _is_recent(item: ListItem, today: date) -> bool:
    return item.date is None or item.date.value >= today - _PAST


def _of_page(page: Outline, url: str, column: str, listed: str = "") -> Iterator[MessageFact]:
    """The messages of one page; of several questions and answers each. `listed` is the page's title in a list."""
    records = [record for record in _records(labelled(page, _vocabulary())) if _is_message(record)]
    heading = listed or heading_of(page)
    for record in records:
        yield _message(record, url, column, heading if len(records) == 1 else "")


def _records(found: Iterable[Labelled]) -> Iterator[dict[str, Labelled]]:
    """What belongs to one message: a new one begins where a name comes again, or a question behind an answer."""
    record: dict[str, Labelled] = {}
    for one in found:
        for name in one.fields:
            if name in record or (name in _ASKING and "reply" in record):
                yield record
                record = {}
            record[name] = one
    if record:
        yield record


def _is_message(record: dict[str, Labelled]) -> bool:
    """Whether a question is told, by its text or its day, and an answer or how far it is."""
    asked = record.get("question") or record.get("asked")
    answered = record.get("reply") or record.get("answered") or record.get("state")
    return asked is not None and answered is not None and asked.is_given


def _message(record: dict[str, Labelled], url: str, column: str, heading: str) -> MessageFact:
    values = {name: one.value for name, one in record.items()}
    state = values.get("state", "").split("\n")[0][:20]
    reply = values.get("reply", "")
    if any_pattern("messages", "no_reply").match(reply):
        state, reply = state or reply.split("\n")[0][:20], ""
    shown = bool(reply) or ("reply" in record and record["reply"].shown)
    title = (values.get("title") or heading or values.get("question", "")).split("\n")[0]
    answered = _day(values.get("answered", ""))
    return MessageFact(
        url=url,
        title=masked(title)[:60],
        column=column,
        asked=_day(values.get("asked", "")),
        answered=answered,
        question=masked(values.get("question", ""))[:_LONGEST],
        reply=masked(reply)[:_LONGEST],
        body=values.get("body", "").split("\n")[0][:30],
        state=state,
        is_answered=True if shown else _told(state, answered),
        is_valid=_is_valid(state),
    )


def _told(state: str, answered: date | None) -> bool | None:
    """Whether a message is answered, by its state and the day of its answer; None where neither tells."""
    if state and any_pattern("messages", "state_unanswered").search(state):
        return False
    if answered is not None or (state and any_pattern("messages", "state_answered").search(state)):
        return True
    return None


def _is_valid(state: str) -> bool:
    return not (state and any_pattern("messages", "state_invalid").search(state))


def _of_tables(body: bytes, url: str, column: str) -> Iterator[MessageFact]:
    """The messages of lists whose head names the day or the state of each."""
    for rows in cell_tables(body):
        heads = [_vocabulary().fields_of(cell.strip(" :：")) for cell in rows[0].texts]
        places = {name: at for at, names in enumerate(heads) for name in names}
        if len(places) < _FEWEST_HEADS or not {"asked", "state", "answered"} & places.keys():
            continue
        for row in rows[1:]:
            if len(row.texts) == len(heads) and (message := _of_row(row, places, url, column)) is not None:
                yield message


def _of_row(row: Row, places: dict[str, int], url: str, column: str) -> MessageFact | None:
    """A list's row as a message; None where it has no title of its own."""
    title_at = places.get("title", next((at for at, link in enumerate(row.links) if link), None))
    if title_at is None or not row.texts[title_at]:
        return None
    values = {name: row.texts[at] for name, at in places.items()}
    answered, state = _day(values.get("answered", "")), values.get("state", "")[:20]
    target = join(url, row.links[title_at]) if row.links[title_at] else ""
    return MessageFact(
        url=target or url,
        title=masked(row.texts[title_at])[:60],
        column=column,
        asked=_day(values.get("asked", "")),
        answered=answered,
        body=values.get("body", "")[:30],
        state=state,
        is_answered=_told(state, answered),
        is_valid=_is_valid(state),
    )


def _joined(known: MessageFact | None, other: MessageFact) -> MessageFact:
    """What two places tell of one message: the later one's words, the other's where it has none.

    A reply that is shown outweighs a list that was not brought up to date.
    """
    if known is None:
        return other
    answered = True if True in (known.is_answered, other.is_answered) else other.is_answered
    return replace(
        other,
        title=other.title or known.title,
        asked=other.asked or known.asked,
        answered=other.answered or known.answered,
        question=other.question or known.question,
        reply=other.reply or known.reply,
        body=other.body or known.body,
        state=other.state or known.state,
        is_answered=known.is_answered if answered is None else answered,
        is_valid=other.is_valid and known.is_valid,
    )


def _day(text: str) -> date | None:
    read = find_date(text[:40]) if text else None
    return read.value if read else None


def _statistics(page: Outline) -> str:
    wanted = any_pattern("messages", "statistics")
    return next((hit[0] for line in own_lines(page) if (hit := wanted.search(line.text))), "")


@cache
def _vocabulary() -> Vocabulary:
    known = table("messages")
    return Vocabulary.of(known["message"], known["message_others"], known["stops"])
