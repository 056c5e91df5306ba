"""Typos on labelled sentences: how many of what is flagged are errors, and how many errors are flagged; beside pycorrector.

pycorrector's confusion mode replaces every form of a list wherever it stands. It is tried with its own list and with
ours, which shows what exceptions and context are worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from msgspec import Struct

from crawler.facts.texts import TextKind
from crawler.words.wordbook import built_in

Span = tuple[int, int]
Speller = Callable[[str], Sequence[Span]]
"""The places of a sentence that a speller would change."""


class Pair(Struct, frozen=True):
    """A sentence as written and as it should read; equal where it has no error."""

    wrong: str
    right: str

    @property
    def faults(self) -> list[Span]:
        """The places that differ: of unequal lengths the whole sentence is one."""
        if len(self.wrong) != len(self.right):
            return [(0, len(self.wrong))]
        spots = [at for at, (one, other) in enumerate(zip(self.wrong, self.right, strict=True)) if one != other]
        return [(at, at + 1) for at in spots if at - 1 not in spots]


class Tally(Struct, frozen=True):
    """One speller on one set: `flagged` places, `right` of them at an error, `found` of the `errors` were flagged.

    `passed` are flagged where the labels see no error, and are a misspelling of labels/typos_passed_over.tsv.
    """

    flagged: int
    right: int
    found: int
    errors: int
    passed: int = 0

    @property
    def precision(self) -> float:
        """Right among flagged; 1 where nothing was."""
        return self.right / self.flagged if self.flagged else 1.0

    @property
    def settled(self) -> float:
        """Precision where what the labels passed over counts as right."""
        return (self.right + self.passed) / self.flagged if self.flagged else 1.0

    @property
    def recall(self) -> float:
        """Found among errors; 1 where there are none."""
        return self.found / self.errors if self.errors else 1.0


class WordsTable(Struct, frozen=True):
    """The tallies by set and speller, and our false alarms."""

    tallies: Mapping[str, Mapping[str, Tally]]
    sizes: Mapping[str, int]
    alarms: Sequence[str]

    def render(self) -> str:
        """The table as Markdown, and our false alarms below it."""
        lines = [
            "## Typos",
            "flagged / right: places that a speller would change, and how many of them stand at a labelled error; settled:",
            "precision where misspellings that the labels passed over (labels/typos_passed_over.tsv) count as right",
            "",
            "| set | sentences | errors | speller | flagged | right | precision | settled | recall |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for name, by_speller in self.tallies.items():
            for speller, tally in by_speller.items():
                lines.append(
                    f"| {name} | {self.sizes[name]} | {tally.errors} | {speller} | {tally.flagged} | {tally.right} | "
                    f"{tally.precision:.3f} | {tally.settled:.3f} | {tally.recall:.3f} |"
                )
        lines += ["", "Our false alarms by the labels:", *(f"- {alarm}" for alarm in self.alarms)]
        return "\n".join(lines)


def ours(sentence: str) -> Sequence[Span]:
    """What content.typo would name, with the lexicon that comes with the program."""
    spans = []
    for hit in built_in().hits(sentence):
        if hit.kind is TextKind.TYPO:
            start = sentence.find(hit.sentence) + hit.offset
            spans.append((start, start + hit.length))
    return spans


def sets_of(corpus: Path) -> dict[str, list[Pair]]:
    """The labelled sets: learners' essays (SIGHAN), synthetic errors (ECSpell), pairs of notices, proof-read texts."""
    folder = corpus / "typos"
    sets: dict[str, list[Pair]] = {}
    for year in ("13", "14", "15"):
        for part in ("train", "test"):
            sides = [
                _lines(folder / f"sighan_pairs_simplified/{part}{year}_{side}.txt") for side in ("error", "correct")
            ]
            sets.setdefault(f"SIGHAN {year}", []).extend(map(Pair, *sides))
    for key, name in (("odw", "ECSpell 公文"), ("law", "ECSpell 法律"), ("med", "ECSpell 医疗")):
        rows = [line.split("\t") for part in ("train", "test") for line in _lines(folder / f"ecspell/{key}.{part}")]
        sets[name] = [Pair(row[1], row[2]) for row in rows if len(row) == 3]
    sets["通报所列错别字"] = list(_framed(folder / "official_notice_cases.tsv"))
    sets["政府领域词对"] = list(_framed(folder / "jcjc_gov_pairs.tsv"))
    sets["外交部例行记者会（已校对）"] = [
        Pair(line, line) for path in sorted((folder / "clean_official_text").iterdir()) for line in _lines(path)
    ]
    return sets


def _framed(path: Path) -> Iterator[Pair]:
    """Pairs of words, each in a sentence that is the same for all."""
    for line in _lines(path)[1:]:
        wrong, right, *_ = line.split("\t")
        yield Pair(f"会议指出，{wrong}等。", f"会议指出，{right}等。")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@cache
def passed_over() -> frozenset[str]:
    """Misspellings that stand uncorrected in the sets, by the dictionary."""
    path = Path(__file__).parent / "labels/typos_passed_over.tsv"
    return frozenset(line.split("\t")[0] for line in _lines(path) if not line.startswith("#"))


def tally_of(pairs: Sequence[Pair], speller: Speller) -> Tally:
    """How a speller does on a set."""
    flagged = right = found = errors = passed = 0
    over = passed_over()
    for pair in pairs:
        faults, spans = pair.faults, speller(pair.wrong)
        flagged += len(spans)
        right += sum(any(_meet(span, fault) for fault in faults) for span in spans)
        passed += sum(
            pair.wrong[start:end] in over and not any(_meet((start, end), fault) for fault in faults)
            for start, end in spans
        )
        found += sum(any(_meet(span, fault) for span in spans) for fault in faults)
        errors += len(faults)
    return Tally(flagged, right, found, errors, passed)


def together(tallies: Sequence[Tally]) -> Tally:
    """Several tallies as one."""
    return Tally(*(sum(getattr(one, name) for one in tallies) for name in Tally.__struct_fields__))


def alarms_of(sets: Mapping[str, Sequence[Pair]]) -> list[str]:
    """What we flag where the labels have no error; some of it are errors that the labels passed over."""
    alarms = []
    for name, pairs in sets.items():
        for pair in pairs:
            for start, end in ours(pair.wrong):
                if not any(_meet((start, end), fault) for fault in pair.faults):
                    alarms.append(
                        f"{name}: {pair.wrong[max(0, start - 8) : start]}【{pair.wrong[start:end]}】{pair.wrong[end : end + 8]}"
                    )
    return alarms


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def measure(corpus: Path) -> WordsTable:
    """All sets by all spellers."""
    from tests.eval.rivals import confusion_spellers

    spellers: dict[str, Speller] = {"ours": ours, **confusion_spellers(corpus)}
    sets = sets_of(corpus)
    tallies = {
        name: {speller: tally_of(pairs, spell) for speller, spell in spellers.items()} for name, pairs in sets.items()
    }
    tallies["all"] = {speller: together([by[speller] for by in tallies.values()]) for speller in spellers}
    sizes = {name: len(pairs) for name, pairs in sets.items()}
    return WordsTable(tallies, {**sizes, "all": sum(sizes.values())}, alarms_of(sets))
