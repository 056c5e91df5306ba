"""Live progress of an inspection: a bar on a terminal, plain lines elsewhere, nothing where a program reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from checks.model import Subject
from crawler.facts.endings import DONE
from scheduler.plan import Tick
from storage.inspections import TargetRow

_ENDED = frozenset({"done", "failed", "interrupted"})
PLAIN_LINE_SECONDS = 5.0


class _Standing(Struct):
    name: str
    subject: Subject
    state: str = "pending"
    pages: int = 0
    links: int = 0
    problems: int = 0
    is_held_up: bool = False


class Silent:
    """Shows nothing (`--json`)."""

    def begin(self, rows: Sequence[TargetRow]) -> None:
        """Nothing to show."""

    def tick(self, tick: Tick) -> None:
        """Nothing to show."""


class LiveProgress:
    """Targets, pages, problems, rate and time left. Use as a context manager around the work."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock = console, clock
        self._targets: dict[int, _Standing] = {}
        self._started = clock()
        self._said = 0.0
        self._done, self._ends_at = 0, 0.0
        self._bar: Progress | None = None
        self._task = TaskID(0)
        if console.is_terminal:
            self._bar = Progress(
                TextColumn("[bold]巡查进度"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[figures]}"),
                console=console,
                transient=True,
            )

    def __enter__(self) -> LiveProgress:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("", total=None, figures="正在准备…")
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, rows: Sequence[TargetRow]) -> None:
        """Takes in the table; targets that an earlier try has ended count as done."""
        self._targets = {row.number: _Standing(row.name, row.target.kind, row.state) for row in rows}
        counts = {subject: sum(s.subject is subject for s in self._targets.values()) for subject in Subject}
        self._console.print(
            f"开始巡查：{counts[Subject.UNIT]} 个单位，{counts[Subject.SITE]} 个网站，{counts[Subject.ACCOUNT]} 个账号"
        )
        self._show(force=True)

    def tick(self, tick: Tick) -> None:
        """Takes in one target's figures."""
        standing = self._targets[tick.number]
        if tick.state == "pending" and tick.words:
            if standing.state == "pending" and not standing.is_held_up:  # another worker may have told it, or have it
                standing.is_held_up = True
                self._say(f"  {standing.name}：{tick.words}")
            return
        ended_now = tick.state in _ENDED and standing.state not in _ENDED
        standing.state, standing.pages, standing.links = tick.state, tick.pages, tick.links
        standing.problems = tick.problems
        if ended_now and tick.state == "failed":
            self._say(f"  {standing.name}：{tick.words}")
        elif ended_now and standing.subject is Subject.SITE:
            reason = "" if tick.words in ("", DONE) else f"（{tick.words}）"
            self._say(f"  {standing.name}：{tick.pages} 页，{tick.problems} 个问题{reason}")
        self._show()

    def _say(self, line: str) -> None:
        (self._bar.console if self._bar is not None else self._console).print(line, highlight=False, markup=False)

    def _show(self, *, force: bool = False) -> None:
        now = self._clock()
        elapsed = max(now - self._started, 0.001)
        done = sum(standing.state in _ENDED for standing in self._targets.values())
        pages = sum(standing.pages for standing in self._targets.values())
        problems = sum(standing.problems for standing in self._targets.values())
        if done != self._done:  # the rest is reckoned anew when one has ended, and runs down meanwhile
            self._done, self._ends_at = done, now + elapsed * (len(self._targets) - done) / done
        figures = f"{pages} 页  {problems} 个问题  {pages / elapsed:.0f} 页/秒  {self._left(now)}"
        if self._bar is not None:
            self._bar.update(self._task, total=len(self._targets), completed=done, figures=figures)
        elif force or now - self._said >= PLAIN_LINE_SECONDS:
            self._said = now
            self._say(f"[{_spelt(elapsed)}] 已完成 {done}/{len(self._targets)} 个对象，{figures}")

    def _left(self, now: float) -> str:
        if not self._done:
            return "剩余时间估算中"
        is_late = now > self._ends_at and self._done < len(self._targets)
        return "已超过估计的时间" if is_late else f"剩余约 {_spelt(max(0.0, self._ends_at - now))}"


def _spelt(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
