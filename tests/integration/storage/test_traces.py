"""评分过程 as rows: what a query finds of an indicator, and cards of the time when one text held them all."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from msgspec.structs import asdict, replace

from checks.model import State
from crawler.facts import Coverage
from scoring.model import DimensionScore, Kind, Provenance, Scorecard, ScoreTrace
from storage import tables
from storage.errors import RecordConflict
from storage.store import Store
from tests.integration.storage.samples import ACCOUNT, NOON, SITE, inspection, stamped

SEEN = Coverage(attempted=412, reached=403, blocked=9)
TRACE = ScoreTrace(
    "D3", "可用性", "功能设计", Kind.DEDUCT, Decimal(5), State.FAIL, Decimal("4.90"), Decimal(5), "每个扣 0.1 分",
    "国办秘函〔2019〕19号", Provenance.ASSUMED, {"满分": Decimal("5.0"), "错链·处": 1, "口径": "本级"}, "5 − 0.1 = 4.9",
    ("link.broken",), ("a",), "复核：误报 #31", {"link.broken": SEEN}, (31,), (stamped("a"),),
)  # fmt: skip
UNTOLD = replace(TRACE, indicator="D5", score=None, state=State.UNDETERMINED, attainable=Decimal(0), by_threshold=())


def card(ruleset: str = "cn-2019-website", *traces: ScoreTrace) -> Scorecard:
    return Scorecard(
        SITE, "云溪县人民政府网", ruleset, "1", "检查指标", "合格", Decimal("4.90"), Decimal(5), Decimal(100), Decimal(5),
        (DimensionScore("功能设计", Decimal(20), Decimal(5), Decimal("4.90")),), traces or (TRACE, UNTOLD), ("D5",),
    )  # fmt: skip


def stored(store: Store, table: sa.Table) -> list[dict[str, Any]]:
    with store.database.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def test_an_indicator_is_a_row_that_a_query_can_read(store: Store) -> None:
    store.inspections.create(inspection(), [])
    store.results.keep_cards("q3", [card()], ["cn-2019-website"])
    first, second = sorted(stored(store, tables.traces), key=lambda row: row["position"])
    told = {key: first[key] for key in ("address", "kind", "unit", "ruleset", "position", "indicator", "dimension")}
    assert told == {
        "address": SITE.address,
        "kind": "site",
        "unit": "yunxi-county",
        "ruleset": "cn-2019-website",
        "position": 0,
        "indicator": "D3",
        "dimension": "功能设计",
    }
    assert (first["state"], first["score"], first["attainable"], first["points"]) == ("fail", "4.90", "5", "5")
    assert first["arithmetic"] == "5 − 0.1 = 4.9"
    assert json.loads(first["operands"]) == {"满分": "d5.0", "错链·处": "i1", "口径": "s本级"}
    assert json.loads(first["findings"]) == ["a"]
    assert json.loads(first["coverage"])["link.broken"]["blocked"] == 9
    assert json.loads(first["reviews"]) == [31]
    assert (second["indicator"], second["score"]) == ("D5", None)
    (own,) = stored(store, tables.cards)
    assert "traces" not in json.loads(own["fact"]) and "D3" not in own["fact"], "no fact stands twice"


def test_traces_go_with_their_cards(store: Store) -> None:
    store.inspections.create(inspection(), [])
    store.results.keep_cards("q3", [card("one"), card("two")], ["one", "two"])
    store.results.keep_cards("q3", [card("one", TRACE)], ["one"])
    assert [(row["ruleset"], row["indicator"]) for row in stored(store, tables.traces)] == [("one", "D3")]
    store.results.save("q3", ACCOUNT, [], {}, NOON)
    assert len(stored(store, tables.traces)) == 1, "another target's"
    store.results.save("q3", SITE, [], {}, NOON)
    assert stored(store, tables.traces) == stored(store, tables.cards) == []


def test_cards_that_cannot_be_kept_leave_those_that_are_there(store: Store) -> None:
    store.inspections.create(inspection(), [])
    store.results.keep_cards("q3", [card()], ["cn-2019-website"])
    with pytest.raises(RecordConflict):
        store.results.keep_cards("q3", [card("one"), card("one")], ["one"])
    assert list(store.results.cards("q3")) == [card()]
    assert store.results.verdicts("q3") == {(SITE, "cn-2019-website"): "合格"}


def test_cards_of_one_text_become_rows(database_url: str, tmp_path: Path) -> None:
    """A database of the version before: a card with all its traces in one JSON text."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    old = card("cn-2019-website", *(replace(one, coverage={}, reviews=(), by_threshold=()) for one in (TRACE, UNTOLD)))
    with Store(database_url, tmp_path) as store:
        with store.database.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0007")
        store.inspections.create(inspection(), [])
        with store.database.write() as connection:
            for place in range(205):  # more than one batch
                connection.execute(sa.insert(tables.cards), as_it_was(replace(old, ruleset=f"r{place:03}")))
        store.upgrade()
        kept = list(store.results.cards("q3"))
        assert [repr(one) for one in kept] == [repr(replace(old, ruleset=f"r{place:03}")) for place in range(205)]
        assert not any("D3" in row["fact"] for row in stored(store, tables.cards))


def as_it_was(given: Scorecard) -> dict[str, str]:
    marks = {Decimal: "d", int: "i", str: "s"}
    traces = []
    for trace in given.traces:
        own = {key: value for key, value in asdict(trace).items() if key not in ("coverage", "reviews", "by_threshold")}
        traces.append({**own, "operands": {key: f"{marks[type(v)]}{v}" for key, v in trace.operands.items()}})
    return {
        "inspection": "q3",
        "unit": given.target.unit,
        "kind": given.target.kind.value,
        "address": given.target.address,
        "ruleset": given.ruleset,
        "fact": msgspec.json.encode({**asdict(given), "traces": traces}).decode(),
    }
