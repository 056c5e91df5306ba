"""The process that reads documents, behind process.py: lengths and bytes in, texts as JSON out, until input ends."""

from __future__ import annotations

import resource
import sys

import msgspec

from crawler.documents.reading import read
from crawler.documents.text import SIZE

MEMORY = 2_000_000_000
"""Bytes of address space that reading a document may take."""


def main(seconds: float) -> None:
    """Reads one document after the other, each for at most `seconds` of the processor."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(SIZE):
        reply = msgspec.json.encode(read(source.read(int.from_bytes(head, "big")), seconds=seconds))
        sink.write(len(reply).to_bytes(SIZE, "big") + reply)
        sink.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
