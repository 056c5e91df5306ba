"""`xuncha night`: the report of a night (巡检日报), shown, written, or sent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from console.errors import BadUsage
from console.output import say_json
from console.recorded import inspection_of, open_store
from console.settings import settings
from crawler.clock import now
from crawler.facts import BEIJING
from reports import night_text
from reports.night_model import NightReport
from reports.records import encode_pretty
from scheduler.night import KINDS, report_of
from scheduler.night_post import LATELY, post_night
from scheduler.posting import Channel, channel_label, has_failed
from storage.inspections import InspectionRecord
from storage.store import Store


def tell(
    inspection: str, *, missed: tuple[date, ...], out: Path | None, send: bool, database: str, json_output: bool
) -> int:
    """Shows the report of an inspection, the last night's where none is named; writes and sends it where asked.

    Nights that the scheduler missed of late are told beside those of `missed`. 3 where it could not be sent.
    """
    channels = sending_channels() if send else ()
    with open_store(database) as store:
        nights = sorted({*missed, *missed_of_late(store)})
        report = report_of(store, wanted(store, inspection), tuple(nights), None if inspection else now())
        posted = post_night(store, report, channels, now)
    if out is not None:
        write(report, out)
    if json_output:
        say_json({**msgspec.to_builtins(report), "posted": posted} if send else report)
    elif out is None and not send:
        sys.stdout.write(night_text.text(report))
    if not json_output:
        for one in posted:
            sys.stdout.write(f"{channel_label(one.channel)}：{one.words}\n")
    return 3 if has_failed(posted) else 0


def sending_channels() -> tuple[Channel, ...]:
    """The channels that are configured, at least one; from now on what goes wrong is logged. Raises BadUsage."""
    from console.channels import channels_of  # half a second that only a sender pays
    from scheduler.logs import configure

    configured = settings()
    configure(configured.log_format)
    channels = channels_of(configured)
    if not channels:
        raise BadUsage("没有配置发送渠道：请在 xuncha.toml 中填写 mail_host 或 webhook")
    return channels


def missed_of_late(store: Store) -> Iterator[date]:
    """The nights of the last week on which the scheduler inspected nothing."""
    for one in store.rounds.missed(now() - LATELY):
        if one.kind == KINDS[0]:
            yield one.starts.astimezone(BEIJING).date()


def wanted(store: Store, inspection: str) -> InspectionRecord:
    """That inspection, or that of the last night: a quarterly one takes the nightly's place. Raises BadUsage.

    One that a wrong clock dated into the future hides no other.
    """
    if inspection:
        return inspection_of(store, inspection)
    found = [store.figures.last(kind, until=now()) or store.figures.last(kind) for kind in KINDS]
    begun = [one for one in found if one is not None]
    last = max(begun, key=lambda one: (one.started <= now(), one.started), default=None)
    if last is None:
        raise BadUsage("数据库中还没有夜间巡查，其他检查请用 --inspection 指明批次编号")
    return store.inspections.get(last.id)


def write(report: NightReport, path: Path) -> None:
    """Writes the report as its file's name says: .html, .txt or .json. Raises BadUsage."""
    from reports.night_page import render  # loads Jinja, which no other form needs

    texts = {
        ".html": lambda: render(report).encode(),
        ".txt": lambda: night_text.text(report).encode(),
        ".json": lambda: encode_pretty(report),
    }
    made = texts.get(path.suffix.lower())
    if made is None:
        raise BadUsage(f"文件 {path} 的格式无法识别，应以 .html、.txt 或 .json 结尾")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made())
    except OSError as error:
        raise BadUsage(f"文件 {path} 无法写入：{error.strerror}") from error
