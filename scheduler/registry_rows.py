"""Rows of any format in, the registered units out, with every fault noted: the one validation all formats share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin

from msgspec import Struct, field
from msgspec.structs import replace

from crawler.accounts.login import PREFIX
from crawler.accounts.sources import SETTINGS as SOURCE_SETTINGS
from crawler.facts import Account, AccountSourceSpec, ColumnOverride, Maintenance, Pace, Site, Unit
from crawler.read.lexicon import table
from scheduler.errors import RegistryProblem
from scheduler.registry_cells import Row, RowReader
from scheduler.registry_columns import nearest, vocabulary
from scheduler.registry_values import Unfit, hostname_of, is_loopback, url_of

LEAST_INTERVAL = 1.0
MOST_CONNECTIONS = 2
MOST_CONNECTIONS_HERE = 64
LONGEST_MAINTENANCE = timedelta(days=30)
"""A site that is down for longer is 临时下线, which is a status of its own (国办发〔2017〕47号, as recalled)."""

SETTING_READERS: Mapping[str, Callable[[RowReader, str], str]] = {
    "url": RowReader.url,
    "base_url": RowReader.url,
    "path": RowReader.name,
    "covered_since": RowReader.stamp,
    "covered_until": RowReader.stamp,
    "freshness": RowReader.choice,
    "fresh_within_hours": RowReader.figure,
    "cookie_env": RowReader.identifier,
    "app_id": RowReader.identifier,
    "secret_env": RowReader.identifier,
    "token_env": RowReader.identifier,
    "fakeid": RowReader.identifier,
    "login": RowReader.choice,
    "interval": RowReader.figure,
    "max_pages": RowReader.figure,
}
"""How each setting of crawler.accounts is read; a test keeps the two lists the same."""


class Registered(Struct, frozen=True):
    """What the rows of a registry say. Meant only where no problem was noted."""

    units: tuple[Unit, ...]
    canaries: tuple[str, ...]
    hosts: Mapping[str, tuple[str, ...]]
    as_of: datetime | None


class _Draft(Struct):
    """A unit while its sites and accounts are gathered."""

    unit: Unit
    row: Row
    sites: list[_SiteDraft] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)


class _SiteDraft(Struct):
    """A site while its columns and its planned downtime are gathered."""

    site: Site
    row: Row
    columns: list[ColumnOverride] = field(default_factory=list)
    maintenance: list[Maintenance] = field(default_factory=list)

    def built(self) -> Site:
        """The site with all that was gathered."""
        return replace(self.site, columns=tuple(self.columns), maintenance=tuple(self.maintenance))


class _Seen:
    """The first row on which each key stood, so that a second one can name it."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, int] = {}

    def note(self, reader: RowReader, column: str, key: Hashable, what: str) -> None:
        """Refuse the column's value where its key stood before; a blank key is never a duplicate."""
        if not key:
            return
        if key in self._rows:
            reader.refuse(column, f"{what}与第 {self._rows[key]} 行重复")
        else:
            self._rows[key] = reader.row.number


def registered(rows: Mapping[str, Sequence[Row]], problems: list[RegistryProblem]) -> Registered:
    """The registry that these rows make, by table key. Every fault is added to `problems`.

    A table that could not be read is left out of `rows`; nobody is then blamed for naming what it would have held.
    """
    told_last: list[RegistryProblem] = []
    canaries, hosts, as_of = _settings(rows.get("settings", ()), told_last)
    units = _Units(rows.get("units"), hosts, problems)
    sites = units.take_sites(rows.get("sites", ()))
    units.take_accounts(rows.get("accounts", ()))
    known_sites = sites if "sites" in rows else None
    _take_columns(rows.get("columns", ()), known_sites, problems)
    _take_maintenance(rows.get("maintenance", ()), known_sites, problems)
    problems += told_last
    return Registered(units.built(), canaries, hosts, as_of)


