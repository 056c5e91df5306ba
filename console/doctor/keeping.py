"""What is kept and what waits: database, evidence, the queue, the last night, the last messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

from console.doctor.symptom import Symptom, limits
from console.settings import Settings
from crawler.clock import now
from reports.wording import clock
from scheduler.shelving import shelf_at
from storage.postings import Sent
from storage.store import Store


def look(configured: Settings) -> Iterator[Symptom]:
    """Every look of this family; of what lies in a database that does not open nothing can be told."""
    with ExitStack() as stack:
        try:
            configured.folder.mkdir(parents=True, exist_ok=True)
            store = stack.enter_context(
                Store(configured.database_url, configured.folder, shelf_at(configured.evidence_place))
            )
            store.upgrade()
        except Exception as error:  # whatever a driver may raise: this is where it is told
            yield Symptom("数据库", False, str(error))
            yield from (Symptom(name, None, "数据库无法打开，无法得知") for name in LOOKS)
            return
        yield Symptom("数据库", True, configured.database_url.split("@")[-1])
        for name, told in LOOKS.items():
            ok, words = told(store)
            yield Symptom(name, ok, words)


Told = tuple[bool | None, str]


def evidence(store: Store) -> Told:
    """Puts a few bytes that were never there before, reads them back, and takes them away."""
    probe = f"xuncha doctor {now().isoformat()}".encode()
    try:
        sha = store.evidence.put(probe, kind="other")
        is_same = store.evidence.get(sha) == probe
        store.evidence.shelf.remove([sha])
    except Exception as error:  # whatever a store may raise: this is where it is told
        return False, f"无法写入或读回：{error}"
    return is_same, "可以写入和读回" if is_same else "读回的内容与写入的不同"


def queue(store: Store) -> Told:
    """Targets that wait, since when, and inspections that have not ended."""
    waiting, unfinished = store.figures.queue(), store.figures.unfinished()
    names = "、".join(f"{one.name}（{one.id}，{clock(one.started)} 开始）" for one in unfinished[:3])
    more = f"未结束的检查 {len(unfinished)} 个：{names}" if unfinished else "没有未结束的检查"
    words = f"等待 {waiting.pending} 个，进行中 {waiting.running} 个；{more}"
    if waiting.oldest is None:
        return True, words
    hours = _hours_since(waiting.oldest)
    if hours <= limits().queue_hours:
        return True, words
    return False, f"最早的已等待 {hours:.0f} 小时；{words}；可用 xuncha inspect --resume 续查"


def last_night(store: Store) -> Told:
    """How long ago the last nightly inspection ended."""
    last = store.figures.last("nightly", ended=True)
    if last is None or last.ended is None:
        return None, "还没有完成过夜间巡查"
    hours = _hours_since(last.ended)
    return hours <= limits().night_hours, f"最近一次于 {clock(last.ended)} 结束，已过 {hours:.0f} 小时"


def last_messages(store: Store) -> Told:
    """What came of the last report and reminder on each channel."""
    latest = store.postings.latest()
    if not latest:
        return None, "还没有发送过日报或提醒"
    words = "；".join(
        f"{_KINDS.get(one.kind, one.kind)}（{one.channel}）{clock(one.at)} {one.outcome.label}"
        + (f"：{one.reason}" if one.reason else "")
        for one in latest
    )
    return all(one.outcome is Sent.SENT for one in latest), words


def _hours_since(at: datetime) -> float:
    return (now() - at).total_seconds() / 3600


_KINDS = {"night": "日报", "remind": "提醒"}
LOOKS: dict[str, Callable[[Store], Told]] = {
    "证据存储": evidence,
    "待查队列": queue,
    "夜间巡查": last_night,
    "最近的发送": last_messages,
}
"""By name. What else lies in the store is looked at by one more line here."""
