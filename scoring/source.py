"""Reading a ruleset file: YAML with exact numbers, and what is wrong with its shape, said in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from scoring.errors import Refusal, UnreadableRuleset

_TAGS = ("deduct", "presence", "ratio", "manual")
"""The kinds that may stand in a dimension."""


class _Exact(yaml.CSafeLoader):
    """YAML whose fractions become Decimals as written, and whose mappings may not name a key twice."""

    def decimal(self, node: yaml.ScalarNode) -> Decimal | float:
        """`0.1` as the decimal 0.1; `.inf` and `.nan` stay floats, and the models refuse them."""
        text = str(node.value)
        try:
            return Decimal(text.replace("_", ""))
        except InvalidOperation:
            return float(self.construct_yaml_float(node))

    def mapping(self, node: yaml.MappingNode) -> dict[object, object]:
        """A mapping, or a ConstructorError that names the key that stands twice."""
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"键“{key}”出现两次", key_node.start_mark)
            seen.add(key)
        return dict(self.construct_mapping(node, deep=True))


_Exact.add_constructor("tag:yaml.org,2002:float", _Exact.decimal)
_Exact.add_constructor("tag:yaml.org,2002:map", _Exact.mapping)


def read(file: Path) -> Mapping[str, object]:
    """The mapping of a ruleset file. UnreadableRuleset says what stands in the way and on which line."""
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Exact)
    except OSError as error:
        raise UnreadableRuleset(str(file), "文件不存在或不可读") from error
    except UnicodeDecodeError as error:
        raise UnreadableRuleset(file.name, "不是 UTF-8 编码") from error
    except yaml.MarkedYAMLError as error:
        line = f"第 {error.problem_mark.line + 1} 行：" if error.problem_mark else ""
        raise UnreadableRuleset(file.name, f"{line}不是有效的 YAML（{error.problem}）") from error
    except yaml.YAMLError as error:
        raise UnreadableRuleset(file.name, f"不是有效的 YAML（{error}）") from error
    if not isinstance(data, dict):
        raise UnreadableRuleset(file.name, "文件内容不是“键: 值”的映射")
    return data


def header(file: Path) -> Mapping[str, object]:
    """The file's mapping for a listing; empty where it cannot be read."""
    try:
        return read(file)
    except UnreadableRuleset:
        return {}


def refused_shapes(error: ValidationError, data: Mapping[str, object], file: str) -> tuple[Refusal, ...]:
    """Pydantic's errors as refusals: which indicator, which key, and why."""
    return tuple(
        Refusal(file, _where(data, details["loc"]), _reason(details["type"], details["loc"], details))
        for details in error.errors()
    )


def _where(data: object, path: Sequence[int | str]) -> str:
    """The innermost thing on the way that has an id, by id and name; else the top key."""
    found = str(path[0]) if path else "文件"
    for step in path:
        if isinstance(data, Mapping):
            data = data.get(step, data)  # a union's tag stands in the path but not in the file
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        if isinstance(data, Mapping) and data.get("id"):
            found = f"{data['id']} {data.get('name') or data.get('words') or ''}".strip()
    return found


def _reason(sort: str, path: Sequence[int | str], details: Mapping[str, Any]) -> str:
    key = ".".join(_keys(path)) or "文件"
    if sort == "extra_forbidden":
        return f"不认识的键“{key}”"
    if sort == "missing":
        return f"缺少键“{key}”"
    if sort in ("union_tag_invalid", "union_tag_not_found"):
        return f"kind 须为 {'、'.join(_TAGS)} 之一"
    if sort in ("literal_error", "enum"):
        return f"“{key}”的值“{details['input']}”须为 {details['ctx']['expected']} 之一"
    if sort in ("string_too_short", "too_short"):
        return f"“{key}”不能为空"
    if sort == "greater_than_equal":
        return f"“{key}”不能小于 {details['ctx']['ge']}"
    if sort == "value_error":
        return f"“{key}”：{details['ctx']['error']}"
    return f"“{key}”的值“{details['input']}”不合要求（{details['msg']}）"


def _keys(path: Sequence[int | str]) -> Iterator[str]:
    """The keys from the innermost list entry down; a union's tag is no key."""
    last = max((place for place, step in enumerate(path) if isinstance(step, int)), default=-1)
    rest = [str(step) for step in path[last + 1 :]]
    if len(rest) > 1 and rest[0] in _TAGS and path[0] == "dimensions":
        rest = rest[1:]
    yield from rest