class _Units:
    """The units by code and by row, filled table by table."""

    def __init__(
        self, rows: Iterable[Row] | None, hosts: Mapping[str, tuple[str, ...]], problems: list[RegistryProblem]
    ) -> None:
        self._problems = problems
        self._hosts = hosts
        self._are_known = rows is not None
        self._by_row: dict[Row, _Draft] = {}
        self._by_code: dict[str, _Draft] = {}
        seen = _Seen()
        for row in rows or ():
            reader = RowReader(row, problems)
            unit = Unit(
                code=reader.code("code"),
                name=reader.name("name"),
                kind=reader.choice("kind"),
                parent=reader.name("parent"),
                contact=reader.name("contact"),
                requires=reader.choices("requires"),
                supervises=reader.flag("supervises"),
            )
            seen.note(reader, "code", unit.code.casefold(), "单位代码")
            if unit.code and unit.parent == unit.code:
                reader.refuse("parent", "上级单位不能是本单位")
            self._by_row[row] = draft = _Draft(unit, row)
            self._by_code.setdefault(unit.code, draft)

    def take_sites(self, rows: Iterable[Row]) -> dict[Row | str, _SiteDraft]:
        """Give each site to its unit; the sites by row and by address are returned for their columns."""
        known: dict[Row | str, _SiteDraft] = {}
        addresses, site_codes = _Seen(), _Seen()
        for row in rows:
            reader = RowReader(row, self._problems)
            owner = self._owner(reader)
            home_url = reader.url("home_url")
            site = Site(
                unit=owner.unit.code if owner else "",
                name=reader.name("name"),
                home_url=home_url,
                site_code=reader.site_code("site_code"),
                kind=reader.choice("kind"),
                status=reader.choice("status"),
                aliases=reader.hosts("aliases"),
                ignore_robots=reader.flag("ignore_robots"),
                pace=_pace(reader, self._is_here(home_url)),
                opened=reader.day("opened"),
            )
            addresses.note(reader, "home_url", _address(home_url), "首页网址")
            site_codes.note(reader, "site_code", site.site_code, "标识码")
            draft = _SiteDraft(site, row)
            known[row] = draft
            known.setdefault(home_url, draft)
            if owner:
                owner.sites.append(draft)
        return known

    def take_accounts(self, rows: Iterable[Row]) -> None:
        """Give each account to its unit."""
        seen = _Seen()
        for row in rows:
            reader = RowReader(row, self._problems)
            owner = self._owner(reader)
            platform = reader.choice("platform")
            account = Account(
                unit=owner.unit.code if owner else "",
                platform=platform,
                name=reader.name("name"),
                platform_id=reader.identifier("platform_id"),
                subject=reader.name("subject"),
                status=reader.choice("status"),
                source=_source(reader, platform),
            )
            if account.platform and account.platform_id:
                seen.note(reader, "platform_id", account.key, "同一平台的账号")
            if owner:
                owner.accounts.append(account)

    def built(self) -> tuple[Unit, ...]:
        """The units in the order of their rows."""
        return tuple(
            replace(
                draft.unit,
                sites=tuple(site.built() for site in draft.sites),
                accounts=tuple(draft.accounts),
            )
            for draft in self._by_row.values()
        )

    def _is_here(self, home_url: str) -> bool:
        """Whether a home page is served by this machine itself, also under a name; what was refused is let pass."""
        host = hostname_of(home_url) if home_url else "localhost"
        return all(map(is_loopback, self._hosts.get(host, (host,))))

    def _owner(self, reader: RowReader) -> _Draft | None:
        if reader.row.owner is not None:
            return self._by_row[reader.row.owner]
        code = reader.code("unit")
        if not code:
            return None
        owner = self._by_code.get(code)
        if owner is None and self._are_known:
            reader.refuse("unit", "单位代码未在“单位”表中登记")
        return owner


def _pace(reader: RowReader, is_here: bool) -> Pace:
    """The pace asked for; faster than one request a second or two at a time is for this machine itself alone."""
    usual = Pace()
    interval = reader.number("pace.interval")
    connections = reader.number("pace.connections")
    if interval is None:
        interval = usual.interval
    elif interval > 3600:
        reader.refuse("pace.interval", "间隔不能超过 3600 秒")
    elif interval < LEAST_INTERVAL and not is_here:
        reader.refuse("pace.interval", "间隔小于 1 秒只允许用于本机回环地址")
    if connections is None:
        connections = usual.connections
    elif connections != int(connections) or not 1 <= connections <= MOST_CONNECTIONS_HERE:
        reader.refuse("pace.connections", f"并发连接数应为 1 至 {MOST_CONNECTIONS_HERE} 的整数")
    elif connections > MOST_CONNECTIONS and not is_here:
        reader.refuse("pace.connections", f"并发连接数大于 {MOST_CONNECTIONS} 只允许用于本机回环地址")
    return Pace(interval=interval, connections=int(connections))


def _source(reader: RowReader, platform: str) -> AccountSourceSpec | None:
    """Where the account's posts are read, with the settings that the kind of source knows and needs."""
    kind = reader.choice("source.kind")
    given = {name: read(reader, f"source.{name}") for name, read in SETTING_READERS.items()}
    settings = {name: value for name, value in given.items() if value}
    if not kind:
        if settings and "source.kind" not in reader.row.cells:
            reader.refuse("source.kind", "必填，因为填了来源的其他项")
        return None
    rule = vocabulary().sources[kind]
    shown = vocabulary().values["source-kind"][kind][0]
    if rule.platforms and platform and platform not in rule.platforms:
        reader.refuse("source.kind", f"数据来源“{shown}”不能用于这一平台")
    for key in settings:
        if key not in SOURCE_SETTINGS[kind]:
            reader.refuse(f"source.{key}", f"数据来源“{shown}”不用此项，请留空")
    for key in rule.needs:
        if key not in settings and f"source.{key}" not in reader.row.cells:
            reader.refuse(f"source.{key}", f"数据来源为“{shown}”时必填")
    platform_id = reader.row.cells.get("platform_id")
    if rule.numeric_id and platform in rule.platforms and platform_id and not platform_id.shown.strip().isdigit():
        reader.refuse("platform_id", f"数据来源为“{shown}”时应为数字 UID")
    for key in ("cookie_env", "secret_env", "token_env"):
        if not settings.get(key, PREFIX).startswith(PREFIX):
            reader.refuse(f"source.{key}", f"变量名须以 {PREFIX} 开头")
    if ("covered_since" in settings) != ("covered_until" in settings):
        reader.refuse("source.covered_since", "填报起始与填报截止须同时填写")
    return AccountSourceSpec(kind=kind, settings=settings)


