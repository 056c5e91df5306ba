"""The commands that inspect: demo, check, inspect, accounts check. One path through all of them, told as it goes."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace
from rich.console import Console

from checks.model import Subject
from console.cautions import cautions
from console.errors import BadUsage
from console.exporting import papers_of, tell_seal
from console.ordering import narrowed, order_of, refuse_private
from console.output import say_json
from console.settings import settings
from console.watching import LiveProgress, Silent
from crawler.clock import now
from crawler.facts import Site, Unit
from crawler.read.urls import normalise
from reports import outbox
from reports.papers import Papers
from reports.problems import InspectionView
from reports.terminal import tell_ranking, tell_shared, tell_target
from scheduler.inspection import Order, begin, finish, work_off
from scheduler.registry import Registry, load
from scheduler.scorecards import score_inspection
from scheduler.shelving import shelf_at
from scheduler.telling import Outbox, ended_badly, vetoed_or_found, write_outbox
from storage.inspections import TargetRow
from storage.store import Store

DEMO_RULESETS = ("ankang-2019-website", "cn-2019-website", "ankang-2019-wechat", "ankang-2019-weibo")
DEMO_ISSUER, DEMO_DAYS = "砚江市人民政府办公室", 10
KINDS = {"nightly": "夜间巡查", "quarterly": "季度检查", "on-demand": "即时检查"}
ROOTS = "roots.pem"
"""The certificate of the demo city's own authority, beside its registry."""


def run_demo(out: Path, *, workers: int, json_output: bool) -> int:
    """Serves the fictional city, inspects it over a fresh SQLite file, writes the outbox."""
    console = Console(stderr=json_output)
    shutil.rmtree(out, ignore_errors=True)
    work_folder = out / ".work"
    work_folder.mkdir(parents=True)
    with _city(work_folder / "city") as registry_path, _logins() as credentials:
        registry = load(registry_path)
        own = {
            "folder": work_folder,
            "database": "",
            "lexicons": None,
            "trusted_roots": registry_path.parent / ROOTS,
            "credentials_file": credentials,
            "queue": False,
        }
        order = order_of(
            registry,
            settings().model_copy(update={**own, "workers": workers}),
            rulesets=DEMO_RULESETS,
            as_of=None,
            kind="quarterly",
            name="砚江市示范检查",
            allow_private=True,
            rendering=True,
        )
        order = replace(order, terms=replace(order.terms, account_time=order.as_of))
        papers = Papers(issuer=DEMO_ISSUER, days=DEMO_DAYS)
        return _run(order, out, console, resume=False, fail_on=None, json_output=json_output, papers=papers)


def check_site(
    url: str,
    *,
    rulesets: tuple[str, ...],
    as_of: datetime | None,
    max_pages: int,
    rendering: bool,
    out: Path | None,
    allow_private: bool,
    fail_on: str | None,
    json_output: bool,
) -> int:
    """Inspects one site now. It is registered for the moment: what its name should be nobody has said."""
    home = normalise(url if "://" in url else f"http://{url}")
    if not home:
        raise BadUsage(f"不是有效的网址：{url}")
    host = urlsplit(home).netloc
    refuse_private(home, allow_private=allow_private)
    unit = Unit(code=host, name=host, sites=(Site(unit=host, name="", home_url=home, kind="portal"),))
    registry = Registry(units=(unit,), canaries=(), hosts={}, as_of=None, digest=home, source=Path.cwd() / "check")
    order = order_of(
        registry,
        settings(),
        rulesets=rulesets or ("cn-2019-website",),
        as_of=as_of,
        kind="on-demand",
        name=f"即时检查 {host}",
        allow_private=allow_private,
        rendering=rendering,
    )
    limits = replace(order.terms.limits, pages=max_pages or order.terms.limits.pages)
    order = replace(order, workers=1, terms=replace(order.terms, limits=limits))
    return _run(
        order, out, Console(stderr=json_output), resume=False, fail_on=fail_on, json_output=json_output, one_site=True
    )


def inspect_registry(
    path: Path,
    *,
    rulesets: tuple[str, ...],
    as_of: datetime | None,
    kind: str,
    units: str,
    workers: int,
    database: str,
    out: Path | None,
    max_pages: int,
    resume: bool,
    rendering: bool,
    allow_private: bool,
    fail_on: str | None,
    json_output: bool,
    queued: bool = False,
    subjects: frozenset[Subject] = frozenset(Subject),
) -> int:
    """One inspection over a registry."""
    if kind not in KINDS:
        raise BadUsage(f"未知的检查类型“{kind}”，可用：{'、'.join(KINDS)}")
    registry = narrowed(load(path), units)
    for unit in registry.units:
        for site in unit.sites:
            refuse_private(site.home_url, allow_private=allow_private, hosts=registry.hosts)
    console = Console(stderr=json_output)
    for line in cautions(registry.units):
        console.print(line, soft_wrap=True, highlight=False)
    configured = settings().model_copy(
        update={
            **({"database": database} if database else {}),
            **({"workers": workers} if workers else {}),
            **({"max_pages": max_pages} if max_pages else {}),
            **({"queue": True} if queued else {}),
        }
    )
    order = order_of(
        registry,
        configured,
        rulesets=rulesets or DEMO_RULESETS,
        as_of=as_of,
        kind=kind,
        name=f"{KINDS[kind]} {now():%Y-%m-%d}",
        allow_private=allow_private,
        rendering=rendering,
    )
    order = replace(order, subjects=subjects)
    return _run(order, out, console, resume=resume, fail_on=fail_on, json_output=json_output)


