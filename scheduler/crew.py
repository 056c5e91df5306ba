"""The worker processes of a machine that serves the queue: each hosts targets of one inspection side by side.

The machine's own process does nothing but hand targets out and hear how they end, so that its signs of life never wait
for a page. A worker that has done enough is replaced by a fresh one; one that has nothing to do goes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import secrets
import socket
import time
from multiprocessing.connection import Connection
from pathlib import Path

from checks.model import Subject
from crawler.clock import now
from crawler.facts import Outcome
from scheduler.deaths import ALONE_AFTER, after_death
from scheduler.plan import Machine, Plan, Terms, Tick, terms_of, work
from scheduler.queue import BrokenOff, HandedBack
from scheduler.shelving import shelf_at
from storage.errors import StorageError
from storage.store import Store

logger = logging.getLogger(__name__)

IDLE = 60.0
"""Seconds after which a worker without a target goes."""
ENOUGH = 200
"""Targets after which a worker is replaced: what leaks in browsers and libraries goes with it."""
SIDE_BY_SIDE = 16
CUT_OFF = 30.0
"""Seconds for which a machine whose own network failed leaves what must be visited to others."""


class Hand:
    """One worker process and the targets that it has."""

    def __init__(self, plan: Plan, name: str, *, alone: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.inspection, self.name, self.alone = plan.inspection, name, alone
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(plan, name, theirs), name=name, daemon=True)
        self.process.start()
        theirs.close()
        self.ends: dict[int, asyncio.Future[Tick]] = {}
        self.given = 0
        self.idle_since = time.monotonic()

    @property
    def has_room(self) -> bool:
        """It may be given one more."""
        return not self.alone and len(self.ends) < SIDE_BY_SIDE and self.given < ENOUGH

    def give(self, number: int) -> asyncio.Future[Tick]:
        """Has it work on a target; the future is its last tick."""
        self.given += 1
        end = self.ends[number] = asyncio.get_running_loop().create_future()
        self._say(number)
        return end

    def stop(self, number: int) -> None:
        """Has it end the work on a target."""
        self._say(-number)

    def dismiss(self) -> None:
        """Has it go, for it has nothing to do; it is given nothing more."""
        self.given = ENOUGH
        self._say(0)

    def _say(self, number: int) -> None:
        with contextlib.suppress(OSError):  # it has died, which its sentinel tells
            self.pipe.send(number)


class Crew:
    """At most `processes` workers for each inspection under way. `store` is used in threads.

    `name` is this crew's alone: machines made from one image may share host name and process number.
    """

    def __init__(self, store: Store, machine: Machine, processes: int) -> None:
        self._store, self._machine, self._processes = store, machine, processes
        self._hands: list[Hand] = []
        self._terms: dict[str, tuple[Terms, str]] = {}
        self._burials: set[asyncio.Task[None]] = set()
        self.name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._born = 0
        self._has_died = asyncio.Event()
        self._cut_off_until = 0.0
        self.is_stopping = False

    async def perform(self, inspection: str, number: int) -> Tick:
        """Has a target worked on and waits for its end. A target that is worked on here already is waited for.

        Raises BrokenOff where its worker died or this machine's network just failed, HandedBack where it is to stop;
        StorageError.
        """
        if self.is_stopping:
            raise HandedBack
        end = self._end_of(inspection, number)
        if end is None:
            row = await asyncio.to_thread(self._store.inspections.target, inspection, number)
            if row is None or row.state != "pending":
                return Tick(number, "gone")
            if row.target.kind is not Subject.UNIT and time.monotonic() < self._cut_off_until:
                raise BrokenOff(Outcome.OWN_NETWORK.label)  # untried: a machine that others reach may have it meanwhile
            hand = await self._hand_for(inspection, alone=row.attempts >= ALONE_AFTER)
            end = self._end_of(inspection, number) or hand.give(number)
        tick = await asyncio.shield(end)
        if tick.state == "interrupted":
            if tick.words == Outcome.OWN_NETWORK.label:
                self._cut_off_until = time.monotonic() + CUT_OFF
            await self._release(inspection, number)
            if self.is_stopping:
                raise HandedBack
        return tick

    async def end(self, inspection: str, number: int) -> None:
        """Ends the work on a target cleanly; returns when it has ended."""
        for hand in self._hands:
            if hand.inspection == inspection and (end := hand.ends.get(number)) is not None:
                hand.stop(number)
                with contextlib.suppress(BrokenOff):
                    await asyncio.shield(end)

    def stop(self) -> None:
        """Has all workers end cleanly; their targets are handed back as they end."""
        self.is_stopping = True
        for hand in self._hands:
            hand.process.terminate()

    async def close(self, patience: float) -> None:
        """Leaves no process behind and no target with one: what does not end in time is killed and given back."""
        self.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._gone(), patience)
        for hand in self._hands:
            hand.process.kill()
        await self._gone()

    def tidy(self) -> None:
        """Lets those go that have had nothing to do for a while, or have done enough; called now and then."""
        late = time.monotonic() - IDLE
        for hand in self._hands:
            if not hand.ends and (hand.idle_since < late or hand.given >= ENOUGH or hand.alone):
                hand.dismiss()

    async def _gone(self) -> None:
        """Returns when every worker has ended and is buried."""
        while self._hands:
            self._has_died.clear()
            await self._has_died.wait()
        while self._burials:
            await asyncio.wait(self._burials)

    def _end_of(self, inspection: str, number: int) -> asyncio.Future[Tick] | None:
        found = (hand.ends.get(number) for hand in self._hands if hand.inspection == inspection)
        return next((end for end in found if end is not None), None)

    async def _hand_for(self, inspection: str, *, alone: bool) -> Hand:
        own = [hand for hand in self._hands if hand.inspection == inspection]
        free = [] if alone else [hand for hand in own if hand.has_room]
        best = min(free, key=lambda hand: len(hand.ends), default=None)
        if best is not None and (not best.ends or len(own) >= self._processes):
            return best
        if inspection not in self._terms:
            record = await asyncio.to_thread(self._store.inspections.get, inspection)
            self._terms[inspection] = terms_of(record), record.kind
        if self.is_stopping:
            raise HandedBack
        terms, kind = self._terms[inspection]
        plan = Plan(
            inspection,
            self._machine,
            terms,
            SIDE_BY_SIDE,
            incremental=kind == "nightly",
            awaited=kind == "on-demand",
            ordered=True,
        )
        self._born += 1
        hand = Hand(plan, f"{self.name}-{self._born}", alone=alone)
        self._hands.append(hand)
        loop = asyncio.get_running_loop()
        loop.add_reader(hand.pipe.fileno(), self._hear, hand)
        loop.add_reader(hand.process.sentinel, self._died, hand)
        return hand

    def _hear(self, hand: Hand) -> None:
        for tick in _ticks(hand.pipe):
            if tick is None:
                asyncio.get_running_loop().remove_reader(hand.pipe.fileno())
            elif tick.is_end and (end := hand.ends.pop(tick.number, None)) is not None:
                hand.idle_since = time.monotonic()
                if not end.done():
                    end.set_result(tick)

    def _died(self, hand: Hand) -> None:
        loop = asyncio.get_running_loop()
        self._hear(hand)  # what it had said before
        loop.remove_reader(hand.process.sentinel)
        loop.remove_reader(hand.pipe.fileno())
        self._hands.remove(hand)
        task = asyncio.create_task(self._bury(hand))
        self._burials.add(task)
        self._has_died.set()
        task.add_done_callback(self._burials.discard)

    async def _bury(self, hand: Hand) -> None:
        """Gives back what a worker had; whoever waits for it is told."""
        hand.process.join()
        words = f"工作进程异常结束（代码 {hand.process.exitcode}）"
        if hand.ends:
            logger.error("%s ended with code %s and %s targets", hand.name, hand.process.exitcode, len(hand.ends))
        hand.pipe.close()
        for number, end in hand.ends.items():
            try:
                row = await asyncio.to_thread(self._store.inspections.target, hand.inspection, number)
                if row is not None and row.worker == hand.name and row.state in ("running", "interrupted"):
                    await asyncio.to_thread(after_death, self._store, row, words, now())
            except StorageError:
                logger.exception("target %s of %s waits to be mended", number, hand.inspection)
            if not end.done():
                end.set_exception(HandedBack() if self.is_stopping else BrokenOff(words))
                end.exception()  # nobody may be waiting any more

    async def _release(self, inspection: str, number: int) -> None:
        """Makes a target that broke off pending again, where no other worker has it by now."""
        row = await asyncio.to_thread(self._store.inspections.target, inspection, number)
        if row is not None and row.worker.startswith(f"{self.name}-"):
            await asyncio.to_thread(self._store.inspections.release, inspection, number, row.worker)


def open_store(machine: Machine) -> Store:
    """The machine's store, with its tables as they must be."""
    folder = Path(machine.folder)
    folder.mkdir(parents=True, exist_ok=True)
    store = Store(machine.database, folder, shelf_at(machine.evidence))
    store.evidence.shelf.check()
    store.upgrade()
    store.evidence.note_owner()
    return store


def _ticks(pipe: Connection) -> list[Tick | None]:
    """What lies in a pipe; None at its end."""
    heard: list[Tick | None] = []
    try:
        while pipe.poll():
            heard.append(pipe.recv())
    except (EOFError, OSError):
        heard.append(None)
    return heard
