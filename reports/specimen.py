"""A specimen inspection (样例): a little of everything, to try a template on before there is anything to tell."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from checks.model import CheckResult, Finding, Mode, Severity, StampedFinding, State, Subject, Target
from crawler.facts import BEIJING
from reports.past import Judged, Past
from reports.problems import InspectionView, NamedTarget, RulesetRef, UnitProblems, unit_problems
from scoring.model import DimensionScore, Kind, Provenance, Scorecard, ScoreTrace
from scoring.verdict import QUALIFIED, UNDETERMINED, UNQUALIFIED

_AS_OF = datetime(2026, 1, 15, 17, 0, tzinfo=BEIJING)
_RULES = RulesetRef("specimen", "1", "样例指标体系")
_CHECK = "link.broken"
_MANY = 12
"""More problems of one kind than a notice shows."""


class _Text(Struct, frozen=True):
    title: str
    rectify: str
    mode: Mode = Mode.AUTOMATIC


def view() -> InspectionView:
    """Three units: one vetoed with problems old and new, one in order, one that could not be judged."""
    units = tuple(
        _unit(code, name, kind, verdict)
        for code, name, kind, verdict in (
            ("a", "样例县人民政府", "county", UNQUALIFIED),
            ("b", "样例市教育局", "department", QUALIFIED),
            ("c", "样例市水利局", "department", UNDETERMINED),
        )
    )
    target = _site("a")
    past = Past(
        "p",
        "上季度检查",
        _AS_OF - timedelta(days=92),
        {target: {_CHECK: Judged(True, frozenset({"f0", "gone"}))}},
        {(target, _RULES.id): QUALIFIED},
    )
    return InspectionView(
        id="specimen",
        name="样例检查",
        kind="quarterly",
        as_of=_AS_OF,
        started=_AS_OF,
        ended=_AS_OF + timedelta(hours=3),
        rulesets=(_RULES,),
        tool_version="",
        units=units,
        past=(past,),
    )


def _site(code: str) -> Target:
    return Target(code, f"http://www.{code}.example/", Subject.SITE)


def _unit(code: str, name: str, kind: str, verdict: str) -> UnitProblems:
    target = _site(code)
    found = (
        tuple(
            StampedFinding(
                _CHECK,
                target,
                State.FAIL,
                Finding(
                    url=target.address,
                    message="链接两次访问均返回 404",
                    location="正文",
                    problem_url=f"{target.address}{number}.html",
                    severity=Severity.MINOR if number else Severity.VETO,
                ),
                "样例条款",
                f"f{number}",
            )
            for number in range(_MANY)
        )
        if verdict == UNQUALIFIED
        else ()
    )
    state = State.FAIL if found else State.PASS if verdict == QUALIFIED else State.UNDETERMINED
    return unit_problems(
        code,
        name,
        [NamedTarget(target, f"{name}网站")],
        [CheckResult(_CHECK, target, state, "样例", found)],
        [_card(target, f"{name}网站", verdict)],
        checks={_CHECK: _Text("样例问题", "样例建议")},
        history={},
        as_of=_AS_OF,
        kind=kind,
    )


def _card(target: Target, name: str, verdict: str) -> Scorecard:
    veto = ScoreTrace(
        "V1",
        "样例否决",
        "单项否决",
        Kind.VETO,
        Decimal(0),
        State.FAIL if verdict == UNQUALIFIED else State.PASS,
        Decimal(0),
        Decimal(0),
        "",
        "",
        Provenance.PRINTED,
    )
    part = DimensionScore("样例", Decimal(100), Decimal(100), Decimal(88))
    return Scorecard(
        target=target,
        name=name,
        ruleset=_RULES.id,
        version=_RULES.version,
        title=_RULES.title,
        verdict=verdict,
        total=part.score,
        attainable=part.attainable,
        maximum=part.maximum,
        assumed_points=Decimal(0),
        dimensions=(part,),
        traces=(veto,),
        undetermined=(),
        vetoed=verdict == UNQUALIFIED,
    )
