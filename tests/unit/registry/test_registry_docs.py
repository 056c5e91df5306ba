"""The docs name every key, heading, word and setting of the registry, and the data agrees with itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.accounts.sources import SETTINGS
from scheduler.registry import load
from scheduler.registry_columns import Table, folded, vocabulary
from scheduler.registry_rows import SETTING_READERS
from tests.unit.registry.offices import write_yaml

DOCS = Path(__file__).parents[3] / "docs" / "registry.md"


def section(name: str) -> str:
    return re.split(r"^#{2,3} ", DOCS.read_text("utf-8").partition(f"\n### {name}\n")[2], flags=re.MULTILINE)[0]


@pytest.mark.parametrize("table", vocabulary().tables.values(), ids=lambda table: table.key)
def test_every_key_and_heading_is_documented(table: Table) -> None:
    rows = {
        cells[1].strip(" `"): cells for line in section(table.key).splitlines() if len(cells := line.split("|")) > 4
    }
    documented = {key: cells[2].strip() for key, cells in rows.items() if key in table.columns}
    assert documented == {key: ", ".join(column.headings) for key, column in table.columns.items()}
    for key, column in table.columns.items():
        assert column.required == (
            "required" in rows[key][3] and "feed" not in rows[key][3] and "table`" not in rows[key][3]
        )


@pytest.mark.parametrize("values", sorted(set(vocabulary().values) - {"flag", "requires"}))
def test_every_value_is_documented_with_its_word(values: str) -> None:
    text = DOCS.read_text("utf-8")
    for identifier, words in vocabulary().values[values].items():
        assert f"`{identifier}` {words[0]}" in text


def test_the_yaml_of_the_docs_is_a_registry_with_every_key(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    registry = load(write_yaml(tmp_path, text))
    assert len(registry.units) == len(registry.canaries) == 1
    written = set(re.findall(r"([a-z_]+):", text))
    for table, named_by_place in (("units", ""), ("sites", "unit"), ("accounts", "unit"), ("columns", "site")):
        usual = {key for key, column in vocabulary().tables[table].columns.items() if not column.rare}
        usual -= {named_by_place, "source.path", "source.base_url"}
        assert {key.rpartition(".")[2] for key in usual} <= written


def test_a_heading_means_one_column_of_its_table() -> None:
    for table in vocabulary().tables.values():
        names = [(folded(name), key) for key, column in table.columns.items() for name in {*column.headings, key}]
        assert len({name for name, _ in names}) == len(set(names))


def test_a_word_means_one_value_of_its_vocabulary() -> None:
    for entries in vocabulary().values.values():
        names = {(folded(word), key) for key, words in entries.items() for word in (key, *words)}
        assert len({name for name, _ in names}) == len(names)


def test_the_sources_and_settings_are_those_that_the_crawler_knows() -> None:
    assert set(vocabulary().values["source-kind"]) == set(vocabulary().sources) == set(SETTINGS)
    settings = {name for names in SETTINGS.values() for name in names}
    columns = {key.removeprefix("source.") for key in vocabulary().tables["accounts"].columns if "source." in key}
    assert set(SETTING_READERS) == settings == columns - {"kind"}
