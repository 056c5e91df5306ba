"""Every check the program knows, by id. Adding one is one line here and one file in its family's folder."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from checks.account import (
    content_off_duty,
    dormant,
    duplicate_platform,
    fake_followers,
    menu_broken,
    missing,
    naming,
    no_interaction,
    reach_low,
    stale,
    subject_not_government,
    unverified,
    zombie,
)
from checks.account import privacy as account_privacy
from checks.account import typo as account_typo
from checks.account import wording as account_wording
from checks.availability import ipv6, tls, unreachable
from checks.content import advertising, hidden_link, privacy, tampered, typo, wording
from checks.disclosure import (
    annual_report_incomplete,
    annual_report_late,
    annual_report_missing,
    annual_report_plain,
    catalogue_missing,
    departments_incomplete,
    document_metadata,
    five_openness_missing,
    guide_incomplete,
    guide_missing,
    key_areas_missing,
    key_areas_shallow,
    leader_incomplete,
    leaders_missing,
    powers_missing,
    publication_late,
    request_channel_missing,
    rules_missing,
    self_check_late,
    self_check_missing,
    site_report_late,
    site_report_missing,
    supervision_report_late,
    supervision_report_missing,
    validity_unmarked,
)
from checks.errors import UnknownCheck
from checks.function import accessibility, page_labels, responsive, search, share, slow
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
from checks.interpretation import column_missing as interpretation_missing
from checks.interpretation import late, monotone, off_topic, ratio_low, unlinked
from checks.link import broken, mislabelled, no_leave_prompt, placeholder, unsafe
from checks.model import Check, Subject
from checks.participation import (
    channel_missing,
    consultation_few,
    feedback_missing,
    reply_evasive,
    reply_overdue,
)
from checks.participation import statistics_missing as message_statistics_missing
from checks.response import column_missing as response_missing
from checks.response import stale as response_stale
from checks.service import form_missing, list_inconsistent
from checks.service import guide_incomplete as service_guide_incomplete
from checks.service import guide_missing as service_guide_missing
from checks.service import missing as service_missing
from checks.service import statistics_missing as service_statistics_missing
from checks.update import (
    column_empty,
    column_stale,
    column_unviewable,
    date_forged,
    date_irregular,
    date_missing,
    homepage_stale,
)
from crawler.facts import AccountFacts, SiteFacts, UnitFacts

AnyCheck = Check[SiteFacts] | Check[AccountFacts] | Check[UnitFacts]

_IN_ORDER: tuple[AnyCheck, ...] = (
    unreachable.CHECK,
    tls.CHECK,
    ipv6.CHECK,
    homepage_stale.CHECK,
    column_stale.CHECK,
    column_empty.CHECK,
    column_unviewable.CHECK,
    date_missing.CHECK,
    date_irregular.CHECK,
    date_forged.CHECK,
    broken.CHECK,
    placeholder.CHECK,
    mislabelled.CHECK,
    unsafe.CHECK,
    no_leave_prompt.CHECK,
    hidden_link.CHECK,
    tampered.CHECK,
    guide_missing.CHECK,
    guide_incomplete.CHECK,
    catalogue_missing.CHECK,
    annual_report_missing.CHECK,
    annual_report_late.CHECK,
    annual_report_incomplete.CHECK,
    annual_report_plain.CHECK,
    request_channel_missing.CHECK,
    rules_missing.CHECK,
    leaders_missing.CHECK,
    leader_incomplete.CHECK,
    validity_unmarked.CHECK,
    document_metadata.CHECK,
    publication_late.CHECK,
    interpretation_missing.CHECK,
    ratio_low.CHECK,
    late.CHECK,
    unlinked.CHECK,
    monotone.CHECK,
    off_topic.CHECK,
    response_missing.CHECK,
    response_stale.CHECK,
    channel_missing.CHECK,
    reply_overdue.CHECK,
    reply_evasive.CHECK,
    message_statistics_missing.CHECK,
    consultation_few.CHECK,
    feedback_missing.CHECK,
    service_missing.CHECK,
    service_guide_missing.CHECK,
    service_guide_incomplete.CHECK,
    form_missing.CHECK,
    service_statistics_missing.CHECK,
    list_inconsistent.CHECK,
    departments_incomplete.CHECK,
    five_openness_missing.CHECK,
    key_areas_missing.CHECK,
    key_areas_shallow.CHECK,
    powers_missing.CHECK,
    site_report_missing.CHECK,
    site_report_late.CHECK,
    supervision_report_missing.CHECK,
    supervision_report_late.CHECK,
    self_check_missing.CHECK,
    self_check_late.CHECK,
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
    share.CHECK,
    advertising.CHECK,
    typo.CHECK,
    wording.CHECK,
    privacy.CHECK,
    missing.CHECK,
    duplicate_platform.CHECK,
    stale.CHECK,
    zombie.CHECK,
    dormant.CHECK,
    subject_not_government.CHECK,
    unverified.CHECK,
    naming.CHECK,
    no_interaction.CHECK,
    menu_broken.CHECK,
    reach_low.CHECK,
    content_off_duty.CHECK,
    fake_followers.CHECK,
    account_typo.CHECK,
    account_wording.CHECK,
    account_privacy.CHECK,
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
