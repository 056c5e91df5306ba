"""The machine: Python, disks, the browser, whether we are known to those whom we visit."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from console.doctor.symptom import Symptom, limits
from console.settings import Settings
from crawler.fetch.browser import system_chromium

OUTBOX = Path("outbox")
"""Where inspections are written that name no folder."""


def look(configured: Settings) -> Iterator[Symptom]:
    """Every look of this family."""
    yield Symptom("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield disks(configured)
    yield _browser()
    known = configured.contact != Settings.model_fields["contact"].default
    words = configured.contact if known else "尚未配置 contact：访问网站时无法让对方知道联系谁"
    yield Symptom("联系方式", True if known else None, words)


def disks(configured: Settings) -> Symptom:
    """Free bytes of each disk that is written to: data, the spools of pages, evidence, results."""
    places = {
        "数据文件夹": configured.folder,
        "网页暂存": configured.folder / "bodies",
        "证据": configured.folder / "evidence",
        "结果文件夹": OUTBOX,
    }
    seen: dict[int, tuple[list[str], int]] = {}
    for name, place in places.items():
        there = _existing(place)
        named, _ = seen.setdefault(there.stat().st_dev, ([], shutil.disk_usage(there).free))
        named.append(name)
    words = "；".join(f"{'、'.join(named)}可用 {free / 1024**3:.1f} GB" for named, free in seen.values())
    return Symptom("磁盘", all(free >= limits().free_bytes_min for _, free in seen.values()), words)


def _existing(place: Path) -> Path:
    place = place.absolute()
    while not place.exists():
        place = place.parent
    return place


def _browser() -> Symptom:
    path = system_chromium()
    if path is None:
        return Symptom("浏览器", None, "系统没有 Chromium，将尝试 Playwright 自带的；都没有时脚本页面记为未能判定")
    return Symptom("浏览器", True, path)
