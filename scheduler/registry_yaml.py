"""A YAML registry as rows, each value with its line.

Nodes are composed, never constructed: a value is taken as the text that was written, so no code turns into a number
and no tag can make an object. What an alias may repeat is counted before anything is composed.
"""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from scheduler.errors import RegistryProblem
from scheduler.registry_cells import Cell, Row
from scheduler.registry_columns import Table, nearest, vocabulary

DEEPEST = 20
"""Levels of nesting; a registry has seven."""
MOST_EVENTS = 2_000_000
"""Nodes of a registry with all aliases written out: some hundred thousand sites."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it: twenty times as fast."""
_PLAIN = {"str", "int", "float", "bool", "null", "timestamp"}
_LISTS = {"units": ("sites", "accounts"), "sites": ("columns", "maintenance")}
_GROUPS = {"sites": ("pace",), "accounts": ("source",)}
_TAG = "tag:yaml.org,2002:"


class _Reader:
    """Turns the composed nodes of one file into rows by table, noting what has the wrong shape."""

    def __init__(self, file: str, problems: list[RegistryProblem]) -> None:
        self.rows: dict[str, list[Row]] = {key: [] for key in vocabulary().tables}
        self._file = file
        self._problems = problems

    def refuse(self, line: int, key: str, reason: str, value: str = "") -> None:
        """Note a fault at a line."""
        self._problems.append(RegistryProblem(self._file, "", line, key, reason, value, "项"))

    def take_registry(self, root: yaml.Node) -> None:
        """The top of the file: units and settings."""
        if not isinstance(root, yaml.MappingNode):
            self.refuse(_line(root), "", "最外层应为“键: 值”，包含 units")
            return
        settings = vocabulary().values["setting"]
        entries = self._entries(root, {"units", *settings})
        if "units" not in entries:
            self.refuse(_line(root), "units", "缺少此项")
        elif not self._take_list("units", "units", entries["units"], None):
            self.refuse(_line(entries["units"]), "units", "没有任何单位")
        for key in settings:
            if key in entries:
                self._take_setting(key, entries[key])

    def _take_setting(self, key: str, node: yaml.Node) -> None:
        cell = self._cell(node, key)
        if cell is not None:
            cells = {"key": Cell(key, key, cell.row), "value": cell}
            self.rows["settings"].append(
                Row(vocabulary().tables["settings"], self._file, "", cell.row, cells, {"value": key}, noun="项")
            )

    def _take_list(self, table: str, key: str, node: yaml.Node, owner: Row | None) -> int:
        """The mappings of a list as rows of a table; how many there were."""
        if _is_null(node):
            return 0
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(_line(node), key, "应为列表，每项以短横线开头")
            return 1
        for entry in node.value:
            if isinstance(entry, yaml.MappingNode):
                self._take_row(vocabulary().tables[table], entry, owner)
            else:
                self.refuse(_line(entry), key, "列表中的每一项应为“键: 值”", _scalar(entry))
        return len(node.value)

    def _take_row(self, table: Table, node: yaml.MappingNode, owner: Row | None) -> None:
        lists, groups = _LISTS.get(table.key, ()), _GROUPS.get(table.key, ())
        named_by_place = {"unit"} if table.key in ("sites", "accounts") else {"site"}
        fields = {key for key in table.columns if "." not in key} - named_by_place
        entries = self._entries(node, {*fields, *lists, *groups})
        cells = {key: cell for key in entries if key in fields and (cell := self._cell(entries[key], key))}
        for group in groups:
            if group in entries:
                cells.update(self._group(table, group, entries[group]))
        row = Row(table, self._file, "", _line(node), cells, owner=owner, noun="项")
        self.rows[table.key].append(row)
        for key in lists:
            if key in entries:
                self._take_list(key, key, entries[key], row)

    def _group(self, table: Table, group: str, node: yaml.Node) -> Mapping[str, Cell]:
        """The cells of a mapping inside a row, such as pace: {interval: 2}."""
        if _is_null(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.refuse(_line(node), group, "应为“键: 值”", _scalar(node))
            return {}
        prefix = f"{group}."
        known = {key.removeprefix(prefix) for key in table.columns if key.startswith(prefix)}
        entries = self._entries(node, known, prefix)
        cells = ((f"{prefix}{key}", self._cell(value, f"{prefix}{key}")) for key, value in entries.items())
        return {key: cell for key, cell in cells if cell}

    def _entries(self, node: yaml.MappingNode, known: set[str], prefix: str = "") -> dict[str, yaml.Node]:
        """A mapping's known keys; every other key and every key that stands twice is a fault."""
        found: dict[str, yaml.Node] = {}
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            key, line = _scalar(key_node), _line(key_node)
            if key in lines:
                self.refuse(line, prefix + key, f"与第 {lines[key]} 行的键重复")
                continue
            lines[key] = line
            if key in known:
                found[key] = value
            elif key == "<<":
                self.refuse(line, key, "不支持合并键，请逐项写明")
            else:
                near = nearest(key, known)
                hint = f"，是否应为“{prefix}{near}”？" if near else f"；可用的键：{'、'.join(sorted(known))}"
                self.refuse(line, prefix + key, f"未知的键{hint}")
        return found

    def _cell(self, node: yaml.Node, label: str) -> Cell | None:
        """A scalar, or a list of scalars, as a cell; None where it is blank or was refused."""
        if isinstance(node, yaml.SequenceNode):
            parts = tuple(cell for entry in node.value if (cell := self._cell(entry, label)))
            if any(part.parts is not None for part in parts):
                self.refuse(_line(node), label, "列表中不能再有列表")
                return None
            return Cell(None, label, _line(node), parts=parts)
        if not isinstance(node, yaml.ScalarNode):
            self.refuse(_line(node), label, "应为一个值，不能是“键: 值”")
            return None
        plain = node.tag.removeprefix(_TAG)
        if plain not in _PLAIN:
            self.refuse(_line(node), label, "不支持 YAML 标签", node.tag)
            return None
        if plain == "null" and not node.style:
            return None
        return Cell(node.value, label, _line(node), plain="" if plain in ("str", "null", "timestamp") else plain)


def yaml_rows(text: str, file: str, problems: list[RegistryProblem]) -> Mapping[str, list[Row]]:
    """The rows by table key. A text that is no YAML, or could not be held, gives one problem and no rows."""
    reader = _Reader(file, problems)
    try:
        if fault := _excess(text):
            line, reason = fault
            reader.refuse(line, "", reason)
            return reader.rows
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line + 1, len(text.splitlines())) if mark else 0
        reader.refuse(line, "", "不是有效的 YAML", error.problem or error.context or "")
        return reader.rows
    except (yaml.YAMLError, ValueError) as error:
        reader.refuse(0, "", "不是有效的 YAML", str(error).partition("\n")[0])
        return reader.rows
    if root is None:
        reader.refuse(0, "", "文件没有内容")
    else:
        reader.take_registry(root)
    return reader.rows


def _excess(text: str) -> tuple[int, str] | None:
    """What would make composing or walking the file too much: depth, a loop of aliases, or their sheer product."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str, int]] = []
    total = documents = 0
    for event in yaml.parse(text, Loader=_LOADER):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                return line, "一个文件中只能有一份台账（多余的 ---）"
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor or "", total))
            total += 1
            if len(open_nodes) > DEEPEST:
                return line, f"嵌套超过 {DEEPEST} 层"
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, start = open_nodes.pop()
            if anchor:
                sizes[anchor] = total - start
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_nodes):
                return line, "别名引用了它自身所在的内容"
            total += sizes.get(event.anchor or "", 1)
        if total > MOST_EVENTS:
            return line, "内容过多（别名展开后超过上限）"
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _scalar(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _TAG + "null"
