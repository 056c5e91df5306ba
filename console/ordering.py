"""What is asked for (Order): a registry and the configuration, checked before anything is begun."""

from __future__ import annotations

import asyncio
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from urllib.parse import urlsplit

import httpx
import yaml
from msgspec.structs import replace

from checks.registry import CHECKS
from console.errors import BadUsage
from console.settings import BadConfiguration, Settings
from crawler.accounts.credentials import CredentialsUnusable, logins
from crawler.clock import now
from crawler.fetch.limits import Limits
from crawler.fetch.policy import AddressPolicy, Hosts
from crawler.words.wordbook import office_files, wordbook
from scheduler.inspection import Order
from scheduler.plan import Machine, Terms
from scheduler.registry import Registry
from scheduler.rejudging import thresholds_of
from scoring.ruleset import load as load_ruleset
from scoring.ruleset import noted

OWN_CITY_GAP = 2.0
"""Seconds between two looks where every inspected host is this machine's own loopback."""


def order_of(
    registry: Registry,
    configured: Settings,
    *,
    rulesets: tuple[str, ...],
    as_of: datetime | None,
    kind: str,
    name: str,
    allow_private: bool,
    rendering: bool,
) -> Order:
    """What is asked for, from a registry and the configuration; whatever is wrong with it is raised at once."""
    for ruleset in rulesets:
        thresholds_of(load_ruleset(ruleset, CHECKS.keys()))
    if office_files(configured.lexicon_folder):
        wordbook(configured.lexicon_folder)  # a lexicon with a fault is told before anything is begun
    try:
        logins({}, configured.credentials_file)
    except CredentialsUnusable as error:
        raise BadConfiguration(str(error)) from error
    limits = Limits(
        contact=configured.contact,
        pages=configured.max_pages,
        seconds=configured.max_hours * 3600,
        rendered=configured.max_rendered,
        unjudged_hosts=tuple(name.lower().removeprefix("*.") for name in configured.unjudged_hosts),
    )
    if all(site.pace.interval == 0 for unit in registry.units for site in unit.sites):
        limits = replace(limits, confirm_gap=OWN_CITY_GAP, probe_gap=OWN_CITY_GAP)
    source = registry.source
    return Order(
        units=registry.units,
        registry_digest=registry.digest,
        rulesets=tuple(map(noted, rulesets)),
        as_of=as_of or registry.as_of or now(),
        kind=kind,
        name=name,
        machine=machine_of(configured),
        terms=Terms(
            limits=limits,
            registry_folder=str((source if source.is_dir() else source.parent).absolute()),
            canaries=canaries_of(registry, configured),
            allow_private=allow_private,
            rendering=rendering,
            hosts=registry.hosts,
            queued=configured.queue,
        ),
        tool_version=version("xuncha"),
        workers=configured.workers,
    )


def machine_of(configured: Settings) -> Machine:
    """What this machine brings to an inspection."""
    return Machine(
        database=configured.database_url,
        folder=str(configured.folder.absolute()),
        lexicons=str(configured.lexicon_folder.absolute()),
        credentials_file=configured.credentials_path,
        roots=configured.roots_path,
        routes=configured.routes,
        evidence=configured.evidence_place,
        log_format=configured.log_format,
    )


def canaries_of(registry: Registry, configured: Settings) -> tuple[str, ...]:
    """The outside addresses that tell whether our own network works: the registry's, else the configured, else ours."""
    canaries = registry.canaries or configured.canaries
    if not canaries:
        text = files("crawler").joinpath("data/canaries.yaml").read_text("utf-8")
        canaries = tuple(yaml.safe_load(text)["canaries"])
    return canaries


def narrowed(registry: Registry, units: str) -> Registry:
    """The registry with only the units that were named."""
    wanted = [code.strip() for code in units.split(",") if code.strip()]
    if not wanted:
        return registry
    known = {unit.code: unit for unit in registry.units}
    missing = [code for code in wanted if code not in known]
    if missing:
        raise BadUsage(f"台账中没有单位“{'、'.join(missing)}”，有：{'、'.join(known)}")
    kept = tuple(known[code] for code in wanted)
    return replace(registry, units=kept, digest=f"{registry.digest}:{','.join(wanted)}")


def refuse_private(url: str, *, allow_private: bool, hosts: Hosts | None = None) -> None:
    """Says at once what the guard would say at every request; names that resolve to private addresses too."""
    policy = AddressPolicy(allow_private=allow_private, hosts=hosts)
    parts = urlsplit(url)
    private = not policy.permits_url(url)
    if not private and not allow_private and parts.hostname:
        try:
            asyncio.run(policy.addresses(parts.hostname, parts.port or 80))
        except httpx.HTTPError:
            private = bool(policy.refused)
    if private:
        raise BadUsage(f"{url} 是内网或本机地址；确需检查请加 --allow-private")
