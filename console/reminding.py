"""`xuncha remind`: what falls due or is overdue on a day, shown or sent."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date

from checks.model import Thresholds
from checks.registry import CHECKS
from console.errors import BadUsage
from console.night import sending_channels
from console.output import say_json
from console.recorded import open_store
from console.settings import settings
from crawler.accounts.credentials import CredentialsUnusable, logins
from crawler.accounts.routes import kinds_on
from crawler.clock import now
from scheduler.deadlines import open_things, post_reminders
from scheduler.posting import channel_label, has_failed
from scheduler.rejudging import thresholds_of
from scheduler.reminding import limits, records, reminders, text_of
from scoring.ruleset import load


def remind(as_of: date | None, *, ruleset: str, send: bool, database: str, json_output: bool) -> int:
    """Shows what is to be reminded of on a day, today where none is named; 3 where it could not be sent."""
    configured = settings()
    channels = sending_channels() if send else ()
    overrides: Mapping[str, Thresholds] = thresholds_of(load(ruleset, CHECKS.keys())) if ruleset else {}
    try:
        known = logins(os.environ, configured.credentials_file)
    except CredentialsUnusable as error:
        raise BadUsage(str(error)) from None
    day = as_of or now().date()
    with open_store(database) as store:
        due = reminders(day, open_things(store, day, known, overrides, kinds_on(configured.routes)), limits())
        posted = post_reminders(store, day, due, channels, now)
    if json_output:
        say_json({"day": day.isoformat(), "reminders": [records(one) for one in due], "posted": posted})
    elif send:
        for one in posted:
            sys.stdout.write(f"{channel_label(one.channel)}：{one.words}\n")
    else:
        sys.stdout.write(f"{text_of(due, limits()) or f'{day} 没有需要提醒的事项'}\n")
    return 3 if has_failed(posted) else 0
