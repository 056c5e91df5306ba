"""`xuncha db prune`: what the rule of retention lets go, told before it is done."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from console.inspecting import KINDS
from console.output import say_json
from console.recorded import open_store
from console.settings import settings
from crawler.clock import now
from scheduler.pruning import Pruned, prune
from scheduler.retention import rule_at
from storage.inspections import RECHECK

_LABELS = {
    "pages": ("页面", "保存期内的采集，及其后续采集仍引用的页面"),
    "links": ("链接", "保存期内的采集，及其后续采集仍沿用的编号"),
    "visits": ("访问记录", "保存期内的采集；另为比对历史保留每个对象最近 30 次"),
    "captures": ("原文索引", "所属页面还在"),
    "notes": ("采集附注", "保存期内的采集"),
    "spools": ("采集原文文件", "原文索引还在，或属于正在进行的采集"),
    "results": ("检查结果", "以后的检查要与之比较：尚无更新的确定结论，或不足 40 批"),
    "findings": ("问题", "随检查结果保留；首次发现时间由后来的批次接续"),
    "cards": ("评分表", "统计连续合格、变化和屡次出现要用"),
    "evidence": ("证据文件", "问题未了结、已导出或列入整改通知、人工材料、保存期内的采集"),
    "condemned": ("待清除的证据", "已无引用，宽限期满后由下一次清理删除"),
    "torn": ("未写完的文件", ""),
}


def prune_database(*, database: str, trial: bool, json_output: bool) -> int:
    """Prunes, or tells what pruning would do."""
    rule = rule_at(settings().retention)
    with open_store(database) as store:
        done = prune(store, rule, now(), trial=trial)
    if json_output:
        say_json(_described(done, trial=trial))
    else:
        _tell(Console(), done, trial=trial)
    return 0


def _tell(console: Console, done: Pruned, *, trial: bool) -> None:
    if trial:
        console.print("以下只是试算，没有改动任何内容。")
    kinds = {**KINDS, RECHECK: "复查"}
    batches = Table("检查批次", "批数", "采集记录", "原因", title="检查批次")
    for (kind, whole, why), count in sorted(
        done.decisions.items(), key=lambda row: (row[0][0], not row[0][1], row[0][2])
    ):
        batches.add_row(kinds.get(kind, kind), str(count), "完整保留" if whole else "清除", why)
    console.print(batches)
    kept = Table(title="将清除和保留的内容" if trial else "已清除和保留的内容")
    for heading in ("内容", "清除", "占用", "保留", "占用", "保留的原因"):
        kept.add_column(heading, overflow="fold")
    for key, (label, why) in _LABELS.items():
        tally = done.tallies.get(key)
        if tally is not None and (tally.gone or tally.stays):
            figures = (str(tally.gone), size_words(tally.gone_bytes), str(tally.stays), size_words(tally.stays_bytes))
            kept.add_row(label, *figures, why if tally.stays else "")
    console.print(kept)
    if done.before is not None and done.after is not None and not trial:
        before, after, free = map(size_words, (done.before.size, done.after.size, done.after.free))
        words = f"数据库文件 {before} → {after}，其中空页 {free or '0 B'}"
        console.print(words + (f"；{done.unreclaimed}" if done.unreclaimed else ""), highlight=False)


def size_words(count: int) -> str:
    """Bytes in words; "" for what has none of its own."""
    if not count:
        return ""
    for unit, factor in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count} B"


def _described(done: Pruned, *, trial: bool) -> dict[str, object]:
    return {
        "dry_run": trial,
        "inspections": [
            {"kind": kind, "whole": whole, "why": why, "count": count}
            for (kind, whole, why), count in done.decisions.items()
        ],
        "tallies": done.tallies,
        "database_before": done.before,
        "database_after": done.after,
        "unreclaimed": done.unreclaimed,
    }
