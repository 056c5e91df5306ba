"""Logs in both forms: every line with what it is about, tasks and threads kept apart."""

from __future__ import annotations

import asyncio
import contextvars
import io
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import structlog

from scheduler.logs import QUIET, bind, bound, configure


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where lines go; the process's own logging is as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in QUIET}
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_task_has_what_it_bound_and_no_more(stream: io.StringIO) -> None:
    configure("json", stream=stream)
    pool = ThreadPoolExecutor(1)
    logger = logging.getLogger("scrapy.downloader")

    async def visit(target: str, run: int) -> None:
        bind(inspection="n1", target=target)
        await asyncio.sleep(0.01 * run)
        bind(run=run)
        logger.warning("cut off after %d pages", run)
        await asyncio.to_thread(logger.warning, "in a thread")
        carried = contextvars.copy_context().run
        await asyncio.get_running_loop().run_in_executor(pool, carried, logger.warning, "in an executor")

    async def both() -> None:
        await asyncio.gather(visit("a", 1), visit("b", 2))
        logger.warning("of nobody")

    asyncio.run(both())
    pool.shutdown()
    told = lines(stream)
    assert {(line["target"], line["run"]) for line in told if "target" in line} == {("a", 1), ("b", 2)}
    assert [line["event"] for line in told if line.get("target") == "a"] == [
        "cut off after 1 pages",
        "in a thread",
        "in an executor",
    ]
    assert [line["event"] for line in told if "target" not in line] == ["of nobody"]
    assert {line["logger"] for line in told} == {"scrapy.downloader"}
    stamp = datetime.fromisoformat(str(told[0]["timestamp"])).utcoffset()
    assert stamp is not None
    assert stamp.total_seconds() == 8 * 3600


def test_a_block_is_bound_for_its_time(stream: io.StringIO) -> None:
    configure("json", stream=stream)
    with bound(inspection="n1"):
        structlog.get_logger("ours").error("磁盘已满", free=3)
    logging.getLogger("ours").error("later")
    first, second = lines(stream)
    assert (first["event"], first["free"], first["inspection"], first["level"]) == ("磁盘已满", 3, "n1", "error")
    assert "inspection" not in second


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_shows_no_values(log_format: str, stream: io.StringIO) -> None:
    configure(log_format, stream=stream)  # type: ignore[arg-type]  # one of the two

    def deliver(password: str) -> None:
        raise RuntimeError("连接失败")

    try:
        deliver("s3" + "cr3t")
    except RuntimeError:
        logging.getLogger("ours").exception("sending failed")
    text = stream.getvalue()
    assert "RuntimeError: 连接失败" in text
    assert "s3cr3t" not in text


def test_lines_to_read_and_loggers_that_are_kept_quiet(stream: io.StringIO) -> None:
    configure("console", level=logging.INFO, stream=stream)
    logging.getLogger("httpx").info("HTTP Request: GET http://x.example/?key=s3cr3t")
    with bound(target="http://www.yunxi.example/"):
        logging.getLogger("scheduler.worker").info("开始")
    (line,) = stream.getvalue().splitlines()
    assert "开始" in line
    assert "target=http://www.yunxi.example/" in line
    assert "\x1b" not in line


def test_configured_twice_writes_once(stream: io.StringIO) -> None:
    configure("json", stream=stream)
    configure("json", stream=stream)
    logging.getLogger("ours").warning("einmal")
    assert len(lines(stream)) == 1


def test_what_a_site_said_neither_begins_a_line_nor_steers_a_terminal(stream: io.StringIO) -> None:
    configure("console", stream=stream)
    with bound(target="http://a.example/\x1b[2J"):
        logging.getLogger("a").warning("cannot read %s", "标题\n2026-11-29 [critical ] forged \x1b[31m\u202e\ud800")
        try:
            raise ValueError("坏\x1b[2J")
        except ValueError:
            logging.getLogger("a").exception("oops")
    told = stream.getvalue()
    assert not [line for line in told.split("\n") if line.startswith("2026-11-29 [critical")]
    assert not [sign for sign in "\x1b\u202e\ud800" if sign in told]
    assert "标题\\n2026" in told
    assert "ValueError: 坏\\x1b[2J" in told
