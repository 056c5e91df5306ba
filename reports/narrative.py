"""Sentences of a paper about an inspection, each from figures that stand in its tables. Confirmed problems alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from checks.model import Severity, State, Subject
from reports import digest, statistics
from reports.problems import InspectionView, Problem
from reports.wording import clock, family, family_label, figure, platform_label, printable, words
from scoring.verdict import QUALIFIED, UNDETERMINED, UNQUALIFIED

TYPES_NAMED = 4
"""Types of problems named in a family's sentence."""
UNITS_NAMED = 3
"""Units named in a sentence."""
REPEATS_NAMED = 2
"""Types of problems named of a unit that repeats them."""


class Family(Struct, frozen=True):
    """One family of problems with its sentence."""

    name: str
    count: int
    text: str


def scope(view: InspectionView) -> str:
    """What was inspected, in figures."""
    counts = digest.counts(view)
    kinds = Counter(
        platform_label(named.target.address.partition(":")[0])
        for unit in view.units
        for named in unit.targets
        if named.target.kind is Subject.ACCOUNT
    )
    accounts = "".join(f"、{label} {many} 个" for label, many in kinds.items())
    links = sum(run.links for run in view.runs)
    seen = f"，访问网页 {counts.pages} 个、核查链接 {links} 条" if counts.pages else ""
    going = "" if view.ended else "本次检查尚未结束，以下为目前已有的结果。"
    return f"{going}本次检查涉及单位 {counts.units} 个，网站 {counts.sites} 个{accounts}{seen}。"


def findings(view: InspectionView) -> str:
    """How many problems, in one sentence."""
    counts = digest.counts(view)
    grave = sum(problem.severity is Severity.VETO for problem in view.problems if problem.state is State.FAIL)
    vetoes = f"，其中涉及单项否决 {grave} 个" if grave else ""
    pending = f"另有疑似问题 {counts.pending} 个待人工复核，未计入上述数量。" if counts.pending else ""
    return f"共确认问题 {counts.problems} 个{vetoes}。{pending}"


def verdicts(view: InspectionView) -> tuple[str, ...]:
    """One sentence a ruleset that judges 合格 or 不合格."""
    told = []
    for ref in view.rulesets:
        cards = [card for card in view.scorecards if card.ruleset == ref.id and card.version == ref.version]
        tally = Counter(card.verdict for card in cards)
        if not (tally[QUALIFIED] or tally[UNQUALIFIED]) and not any(card.vetoes for card in cards):
            continue
        parts = [f"{words} {tally[words]} 个" for words in (QUALIFIED, UNQUALIFIED, UNDETERMINED)]
        told.append(f"按《{ref.title}》，{'、'.join(parts)}。")
    return tuple(told)


def vetoed(view: InspectionView) -> tuple[str, ...]:
    """`青砚县人民政府网（互动回应差）`: what holds against each vetoed target."""
    return tuple(
        f"{card.name}（{'、'.join(trace.name for trace in card.vetoes if trace.state is State.FAIL)}）"
        for card in view.scorecards
        if card.vetoed
    )


def families(view: InspectionView) -> tuple[Family, ...]:
    """The families that have problems, in the catalogue's order."""
    groups: dict[str, list[Problem]] = {}
    for problem in view.problems:
        if problem.state is State.FAIL:
            groups.setdefault(family(problem.check), []).append(problem)
    known = [name for name in words().families if name in groups]
    return tuple(_family(name, groups[name]) for name in (*known, *sorted(groups.keys() - set(known))))


def comparison(view: InspectionView) -> str:
    """Against the last inspection of the same kind, or that there is none."""
    changes = statistics.changes(view)
    if not changes:
        return "没有可供比较的此前同类检查记录，本次不作比较。"
    whole = statistics.together(changes)
    past = view.past[0]
    rate = f"，整改率 {figure(whole.rate * 100, 1)}%" if whole.rate is not None else ""
    open_ = f"，{whole.open} 个本次未能判定" if whole.open else ""
    return (
        f"与上次检查（{printable(past.name)}，监测时间点 {clock(past.as_of)}）相比，"
        f"上次确认的 {whole.before} 个问题中，{whole.mended} 个已整改，"
        f"{whole.standing} 个仍然存在{open_}{rate}；本次新增 {whole.new} 个。"
    )


def repeats(view: InspectionView) -> str:
    """Who has the same problems again and again; "" where nobody has."""
    found = statistics.repeats(view)
    if not found:
        return ""
    units: dict[str, list[str]] = {}
    for one in found:
        units.setdefault(one.name, []).append(f"{one.title}（连续 {one.inspections} 次）")
    told = [f"{name}：{_listed(titles, REPEATS_NAMED)}" for name, titles in units.items()]
    rest = f"等 {len(told)} 个单位" if len(told) > UNITS_NAMED else ""
    return f"反复出现同类问题的有：{'；'.join(told[:UNITS_NAMED])}{rest}。"


def untold(view: InspectionView) -> str:
    """The targets without a verdict, named; "" where all have one."""
    names = dict.fromkeys(card.name for card in view.scorecards if card.verdict == UNDETERMINED)
    if not names:
        return ""
    return (
        f"{'、'.join(names)}共 {len(names)} 个网站或账号因采集受限、证据不足等原因，"
        "在一个或多个指标体系下未能得出结论，既不视为合格，也不视为不合格。"
    )


def _family(name: str, problems: list[Problem]) -> Family:
    types = Counter(problem.title for problem in problems)
    units = Counter(problem.unit_name for problem in problems)
    kinds = _listed([f"{title} {many} 个" for title, many in types.most_common()], TYPES_NAMED)
    most = list(_most(units))
    whom = f"问题较多的有：{'、'.join(most)}。" if most else f"涉及{_listed(list(units), UNITS_NAMED, '个单位')}。"
    text = f"确认问题 {len(problems)} 个，涉及单位 {len(units)} 个，主要是{kinds}。{whom}"
    return Family(family_label(name), len(problems), text)


def _most(units: Mapping[str, int]) -> Iterator[str]:
    """The units with most of several; one problem is not many, whoever has it."""
    ordered = sorted(units.items(), key=lambda item: -item[1])
    if len(ordered) < 2:
        return
    for name, many in ordered[:UNITS_NAMED]:
        if many > 1:
            yield f"{name}（{many} 个）"


def _listed(parts: list[str], most: int, noun: str = "类") -> str:
    return "、".join(parts[:most]) + (f"等 {len(parts)} {noun}" if len(parts) > most else "")
