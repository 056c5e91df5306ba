"""The annexes (附件) of a circular as neutral tables: what the Word document and the workbook both print.

Those of scores are made by `reports.score_tables`. The layout of 信息采用统计 is that of 安政办函〔2020〕10号 附件2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from checks.model import State, Target
from crawler.facts.endings import DONE
from reports import activity, digest, score_tables, statistics
from reports.adoptions import Adopted, Adoptions
from reports.problems import InspectionView
from reports.tables import Annex, Cell, Column, Sheet
from reports.wording import kind_label, rounded, words
from scoring.verdict import UNDETERMINED

_SERIAL = Column("序号", 6)


def annexes(view: InspectionView, adoptions: Adoptions | None = None) -> tuple[Annex, ...]:
    """All annexes of an inspection in the order in which the circular names them; those without a row are left out."""
    made = (
        *score_tables.annexes(view),
        *_counts(view),
        *_comparison(view),
        *_repeats(view),
        *_streaks(view),
        *_silent(view),
        *_untold(view),
        *(_adopted(adoptions) if adoptions else ()),
    )
    return tuple(annex for annex in made if any(table.rows for table in annex.tables))


def _counts(view: InspectionView) -> Iterator[Annex]:
    """Problems by unit and family, and by type; confirmed ones alone."""
    heat = digest.heat(view)
    if not heat.families:
        return
    names = _unit_names(view)
    columns = (_SERIAL, Column("单位名称", 26), *(Column(name, 7, "number") for name in heat.families))
    rows = sorted(heat.rows, key=lambda row: -row.total)
    lines: list[tuple[Cell, ...]] = [
        (number, names[row.code], *row.cells, row.total) for number, row in enumerate(rows, start=1)
    ]
    by_unit = Sheet(
        "（一）按单位",
        "问题统计（按单位）",
        (*columns, Column("合计", 7, "number")),
        (*lines, _summed(lines)),
        ("仅统计已确认的问题；待人工复核、未能判定的不计入。", *_partial(view)),
    )
    found = [line for line in digest.types(view) if line.confirmed]
    units = digest.concerned(view)
    found.sort(key=lambda line: (-line.confirmed, line.check))
    by_type = Sheet(
        "（二）按问题类型",
        "问题统计（按类型）",
        (_SERIAL, Column("问题类型", 34), Column("问题数", 10, "number"), Column("涉及单位数", 12, "number")),
        tuple((number, line.title, line.confirmed, units[line.check]) for number, line in enumerate(found, start=1)),
    )
    yield Annex("各单位问题数量统计表", (by_unit, by_type))


def _partial(view: InspectionView) -> Iterator[str]:
    """The targets of which no check could tell anything, so that nobody takes a 0 for clean."""
    names = {named.target: named.name for unit in view.units for named in unit.targets}
    states: dict[Target, set[State]] = {}
    for result in (result for unit in view.units for result in unit.results):
        states.setdefault(result.target, set()).add(result.state)
    untold = [
        names[target]
        for target, met in states.items()
        if met & {State.UNDETERMINED, State.ERROR} and not met & {State.PASS, State.FAIL, State.NEEDS_REVIEW}
    ]
    if untold:
        yield f"没有一项得到判定，问题数未计入的：{'、'.join(untold)}。"


def _comparison(view: InspectionView) -> Iterator[Annex]:
    """Against the last inspection of the same kind."""
    changes = statistics.changes(view)
    if not changes:
        return
    past = view.past[0]
    columns = (
        _SERIAL,
        Column("单位名称", 26),
        *(Column(head, 9, "number") for head in ("上次问题", "已整改", "仍存在", "未能判定", "新增", "本次问题")),
        Column("整改率（%）", 10, "number"),
    )

    names = _unit_names(view)

    def line(number: Cell, one: statistics.Change) -> tuple[Cell, ...]:
        rate = f"{rounded(one.rate * 100, 1):f}" if one.rate is not None else "—"
        return (
            number,
            names.get(one.code, one.name),
            one.before,
            one.mended,
            one.standing,
            one.open,
            one.new,
            one.now,
            rate,
        )

    rows = [line(number, one) for number, one in enumerate(changes, start=1)]
    notes = (
        f"上次检查为“{past.name}”（监测时间点 {past.as_of:%Y-%m-%d}），同为{kind_label(view.kind)}。",
        "整改率＝已整改÷（已整改＋仍存在）；本次未能判定的问题既不算已整改，也不算仍存在。",
    )
    by_unit = Sheet(
        "（一）按单位", "与上次比较（按单位）", columns, (*rows, line("", statistics.together(changes))), notes
    )
    types = statistics.type_changes(view)
    by_type = Sheet(
        "（二）按问题类型",
        "与上次比较（按类型）",
        (_SERIAL, Column("问题类型", 34), *(Column(head, 9, "number") for head in ("上次", "本次", "增减"))),
        tuple(
            (number, one.title, one.before, one.now, f"{one.now - one.before:+d}" if one.now != one.before else "0")
            for number, one in enumerate(types, start=1)
        ),
    )
    yield Annex("与上次检查比较表", (by_unit, by_type))


def _repeats(view: InspectionView) -> Iterator[Annex]:
    names = _unit_names(view)
    columns = (
        _SERIAL,
        Column("单位名称", 26),
        Column("问题类型", 26),
        Column("连续出现次数", 12, "number"),
        Column("本次问题数", 11, "number"),
    )
    rows = tuple(
        (number, names[one.code], one.title, one.inspections, one.now)
        for number, one in enumerate(statistics.repeats(view), start=1)
    )
    note = "连续两次及以上同类检查均确认存在同一类问题的列入；某次未能判定的，该次不计。"
    yield Annex("反复出现同类问题的单位", (Sheet("", "反复出现", columns, rows, (note,)),))


def _streaks(view: InspectionView) -> Iterator[Annex]:
    columns = (
        _SERIAL,
        Column("网站/账号", 26),
        Column("主办单位", 22),
        Column("本季度结果", 11),
        Column("连续合格季度数", 9, "number"),
        Column("说明", 24),
    )
    found = statistics.streaks(view)
    rows = tuple(
        (
            number,
            one.name,
            one.unit_name,
            one.verdict,
            one.quarters,
            "不计：" + "、".join(one.gaps) if one.gaps else "—",
        )
        for number, one in enumerate(found, start=1)
    )
    titles = "、".join(dict.fromkeys(one.title for one in found))
    notes = (
        f"按指标体系“{titles}”的结论，自本季度起往前连续计算；未能判定和未检查的季度既不计入，也不中断。",
        f"库中保存的同类检查共 {len(view.past) + 1} 次，更早的季度未计。",
    )
    yield Annex("连续合格季度数统计表", (Sheet("", "连续合格季度", columns, rows, notes),))


def _silent(view: InspectionView) -> Iterator[Annex]:
    """僵尸账号, accounts on the way there and 开通未运营 ones, as 安政办函〔2020〕10号 names them below its annex 1."""
    columns = (_SERIAL, Column("账号", 22), Column("主办单位", 22), Column("情形", 24), Column("说明", 46))
    rows = tuple(
        (number, one.problem.target_name, one.problem.unit_name, words().degrees[one.degree], one.problem.message)
        for number, one in enumerate(activity.silent(view), start=1)
    )
    note = "仅列经确认的账号；数据来源未能读到或未能读全的账号不在此列。"
    yield Annex("僵尸化账号名单", (Sheet("", "僵尸化账号", columns, rows, (note,)),))


def _untold(view: InspectionView) -> Iterator[Annex]:
    """What could not be judged, so that nobody takes its absence for a verdict."""
    columns = (_SERIAL, Column("网站/账号", 22), Column("指标体系", 22), Column("原因", 56))
    ended = {run.target: run.exit_reason for run in view.runs}

    def reason(target: Target, note: str) -> str:
        how = ended.get(target, "")
        parts = (f"采集结束原因：{how}" if how not in ("", DONE) else "", note)
        return "；".join(part for part in parts if part) or "没有得到足以判定的结果"

    lines = [
        (card.name, card.title, reason(card.target, card.verdict_note))
        for unit in view.units
        for card in unit.scorecards
        if card.verdict == UNDETERMINED
    ]
    rows = tuple((number, *line) for number, line in enumerate(lines, start=1))
    note = "所列对象本次未能得出结论：既不视为合格，也不视为不合格。"
    yield Annex("未能判定的网站和账号", (Sheet("", "未能判定", columns, rows, (note,)),))


def _adopted(adoptions: Adoptions) -> Iterator[Annex]:
    """信息采用统计 in the layout of 2019 annex 2: one sequence of the groups, in two halves side by side."""
    sequence: list[tuple[Cell, ...]] = []
    for place, (_, lines) in enumerate(adoptions.groups):
        if place:
            sequence.append(("", "", ""))
        sequence += _numbered(lines)
    half = -(-len(sequence) // 2)
    left, right = sequence[:half], sequence[half:]
    while right and right[0] == ("", "", ""):
        right.pop(0)
    right += [("", "", "")] * (half - len(right))
    columns = (_SERIAL, Column("单位名称", 26), Column("采用量", 9, "number"))
    rows = tuple((*one, *other) for one, other in zip(left, right, strict=True))
    yield Annex("政务信息采用情况统计表", (Sheet("", "信息采用", (*columns, *columns), rows),))


def _numbered(lines: Iterable[Adopted]) -> list[tuple[Cell, ...]]:
    return [(number, line.unit, line.count) for number, line in enumerate(lines, start=1)]


def _unit_names(view: InspectionView) -> Mapping[str, str]:
    """The units' names by code; where two are called the same the code tells them apart."""
    times = Counter(unit.name for unit in view.units)
    return {unit.code: unit.name if times[unit.name] == 1 else f"{unit.name}（{unit.code}）" for unit in view.units}


def _summed(lines: Sequence[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    columns = list(zip(*lines, strict=True))[2:]
    return ("", "合计", *(sum(cell for cell in column if isinstance(cell, int | Decimal)) for column in columns))
