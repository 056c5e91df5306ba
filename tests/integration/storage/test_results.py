"""Results and scorecards come back equal to the last digit, and saving again replaces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.model import CheckResult, Measurement, State, Subject, Target
from scoring.model import Scorecard
from storage.errors import RecordConflict, RecordMissing
from storage.store import Store
from tests.integration.storage import samples
from tests.integration.storage.samples import ACCOUNT, HOME, NOON, SITE, inspection, result

# An example makes an inspection of its own, so that the database may be shared by all of them.
shared_store = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@shared_store
@given(
    results=st.lists(samples.results, max_size=2, unique_by=lambda each: each.check),
    cards=st.lists(samples.cards, max_size=2, unique_by=lambda each: each.ruleset),
)
def test_any_results_and_scorecards_come_back_equal(
    store: Store, results: list[CheckResult], cards: list[Scorecard]
) -> None:
    id = f"example-{len(store.inspections.all())}"
    store.inspections.create(inspection(id), [])
    store.results.save(id, SITE, results, {}, NOON)
    store.results.keep_cards(id, cards, ("cn-2019-website",))
    assert list(store.results.results(id)) == results
    kept = sorted(store.results.cards(id), key=lambda card: card.ruleset)
    # 1.5 equals 1.50; the words of an object tell them apart, and the order of operands too.
    assert [repr(card) for card in kept] == [repr(card) for card in sorted(cards, key=lambda card: card.ruleset)]


def test_decimals_keep_every_digit(store: Store) -> None:
    store.inspections.create(inspection(), [])
    exact = Measurement("更新率", Decimal("0.10"), Decimal("1"), Decimal("10.0000000000000000000000000000001"))
    given_result = replace(result(State.PASS), measurements=(exact,))
    store.results.save("q3", SITE, [given_result], {}, NOON)
    (kept,) = store.results.results("q3")
    assert repr(kept.measurements[0]) == repr(exact)


def test_saving_again_replaces_only_that_target(store: Store) -> None:
    store.inspections.create(inspection(), [])
    other = result(State.FAIL, "c", target=ACCOUNT)
    store.results.save("q3", ACCOUNT, [other], {}, NOON)
    for _ in range(2):
        store.results.save("q3", SITE, [result(State.FAIL, "a", "b"), result(State.PASS, check="site.https")], {}, NOON)
    assert list(store.results.results("q3", ACCOUNT)) == [other]
    assert list(store.results.results("q3", SITE)) == [
        result(State.FAIL, "a", "b"),
        result(State.PASS, check="site.https"),
    ]
    store.results.save("q3", SITE, [result(State.PASS)], {}, NOON)
    assert list(store.results.results("q3", SITE)) == [result(State.PASS)]
    assert [row.stamped.fingerprint for row in store.results.findings("q3")] == ["c"]
    assert list(store.results.findings("q3", SITE)) == []


def test_a_finding_has_the_evidence_of_its_addresses(store: Store) -> None:
    store.inspections.create(inspection(), [])
    own, named = samples.stamped("a"), samples.stamped("b")
    named = replace(named, finding=replace(named.finding, evidence_urls=("http://x.example/1", "http://x.example/2")))
    evidence = {HOME: ("e1",), "http://x.example/1": ("e2", "e3"), "http://x.example/2": ("e3", "e4")}
    store.results.save("q3", SITE, [replace(result(State.FAIL), findings=(own, named))], evidence, NOON)
    assert [row.evidence for row in store.results.findings("q3")] == [("e1",), ("e2", "e3", "e4")]
    assert [row.stamped for row in store.results.findings("q3")] == [own, named]


def test_many_findings_are_streamed_in_order(store: Store) -> None:
    store.inspections.create(inspection(), [])
    names = [f"{number:04}" for number in range(700)]
    store.results.save("q3", SITE, [result(State.FAIL, *names)], {}, NOON)
    assert [row.stamped.fingerprint for row in store.results.findings("q3")] == names
    (kept,) = store.results.results("q3")
    assert [each.fingerprint for each in kept.findings] == names


def test_a_failed_save_leaves_what_was_there(store: Store) -> None:
    store.inspections.create(inspection(), [])
    store.results.save("q3", SITE, [result(State.FAIL, "a")], {}, NOON)
    with pytest.raises(RecordConflict):
        store.results.save("q3", SITE, [result(State.PASS), result(State.PASS)], {}, NOON)
    assert list(store.results.results("q3")) == [result(State.FAIL, "a")]
    with pytest.raises(RecordMissing, match="没有检查批次"):
        store.results.save("none", SITE, [], {}, NOON)


def test_workers_save_side_by_side(store: Store) -> None:
    """Each save reads what stood before it writes: it must hold its place in the queue of writers from the start."""
    store.inspections.create(inspection(), [])
    targets = [Target("yunxi-county", f"http://site-{number}.example/", Subject.SITE) for number in range(4)]

    def work(target: Target) -> None:
        for count in range(1, 13):
            names = [f"{number}" for number in range(count)]
            store.results.save("q3", target, [result(State.FAIL, *names, target=target)], {}, NOON)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, targets))
    for target in targets:
        assert [row.stamped.fingerprint for row in store.results.findings("q3", target)] == [f"{n}" for n in range(12)]
