"""A fictional site's records for these tests: builders with plain defaults, and strategies over the vocabularies."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from checks.model import CheckResult, Finding, Measurement, StampedFinding, State, Subject, Target
from crawler.facts import BEIJING, FetchOutcome, Link, Outcome, PageFact, PageKind, Region, Resource, Site, Unit
from scoring.model import DimensionScore, Kind, Provenance, Scorecard, ScoreTrace
from storage.inspections import InspectionRecord
from storage.runs import Capture, RecordedLink, RecordedPage
from storage.store import Store

NOON = datetime(2026, 9, 30, 12, tzinfo=BEIJING)
HOME = "http://www.yunxi.example/"
SITE = Target("yunxi-county", HOME, Subject.SITE)
ACCOUNT = Target("yunxi-county", "wechat:gh_yunxi01", Subject.ACCOUNT)


def inspection(id: str = "q3", *, started: datetime = NOON, digest: str = "d1") -> InspectionRecord:
    return InspectionRecord(
        id=id,
        name="第三季度检查",
        kind="quarterly",
        as_of=NOON,
        rulesets=("gov-site-2019",),
        units=(Unit("yunxi-county", "云溪县人民政府", sites=(Site("yunxi-county", "云溪县人民政府网", HOME),)),),
        settings={"workers": 2, "limits": {"pages": None, "depth": [1, 2.5]}},
        started=started,
        tool_version="0.1.0",
        registry_digest=digest,
    )


def opened_run(store: Store, id: str = "q3") -> int:
    store.inspections.create(inspection(id), [(SITE, "云溪县人民政府网")])
    return store.runs.open(id, SITE, {"user_agent": "xuncha-test"}, NOON)


def page(number: int, kind: PageKind = PageKind.ARTICLE) -> PageFact:
    return PageFact(
        url=f"{HOME}art/{number}.html",
        fetched_at=NOON + timedelta(seconds=number),
        outcome=Outcome.OK,
        kind=kind,
        title=f"关于第{number}号事项的通知",
    )


def link(number: int) -> Link:
    return Link(f"/art/{number}.html", f"{HOME}art/{number}.html", f"通知{number}", "a", Region.LIST, Resource.PAGE)


def visit(number: int, *, attempt: int = 1) -> FetchOutcome:
    url = f"{HOME}art/{number}.html"
    return FetchOutcome(url, url, NOON + timedelta(seconds=number), Outcome.OK, 200, attempt=attempt)


def capture(number: int, *, attempt: int = 1, kind: str = "response", body: bytes = b"") -> Capture:
    return Capture(
        url=f"{HOME}art/{number}.html",
        attempt=attempt,
        at=NOON + timedelta(seconds=number),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        body=body or f"<html>第{number}号</html>".encode() * 50,
        kind=kind,
    )


def recorded(number: int, *, links: int = 4) -> tuple[RecordedPage, list[RecordedLink], FetchOutcome, Capture]:
    """Page `number` with `links` links of its own, its visit and its bytes."""
    numbers = array("I", range(number * links, (number + 1) * links))
    own = [RecordedLink(each, link(each)) for each in numbers]
    return RecordedPage(page(number), numbers), own, visit(number), capture(number)


def append_pages(store: Store, run: int, first: int, last: int) -> None:
    """One batch: pages `first` up to but without `last`."""
    rows = [recorded(number) for number in range(first, last)]
    store.runs.append(
        run,
        pages=[row[0] for row in rows],
        links=[each for row in rows for each in row[1]],
        visits=[row[2] for row in rows],
        captures=[row[3] for row in rows],
    )


def stamped(fingerprint: str, *, check: str = "link.broken", target: Target = SITE, url: str = HOME) -> StampedFinding:
    finding = Finding(url, f"链接“附件{fingerprint}”两次访问均返回 404", quote=fingerprint, observed={"status": 404})
    return StampedFinding(check, target, State.FAIL, finding, "国办发〔2017〕47号", fingerprint)


def result(state: State, *fingerprints: str, check: str = "link.broken", target: Target = SITE) -> CheckResult:
    findings = tuple(stamped(fingerprint, check=check, target=target) for fingerprint in fingerprints)
    return CheckResult(check, target, state, f"{state.label}：{len(findings)} 处", findings)


# --------------------------------------------------------------------------- strategies

# From 1992 on Shanghai keeps no summer time, whose doubled hours compare unequal to the same moment in another zone.
moments = st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC, BEIJING]))  # noqa: DTZ001  the strategy adds the zone
urls = st.text("abc政务/?=&%", max_size=30).map(lambda tail: HOME + tail)
numbers = st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-10_000, max_value=10_000
) | st.sampled_from([Decimal("1.50"), Decimal("1E+2"), Decimal("0.1000000000000000000000001")])
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
json_objects = st.dictionaries(st.text(), json_values, max_size=4)
targets = st.builds(Target, st.sampled_from(["yunxi-county", "linhe-district"]), urls, st.sampled_from(Subject))

st.register_type_strategy(datetime, moments)

pages = st.builds(PageFact, url=urls, fetched_at=moments, links=st.just(()))
links = st.from_type(Link)
visits = st.builds(FetchOutcome, requested_url=urls, at=moments)
captures = st.builds(Capture, url=urls, at=moments, kind=st.sampled_from(["response", "rendered"]))
findings = st.builds(Finding, observed=json_objects)
measurements = st.builds(
    Measurement, value=st.none() | numbers, numerator=st.none() | numbers, denominator=st.none() | numbers
)
results = st.builds(
    CheckResult,
    check=st.sampled_from(["link.broken", "update.column-stale"]),
    target=st.just(SITE),
    findings=st.lists(
        st.builds(
            StampedFinding, target=st.just(SITE), finding=findings, fingerprint=st.text("0123456789abcdef", min_size=1)
        ),
        max_size=3,
        unique_by=lambda each: each.fingerprint,
    ).map(tuple),
    measurements=st.lists(measurements, max_size=2).map(tuple),
    config=json_objects,
)
rulesets_words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))  # as a ruleset may write
traces = st.builds(
    ScoreTrace,
    indicator=rulesets_words,
    dimension=rulesets_words,
    arithmetic=rulesets_words,
    kind=st.sampled_from(Kind),
    points=numbers,
    state=st.sampled_from(State),
    score=st.none() | numbers,
    attainable=numbers,
    provenance=st.sampled_from(Provenance),
    operands=st.dictionaries(st.text(), numbers | st.integers() | st.text(), max_size=4),
    by_threshold=st.lists(
        st.builds(StampedFinding, target=st.just(SITE), finding=findings, fingerprint=st.text()), max_size=2
    ).map(tuple),
)
cards = st.builds(
    Scorecard,
    target=st.just(SITE),
    ruleset=st.text("gov-site0123456789", min_size=1),
    total=numbers,
    attainable=numbers,
    maximum=numbers,
    assumed_points=numbers,
    dimensions=st.lists(st.builds(DimensionScore, st.text(), numbers, numbers, numbers), max_size=2).map(tuple),
    traces=st.lists(traces, max_size=3).map(tuple),
)
