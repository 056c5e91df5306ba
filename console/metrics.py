"""`xuncha metrics`: the endpoint that Prometheus reads, served by itself or printed once."""

from __future__ import annotations

import signal
import sys
import threading

from console.errors import BadUsage
from console.recorded import open_store
from console.settings import settings
from scheduler.logs import configure
from scheduler.metrics import serve_metrics, text_of


def serve(*, once: bool, listen: str, database: str) -> int:
    """Serves until SIGTERM or Ctrl-C, or prints what would be served."""
    configured = settings()
    open_store(database).close()  # a database that is not there is said at once, not at the first scrape
    if once:
        sys.stdout.write(text_of(lambda: open_store(database)))
        return 0
    configure(configured.log_format)
    address, port = place_of(listen or configured.metrics)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        server = serve_metrics(lambda: open_store(database), address, port)
    except OSError as error:
        raise BadUsage(f"无法在 {address}:{port} 上提供指标：{error.strerror}") from error
    with server:
        sys.stdout.write(f"指标：http://{server.address}/metrics\n")
        sys.stdout.flush()
        stop.wait()
    return 0


def place_of(words: str) -> tuple[str, int]:
    """Address and port from `127.0.0.1:9108`. Raises BadUsage."""
    address, colon, port = words.rpartition(":")
    if not words:
        raise BadUsage('没有指明在哪里提供指标：请配置 metrics = "127.0.0.1:9108"，或用 --listen')
    if not colon or not address or not port.isdigit() or int(port) > 65535:
        raise BadUsage(f"“{words}”不是有效的地址和端口，应为 127.0.0.1:9108 这样的形式")
    return address.strip("[]"), int(port)
