"""The shipped rulesets: they load with the real checks, sum to the printed maxima, give a source for every number."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import scoring
from checks.model import CheckResult, Measurement, State, Subject, Target
from checks.registry import CHECKS
from scoring import docs
from scoring.engine import score
from scoring.indicators import RatioIndicator
from scoring.manual import ManualDecision, ManualEntry, ManualScore
from scoring.model import Kind, Provenance
from scoring.ruleset import Ruleset, available, load
from scoring.source import read
from tests.unit.scoring.samples import SITE, failed, finding, result

IDS = [info.id for info in available()]
PRINTED = {
    "ankang-2017-website": {
        "权力运行公开": 10,
        "政府信息公开": 25,
        "解读回应参与": 10,
        "服务公开": 25,
        "平台建设": 20,
        "组织保障": 5,
        "主管部门检查": 5,
    },
    "ankang-2017-newmedia": {
        "开通情况": 10,
        "传播情况": 20,
        "受众情况": 15,
        "互动情况": 25,
        "维护情况": 5,
        "组织保障": 25,
    },
    "ankang-2019-website": {
        "政府信息公开": 40,
        "解读回应参与": 10,
        "服务公开": 20,
        "平台建设": 20,
        "制度建设与组织保障": 10,
    },
    "ankang-2019-wechat": {"规范类": 10, "传播率": 20, "公开类": 15, "服务类": 20, "互动类": 15, "管理类": 20},
    "ankang-2019-weibo": {"规范类": 10, "传播率": 20, "公开类": 15, "服务类": 20, "互动类": 15, "管理类": 20},
    "cn-2019-website": {"发布解读": 35, "办事服务": 25, "互动交流": 20, "功能设计": 20},
    "cn-2019-newmedia": {},
}
COLUMN_TYPES = (
    "news",
    "notice",
    "policy-document",
    "policy-interpretation",
    "service-statistics",
    "message",
    "interview",
    "leaders",
    "",
)


def shipped(ruleset: str) -> Ruleset:
    return load(ruleset, CHECKS)


def test_every_system_of_the_circulars_is_shipped() -> None:
    assert set(IDS) == set(PRINTED)


@pytest.mark.parametrize("ruleset", IDS)
def test_the_dimensions_are_the_printed_ones(ruleset: str) -> None:
    rules = shipped(ruleset)
    assert {one.name: one.points.value for one in rules.dimensions} == PRINTED[ruleset]
    for dimension in rules.dimensions:
        assert sum(one.points.value for one in dimension.indicators) == dimension.points.value


@pytest.mark.parametrize("ruleset", IDS)
def test_every_number_says_where_it_comes_from(ruleset: str) -> None:
    rules = shipped(ruleset)
    for _, indicator in rules.indicators():
        assert any(mark in indicator.clause for mark in ("〔", "条例")), indicator.id
        for figure in indicator.figures():
            own = figure.provenance
            assert own is None or own is Provenance.ASSUMED or figure.source or indicator.clause
            assert "/" not in figure.source
        assert any("一" <= character <= "鿿" for character in indicator.rule + indicator.name)


@pytest.mark.parametrize("ruleset", IDS)
def test_nothing_known_is_nothing_claimed(ruleset: str) -> None:
    card = score(shipped(ruleset), SITE, "云溪", [])
    assert (card.total, card.attainable, card.vetoed, card.verdict) == (0, 0, False, "未能判定")
    assert all(trace.state is State.NOT_CHECKED for trace in card.traces if trace.kind is not Kind.BONUS)


@pytest.mark.parametrize("ruleset", IDS)
def test_all_clean_and_all_entered_is_the_maximum(ruleset: str) -> None:
    rules = shipped(ruleset)
    measured = [one.ratio for _, one in rules.indicators() if isinstance(one, RatioIndicator)]
    passed = [
        result(
            check,
            State.PASS,
            *(
                Measurement(one.measure.name, max((tier.at_least.value for tier in one.tiers), default=Decimal(1)))
                for one in measured
                if one.measure.check == check
            ),
        )
        for check in rules.checks
    ]
    entries: dict[str, ManualEntry] = {}
    for section, indicator in rules.indicators():
        if indicator.kind == "veto":
            entries[indicator.id] = ManualDecision(False, "已核查")
        elif indicator.kind == "manual":
            entries[indicator.id] = ManualScore(indicator.points.value, "已核查")
        elif section in ("加分指标", "扣分项"):
            entries[indicator.id] = ManualScore(Decimal(0), "已核查")
    card = score(rules, SITE, "云溪", passed, manual=entries)
    assert (card.total, card.attainable) == (rules.maximum.value, rules.maximum.value)
    assert card.undetermined == ()
    assert card.verdict == ("合格" if rules.vetoes else "已评分")


@pytest.mark.parametrize("ruleset", [one for one in IDS if one.endswith("-website")])
def test_a_column_that_is_empty_and_stale_costs_once(ruleset: str) -> None:
    """Whatever its type and level: never twice, and never more for both faults than for the dearer one."""
    rules = shipped(ruleset)
    others = [result(check, State.PASS) for check in rules.checks if not check.startswith("update.column-")]

    def loss(*checks: str, kind: str, level: int) -> Decimal:
        observed: dict[str, Any] = {"type": kind, "level": level}
        judged = [
            failed(check, finding(check, "col/", **observed)) if check in checks else result(check, State.PASS)
            for check in ("update.column-stale", "update.column-empty")
        ]
        card = score(rules, SITE, "云溪", [*others, *judged])
        return card.attainable - card.total

    for kind, level in product(COLUMN_TYPES, (1, 2)):
        stale = loss("update.column-stale", kind=kind, level=level)
        empty = loss("update.column-empty", kind=kind, level=level)
        both = loss("update.column-stale", "update.column-empty", kind=kind, level=level)
        assert both == max(stale, empty), (kind, level)
        assert min(stale, empty) > 0, (kind, level)


def test_the_vetoes_of_the_national_ruleset_hold_by_their_counts() -> None:
    rules = shipped("cn-2019-website")

    def verdict(*found: CheckResult) -> str:
        return score(rules, SITE, "云溪", found).verdict_note

    def columns(check: str, count: int, **observed: Any) -> CheckResult:
        return failed(check, *(finding(check, place, **observed) for place in range(count)))

    assert verdict(columns("update.column-empty", 5, type="", level=1)) == "V4 栏目不更新"
    assert verdict(columns("update.column-empty", 4, type="", level=1)) != "V4 栏目不更新"
    assert verdict(columns("update.column-stale", 5, type="news", level=2)) == "V4 栏目不更新"
    assert verdict(columns("update.column-stale", 5, type="notice", level=2)) != "V4 栏目不更新"
    assert verdict(columns("update.column-stale", 10, type="notice", level=2)) == "V4 栏目不更新"
    assert verdict(columns("update.column-stale", 9, type="", level=1)) != "V4 栏目不更新"
    assert verdict(columns("update.column-stale", 10, type="message", level=1, age_days=90)) != "V4 栏目不更新"
    assert verdict(columns("update.column-stale", 10, type="message", level=1, age_days=400)) == "V4 栏目不更新"
    assert verdict(columns("update.homepage-stale", 1)) == "V3 首页不更新"
    assert verdict(columns("availability.unreachable", 1)) == "V2 站点无法访问"


def test_the_three_known_deductions_of_the_national_ruleset() -> None:
    rules = shipped("cn-2019-website")

    def loss(kind: str) -> Decimal:
        stale = failed("update.column-stale", finding("update.column-stale", "col/", type=kind, level=1))
        card = score(rules, SITE, "云溪", [stale, result("update.column-empty", State.PASS)])
        return card.attainable - card.total

    assert (loss("policy-document"), loss("service-statistics"), loss("message")) == (5, 2, 3)
    printed = [
        figure.value
        for _, indicator in rules.indicators()
        for figure in indicator.figures()
        if indicator.kind == "deduct" and figure.provenance is Provenance.PRINTED
    ]
    assert printed == [5, 2, 3]


@pytest.mark.parametrize(("platform", "words"), [("wechat", "未开设政务微信"), ("weibo", "未开设政务微博")])
def test_an_account_that_was_not_opened(platform: str, words: str) -> None:
    unit = Target("yunxi-county", "yunxi-county", Subject.UNIT)
    missing = finding("account.missing", "x", target=unit, platform=platform)
    card = score(shipped(f"ankang-2019-{platform}"), unit, "云溪", [failed("account.missing", missing, target=unit)])
    assert (card.verdict, card.total, card.attainable) == (words, 0, 100)


def test_an_account_that_is_not_run_has_its_first_class_only() -> None:
    dormant = failed("account.dormant", finding("account.dormant", "x"))
    entries: dict[str, ManualEntry] = {"A": ManualScore(Decimal(8), "查看")}
    card = score(shipped("ankang-2019-wechat"), SITE, "云溪发布", [dormant], manual=entries)
    assert (card.verdict, card.total) == ("开通认证但未正常运营", 8)


@pytest.mark.parametrize(("days", "points"), [("stale", 6), ("tendency", 4), ("zombie", 0)])
def test_a_silent_account_loses_by_its_longest_silence(days: str, points: int) -> None:
    results = [failed("account.stale", finding("account.stale", "gh"))]
    results.append(
        result("account.zombie", State.PASS)
        if days == "stale"
        else failed("account.zombie", finding("account.zombie", "gh", degree=days))
    )
    card = score(shipped("ankang-2019-wechat"), SITE, "云溪发布", results)
    assert next(trace for trace in card.traces if trace.indicator == "F1").score == points


def test_a_planned_check_is_not_a_check_yet() -> None:
    """A comment `planned: …` names a check that does not exist; once it does, the indicator is to be automated."""
    for info in available():
        for line in info.file.read_text(encoding="utf-8").splitlines():
            for check in line.partition("# planned: ")[2].split(", "):
                assert check not in CHECKS, f"{info.id}: {check} exists now; read it instead of asking a person"


def test_the_page_in_docs_is_the_generated_one() -> None:
    page = Path(scoring.__file__).parents[1] / "docs" / "rulesets.md"
    assert page.read_text(encoding="utf-8") == docs.page(CHECKS)


def test_every_key_is_explained() -> None:
    used = {key for info in available() for key in _keys(read(info.file))}
    assert used <= set(docs.KEYS)
    models = _models(Ruleset)
    fields = {field for model in models for field in model.model_fields}  # type: ignore[attr-defined]  # only models
    assert fields == set(docs.KEYS)


def _keys(data: object) -> set[str]:
    """The keys of a file, but for those of `where` and `thresholds`, which are others' names."""
    if isinstance(data, dict):
        inner = [_keys(value) for key, value in data.items() if key not in ("where", "thresholds")]
        return {str(key) for key in data}.union(*inner)
    return set().union(*map(_keys, data)) if isinstance(data, list) else set()


def _models(model: type) -> set[type]:
    """A model and every model its fields hold."""
    found: set[type] = set()
    waiting = [model]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        found.add(one)
        for field in one.model_fields.values():  # type: ignore[attr-defined]  # only models are put in
            waiting += [held for held in _held(field.annotation) if hasattr(held, "model_fields")]
    return found


def _held(annotation: object) -> list[type]:
    arguments = getattr(annotation, "__args__", ())
    if isinstance(annotation, type) and not arguments:
        return [annotation]
    return [held for argument in arguments for held in _held(argument)]
