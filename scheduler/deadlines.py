"""Everything in the store that has a deadline, for the reminders: notices, duties, logins, the quarter's reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from checks.model import Thresholds
from crawler.accounts.expiry import logins_of
from crawler.facts import BEIJING, Unit
from scheduler import reminding
from scheduler.duties import Entry, calendar, results_of
from scheduler.posting import Channel, Posted, post
from scheduler.rectifying import cases
from scheduler.reminding import LoginEnd, Open, Reminder, Waiting, message_of, quarter_end
from scheduler.reviewing import queue
from storage.inspections import InspectionRecord
from storage.store import Store

WATCHED = ("nightly", "quarterly")
"""The kinds of inspection that tell of duties: they look at whole registries."""


def open_things(
    store: Store, day: date, known: Mapping[str, str], overrides: Mapping[str, Thresholds], switched_on: frozenset[str]
) -> Open:
    """What has a deadline, as the last ended inspection of a registry tells it.

    `known` are the logins by variable, `switched_on` the kinds of account sources that are read; `overrides` a
    ruleset's thresholds, which hold the days of duties.
    """
    record = _last(store)
    units = record.units if record is not None else ()
    return Open(
        cases=cases(store),
        duties=_duties(store, record, day, overrides) if record is not None else (),
        logins=_logins(units, known, switched_on),
        waiting=tuple(_waiting(store)),
    )


def post_reminders(
    store: Store,
    day: date,
    due: Sequence[Reminder],
    channels: Sequence[Channel],
    clock: Callable[[], datetime],
) -> tuple[Posted, ...]:
    """Sends what a channel was not told yet, in one message a day at most."""
    posted = []
    for channel in channels:
        told = store.postings.told(reminding.POSTING, channel.name)
        message = message_of(day, due, told, reminding.limits())
        if message is None:
            before = store.postings.get(reminding.POSTING, day.isoformat(), channel.name)
            words = f"{before.outcome.label}，没有更多要提醒的" if before else "没有需要提醒的新事项"
            posted.append(Posted(channel.name, None, words))
        else:
            posted.append(post(store, message, channel, clock))
    return tuple(posted)


def _last(store: Store) -> InspectionRecord | None:
    briefs = [found for kind in WATCHED if (found := store.figures.last(kind, ended=True)) is not None]
    return store.inspections.get(max(briefs, key=lambda one: one.started).id) if briefs else None


def _duties(
    store: Store, record: InspectionRecord, day: date, overrides: Mapping[str, Thresholds]
) -> tuple[Entry, ...]:
    """The duties of this year and the next, for the first fall due in January."""
    as_of = record.as_of.astimezone(BEIJING).date()
    results = results_of(store, record, overrides)
    years = (day.year, day.year + 1)
    return tuple(entry for year in years for entry in calendar(year, record.units, results, as_of, overrides))


def _logins(units: Sequence[Unit], known: Mapping[str, str], switched_on: frozenset[str]) -> tuple[LoginEnd, ...]:
    return tuple(
        LoginEnd(login.variable, login.ends.astimezone(BEIJING).date(), login.accounts)
        for login in logins_of(units, known)
        if login.ends is not None and login.kind in switched_on
    )


def _waiting(store: Store) -> Sequence[Waiting]:
    last = store.figures.last("quarterly", ended=True)
    if last is None:
        return ()
    record = store.inspections.get(last.id)
    count = sum(len(group) for group in queue(store, record))
    return (Waiting(record.id, record.name, count, quarter_end(record.as_of.astimezone(BEIJING).date())),)
