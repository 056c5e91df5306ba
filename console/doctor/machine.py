"""The machine: Python, disks, the browser, whether we are known to those whom we visit."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from console.doctor.symptom import Symptom, limits
from console.settings import Settings
from crawler.fetch.browser import Chromium, system_chromium
from crawler.fetch.policy import AddressPolicy

OUTBOX = Path("outbox")
"""Where inspections are written that name no folder."""
DRIVER_SECONDS = 60


def look(configured: Settings) -> Iterator[Symptom]:
    """Every look of this family."""
    yield Symptom("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield disks(configured)
    yield browser()
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


def browser() -> Symptom:
    """Whether a browser can be started, tried in earnest: a path alone proves nothing."""
    path, version = system_chromium(), asyncio.run(_version())
    if version is not None:
        return Symptom("浏览器", True, f"{path or 'Playwright 自带'}（{version}）")
    command = [sys.executable, "-m", "playwright", "--version"]
    try:
        driver = subprocess.run(command, capture_output=True, text=True, timeout=DRIVER_SECONDS)
    except subprocess.TimeoutExpired:
        return Symptom("浏览器", False, f"驱动在 {DRIVER_SECONDS} 秒内没有应答，脚本页面将记为未能判定")
    if driver.returncode:
        lines = [line for line in driver.stderr.split("\n") if line.strip()] or [f"退出码 {driver.returncode}"]
        return Symptom("浏览器", False, f"驱动不能运行（{lines[-1].rpartition('/')[2]}），脚本页面将记为未能判定")
    if path is None:
        return Symptom("浏览器", None, "没有可用的 Chromium，脚本页面将记为未能判定")
    return Symptom("浏览器", False, f"{path} 不能启动，脚本页面将记为未能判定")


async def _version() -> str | None:
    async with Chromium(AddressPolicy(allow_private=False), "") as chromium:
        return await chromium.version()
