"""Targets that show far less than before (内容锐减): of their own, or because we saw less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from checks.model import Subject, Target
from reports.night_figures import WHOLE, count
from reports.night_model import Emptied, Limits, Named, Night
from storage.figures import Earlier
from storage.inspections import TargetRow


def compared(earlier: Sequence[Earlier]) -> Earlier:
    """Of a target's earlier visits, the newest first, the one to hold it against: the last that saw all, if any did.

    After a visit that was cut short any other looks like plenty.
    """
    return next((one for one in earlier if one.exit_reason in WHOLE), earlier[0])


def emptied(
    night: Night, seen: Iterable[TargetRow], names: Mapping[Target, Named], limits: Limits
) -> Iterator[Emptied]:
    """Of each target the first thing that fell, for fewer pages have fewer articles."""
    for row in seen:
        earlier = night.before.get(row.target)
        if earlier is None:
            continue
        if row.target.kind is Subject.ACCOUNT:
            pairs = [("账号推文", count(earlier.stats, "posts"), count(row.stats, "posts"), limits.posts_min)]
        elif row.target.kind is Subject.SITE:
            articles_before, articles = night.articles.get(row.target, (0, 0))
            pairs = [
                ("网页", count(earlier.stats, "pages"), count(row.stats, "pages"), limits.pages_min),
                ("信息", articles_before, articles, limits.articles_min),
            ]
        else:
            continue
        for what, before, now, least in pairs:
            if before >= least and now <= before * (1 - limits.fallen_share):
                yield Emptied(names[row.target], what, before, now, _cause(row, earlier))
                break


def _cause(row: TargetRow, earlier: Earlier) -> str:
    """Why we may have seen less; "" where we saw all that there was."""
    if row.exit_reason not in WHOLE:
        return f"采集止于：{row.exit_reason}"
    blocked, before = count(row.stats, "blocked"), count(earlier.stats, "blocked")
    return f"被对方防护拦截 {blocked} 次（上次 {before} 次）" if blocked > before else ""
