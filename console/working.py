"""`xuncha worker`: serves the distributed queue until it is told to stop."""

from __future__ import annotations

import asyncio
import os
from functools import partial

from rich.console import Console

from console.ordering import machine_of
from console.settings import settings
from scheduler import pulse
from scheduler.logs import configure


def serve_queue(*, concurrency: int, processes: int, database: str) -> int:
    """Blocks until SIGTERM or Ctrl-C."""
    from scheduler.station import serve

    configured = settings().model_copy(update={"database": database} if database else {})
    configure(configured.log_format)
    said = partial(Console().print, highlight=False)
    count = processes or configured.workers or os.cpu_count() or 1
    work = serve(machine_of(configured), concurrency=concurrency, processes=count, said=said)
    asyncio.run(pulse.accompany(work))
    return 0
