"""人工录入: the sheet of what only a person can score, and what comes back of it, taken whole or refused by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from msgspec import Struct

from checks.model import State, Subject, Target
from checks.registry import CHECKS
from scheduler.errors import RegistryProblem, SheetRefused
from scheduler.form import Column, Filled, Form, read, write
from scheduler.scorecards import score_inspection
from scoring.comparing import Change
from scoring.display import plain, shown
from scoring.errors import ManualEntryError
from scoring.manual import ManualDecision, ManualEntry, ManualScore, Question, questions, validate
from scoring.model import Scorecard, ScoreTrace
from scoring.ruleset import Ruleset, load
from storage.entries import Entered, Place
from storage.inspections import InspectionRecord
from storage.store import Store

FORM = Form(
    "人工评分",
    "人工评分录入表",
    "底色格由人工填写：“录入值”填分值（不超过“取值”所示），否决项和情形填“是”或“否”；填了录入值的行须写明理由和录入人。"
    "“证据文件”填与本表同一文件夹内的文件名，可不填。不评的行留空。其余各列请勿改动。",
    (
        Column("单位", 18),
        Column("对象", 18),
        Column("对象标识", 26),
        Column("指标体系", 18),
        Column("指标编号", 9),
        Column("指标", 20),
        Column("评分规则", 34),
        Column("取值", 9),
        Column("目前结果", 16),
        Column("录入值", 9, fill=True),
        Column("理由", 28, fill=True),
        Column("录入人", 10, fill=True),
        Column("证据文件", 16, fill=True),
    ),
)
KINDS = {Subject.SITE: "网站", Subject.ACCOUNT: "账号", Subject.UNIT: "单位"}
MOST_PROOF = 50_000_000
"""Bytes of a file that proves an entry."""
_YES_NO = {"是": True, "否": False}


class Proof(Struct, frozen=True):
    """A file that proves an entry, by name; it is read when the whole sheet has proved to be in order."""

    name: str
    path: Path


def write_sheet(store: Store, record: InspectionRecord, path: Path, targets: frozenset[Target], now: datetime) -> int:
    """Writes the sheet of what these targets' scorecards leave to a person; answers how many rows. Raises OSError."""
    return write(FORM, _asked(store, record, targets), path, now)


def _asked(store: Store, record: InspectionRecord, targets: frozenset[Target]) -> Iterator[Sequence[str]]:
    units = {unit.code: unit.name for unit in record.units}
    rulesets = rulesets_of(record)
    entered = store.entries.standing(record.id)
    for card in store.results.cards(record.id):
        if card.target not in targets or card.ruleset not in rulesets:
            continue
        known = questions(rulesets[card.ruleset])
        open_ones = {trace.indicator: trace for trace in card.traces if _is_left_to_a_person(card, trace)}
        for id, question in known.items():
            trace = open_ones.get(id)
            given = entered.get(Place(card.target, card.ruleset, id))
            if trace is None and given is None:
                continue
            yield (
                units.get(card.target.unit, card.target.unit),
                card.name,
                f"{KINDS[card.target.kind]} {card.target.address}",
                card.ruleset,
                id,
                question.name,
                question.rule,
                "是／否" if question.points is None else f"0～{plain(question.points)}",
                _stands(trace, given),
                *_given(given),
            )


def _is_left_to_a_person(card: Scorecard, trace: ScoreTrace) -> bool:
    """Whether an entry would count: the program did not determine it."""
    return trace.indicator in card.undetermined or trace.state in (State.NOT_CHECKED, State.UNDETERMINED)


def _stands(trace: ScoreTrace | None, given: Entered | None) -> str:
    if trace is None:
        return "已录入" if given is not None else ""
    score = "" if trace.score is None else f"，{shown(trace.score)} 分"
    return f"{trace.state.label}{score}"


def _given(given: Entered | None) -> tuple[str, str, str, str]:
    if given is None or given.entry is None:
        return "", "", "", ""
    entry = given.entry
    value = ("是" if entry.holds else "否") if isinstance(entry, ManualDecision) else plain(entry.value)
    return value, entry.reason, entry.by, given.file


def take_sheet(
    store: Store, record: InspectionRecord, path: Path, now: datetime
) -> tuple[tuple[Entered, ...], tuple[Change, ...]]:
    """Takes a sheet that came back and scores the inspection anew; answers what is new in it, and what moved.

    Raises SheetRefused with every fault; nothing of such a sheet is taken.
    """
    problems: list[RegistryProblem] = []
    reader = _Reader(store, record, path, problems)
    read_rows = [(row, reader.row(row)) for row in read(FORM, path)]
    found = [(row, *one) for row, one in read_rows if one is not None]
    _refuse_sets(found, reader, store.entries.standing(record.id))
    if problems:
        raise SheetRefused(problems)
    return take(store, record, ((place, entry, proof) for _, place, entry, proof in found), now)


def take(
    store: Store,
    record: InspectionRecord,
    given: Iterable[tuple[Place, ManualEntry, Proof | None]],
    now: datetime,
) -> tuple[tuple[Entered, ...], tuple[Change, ...]]:
    """Keeps entries that are not there yet, with their proofs, and scores the inspection anew."""
    known = store.entries.standing(record.id)
    new = []
    for place, entry, proof in given:
        sha = store.evidence.put(proof.path.read_bytes(), kind="other") if proof else ""
        before = known.get(place)
        if before is None or before.entry != entry or before.evidence != sha:
            new.append(Entered(place, entry, now, entry.by, entry.reason, sha, entry.file))
    store.entries.add(record.id, new)
    return tuple(new), score_inspection(store, record) if new else ()


