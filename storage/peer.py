"""How either end of a connection to PostgreSQL finds out that the other has vanished: a link cut, a power lost.

No packet tells it, so that both ask by TCP. A statement may take as long as it takes: whoever works on one answers
for it with its kernel. A server that is never told keeps what a vanished machine had locked, by default for two hours.
"""

from __future__ import annotations

from sqlalchemy.engine import URL

VANISHED = 20
"""Seconds without any answer after which the other end is gone. What comes back sooner has lost nothing."""
ANSWERS = 10
"""Seconds in which a server answers that is asked for a connection."""
_IDLE, _INTERVAL = 5, 5
"""Seconds of silence before the other end is asked, and between two questions."""

_RESTING = 300
"""Seconds for which a transaction may rest. One that was frozen in its middle gives its locks back; none of ours waits

for anything but the database, a folder or another thread's few statements.
"""

Parameters = dict[str, str | int]


def programs(url: URL) -> URL:
    """The address for PostgreSQL's own programs, which may rest from reading or writing for as long as a disk takes."""
    return url.update_query_dict(
        {name: str(value) for name, value in _asking(VANISHED).items() if name not in url.query}
    )


def parameters(url: URL, *, vanished: int = VANISHED, options: str = "") -> Parameters:
    """The driver's parameters for that address; what the address itself says of one holds."""
    ours: Parameters = {**_asking(vanished), "tcp_user_timeout": vanished * 1000}
    ours = {name: value for name, value in ours.items() if name not in url.query}
    # The server's own side. A statement of somebody gone is ended as well; whoever waits for a lock would take it.
    server = {
        "tcp_keepalives_idle": _IDLE,
        "tcp_keepalives_interval": _INTERVAL,
        "tcp_keepalives_count": vanished // _INTERVAL,
        "tcp_user_timeout": vanished * 1000,
        "client_connection_check_interval": _IDLE * 1000,
        "idle_in_transaction_session_timeout": _RESTING * 1000,
    }
    given = url.query.get("options", "")
    words = [f"-c {name}={value}" for name, value in server.items()]
    words += [options, *([given] if isinstance(given, str) else given)]
    return {**ours, "options": " ".join(word for word in words if word)}


def _asking(vanished: int) -> Parameters:
    return {
        "connect_timeout": ANSWERS,
        "keepalives_idle": _IDLE,
        "keepalives_interval": _INTERVAL,
        "keepalives_count": max(1, (vanished - _IDLE) // _INTERVAL),
    }
