"""Reads documents in a process of its own: one that hangs or swells is killed, and the crawl never waits for it.

A document may be made to harm its reader. Threads cannot be ended and share the interpreter with the crawl; a process
has bounds that hold, and a fresh one takes its place.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process

import msgspec

from crawler.documents.text import DIED, OUT_OF_TIME, SIZE, DocumentText

WAIT = 120.0
"""Seconds by the clock after which a reader that does not answer is killed."""

_decode = msgspec.json.Decoder(DocumentText).decode


class DocumentReader:
    """The face of the process; it is started for the first document, and again after a death."""

    def __init__(self, seconds: float = 10.0, wait: float = WAIT) -> None:
        """`seconds` of the processor are what one document may take, `wait` by the clock."""
        self._seconds, self._wait = seconds, wait
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def read(self, body: bytes) -> DocumentText:
        """The document's text; one that its reader does not survive is said to be unread."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._wait):
                    return await self._ask(body)
            except TimeoutError:
                await self._kill()
                return DocumentText("", unread=OUT_OF_TIME)
            except (OSError, EOFError, msgspec.DecodeError):
                await self._kill()
                return DocumentText("", unread=DIED)

    async def close(self) -> None:
        """Ends the process."""
        await self._kill()

    async def _ask(self, body: bytes) -> DocumentText:
        process = self._process
        if process is None:
            words = (sys.executable, "-m", "crawler.documents", str(self._seconds))
            process = self._process = await asyncio.create_subprocess_exec(*words, stdin=PIPE, stdout=PIPE)
        if process.stdin is None or process.stdout is None:
            raise OSError("the reader has no pipes")
        process.stdin.write(len(body).to_bytes(SIZE, "big"))
        process.stdin.write(body)
        await process.stdin.drain()
        size = int.from_bytes(await process.stdout.readexactly(SIZE), "big")
        return _decode(await process.stdout.readexactly(size))

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
