"""Every check the program knows, by id. Adding one is one line here and one file in its family's folder."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from checks.account import dormant, duplicate_platform, missing, stale, unverified, zombie
from checks.availability import ipv6, tls, unreachable
from checks.disclosure import (
    annual_report_missing,
    guide_missing,
    leader_incomplete,
    leaders_missing,
    request_channel_missing,
)
from checks.errors import UnknownCheck
from checks.function import accessibility, page_labels, responsive, search, slow
from checks.identity import (
    badge,
    contact,
    domain,
    error_report,
    icp,
    organiser,
    police_filing,
    site_code,
    sitemap,
    title,
)
from checks.link import broken, placeholder
from checks.model import Check, Subject
from checks.update import column_empty, column_stale, date_missing, homepage_stale
from crawler.facts import AccountFacts, SiteFacts, UnitFacts

AnyCheck = Check[SiteFacts] | Check[AccountFacts] | Check[UnitFacts]

_IN_ORDER: tuple[AnyCheck, ...] = (
    unreachable.CHECK,
    tls.CHECK,
    ipv6.CHECK,
    homepage_stale.CHECK,
    column_stale.CHECK,
    column_empty.CHECK,
    date_missing.CHECK,
    broken.CHECK,
    placeholder.CHECK,
    guide_missing.CHECK,
    annual_report_missing.CHECK,
    request_channel_missing.CHECK,
    leaders_missing.CHECK,
    leader_incomplete.CHECK,
    domain.CHECK,
    title.CHECK,
    icp.CHECK,
    police_filing.CHECK,
    site_code.CHECK,
    badge.CHECK,
    organiser.CHECK,
    contact.CHECK,
    sitemap.CHECK,
    error_report.CHECK,
    page_labels.CHECK,
    search.CHECK,
    accessibility.CHECK,
    responsive.CHECK,
    slow.CHECK,
    missing.CHECK,
    duplicate_platform.CHECK,
    stale.CHECK,
    zombie.CHECK,
    dormant.CHECK,
    unverified.CHECK,
)

CHECKS: Mapping[str, AnyCheck] = MappingProxyType({check.id: check for check in _IN_ORDER})
"""All checks in the order of the catalogue."""


def get(check: str) -> AnyCheck:
    """The check of that id. UnknownCheck, which lists the known ids, where there is none."""
    try:
        return CHECKS[check]
    except KeyError:
        raise UnknownCheck(check, CHECKS) from None


def of_subject(subject: Subject) -> tuple[AnyCheck, ...]:
    """The checks that look at a site, an account or a unit, in the catalogue's order."""
    return tuple(check for check in _IN_ORDER if check.subject is subject)