def _take_columns(
    rows: Iterable[Row], sites: Mapping[Row | str, _SiteDraft] | None, problems: list[RegistryProblem]
) -> None:
    """Give each column to its site; an address may be written from the site's root or from its home page."""
    seen = _Seen()
    for row in rows:
        reader = RowReader(row, problems)
        site = _site_of(reader, sites)
        address = _column_address(reader, site.site.home_url if site else "")
        column = ColumnOverride(url=address, name=reader.name("name"), type=_column_type(reader))
        seen.note(reader, "url", address, "栏目网址")
        if site:
            site.columns.append(column)


def _take_maintenance(
    rows: Iterable[Row], sites: Mapping[Row | str, _SiteDraft] | None, problems: list[RegistryProblem]
) -> None:
    """Give each window of planned downtime to its site. Windows may overlap; the same one twice is a slip."""
    seen = _Seen()
    for row in rows:
        reader = RowReader(row, problems)
        site = _site_of(reader, sites)
        start, end, reason = reader.opening("start"), reader.moment("end"), reader.name("reason")
        if start is None or end is None:
            continue
        if end <= start:
            reader.refuse("end", "结束时间应晚于开始时间")
        elif end - start > LONGEST_MAINTENANCE:
            longest = LONGEST_MAINTENANCE.days
            reader.refuse("end", f"一个维护时段不能超过 {longest} 天；停机更久的，请把网站状态登记为“临时下线”")
        elif site:
            seen.note(reader, "start", (site.site.home_url, start, end), "维护时段")
            site.maintenance.append(Maintenance(start, end, reason))


def _column_type(reader: RowReader) -> str:
    """An id of the crawler's lexicon of column types, "" where blank."""
    written = reader.identifier("type")
    known = [str(row["type"]) for row in table("column_types")["types"]]
    if written and written not in known:
        near = nearest(written, known)
        hint = f"，是否应为“{near}”" if near else ""
        reader.refuse("type", f"不是已知的栏目类型{hint}；可填 {'、'.join(known)}")
    return written


def _site_of(reader: RowReader, sites: Mapping[Row | str, _SiteDraft] | None) -> _SiteDraft | None:
    if sites is not None and reader.row.owner is not None:
        return sites[reader.row.owner]
    home_url = reader.url("site")
    site = sites.get(home_url) if sites is not None and home_url else None
    if home_url and site is None and sites is not None:
        reader.refuse("site", "首页网址未在“网站”表中登记")
    return site


def _column_address(reader: RowReader, home_url: str) -> str:
    written = reader.text("url")
    if not written or not home_url:
        return ""
    if not written.lower().startswith(("http://", "https://")) and "//" in written:
        reader.refuse("url", "不是有效网址，应写从网站根起的路径（如 /xxgk/），或完整网址")
        return ""
    try:
        return url_of(urljoin(home_url, written))
    except (Unfit, ValueError) as unfit:
        reader.refuse("url", str(unfit) if isinstance(unfit, Unfit) else "不是有效网址")
        return ""


def _settings(
    rows: Iterable[Row], problems: list[RegistryProblem]
) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]], datetime | None]:
    """The canaries, the names that are led to addresses, and the monitoring time point.

    A YAML registry has one row of keys, tables one setting a row.
    """
    canaries: list[str] = []
    hosts: dict[str, tuple[str, ...]] = {}
    as_of: datetime | None = None
    seen = _Seen()
    for row in rows:
        reader = RowReader(row, problems)
        setting = reader.choice("key")
        if setting == "canaries":
            for address in reader.urls("value"):
                seen.note(reader, "value", address, "对照网址")
                canaries.append(address)
        elif setting == "hosts":
            for led in reader.led_hosts("value"):
                seen.note(reader, "value", led, "域名指向")
                name, _, address = led.partition("=")
                hosts[name] = (*hosts.get(name, ()), address)
        elif setting == "as_of":
            seen.note(reader, "key", "as_of", "监测时间点")
            as_of = reader.moment("value")
    return tuple(canaries), hosts, as_of


def _address(home_url: str) -> str:
    """What makes two sites the same: http or https and a trailing slash make no difference."""
    return home_url.partition("://")[2].rstrip("/")
