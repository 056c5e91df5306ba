"""Floors of what typos are flagged: hardly anything but errors. The figures come from `make eval`, with the rival's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.words.wordbook import built_in
from tests.eval import words

PRECISION = 0.95
NOTICES, GOVERNMENT_PAIRS = 11, 45
"""So many of the 12 typos named in official notices, and of the 149 government pairs, are flagged at least."""
CLEAN_ALARMS = 3
"""False alarms in some 330,000 characters of proof-read official text at most."""


@pytest.fixture(scope="module")
def sets() -> dict[str, list[words.Pair]]:
    named = os.environ.get("XUNCHA_CORPUS", "")
    if not named or not Path(named).is_dir():
        pytest.skip("XUNCHA_CORPUS names no folder of captured pages")
    return words.sets_of(Path(named))


def test_a_place_is_an_error_where_the_sentences_differ() -> None:
    assert words.Pair("甲乙丙丁", "甲已丙丁").faults == [(1, 2)]
    assert words.Pair("甲乙丙", "甲乙").faults == [(0, 3)]
    assert words.tally_of([words.Pair("作了布署。", "作了部署。")], words.ours) == words.Tally(1, 1, 1, 1)
    assert words.tally_of([words.Pair("作了布署。", "作了布署。")], words.ours) == words.Tally(1, 0, 0, 0)
    assert words.tally_of([words.Pair("那个时侯。", "那个时侯。")], words.ours) == words.Tally(1, 0, 0, 0, 1)


@pytest.mark.corpus
def test_what_is_flagged_is_an_error(sets: dict[str, list[words.Pair]]) -> None:
    tally = words.together([words.tally_of(pairs, words.ours) for pairs in sets.values()])
    assert tally.flagged > 200
    assert tally.precision >= PRECISION, words.alarms_of(sets)


@pytest.mark.corpus
def test_so_it_is_on_every_set_but_for_what_its_labels_passed_over(sets: dict[str, list[words.Pair]]) -> None:
    labelled = {name: pairs for name, pairs in sets.items() if any(pair.faults for pair in pairs)}
    for name, pairs in labelled.items():
        assert words.tally_of(pairs, words.ours).settled >= PRECISION, name


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["ECSpell 公文", "ECSpell 法律"])
def test_in_official_language_too(sets: dict[str, list[words.Pair]], name: str) -> None:
    tally = words.tally_of(sets[name], words.ours)
    assert tally.flagged > 20
    assert tally.precision >= PRECISION


@pytest.mark.corpus
def test_proof_read_text_is_left_alone(sets: dict[str, list[words.Pair]]) -> None:
    assert words.tally_of(sets["外交部例行记者会（已校对）"], words.ours).flagged <= CLEAN_ALARMS


@pytest.mark.corpus
def test_what_official_notices_name_is_flagged(sets: dict[str, list[words.Pair]]) -> None:
    book = built_in()
    notices = [pair for pair in sets["通报所列错别字"] if book.hits(pair.wrong)]
    pairs = [pair for pair in sets["政府领域词对"] if book.hits(pair.wrong)]
    assert len(notices) >= NOTICES
    assert len(pairs) >= GOVERNMENT_PAIRS
    assert not [pair.right for pair in notices + pairs if book.hits(pair.right)]
