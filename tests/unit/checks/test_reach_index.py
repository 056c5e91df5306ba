from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from checks.post_listing import Listing, pace
from checks.reach_index import reach_index
from checks.window import Window
from crawler.facts import BEIJING, PostFact

END = datetime(2026, 11, 20, 22, tzinfo=BEIJING)
MONTH = Window(date(2026, 10, 21), date(2026, 11, 20), "30 天", END - timedelta(days=30))


def _listing(*counts: dict[str, Any]) -> Listing:
    posts = tuple(PostFact(str(n), END - timedelta(days=n + 1), "通知", **told) for n, told in enumerate(counts))
    return Listing("feed", MONTH, posts)


def test_wci_by_hand_with_what_is_not_told_left_out() -> None:
    found = _listing({"reads": 299}, {"reads": 1})
    index = reach_index("wechat", found)
    by_hand = (0.6 * math.log(10 + 1) + 0.2 * math.log(150 + 1) + 0.1 * math.log(299 + 1)) / 0.9
    assert index is not None and index.value == Decimal(str(round(by_hand**2 * 12, 2)))
    assert "来源不提供点赞、转发数" in index.left_out


def test_wci_weighs_every_figure_that_is_told() -> None:
    index = reach_index("wechat", _listing({"reads": 30, "likes": 3, "shares": 6}))
    part = {
        "daily": (1, 0.1, 0.2),
        "per_post": (30, 3, 6),
        "peak": (30, 3, 6),
    }
    logs = {
        name: (0.70 * math.log(r + 1) + 0.06 * math.log(z * 10 + 1) + 0.15 * math.log(s * 10 + 1)) / 0.91
        for name, (r, z, s) in part.items()
    }
    by_hand = (0.6 * logs["daily"] + 0.2 * logs["per_post"] + 0.1 * logs["peak"]) / 0.9
    assert index is not None and index.value == Decimal(str(round(by_hand**2 * 12, 2)))


def test_weibo_by_hand() -> None:
    index = reach_index(
        "weibo", _listing({"shares": 4, "comments": 2, "likes": 9}, {"shares": 0, "comments": 1, "likes": 0})
    )
    by_hand = (0.2 * math.log(3) + 0.8 * (0.4 * math.log(5) + 0.4 * math.log(4) + 0.2 * math.log(10))) * 160
    assert index is not None and index.value == Decimal(str(round(by_hand, 2)))


def test_no_index_without_what_it_requires() -> None:
    assert reach_index("wechat", _listing({"likes": 3})) is None
    assert reach_index("wechat", _listing({"reads": 3}, {})) is None, "reads of one post are not told"
    assert reach_index("weibo", _listing({"shares": 4, "likes": 9})) is None
    assert reach_index("app", _listing({"reads": 3})) is None
    assert reach_index("wechat", _listing()) is None


def test_pace_tells_the_longest_gap_also_to_the_windows_ends() -> None:
    measured = {one.name: one.value for one in pace(_listing({}, {}, {}))}
    assert measured == {"日均发布条数": Decimal(3) / 30, "最长发布间隔": Decimal(27)}
    assert [one.name for one in pace(_listing())] == ["日均发布条数"]
