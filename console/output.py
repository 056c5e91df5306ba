"""How a program reads us: one JSON value and nothing else on standard output, written as in the outbox."""

from __future__ import annotations

import sys

from reports.records import encode


def say_json(value: object) -> None:
    """Writes one JSON value and a line feed."""
    sys.stdout.buffer.write(encode(value) + b"\n")
    sys.stdout.buffer.flush()
