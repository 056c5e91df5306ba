"""What is kept and what waits: database, evidence, the queue, the last night, the last messages. Nothing is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from console.channels import channels_of
from console.doctor.symptom import Symptom, limits
from console.errors import BadUsage
from console.settings import BadConfiguration, Settings
from crawler.clock import now
from reports.wording import clock
from scheduler.night import KINDS
from scheduler.posting import channel_label
from scheduler.shelving import shelf_at
from storage.errors import StorageError
from storage.postings import Sent
from storage.shelves import LocalShelf
from storage.store import Store

Told = tuple[bool | None, str]
TO_COME = "还没有建立，第一次检查时自动建立"


def look(configured: Settings) -> Iterator[Symptom]:
    """Every look of this family; of what lies in a database that does not open nothing can be told."""
    is_there, words = database(configured)
    yield Symptom("数据库", is_there, words)
    yield Symptom("证据存储", *evidence(configured))
    if not is_there:
        yield from (Symptom(name, None, "没有可用的数据库，无法得知") for name in LOOKS)
        return
    with Store(configured.database_url, configured.folder) as store:
        for name, told in LOOKS.items():
            try:
                yield Symptom(name, *told(store, configured))
            except StorageError as error:
                yield Symptom(name, None, str(error))


def database(configured: Settings) -> Told:
    """Whether the database opens, is of this version and lets itself be written. It is neither made nor brought up to
    date: an older program may be at work on it.
    """
    try:
        address = make_url(configured.database_url)
        if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
            return None, TO_COME
        with Store(configured.database_url, configured.folder) as store:
            if store.is_current:
                with store.database.write():
                    return True, store.database.address
            return False, "结构尚未建立或版本较旧，请停下其他巡查程序后执行 xuncha db upgrade"
    except ArgumentError:
        return False, "数据库地址无法识别，应为 sqlite:///文件 或 postgresql+psycopg://…"
    except StorageError as error:
        return False, str(error)


def evidence(configured: Settings) -> Told:
    """Puts a few bytes that were never there before, reads them back, and takes them away."""
    probe = f"xuncha doctor {now().isoformat()}".encode()
    sha = hashlib.sha256(probe).hexdigest()
    try:
        shelf = shelf_at(configured.evidence_place) or LocalShelf(configured.folder / "evidence")
        shelf.put(sha, probe)
        is_same = shelf.get(sha) == probe
        shelf.remove([sha])
    except Exception as error:  # whatever a store may raise: this is where it is told
        return False, f"无法写入或读回：{error}"
    return is_same, "可以写入和读回" if is_same else "读回的内容与写入的不同"


def queue(store: Store, configured: Settings) -> Told:
    """Targets that wait, and inspections that have not ended; for how long, unless their plan gives them the time."""
    waiting, unfinished = store.figures.queue(), store.figures.unfinished()
    names = "、".join(f"{one.name}（{one.id}，{clock(one.started)} 开始）" for one in unfinished[:3])
    more = f"未结束的检查 {len(unfinished)} 个：{names}" if unfinished else "没有未结束的检查"
    words = f"等待 {waiting.pending} 个，进行中 {waiting.running} 个；{more}"
    planned = {round.inspection for round in store.rounds.recent(now())}
    hours = max((_hours_since(one.started) for one in unfinished if one.id not in planned), default=0.0)
    if hours <= limits().queue_hours:
        return True, words
    return False, f"最早的已等待 {hours:.0f} 小时；{words}；可用 xuncha inspect --resume 续查"


def last_night(store: Store, configured: Settings) -> Told:
    """How long ago a nightly or quarterly inspection worked on anything."""
    worked = store.figures.worked(KINDS, now())
    if worked is None:
        return None, "还没有进行过夜间巡查"
    hours = _hours_since(worked)
    return hours <= limits().night_hours, f"最近一次查到 {clock(worked)}，已过 {hours:.0f} 小时"


def last_messages(store: Store, configured: Settings) -> Told:
    """What came of the last report and reminder on each channel that is configured."""
    try:
        names = {channel.name for channel in channels_of(configured)}
    except (BadUsage, BadConfiguration):
        return None, "发送渠道的配置有误，无法得知"
    latest = [one for one in store.postings.latest() if one.channel in names]
    if not latest:
        return None, "还没有发送过日报或提醒"
    words = "；".join(
        f"{_KINDS.get(one.kind, one.kind)}（{channel_label(one.channel)}）{clock(one.at)} {one.outcome.label}"
        + (f"：{one.reason}" if one.reason else "")
        for one in latest
    )
    return all(one.outcome is Sent.SENT for one in latest), words


def _hours_since(at: datetime) -> float:
    return (now() - at).total_seconds() / 3600


_KINDS = {"night": "日报", "remind": "提醒"}
LOOKS: dict[str, Callable[[Store, Settings], Told]] = {
    "待查队列": queue,
    "夜间巡查": last_night,
    "最近的发送": last_messages,
}
"""By name. What else lies in the store is looked at by one more line here."""
