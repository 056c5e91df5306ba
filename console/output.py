"""How a program reads us: one JSON object and nothing else on standard output."""

from __future__ import annotations

import sys

import msgspec


def say_json(value: object) -> None:
    """Writes one JSON value and a line feed."""
    sys.stdout.buffer.write(msgspec.json.encode(msgspec.to_builtins(value)) + b"\n")
    sys.stdout.buffer.flush()
