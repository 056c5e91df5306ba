"""What is recorded, as a command names it: the store, an inspection, one of its targets."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from checks.model import Subject, Target
from console.errors import BadUsage
from console.settings import settings
from crawler.read.urls import normalise
from scheduler.shelving import shelf_at
from storage.errors import RecordMissing
from storage.inspections import InspectionRecord
from storage.store import Store

LATEST = "latest"


def open_store(database: str) -> Store:
    """The store that there is: whoever reads what is recorded makes no new one. Raises BadUsage where there is none."""
    configured = settings()
    url = database or configured.database_url
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise BadUsage(f"没有这个数据库：{address.database}（数据文件夹由 XUNCHA_FOLDER 指定，数据库由 --db 指定）")
    return Store(url, configured.folder, shelf_at(configured.evidence_place))


def inspection_of(store: Store, wanted: str) -> InspectionRecord:
    """The inspection of that number, or the last started. Raises BadUsage, which names those that there are.

    One whose results were removed by the rule of retention is refused: what is left of it would read as clean.
    """
    if wanted != LATEST:
        try:
            record = store.inspections.get(wanted)
        except RecordMissing:
            known = "、".join(record.id for record in store.inspections.all()[:10]) or "无"
            raise BadUsage(f"没有检查批次“{wanted}”，最近的有：{known}") from None
        if record.thinned is not None:
            raise BadUsage(
                f"检查批次 {wanted} 的判定结果已按保存期限于 {record.thinned:%Y-%m-%d} 清除，不能再导出或评分"
            )
        return record
    records = store.inspections.all()
    if not records:
        raise BadUsage("数据库中还没有检查批次")
    return records[0]


def site_of(store: Store, record: InspectionRecord, wanted: str) -> str:
    """The address of the site that is meant, as it is recorded; "" where none is named. Raises BadUsage."""
    if not wanted:
        return ""
    sites = [row.target.address for row in store.inspections.targets(record.id) if row.target.kind is Subject.SITE]
    for address in sites:
        if wanted == address or normalise(wanted) == normalise(address):
            return address
    raise BadUsage(f"检查批次 {record.id} 中没有网站“{wanted}”，有：{'、'.join(sites) or '无'}")


def targets_of(store: Store, record: InspectionRecord, wanted: str) -> tuple[Target, ...]:
    """The targets meant by an address, an account's key or a name; all where none is named. Raises BadUsage."""
    rows = store.inspections.targets(record.id)
    if not wanted:
        return tuple(row.target for row in rows)
    found = [
        row.target
        for row in rows
        if wanted in (row.target.address, row.name)
        or (row.target.kind is Subject.SITE and normalise(wanted) == normalise(row.target.address))
    ]
    if not found:
        known = "、".join(f"{row.name}（{row.target.address}）" for row in rows[:20])
        raise BadUsage(f"检查批次 {record.id} 中没有“{wanted}”，有：{known or '无'}")
    return tuple(found)
