"""`xuncha db backup` and `xuncha db restore`."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from console.exporting import tell_seal
from console.keeping import size_words
from console.output import say_json
from console.recorded import open_store
from console.settings import settings
from crawler.clock import now
from scheduler.backing import back_up, restore
from scheduler.shelving import shelf_at


def back_up_database(folder: Path, *, database: str, json_output: bool) -> int:
    """Makes or renews a backup; 1 where evidence that rows name is not in the store any more."""
    with open_store(database) as store:
        done = back_up(store, folder, now(), version("xuncha"))
    if json_output:
        say_json(done)
        return 1 if done.missing else 0
    console = Console()
    words = (
        f"备份完成：{folder}，共 {done.files} 个文件，本次写入 {done.copied} 个（{size_words(done.copied_bytes)}）。"
    )
    console.print(words, highlight=False, soft_wrap=True)
    if done.missing:
        console.print(f"[yellow]证据库中已没有 {len(done.missing)} 份被引用的证据，如 {done.missing[0]}。[/yellow]")
    tell_seal(console, done.digest)
    return 1 if done.missing else 0


def restore_database(folder: Path, *, database: str) -> int:
    """Brings a backup back to where the settings point, which must be empty."""
    configured = settings()
    url = database or configured.database_url
    about = restore(folder, url, configured.folder, shelf_at(configured.evidence_place))
    with open_store(database) as store:
        store.upgrade()
        count = len(store.inspections.every())
    words = f"已恢复 {about.made:%Y-%m-%d %H:%M} 的备份到 {configured.folder}：{count} 个检查批次。"
    Console().print(words, highlight=False, soft_wrap=True)
    return 0
