"""The runner: needs, thresholds, errors, stamping, and what is in and out of service."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from checks.errors import BadThreshold, UnknownCheck
from checks.model import Finding, State, Subject, Target, fingerprint
from checks.registry import CHECKS, get
from checks.runner import run
from crawler.facts import Account, AccountFacts, Coverage, Outcome, PageFact, PageKind, UnitFacts
from tests.unit.checks.sites import AS_OF, HOME, SITE, UNIT, column, dead, item, page, site


def test_every_check_of_the_subject_answers() -> None:
    account = Account("yunxi", "weibo", "云溪发布", "1")
    told = {r.check for f in (site(), AccountFacts(UNIT, account, AS_OF), UnitFacts(UNIT, AS_OF)) for r in run(f)}
    assert told == set(CHECKS)


def test_nothing_seen_is_never_clean_and_never_a_fault() -> None:
    results = run(site(coverage=Coverage(truncated_by="本机网络故障")))
    assert {r.check for r in results if r.state is State.PASS} == {"identity.domain"}, "the registry tells the domain"
    assert {r.check for r in results if r.findings} == set()
    assert all("未能判定" in r.summary for r in results if r.state is State.UNDETERMINED)
    assert not [r for r in results if r.state is State.ERROR]


def test_unknown_check_lists_the_known() -> None:
    with pytest.raises(UnknownCheck, match=r"link\.broken"):
        get("link.brocken")
    with pytest.raises(UnknownCheck):
        run(site(), checks=["link.brocken"])
    with pytest.raises(UnknownCheck):
        run(site(), thresholds={"link.brocken": {}})


def test_checks_of_another_subject_are_passed_over() -> None:
    assert [r.check for r in run(site(), checks={"account.stale", "link.broken"})] == ["link.broken"]


def test_threshold_overrides_the_default_and_is_recorded() -> None:
    facts = site(columns=(column([item(date(2026, 8, 1))]),))
    usual = run(facts, checks={"update.column-stale"})[0]
    strict = run(facts, checks={"update.column-stale"}, thresholds={"update.column-stale": {"notice_months": 3}})[0]
    assert (usual.state, strict.state) == (State.PASS, State.FAIL)
    assert strict.config["notice_months"] == 3
    assert strict.config["news_days"] == usual.config["news_days"] == 14


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [("notice_day", 3, "notice_months"), ("notice_months", "三", "应为数字"), ("notice_months", True, "应为数字")],
)
def test_wrong_threshold_is_named_with_what_is_known(key: str, value: str | int, says: str) -> None:
    with pytest.raises(BadThreshold, match=says):
        run(site(), thresholds={"update.column-stale": {key: value}})


def test_an_exception_in_a_check_is_an_error_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*kinds: PageKind) -> Iterator[PageFact]:
        raise OSError("磁盘读取失败")

    with caplog.at_level(logging.CRITICAL + 1):
        results = {r.check: r for r in run(replace(site(home=page(items=(item(None),))), pages=broken))}
    assert results["update.homepage-stale"].state is State.ERROR
    assert "磁盘读取失败" in results["update.homepage-stale"].summary
    assert not results["update.homepage-stale"].findings
    assert results["identity.domain"].state is State.PASS


def test_a_site_out_of_service_is_not_judged() -> None:
    facts = site(site=replace(SITE, status="merged"), columns=(column([]),))
    assert {r.state for r in run(facts)} == {State.NOT_APPLICABLE}


def test_stamps_carry_target_clause_and_fingerprint() -> None:
    facts = site(failures=(dead("a.doc", Outcome.GONE, Outcome.GONE),))
    result = run(facts, checks={"link.broken"})[0]
    stamped = result.findings[0]
    assert stamped.target == Target("yunxi", HOME, Subject.SITE)
    assert stamped.clause == get("link.broken").clause
    assert stamped.fingerprint == fingerprint("link.broken", stamped.target, stamped.finding)
    assert stamped.finding.confirmations == 2
    assert result.coverage == facts.coverage
    assert result.measurements[0].value == Decimal(1) / Decimal(10)


def test_the_same_fault_twice_is_stamped_once() -> None:
    facts = site(failures=(dead("a.doc", Outcome.GONE, Outcome.GONE), dead("a.doc", Outcome.GONE, Outcome.GONE)))
    assert len(run(facts, checks={"link.broken"})[0].findings) == 1


@given(st.permutations(range(8)))
@settings(max_examples=25, deadline=None)
def test_the_order_of_facts_does_not_matter(order: list[int]) -> None:
    links = [dead(f"{n}.doc", Outcome.GONE, Outcome.GONE, on="" if n % 2 else f"{n}.html") for n in range(8)]
    columns = [column([item(date(2025, 1, 1 + n))], url=f"{HOME}{n}/", name=f"栏目{n}") for n in range(8)]
    chosen = {"link.broken", "update.column-stale"}
    usual = run(site(failures=tuple(links), columns=tuple(columns)), checks=chosen)
    mixed = run(site(failures=tuple(links[n] for n in order), columns=tuple(columns[n] for n in order)), checks=chosen)
    assert [r.findings for r in mixed] == [r.findings for r in usual]
    assert [r.summary for r in mixed] == [r.summary for r in usual]


_BLANKS = st.text(alphabet=" \t\n\u3000\xa0", max_size=3)


@given(st.lists(st.sampled_from("附件下载年报指南"), min_size=1, max_size=8), st.data())
def test_fingerprint_is_stable_under_blanks(chars: list[str], data: st.DataObject) -> None:
    spaced = "".join(char + data.draw(_BLANKS) for char in chars)
    target = Target("yunxi", HOME, Subject.SITE)
    plain, blank = (Finding(HOME, "m", quote=quote) for quote in ("".join(chars), spaced))
    assert fingerprint("link.broken", target, plain) == fingerprint("link.broken", target, blank)


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1, max_size=4))
def test_only_failures_of_one_class_confirm(outcomes: list[Outcome]) -> None:
    result = run(site(failures=(dead("a.doc", *outcomes),)), checks={"link.broken"})[0]
    alike = len(outcomes) >= 2 and len(set(outcomes)) == 1 and outcomes[0].is_failure
    assert bool(result.findings) is alike
    assert [s.finding.confirmations for s in result.findings] == [len(outcomes)] * alike
