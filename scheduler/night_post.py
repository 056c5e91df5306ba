"""The report of a night on its way to people: to whom it is news, and what of earlier nights did not arrive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from reports import night_text
from reports.night_model import AlarmKind, NightReport
from scheduler.night import report_of
from scheduler.posting import Attachment, Channel, Message, Posted, post
from storage.errors import RecordMissing
from storage.postings import Sent
from storage.store import Store

POSTING = "night"
"""The kind of its postings."""
LATELY = timedelta(days=7)
_DOUBTFUL = (Sent.UNSURE, Sent.SENDING)
MOST_LATE = 3
"""Earlier reports that are sent after all; a channel that was away for longer is told of the last ones."""


def post_night(
    store: Store, report: NightReport, channels: Sequence[Channel], clock: Callable[[], datetime]
) -> tuple[Posted, ...]:
    """Sends a report on every channel on which it is news; before it those whose sending failed, for their news would
    be in no later one.
    """
    posted: list[Posted] = []
    for channel in channels:
        late = _late(store, report, channel, clock())
        posted.extend(post(store, message_of(one), channel, clock) for one in late)
        last = store.postings.last(POSTING, channel.name, tuple(Sent))
        known = last.digest if last is not None and last.outcome is Sent.SENT else None
        if report.is_news(known, store.postings.told(POSTING, channel.name)):
            doubtful = last.key.partition("/")[0] if last is not None and last.outcome in _DOUBTFUL else ""
            posted.append(post(store, message_of(report, doubtful), channel, clock))
        else:
            posted.append(Posted(channel.name, None, "与上次发送的日报相比没有变化"))
    return tuple(posted)


def message_of(report: NightReport, doubtful: str = "") -> Message:
    """The report as it is sent: once an inspection, and with each further missed night; once a day while the inspection
    is not at its end, or where no night has run since. `doubtful` is the inspection whose report may not have arrived.
    """
    from reports.night_page import render  # loads Jinja, which only a message needs

    is_daily = not report.ended or any(alarm.kind is AlarmKind.NOT_RUN for alarm in report.alarms)
    day = [str((report.at or report.started).date())] if is_daily else []
    note = ""
    if doubtful and doubtful != report.inspection:
        note = f"上一份日报（批次 {doubtful}）未能确认是否送达，可用 xuncha night --inspection {doubtful} 查看。\n"
    page = Attachment(f"巡检日报-{report.night}.html", "text/html", render(report).encode())
    return Message(
        kind=POSTING,
        key="/".join([report.inspection, *day, *map(str, report.missed[-1:])]),
        title=night_text.title(report),
        summary=note + night_text.summary(report),
        text=note + night_text.text(report),
        data=msgspec.to_builtins(report),
        attachments=(page,),
        digest=report.digest,
        told=tuple(map(str, report.missed)),
    )


def _late(store: Store, report: NightReport, channel: Channel, now: datetime) -> Iterator[NightReport]:
    """The reports of earlier nights with news of their own that surely did not arrive, in the order of time."""
    outcomes: dict[str, set[Sent]] = defaultdict(set)
    for posting in store.postings.since(POSTING, channel.name, now - LATELY):
        outcomes[posting.key.partition("/")[0]].add(posting.outcome)
    failed = [id for id, seen in outcomes.items() if seen == {Sent.FAILED} and id != report.inspection]
    for id in failed[-MOST_LATE:]:
        try:
            earlier = report_of(store, store.inspections.get(id))
        except RecordMissing:  # pruned since
            continue
        if earlier.has_changes:
            yield earlier
