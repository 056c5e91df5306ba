"""Every class of fault that inspectors really published has a check with fixtures, or a reason why none can find it."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
import yaml

from checks.registry import CHECKS
from tests.eval.corpus import LABELS
from tests.unit.checks.fixture import FOLDER

KNOWN = yaml.safe_load((LABELS / "published_findings.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", KNOWN["found_by"])
def test_a_published_class_is_found_by_checks_that_have_fixtures(name: str) -> None:
    for check in KNOWN["found_by"][name]:
        assert check in CHECKS
        assert [path for path in (FOLDER / check).glob("*.yaml") if path.stem.split("_")[0] in ("fail", "review")], (
            check
        )


def test_what_is_outside_says_why() -> None:
    assert not set(KNOWN["found_by"]) & set(KNOWN["outside"])
    assert all(len(reason) > 8 for reason in KNOWN["outside"].values())


@pytest.mark.corpus
def test_no_published_class_is_forgotten() -> None:
    corpus = os.environ.get("XUNCHA_CORPUS", "")
    table = Path(corpus) / "pages_corpus" / "inspection_findings.tsv"
    if not corpus or not table.is_file():
        pytest.skip("XUNCHA_CORPUS names no corpus with published findings")
    with table.open(encoding="utf-8", newline="") as file:
        classes = {row["finding_class"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert len(classes) > 20
    assert classes <= {*KNOWN["found_by"], *KNOWN["outside"]}
