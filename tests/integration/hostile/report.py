"""Every behaviour, the table of what became of each, and what must be true of all of them."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.facts import FetchOutcome, Outcome
from crawler.read.urls import normalise
from tests.integration.hostile import bodies, documents, endless, refusals, wire
from tests.integration.hostile.behaviour import Behaviour
from tests.integration.hostile.running import Left
from tests.integration.hostile.server import Scene

BEHAVIOURS: tuple[Behaviour, ...] = (
    *endless.BEHAVIOURS, *bodies.BEHAVIOURS, *wire.BEHAVIOURS, *documents.BEHAVIOURS, *refusals.BEHAVIOURS,
)  # fmt: skip
GROWTH = 64.0
"""MB that a hostile page may add to the peak of the worker: its 10 MB, decoded and parsed once."""


def together() -> Scene:
    """All that can be played at once: whatever leaves robots.txt, the home page and the healthy pages alone."""
    chosen = [one for one in BEHAVIOURS if one.intact and not {"/", "/robots.txt"} & set(one.routes)]
    return Scene(
        tuple(link for one in chosen for link in one.scene.links),
        {prefix: handler for one in chosen for prefix, handler in one.routes.items()},
    )


def address(home_url: str, path: str) -> str:
    """A path of the site, or a whole address, in normal form."""
    return normalise(path if path.startswith("http") else home_url.rstrip("/") + path)


def last_visit(left: Left, home_url: str, path: str) -> FetchOutcome | None:
    """How the last visit of an address ended."""
    visits = left.visits.get(address(home_url, path))
    return visits[-1] if visits else None


def faults(one: Behaviour, left: Left, healthy: Left, home_url: str) -> list[str]:
    """What an inspection did not survive or did not tell truthfully, in words; empty where all is well."""
    found = []
    for path, told in one.expected.items():
        visit = last_visit(left, home_url, path)
        if not told.outcomes:
            continue
        if visit is None:
            found.append(f"{path} was never visited")
        elif visit.outcome not in told.outcomes or told.reason not in visit.reason:
            found.append(f"{path} ended as {visit.outcome.value} ({visit.reason})")
        elif visit.outcome is not Outcome.OK and not any("一" <= sign <= "鿿" for sign in visit.reason):
            found.append(f"{path}: no reason in Chinese: {visit.reason!r}")
    asked = sum(count for path, count in left.asked.items() if path.startswith(one.below))
    if asked > one.most:
        found.append(f"{asked} requests where {one.most} are allowed")
    if left.row.state != "done" or not left.row.exit_reason.startswith(one.exit_reason):
        found.append(f"ended {left.row.state}: {left.row.exit_reason}")
    if one.note not in left.coverage.note:
        found.append(f"coverage says {left.coverage.note!r}")
    if one.intact:
        found += changed(left, healthy)
    found += accused(left, healthy, home_url, one.accuses)
    if left.peak > healthy.peak + GROWTH:
        found.append(f"peak {left.peak:.0f} MB against {healthy.peak:.0f} MB without")
    return found


def changed(left: Left, healthy: Left) -> list[str]:
    """Healthy pages that are missing or read otherwise than without the behaviour."""
    seen = left.healthy
    lost = [f"{path} is missing" for path in healthy.healthy if path not in seen]
    return lost + [
        f"{path} reads otherwise" for path, fact in healthy.healthy.items() if path in seen and seen[path] != fact
    ]


def accused(left: Left, healthy: Left, home_url: str, allowed: Iterable[str]) -> list[str]:
    """Findings that a site without the behaviour does not have, beyond true ones about the addresses in `allowed`."""
    fair = {address(home_url, path) for path in allowed}
    known = {(check, url) for check, url, _ in healthy.accusations}
    # true of this site's pages whatever their behaviour: which ones are named depends on the sample that is drawn, and
    # a page named 办事大厅 makes it a site with services, which owes their figures
    sampled = {"function.page-labels", "function.share", "update.date-irregular", "service.statistics-missing"}
    return [
        f"{check} accuses {problem or url}"
        for check, url, problem in sorted(left.accusations)
        if (check, url) not in known and check not in sampled and (problem or url) not in fair
    ]


def row(name: str, title: str, left: Left, outcome: str, asked: int, baseline: float) -> str:
    """One line of the table."""
    return f"{name:18} {outcome:14} {asked:>8} {left.seconds:>8.1f} {left.peak:>8.0f} {left.peak - baseline:>+7.0f}  {title}"


HEADING = f"{'behaviour':18} {'outcome':14} {'requests':>8} {'seconds':>8} {'peak MB':>8} {'growth':>7}"


def outcome_of(one: Behaviour, left: Left, home_url: str) -> str:
    """The outcome class of the behaviour's first address, or how the site's visit ended."""
    for path in one.expected:
        visit = last_visit(left, home_url, path)
        if visit is not None:
            return visit.outcome.value
    return left.row.exit_reason