def withdraw(
    store: Store, record: InspectionRecord, place: Place, *, reason: str, by: str, now: datetime
) -> tuple[Change, ...] | None:
    """Takes an entry back and scores the inspection anew; None where none stands."""
    if place not in store.entries.standing(record.id):
        return None
    store.entries.add(record.id, [Entered(place, None, now, by, reason)])
    return score_inspection(store, record)


def read_value(text: str, question: Question) -> Decimal | bool | None:
    """A typed value as the question wants it; None for one that is neither a number nor 是 or 否."""
    if question.points is None:
        return _YES_NO.get(text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def entry_of(value: Decimal | bool, reason: str, by: str, file: str) -> ManualEntry:
    """The entry of a value."""
    if isinstance(value, bool):
        return ManualDecision(value, reason, by, file)
    return ManualScore(value, reason, by, file)


class _Reader:
    """Reads rows against what the inspection has; faults go to `problems`."""

    def __init__(self, store: Store, record: InspectionRecord, path: Path, problems: list[RegistryProblem]) -> None:
        self.rulesets = rulesets_of(record)
        self._path, self._problems = path, problems
        cards = store.results.cards(record.id)
        self._targets = {f"{KINDS[card.target.kind]} {card.target.address}": card.target for card in cards}
        self._questions = {id: questions(ruleset) for id, ruleset in self.rulesets.items()}
        self._seen: dict[Place, int] = {}

    def refuse(self, row: int, column: str, reason: str, value: str = "") -> None:
        """Notes a fault of one cell."""
        self._problems.append(RegistryProblem(self._path.name, FORM.sheet, row, column, reason, value))

    def row(self, row: Filled) -> tuple[Place, ManualEntry, Proof | None] | None:
        """The entry of a row; None where it is left blank or at fault."""
        if not row["录入值"]:
            for column in ("理由", "证据文件"):
                if row[column]:
                    self.refuse(row.number, "录入值", f"填了{column}，没有填录入值")
                    break
            return None
        faults = len(self._problems)
        target = self._targets.get(row["对象标识"])
        known = self._questions.get(row["指标体系"])
        question = known.get(row["指标编号"]) if known else None
        if target is None:
            self.refuse(row.number, "对象标识", "检查批次中没有这个对象的评分表", row["对象标识"])
        if known is None:
            self.refuse(row.number, "指标体系", "检查批次未用这个指标体系", row["指标体系"])
        elif question is None:
            self.refuse(row.number, "指标编号", f"{row['指标体系']} 中没有这个指标", row["指标编号"])
        for column in ("理由", "录入人"):
            if not row[column]:
                self.refuse(row.number, column, f"没有填写{column}")
        proof = self._proof(row)
        if target is None or question is None:
            return None
        value = read_value(row["录入值"], question)
        if value is None:
            wanted = "“是”或“否”" if question.points is None else "数字"
            self.refuse(row.number, "录入值", f"应为{wanted}", row["录入值"])
        if len(self._problems) > faults or value is None:
            return None
        place = Place(target, row["指标体系"], question.id)
        if place in self._seen:
            self.refuse(row.number, "指标编号", f"与第 {self._seen[place]} 行重复", question.id)
            return None
        self._seen[place] = row.number
        entry = entry_of(value, row["理由"], row["录入人"], proof.name if proof else "")
        try:
            validate(self.rulesets[place.ruleset], {place.indicator: entry})
        except ManualEntryError as error:
            self.refuse(row.number, "录入值", error.reason, row["录入值"])
            return None
        return place, entry, proof

    def _proof(self, row: Filled) -> Proof | None:
        if not row["证据文件"]:
            return None
        try:
            return proof_of(self._path.parent / row["证据文件"], within=self._path.parent)
        except ValueError as error:
            self.refuse(row.number, "证据文件", str(error), row["证据文件"])
            return None


def proof_of(path: Path, within: Path | None = None) -> Proof:
    """A file that is there and not too large. ValueError says in Chinese why it is none."""
    real = path.resolve()
    if within is not None and not real.is_relative_to(within.resolve()):
        raise ValueError("文件应放在本表所在的文件夹内")
    if not real.is_file():
        raise ValueError("没有这个文件")
    if real.stat().st_size > MOST_PROOF:
        raise ValueError(f"文件超过 {MOST_PROOF // 1_000_000} MB")
    return Proof(path.name, real)


def _refuse_sets(
    found: Sequence[tuple[Filled, Place, ManualEntry, Proof | None]],
    reader: _Reader,
    standing: Mapping[Place, Entered],
) -> None:
    """Refuses what cannot stand together on one target: a dimension as a whole, and one of its indicators."""
    sets: dict[tuple[Target, str], dict[str, ManualEntry]] = defaultdict(dict)
    for place, given in standing.items():
        if given.entry is not None:
            sets[place.target, place.ruleset][place.indicator] = given.entry
    rows: dict[Place, int] = {}
    for row, place, entry, _ in found:
        sets[place.target, place.ruleset][place.indicator] = entry
        rows[place] = row.number
    for (target, ruleset), entries in sets.items():
        if ruleset not in reader.rulesets:
            continue
        try:
            validate(reader.rulesets[ruleset], entries)
        except ManualEntryError as error:
            number = rows.get(Place(target, ruleset, error.indicator), 0)
            reader.refuse(number, "指标编号", error.reason, error.indicator)


def rulesets_of(record: InspectionRecord) -> Mapping[str, Ruleset]:
    """The rulesets of an inspection by id, those from files too. Raises RulesetError."""
    loaded = (load(name, CHECKS.keys()) for name in record.rulesets)
    return {ruleset.id: ruleset for ruleset in loaded}
