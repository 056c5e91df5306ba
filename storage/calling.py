"""A server that did not answer a call is not called again for a while: whoever asks meanwhile is told the same at once.

A vanished server lets every caller wait for its whole patience. One target after another would wait for it in the
reactor, and a worker that was told to stop would still be waiting when it is killed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect, Engine

if TYPE_CHECKING:
    import psycopg

REST = 10.0
"""Seconds for which a server that let a caller wait in vain is taken to be still away."""


class Caller:
    """Opens an engine's connections. A refusal is an answer, which costs nobody any time: it is asked for anew."""

    def __init__(self) -> None:
        self._until, self._words = 0.0, ""

    def serve(self, engine: Engine) -> None:
        """Opens this engine's connections from now on."""
        sa.event.listen(engine, "do_connect", self._connect)

    def _connect(
        self, dialect: Dialect, record: object, args: list[Any], parameters: dict[str, Any]
    ) -> psycopg.Connection:
        from psycopg.errors import ConnectionTimeout

        if time.monotonic() < self._until:
            raise ConnectionTimeout(self._words)
        try:
            return dialect.connect(*args, **parameters)  # type: ignore[return-value]
        except ConnectionTimeout as error:
            self._until, self._words = time.monotonic() + REST, str(error)
            raise
