"""The alerts of docs/prometheus, held against what `xuncha metrics` exports and, where it is installed, by promtool."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from scheduler.metrics import text_of
from storage.postings import Sent
from storage.store import Store
from tests.integration.duty.nights import FIRST, POSTS, YUNXI, Night, found, opened

FOLDER = Path("docs/prometheus")
RULES, CASES = FOLDER / "xuncha.rules.yaml", Path(__file__).with_name("alerts.yaml")
OF_PROMETHEUS = {"job", "instance", "severity"}
Exported = dict[str, dict[str, set[str]]]
"""By series its labels, by label the values that were seen."""

SELECTOR = re.compile(r'\b(xuncha_\w+)(?:\{((?:[^"}]|"[^"]*")*)\})?')
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|on|ignoring|without|group_left|group_right)\s*\(([^)]*)\)")
needs_promtool = pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Prometheus) is not installed")


def promtool(*words: str | Path, given: str | None = None) -> None:
    done = subprocess.run(["promtool", *map(str, words)], input=given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout + done.stderr


def faults(expr: str, exported: Exported) -> list[str]:
    """What an expression names that is not exported: series, labels of theirs, values, labels that none has."""
    wrong = []
    for name, matchers in SELECTOR.findall(expr):
        if name not in exported:
            wrong.append(name)
            continue
        for label, _, value in MATCHER.findall(matchers):
            if label not in exported[name].keys() | OF_PROMETHEUS:
                wrong.append(f"{name}{{{label}}}")
            elif label not in OF_PROMETHEUS and value not in exported[name][label]:
                wrong.append(f'{name}{{{label}="{value}"}}')
    every = OF_PROMETHEUS.union(*(exported[name].keys() for name, _ in SELECTOR.findall(expr) if name in exported))
    named = {label.strip() for group in GROUPING.findall(expr) for label in group.split(",")}
    return wrong + sorted(named - every - {""})


@pytest.fixture
def text(tmp_path: Path, store: Store) -> str:
    """What is exported where there is everything: both kinds, one inspection under way, every outcome of a sending."""
    for kind in ("quarterly", "nightly"):
        Night(store, kind=kind).do(YUNXI, found(YUNXI, "甲")).do(POSTS, state="failed", reason="出错").end()
    Night(store, 1)
    for outcome in Sent:
        store.postings.claim("night", "n", f"mail:{outcome.value}@b.example", FIRST, digest="", told=())
        store.postings.settle("night", "n", f"mail:{outcome.value}@b.example", outcome, FIRST)
    for kind, channel in (("remind", "webhook"), ("night", "webhook")):
        store.postings.claim(kind, "n", channel, FIRST, digest="", told=())
    return text_of(lambda: opened(tmp_path))


@pytest.fixture
def exported(text: str) -> Exported:
    series: Exported = defaultdict(lambda: defaultdict(set))
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            for label, value in sample.labels.items():
                series[sample.name][label].add(value)
            series[sample.name]
    return dict(series)


def rules() -> list[dict[str, str]]:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return list(group["rules"])


def test_every_alert_names_what_is_exported(exported: Exported) -> None:
    for rule in rules():
        assert SELECTOR.search(rule["expr"]), rule["alert"]
        assert not faults(rule["expr"], exported), rule["alert"]
        shown = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
        of_its = [exported[name].keys() for name, _ in SELECTOR.findall(rule["expr"])]
        assert shown <= OF_PROMETHEUS.union(*of_its), rule["alert"]


@pytest.mark.parametrize(
    ("expr", "fault"),
    [
        ("xuncha_store_upp == 0", "xuncha_store_upp"),
        ('xuncha_disk_free_bytes{disk="data"} < 5', "xuncha_disk_free_bytes{disk}"),
        ('xuncha_inspection_targets{state="broken"} > 0', 'xuncha_inspection_targets{state="broken"}'),
        ("max by (job, mailbox) (xuncha_posting_timestamp_seconds)", "mailbox"),
    ],
)
def test_a_name_that_is_not_exported_is_found(exported: Exported, expr: str, fault: str) -> None:
    assert faults(expr, exported) == [fault]


def test_the_cases_rest_on_series_as_they_are_exported(exported: Exported) -> None:
    """Every alert has cases, and none of them lives of a series that nobody exports."""
    cases = yaml.safe_load(CASES.read_text("utf-8"))["tests"]
    tried = {one["alertname"] for case in cases for one in case.get("alert_rule_test", ()) if one["exp_alerts"]}
    assert tried == {rule["alert"] for rule in rules()}
    for case in cases:
        for one in case["input_series"]:
            place = re.search(r'place="(\w+)"', one["series"])  # here there is one disk
            assert place is None or place[1] in ("data", "bodies", "evidence")
            series = one["series"].replace(place[0], 'place="data"') if place else one["series"]
            assert not faults(series, exported), series
            name, labels = SELECTOR.findall(series)[0] if "xuncha_" in series.partition("{")[0] else ("", "")
            if name:
                assert {label for label, _, _ in MATCHER.findall(labels)} - OF_PROMETHEUS == exported[name].keys()


def test_the_page_tells_every_series_and_alert(exported: Exported) -> None:
    page = Path("docs/operations.md").read_text("utf-8")
    told = {name.removeprefix("xuncha_inspection").removeprefix("xuncha_build") for name in exported}
    assert not [name for name in told if name not in page]
    assert not [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in page]


@needs_promtool
def test_promtool_takes_rules_and_configuration_and_every_case_holds() -> None:
    promtool("check", "rules", RULES)
    promtool("check", "config", FOLDER / "prometheus.yaml")
    promtool("test", "rules", CASES)


@needs_promtool
def test_promtool_finds_no_fault_in_the_names_and_units(text: str) -> None:
    promtool("check", "metrics", given=text)
