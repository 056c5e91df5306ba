"""The vocabulary of a night's report (巡检日报): what is stored of a night, and what somebody should know of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from checks.model import State, Target
from storage.figures import Earlier
from storage.inspections import InspectionRecord, TargetRow


class Limits(Struct, frozen=True):
    """`data/night.yaml`, which says of each what it is and where it comes from."""

    fallen_share: float
    pages_min: int
    articles_min: int
    posts_min: int
    blocked_share: float
    undetermined_share: float
    undetermined_targets: float
    free_bytes_min: int
    idle_hours: float
    slowest: int
    shown: int


class Changed(Struct, frozen=True):
    """A finding that is new or fixed; `grave` where it is a veto, `candidate` where a person has yet to confirm it."""

    target: Target
    check: str
    fingerprint: str
    is_new: bool
    grave: bool
    candidate: bool


class Incident(Struct, frozen=True):
    """A fault of our own network while a target was visited: from its first sign to its last."""

    target: Target
    first: datetime
    last: datetime
    times: int


class Disk(Struct, frozen=True):
    """Bytes free where the data lie, and bytes that the night's saved pages take."""

    free: int
    taken: int


class Night(Struct, frozen=True):
    """What is stored of a night.

    `before` is each target as an earlier night left it, with which it is compared; `articles` how many articles a site
    showed then and now. `found` counts what the checks found, before any review; `standing` the findings that were
    there before and are still, `candidates` those that wait for a person.

    `at` is the moment of telling, `worked` when a target of any night was last worked off, `sits_until` until when the
    inspection may go on, where its plan gives it several nights. All three are None where an old night is told.
    """

    record: InspectionRecord
    rows: tuple[TargetRow, ...]
    before: Mapping[Target, Earlier]
    articles: Mapping[Target, tuple[int, int]]
    states: Mapping[Target, Mapping[State, int]]
    changed: tuple[Changed, ...]
    found: int
    standing: int
    candidates: int
    incidents: tuple[Incident, ...]
    disk: Disk
    missed: tuple[date, ...] = ()
    at: datetime | None = None
    worked: datetime | None = None
    sits_until: datetime | None = None


class Named(Struct, frozen=True):
    """A target as a person knows it, with what is to be said of it. `what` it is: 网站, an account's platform; "" for a
    unit.
    """

    unit: str
    name: str
    kind: str
    address: str
    what: str
    words: str = ""


class Kind(Struct, frozen=True):
    """Changed findings of one check: how many, how many of them vetoes, on which targets."""

    check: str
    title: str
    count: int
    vetoes: int
    targets: tuple[str, ...]


class Emptied(Struct, frozen=True):
    """A target that shows far less of something than before. `cause` is "" where all was seen: then the target itself
    has less to show; else it says why we saw less, which is no sign of anything.
    """

    target: Named
    what: str
    before: int
    now: int
    cause: str


class Slow(Struct, frozen=True):
    """How long a target took, in seconds of the clock and of the processor, and how many pages it has."""

    target: Named
    seconds: float
    cpu_seconds: float
    pages: int


class OwnFault(Struct, frozen=True):
    """A fault of our own network, with the target that was being visited."""

    target: Named
    first: datetime
    last: datetime
    times: int


class AlarmKind(StrEnum):
    """What is wrong with a night as a whole."""

    NOT_RUN = "not-run"
    NOTHING_DONE = "nothing-done"
    NO_FINDINGS = "no-findings"
    MOSTLY_UNDETERMINED = "mostly-undetermined"
    UNFINISHED = "unfinished"
    OWN_FAULT = "own-fault"
    DISK = "disk"

    @property
    def label(self) -> str:
        """The alarm in a few words, for a subject."""
        return _ALARMS[self]


_ALARMS = {
    AlarmKind.NOT_RUN: "夜间巡查没有进行",
    AlarmKind.NOTHING_DONE: "一个对象也没有查成",
    AlarmKind.NO_FINDINGS: "没有发现任何问题",
    AlarmKind.MOSTLY_UNDETERMINED: "大部分对象未能判定",
    AlarmKind.UNFINISHED: "检查没有查完",
    AlarmKind.OWN_FAULT: "本系统出错",
    AlarmKind.DISK: "磁盘空间不足",
}


class Alarm(Struct, frozen=True):
    """One alarm, in words that say what to look at."""

    kind: AlarmKind
    words: str


class NightReport(Struct, frozen=True):
    """The report. `night` is the date on which the inspection began; lists are whole, writers shorten them.

    `sits_until` is set while an inspection of several nights is under way as planned.
    """

    inspection: str
    name: str
    kind: str
    night: date
    at: datetime | None
    sits_until: datetime | None
    as_of: datetime
    started: datetime
    ended: datetime | None
    due: int
    done: int
    unfinished: int
    new: int
    new_candidates: int
    standing: int
    candidates: int
    fixed: int
    alarms: tuple[Alarm, ...]
    missed: tuple[date, ...]
    failed: tuple[Named, ...]
    blocked: tuple[Named, ...]
    unreachable: tuple[Named, ...]
    undetermined: tuple[Named, ...]
    new_kinds: tuple[Kind, ...]
    new_candidate_kinds: tuple[Kind, ...]
    fixed_kinds: tuple[Kind, ...]
    emptied: tuple[Emptied, ...]
    sources: tuple[tuple[str, int], ...]
    incidents: tuple[OwnFault, ...]
    slowest: tuple[Slow, ...]
    disk: Disk

    @property
    def digest(self) -> str:
        """Of what stands besides problems: alarms, and targets that failed, were blocked or shut, or could mostly not
        be told, with the reasons for which accounts were not read. No times, no numbers, no order.
        """
        parts: list[str] = [alarm.kind.value for alarm in self.alarms]
        parts += sorted(f"source {reason}" for reason, _ in self.sources)
        lists = (
            ("failed", self.failed),
            ("blocked", self.blocked),
            ("shut", self.unreachable),
            ("untold", self.undetermined),
        )
        for word, targets in lists:
            parts += sorted(f"{word} {one.kind} {one.address}" for one in targets)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def has_changes(self) -> bool:
        """Whether something happened in this night: problems new or fixed, content that fell away."""
        return bool(self.new or self.new_candidates or self.fixed) or any(not one.cause for one in self.emptied)

    def is_news(self, last: str | None, told: Collection[str] = ()) -> bool:
        """Whether somebody must be told, given the digest of the last report that was sent (None: none ever was).

        What happened in the night is news, and so is an alarm or a fault of our own network, every night that it
        lasts. `told` are the missed nights that were told: each is news once.
        """
        happened = self.has_changes or bool(self.alarms or self.incidents)
        return happened or self.digest != last or any(str(day) not in told for day in self.missed)


@cache
def limits() -> Limits:
    """The numbers of the data file, read once."""
    return msgspec.yaml.decode((files("reports") / "data" / "night.yaml").read_bytes(), type=Limits)
