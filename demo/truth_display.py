"""The ground truth of what only a browser and a clock show: phones, accessibility, and how soon pages answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.truth import Row, SiteTruth

DISPLAY_CHECKS = ("function.accessibility", "function.responsive", "function.slow")


def display_rows(truth: SiteTruth) -> Iterator[Row]:
    """Which page is sampled hangs on a hash, so that a make's faults are told of the site as a whole."""
    make = truth.make
    if make.for_all:
        why = "对比度、标签、替代文字齐全，首页设有“无障碍浏览”"
    else:
        why = "页面没有注明语言、灰字对比度不足、图片或表单缺少说明，或没有无障碍入口"
    yield truth.row("function.accessibility", "pass" if make.for_all else "fail", why, match="target")
    why = "页面有 viewport，窄屏上换成单列" if make.fits_phones else "页面没有 viewport，宽度是写死的"
    yield truth.row("function.responsive", "pass" if make.fits_phones else "fail", why, match="target")
    if truth.site.pause:
        yield truth.row("function.slow", "fail", f"每个页面都要等 {truth.site.pause:g} 秒", match="target")
    else:
        yield truth.row("function.slow", "pass", "页面应答很快，个别页面要等两秒")
