"""The truth of what hangs on a site's host: its domain name, its certificate, IPv6."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from demo.model import SitePlan

if TYPE_CHECKING:
    from demo.truth import SiteTruth

HOST_CHECKS = ("identity.domain", "availability.tls", "availability.ipv6")


def host_rows(truth: SiteTruth, *, ipv6: bool) -> Iterator[dict[str, Any]]:
    """One row a check. `ipv6` is whether this machine has IPv6 at all, be it loopback alone."""
    site = truth.site
    for check, (expect, why) in zip(HOST_CHECKS, (_domain(site), _tls(site), _ipv6(site, here=ipv6)), strict=True):
        yield truth.row(check, expect, why, match="target")


def _domain(site: SitePlan) -> tuple[str, str]:
    if not site.ways:
        return "undetermined", "以 IP 地址登记，没有域名可看"
    if not site.host.endswith(".gov.cn"):
        return "fail", "域名不以 .gov.cn 结尾"
    if "." not in site.host.removesuffix(".gov.cn"):
        return "fail", "域名缺少主机名，不是 www.□.gov.cn 的形式"
    return "pass", "域名符合规范"


def _tls(site: SitePlan) -> tuple[str, str]:
    if not site.certificate:
        return "not-applicable", "首页不用加密连接"
    if site.certificate == "expired":
        return "fail", "证书一个月前过期"
    return "pass", "证书由受信任的机构颁发，在有效期内，域名相符"


def _ipv6(site: SitePlan, *, here: bool) -> tuple[str, str]:
    if not site.ways:
        return "not-applicable", "以 IP 地址登记，没有域名"
    if not any(":" in way for way in site.ways):
        return "undetermined", "台账没有登记这个域名的 IPv6 地址，不查域名解析就无从判断"
    if site.down:
        return "undetermined", "站点打不开，没有再看 IPv6"
    if not here:
        return "undetermined", "本机没有 IPv6，连回环地址也没有"
    if site.serves_ipv6:
        return "pass", "登记的 IPv6 地址有应答"
    return "fail", "登记的 IPv6 地址上没有服务"
