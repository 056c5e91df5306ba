"""Where clauses: which findings an item of a ruleset means, told by their `observed` values.

    where: {on_homepage: true}                 exactly this value
    where: {column_type: [news, notice]}       one of these
    where: {column_type: {not_in: [news]}}     any value but these
    where: {days: {min: 365}}                  a number within bounds (both ends belong)

A finding that lacks a named value never matches, not even `not_in`: what was not observed is not held against anyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated

from msgspec import Struct
from pydantic import BeforeValidator, InstanceOf, PlainSerializer

Key = tuple[str, str | bool | Decimal]


def _key(value: object) -> Key | None:
    """A scalar with its sort, so that `true` is not 1 and `1` is `1.0`; None for anything that is no scalar."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, int | float | Decimal):
        return ("number", Decimal(str(value)))
    if isinstance(value, str):
        return ("text", value)
    return None


class Condition(Struct, frozen=True):
    """One attribute and what it must be."""

    attribute: str
    one_of: tuple[Key, ...] = ()
    none_of: tuple[Key, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None

    def holds(self, observed: Mapping[str, object]) -> bool:
        """Whether the observed value is there and fits; of a list of values one must fit."""
        value = observed.get(self.attribute)
        if isinstance(value, list):
            return any(self._fits(key) for key in map(_key, value) if key is not None)
        key = _key(value)
        return key is not None and self._fits(key)

    def _fits(self, key: Key) -> bool:
        if self.one_of and key not in self.one_of:
            return False
        if key in self.none_of:
            return False
        if self.least is None and self.most is None:
            return True
        number = key[1]
        if not isinstance(number, Decimal):
            return False
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)

    @property
    def wanted(self) -> object:
        """What the file has behind the attribute: a value, a list, or a mapping of bounds and exclusions."""
        if self.one_of:
            values = [key[1] for key in self.one_of]
            return values if len(values) > 1 else values[0]
        bounds = {"min": self.least, "max": self.most, "not_in": [key[1] for key in self.none_of] or None}
        return {name: value for name, value in bounds.items() if value is not None}


class Where(Struct, frozen=True):
    """All conditions of a clause; every one must hold. An empty clause means every finding."""

    conditions: tuple[Condition, ...] = ()

    def matches(self, observed: Mapping[str, object]) -> bool:
        """Whether a finding with these observed values is meant."""
        return all(condition.holds(observed) for condition in self.conditions)

    def mapping(self) -> dict[str, object]:
        """The clause as a file has it."""
        return {condition.attribute: condition.wanted for condition in self.conditions}


EVERY = Where()


def _keys(attribute: str, values: Iterable[object]) -> tuple[Key, ...]:
    keys = [_key(value) for value in values]
    if not keys or None in keys:
        raise ValueError(f"where 的“{attribute}”须为文字、数字、true/false 或其列表")
    return tuple(key for key in keys if key is not None)


def _bound(attribute: str, value: object) -> Decimal | None:
    if value is None:
        return None
    key = _key(value)
    if key is None or not isinstance(key[1], Decimal):
        raise ValueError(f"where 的“{attribute}”的 min、max 须为数字")
    return key[1]


def _condition(attribute: str, wanted: object) -> Condition:
    if not isinstance(wanted, Mapping):
        return Condition(attribute, one_of=_keys(attribute, wanted if isinstance(wanted, list) else [wanted]))
    if unknown := set(wanted) - {"min", "max", "not_in"}:
        raise ValueError(f"where 的“{attribute}”有不认识的键“{'、'.join(map(str, sorted(unknown, key=str)))}”")
    least, most = _bound(attribute, wanted.get("min")), _bound(attribute, wanted.get("max"))
    excluded = wanted.get("not_in")
    if least is None and most is None and excluded is None:
        raise ValueError(f"where 的“{attribute}”没有条件")
    if least is not None and most is not None and least > most:
        raise ValueError(f"where 的“{attribute}”的 min 大于 max")
    if excluded is not None and not isinstance(excluded, list):
        raise ValueError(f"where 的“{attribute}”的 not_in 须为列表")
    return Condition(attribute, none_of=_keys(attribute, excluded) if excluded else (), least=least, most=most)


def parse(data: object) -> Where:
    """A clause from its YAML mapping. ValueError, in Chinese, says what is wrong with it."""
    if isinstance(data, Where):
        return data
    if not isinstance(data, Mapping):
        raise ValueError("where 须为“属性: 值”的映射")
    return Where(tuple(_condition(str(attribute), wanted) for attribute, wanted in data.items()))


WhereClause = Annotated[InstanceOf[Where], BeforeValidator(parse), PlainSerializer(Where.mapping)]
