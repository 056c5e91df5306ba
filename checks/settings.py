"""The thresholds in force for one check: its defaults under a ruleset's overrides, and how a check reads them."""

from __future__ import annotations

from decimal import Decimal

from checks.errors import BadThreshold
from checks.model import JSON, Thresholds


def merge(check: str, defaults: Thresholds, overrides: Thresholds) -> Thresholds:
    """Defaults under overrides. BadThreshold where a key is unknown or a value is of another kind than its default."""
    for key, value in overrides.items():
        if key not in defaults:
            known = "、".join(defaults) or "无"
            raise BadThreshold(f"检查项“{check}”没有阈值“{key}”；可设：{known}")
        if _kind(value) != _kind(defaults[key]):
            raise BadThreshold(
                f"检查项“{check}”的阈值“{key}”应为{_kind(defaults[key])}（如 {defaults[key]}），给出的是“{value}”"
            )
    return {**defaults, **overrides}


def integer(thresholds: Thresholds, key: str) -> int:
    """A threshold that counts something."""
    return int(number(thresholds, key))


def number(thresholds: Thresholds, key: str) -> Decimal:
    """A numeric threshold, exactly as it is written."""
    return Decimal(str(thresholds[key]))


def text(thresholds: Thresholds, key: str) -> str:
    """A threshold in words, such as a day of the year."""
    return str(thresholds[key])


def _kind(value: JSON) -> str:
    """The kind of a value in Chinese. A truth value is no number here, though Python says so."""
    if isinstance(value, bool):
        return "是或否"
    if isinstance(value, int | float):
        return "数字"
    return "文字" if isinstance(value, str) else "其他"
