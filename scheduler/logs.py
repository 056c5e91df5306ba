"""Logs: lines to read, or JSON objects to collect, each with the inspection, target and run that it is about.

What is bound belongs to one asyncio task (or thread), and so do the lines that it, and whatever it starts, writes:

    configure("json")                                     # once a process
    bind(inspection=plan.inspection, target=row.target.address)   # first thing in a target's own task
    bind(run=run)                                         # as soon as there is one
    logger.warning("no screenshots")                      # any logger of the standard library, Scrapy's too

`asyncio.to_thread` carries it along; an executor does not, and wants `contextvars.copy_context().run`.
"""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TextIO

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars

from crawler.clock import now

if TYPE_CHECKING:
    from structlog.typing import Processor

LogFormat = Literal["console", "json"]
QUIET = {
    "scrapy.core.scraper": logging.ERROR,  # one line for every page that a server cut off, which nobody can act on
    "httpx": logging.WARNING,  # one line for every request, with its whole address
    "httpcore": logging.WARNING,
    "apscheduler": logging.WARNING,
    "alembic": logging.WARNING,
}
"""Loggers that say more than anybody reads."""
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks that turn the direction of writing, lone surrogates."""


def configure(log_format: LogFormat = "console", *, level: int = logging.WARNING, stream: TextIO | None = None) -> None:
    """Sends all that is logged in this process to a stream (standard error), in place of whatever was set up before.

    A traceback is told without the values of variables: a password may be among them.
    """
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _stamp,
    ]
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if log_format == "json":
        last += [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        last += [_on_one_line, structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=_traceback)]
    handler = logging.StreamHandler(out)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, level))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def bind(**values: str | int) -> None:
    """Adds values to every line that this task, and what it starts from now on, will write: inspection, target, run."""
    bind_contextvars(**values)


@contextmanager
def bound(**values: str | int) -> Iterator[None]:
    """The same for a block, after which it is as before: for a thread that serves many."""
    with bound_contextvars(**values):
        yield


def _on_one_line(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What a site said may neither begin a line of its own nor steer a terminal."""
    return {key: _seen(value) if isinstance(value, str) else value for key, value in event.items()}


def _traceback(out: TextIO, exc_info: Any) -> None:
    told = io.StringIO()
    structlog.dev.plain_traceback(told, exc_info)
    out.write("\n".join(map(_seen, told.getvalue().split("\n"))))


def _seen(text: str) -> str:
    return _UNSEEN.sub(lambda hit: hit[0].encode("unicode_escape").decode(), text)


def _stamp(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Beijing time, whatever the machine's zone is."""
    event["timestamp"] = now().isoformat(timespec="milliseconds")
    return event
