"""Nights of a fictional city, written into a real store by the store's own calls: what a worker leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from checks.model import JSON, CheckResult, Finding, Severity, StampedFinding, State, Subject, Target, fingerprint
from crawler.facts import BEIJING, Account, FetchOutcome, Outcome, Site, Unit
from scoring.review import Decision, Review, Scope
from storage.inspections import InspectionRecord
from storage.runs import RecordedPage
from storage.store import Store
from tests.integration.storage.samples import recorded

FIRST = datetime(2026, 11, 19, 1, 0, tzinfo=BEIJING)
HOME, SECOND = "http://www.yunxi.example/", "http://www.lanshan.example/"
UNITS = (
    Unit(
        "yunxi",
        "云溪县人民政府",
        kind="county",
        sites=(Site("yunxi", "云溪县人民政府网", HOME),),
        accounts=(Account("yunxi", "wechat", "云溪发布", "gh_yunxi"),),
    ),
    Unit("lanshan", "岚山区人民政府", kind="county", sites=(Site("lanshan", "岚山区人民政府网", SECOND),)),
)
YUNXI, LANSHAN = Target("yunxi", HOME, Subject.SITE), Target("lanshan", SECOND, Subject.SITE)
POSTS = Target("yunxi", UNITS[0].accounts[0].key, Subject.ACCOUNT)
TARGETS = ((YUNXI, "云溪县人民政府网"), (LANSHAN, "岚山区人民政府网"), (POSTS, "云溪发布"))


def opened(folder: Path) -> Store:
    """The store as the command line finds it in a working folder."""
    data = folder / "xuncha-data"
    data.mkdir(exist_ok=True)
    store = Store(f"sqlite:///{data / 'xuncha.sqlite3'}", data)
    store.upgrade()
    return store


def found(
    target: Target,
    *quotes: str,
    check: str = "link.broken",
    state: State = State.FAIL,
    severity: Severity = Severity.MAJOR,
) -> CheckResult:
    """A result with a finding for each quote; a pass where there is none."""
    stamped = []
    for quote in quotes:
        finding = Finding(target.address, f"“{quote}”打不开", quote=quote, severity=severity)
        stamped.append(StampedFinding(check, target, state, finding, "条款", fingerprint(check, target, finding)))
    return CheckResult(check, target, state if quotes else State.PASS, "", tuple(stamped))


def excused(of: CheckResult, which: int = 0) -> Review:
    """A person's word that a finding of a result is none (误报)."""
    return Review(
        number=0,
        decision=Decision.FALSE_ALARM,
        reason="网站正常",
        by="王敏",
        on=FIRST.date(),
        scope=Scope.ELEMENT,
        check=of.check,
        target=of.target,
        fingerprint=of.findings[which].fingerprint,
    )


class Night:
    """One night being written: targets are done one by one, then it ends."""

    def __init__(self, store: Store, number: int = 0, *, kind: str = "nightly") -> None:
        self.store, self.id = store, f"{kind}-{number}"
        self.started = FIRST + timedelta(days=number)
        store.inspections.create(
            InspectionRecord(
                id=self.id,
                name="每晚巡查",
                kind=kind,
                as_of=self.started,
                rulesets=("cn-2019-website",),
                units=UNITS,
                settings={},
                started=self.started,
                tool_version="0.2.0",
                registry_digest="d",
            ),
            TARGETS,
        )

    def do(
        self,
        target: Target,
        *results: CheckResult,
        state: str = "done",
        reason: str = "",
        articles: int = 0,
        own_network: int = 0,
        **stats: JSON,
    ) -> Night:
        """One target done, `articles` of its pages stored, `own_network` of its visits failed by a fault of ours."""
        number = [one for one, _ in TARGETS].index(target) + 1
        run = self.store.runs.open(self.id, target, {}, self.started)
        self.store.inspections.attach_run(self.id, number, run)
        if articles:
            rows = [recorded(each) for each in range(articles)]
            pages = [RecordedPage(row[0].fact, row[0].links) for row in rows]
            self.store.runs.append(run, pages=pages, links=[link for row in rows for link in row[1]])
        if own_network:
            self.store.runs.append(run, visits=_failed(target, self.started, own_network))
            stats = {**stats, "outcomes": {Outcome.OWN_NETWORK.value: own_network}}
        whole = "获取成功" if target.kind is Subject.ACCOUNT else "完成"
        figures: dict[str, JSON] = {"wall_seconds": 60.0 * number, "cpu_seconds": 3.0, **stats}
        self.store.results.save(self.id, target, results, {}, self.started)
        now = self.started + timedelta(minutes=number)
        self.store.inspections.complete(
            self.id, number, state=state, exit_reason=reason or whole, stats=figures, now=now
        )
        return self

    def end(self) -> InspectionRecord:
        self.store.inspections.finish(self.id, self.started + timedelta(hours=2), "完成")
        return self.store.inspections.get(self.id)


def _failed(target: Target, at: datetime, times: int) -> Sequence[FetchOutcome]:
    return [
        FetchOutcome(
            f"{target.address}{n}", f"{target.address}{n}", at + timedelta(minutes=n), Outcome.OWN_NETWORK, None
        )
        for n in range(times)
    ]
