"""Floors of what pages are read as: lists, kinds, soft-404. The figures come from `make eval`, with the rivals'."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.eval import kinds, lists, soft404
from tests.eval.corpus import labelled

RECALL, PRECISION, KINDS = 0.97, 0.97, 0.94


@pytest.fixture(scope="module")
def corpus() -> Path:
    named = os.environ.get("XUNCHA_CORPUS", "")
    if not named or not Path(named).is_dir():
        pytest.skip("XUNCHA_CORPUS names no folder of captured pages")
    return Path(named)


def test_entries_of_the_makes_are_read() -> None:
    right, there, told = lists.recall_and_precision(lists.make_cases())
    assert there > 250
    assert right / there >= RECALL
    assert right / told >= PRECISION


@pytest.mark.corpus
def test_entries_of_the_corpus_are_read(corpus: Path) -> None:
    right, there, told = lists.recall_and_precision(lists.corpus_cases(corpus))
    assert there > 250
    assert right / there >= RECALL
    assert right / told >= PRECISION


@pytest.mark.corpus
def test_kinds_of_the_corpus_are_told(corpus: Path) -> None:
    misses = kinds.misses_of(corpus)
    assert len(misses) <= (1 - KINDS) * len(labelled("kinds.tsv")), misses
    assert not [miss for miss in misses if miss.truth in ("home", "column")]


@pytest.mark.corpus
def test_missing_pages_of_the_corpus_are_told_and_no_others(corpus: Path) -> None:
    wrong = [name for name, missing, signs, _ in soft404.cases_of(corpus) if (len(signs) >= 2) is not missing]
    assert wrong == []