def _run(
    order: Order,
    out: Path | None,
    console: Console,
    *,
    resume: bool,
    fail_on: str | None,
    json_output: bool,
    one_site: bool = False,
    papers: Papers | None = None,
) -> int:
    if fail_on not in (None, "veto", "finding"):
        raise BadUsage(f"--fail-on 只能是 veto 或 finding，给出的是“{fail_on}”")
    papers = papers or papers_of()
    parts = outbox.WHOLE - {outbox.Part.DOCX} if one_site else outbox.WHOLE
    outbox.check(parts, papers)  # a template with a fault is told before anything is begun
    folder = Path(order.machine.folder)
    folder.mkdir(parents=True, exist_ok=True)
    with Store(order.machine.database, folder, shelf_at(order.machine.evidence)) as store:
        store.evidence.shelf.check()  # an evidence store that is away is told before anything is visited
        store.upgrade()
        store.evidence.note_owner()
        record = begin(store, order, resume=resume)
        watcher = Silent() if json_output else LiveProgress(console)
        with watcher if isinstance(watcher, LiveProgress) else contextlib.nullcontext():
            if order.terms.queued:
                from scheduler.queued import work_off_queued  # loads the queue's library

                said = partial(console.print, highlight=False)
                whole = work_off_queued(store, record, order.machine.database, watcher, said)
            else:
                whole = work_off(store, record, order, watcher)
        score_inspection(store, record)
        if whole:
            record = finish(store, record)
        out = out or Path("outbox") / record.id
        written = write_outbox(store, record, out, parts, papers)
        rows = store.inspections.targets(record.id)
    if json_output:
        say_json(
            {
                "inspection": record.id,
                "out": str(out),
                "files": [str(path) for path in written.paths],
                "manifest_sha256": written.digest,
                "whole": whole,
            }
        )
    else:
        _tell(console, written, one_site=one_site)
        _tell_failed(console, rows)
        if not whole:
            console.print("[yellow]检查已中断，已采集的内容都已保存；用 inspect --resume 接着检查。[/yellow]")
    return _exit_code(written.view, rows_failed=ended_badly(rows), fail_on=fail_on, whole=whole)


def _exit_code(view: InspectionView, *, rows_failed: tuple[int, int], fail_on: str | None, whole: bool) -> int:
    failed, of_all = rows_failed
    if of_all and failed == of_all:
        return 4
    if failed or not whole:
        return 3
    vetoed, found = vetoed_or_found(view)
    if (fail_on == "veto" and vetoed) or (fail_on == "finding" and found):
        return 1
    return 0


def _tell_failed(console: Console, rows: tuple[TargetRow, ...]) -> None:
    """What ours broke on, by name and reason: the problem lists say no more of it than that they could not tell."""
    failed = [row for row in rows if row.state == "failed"]
    if failed:
        console.print(f"[yellow]{len(failed)} 个对象因本系统出错未能检查，不计为任何单位的问题：[/yellow]")
    for row in failed:
        reason = row.exit_reason.removeprefix("出错：")  # may hold an exception's words: no markup
        console.print(f"  {row.name}：{reason}", highlight=False, markup=False, soft_wrap=True)


def _tell(console: Console, written: Outbox, *, one_site: bool) -> None:
    view = written.view
    if one_site:
        target = next(figures.target for figures in view.runs)
        tell_target(console, view, target, [path for path in written.paths if path.suffix in (".html", ".xlsx")])
    else:
        tell_ranking(console, view)
        tell_shared(console, view)
        console.print("结果已写入：")
        for path in written.paths:
            console.print(f"  {path}", highlight=False, soft_wrap=True)
    tell_seal(console, written.digest)


@contextlib.contextmanager
def _city(folder: Path) -> Iterator[Path]:
    """The demo city in a process of its own, so that it does not share our reactor or our core; gives its registry."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve_city, args=(str(folder), theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        try:
            registry, fault = ours.recv()
        except EOFError:
            registry, fault = "", f"进程异常结束（代码 {process.exitcode}）"
        if fault:
            raise BadUsage(f"演示城市未能启动：{fault}")
        yield Path(registry)
    finally:
        process.terminate()
        process.join()


@contextlib.contextmanager
def _logins() -> Iterator[Path]:
    """The file of the demo's logins: in no repository, as is asked of such files, and gone afterwards."""
    from demo.account_files import LOGINS

    with tempfile.TemporaryDirectory(prefix="xuncha-demo-") as folder:
        file = Path(folder, "logins.toml")
        file.touch(mode=0o600)
        file.write_text("".join(f'{name} = "{value}"\n' for name, value in LOGINS.items()), "utf-8")
        yield file


def _serve_city(folder: str, ready: Connection) -> None:
    import signal

    from demo.city import City

    signal.signal(signal.SIGINT, signal.SIG_IGN)

    async def serve() -> None:
        city = City(Path(folder))
        try:
            await city.start()
        except OSError as error:
            ready.send(("", str(error)))
            return
        ready.send((str(city.registry_path), ""))
        ended = asyncio.Event()
        parent = multiprocessing.parent_process()
        if parent is not None:  # a command that was killed leaves no city behind
            asyncio.get_running_loop().add_reader(parent.sentinel, ended.set)
        await ended.wait()

    asyncio.run(serve())
