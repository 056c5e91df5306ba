"""砚江市 in a box: starts the fictional city on loopback and writes its registry and ground truth."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from demo import account_files, accounts
from demo.answers import HTML, Answer, wall
from demo.certificates import Authority
from demo.content import table
from demo.dialogue import plant_dialogue
from demo.faults import PlantedLink, answers_of, plant_articles, plant_links
from demo.intrusions import mall_answer, plant_intrusions
from demo.model import AS_OF, SearchState, SitePlan
from demo.nights import Arrival, night_rows, plant_arrivals
from demo.platforms import Platforms
from demo.policies import plant_policies
from demo.press import Press
from demo.registry import registry
from demo.rendering import rendered
from demo.server import Connection, Host
from demo.site_plan import hosts, plan_city
from demo.texts import plant_texts
from demo.texts import rows as rows_of_texts
from demo.truth import truth

PLATFORM_HOST = "127.0.0.21"
"""Where the accounts' platforms answer."""
_ATTEMPTS = 20
_REGISTERS = ("/beian.miit.gov.cn/", "/beian.mps.gov.cn/", "/bszs.conac.cn/", "/zfwzzc.www.gov.cn/")


class City:
    """The city. `folder` receives `registry.yaml`, `truth.json`, `roots.pem` and the accounts' tables.

    All sites share one port on addresses of their own: `base_port` where it is free on all of them, else a free one,
    as also where it is 0. Those under https have the next port; names are known to the registry alone.
    Linux answers on the whole of 127/8; elsewhere the addresses have to be set up first. Without `pauses` the site
    whose pages take seconds answers at once.
    """

    def __init__(self, folder: Path, base_port: int = 8100, *, pauses: bool = True) -> None:
        self.folder = folder
        self.pauses = pauses
        self.port = base_port
        self.sites: list[SitePlan] = []
        self.links: list[PlantedLink] = []
        self.presses: dict[str, Press] = {}
        self.night = 1
        self.has_ipv6 = _is_free("::1", 0)
        self._authority = Authority()
        self._hosts: dict[str, Host] = {}
        self._servers: list[asyncio.Server] = []
        self._opened: set[asyncio.Transport] = set()
        self._platforms: Platforms | None = None

    @property
    def registry_path(self) -> Path:
        """The registry (台账) as YAML."""
        return self.folder / "registry.yaml"

    @property
    def truth_path(self) -> Path:
        """The ground truth as JSON."""
        return self.folder / "truth.json"

    def requests(self, address: str) -> int:
        """How often an address (unquoted path) of the city was asked for since the start."""
        parts = urlsplit(address)
        key = parts.path + (f"?{parts.query}" if parts.query else "")
        return self._hosts[parts.hostname or ""].requests[key]

    def requested(self, site: SitePlan) -> dict[str, int]:
        """Every path of a site that was asked for, with its count."""
        return dict(self._hosts[site.host].requests)

    async def start(self) -> None:
        """Builds and serves the city, then writes its files. OSError where no port can be had."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = _usable_port(self.port)
        self._hosts = await asyncio.to_thread(self._build)
        loop = asyncio.get_running_loop()
        for address in filter(_is_address, self._hosts):
            context, port = self._secrets.get(address, (None, self.port))
            self._servers.append(await loop.create_server(self._connection, address, port, ssl=context))
        ports = [number if _is_free(PLATFORM_HOST, number) else 0 for number in (self.port + 101, self.port + 102)]
        self._platforms = Platforms(accounts.ACCOUNTS, AS_OF, PLATFORM_HOST, *ports)
        await self._platforms.start()
        self._write(self._platforms)

    async def turn(self) -> None:
        """The next night begins: what came with it is served, and the ground truth is that of the night."""
        if self._platforms is None:
            raise RuntimeError("the city is not served")
        self.night += 1
        made = await asyncio.to_thread(self._build)
        self._hosts.clear()
        self._hosts.update(made)  # open connections look into this very table
        self._write(self._platforms)

    async def stop(self) -> None:
        """Stops serving."""
        if self._platforms:
            await self._platforms.stop()
            self._platforms = None
        for server in self._servers:
            server.close()
        for transport in tuple(self._opened):
            transport.abort()
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    def _connection(self) -> Connection:
        return Connection(self._hosts, self._opened)

    def _build(self) -> dict[str, Host]:
        around = hosts(self.port)
        self.sites = plan_city(self.port)
        self._policies = plant_policies(self.sites)
        self._articles = plant_articles(self.sites)
        self._texts = plant_texts(self.sites)
        self._dialogue = plant_dialogue(self.sites)
        self.links = plant_links(self.sites, around)
        self._intrusions = plant_intrusions(self.sites, around)
        self._arrivals: list[Arrival] = plant_arrivals(self.sites, self.night)
        self.presses = {site.key: Press(site, self.sites, around) for site in self.sites if not site.down}
        made = {press.site.host: _site_host(press, pauses=self.pauses) for press in self.presses.values()}
        secure = [site for site in self.sites if site.certificate]
        self._secrets = {
            site.place: (self._authority.context(site.host, site.certificate), site.port) for site in secure
        }
        made.update({site.place: made[site.host] for site in self.sites if not site.down})
        if self.has_ipv6:
            made["::1"] = Host({}, _nothing)
        made[around.partner] = Host({}, _partner)
        made.update({address: Host({}, mall_answer) for address in _resolved(around.mall)})
        for number, address in enumerate(around.canaries, start=1):
            made[address] = Host({"/canary": Answer(200, f"canary {number}\n".encode(), "text/plain")}, _nothing)
        made[around.control] = made[around.canaries[0]]
        for link in self.links:
            page = self.presses[link.site.key].standing(link.path, link.mention.text)
            for (host, path), answer in answers_of(link, page).items():
                made[host].ready[path] = answer
        return made

    def _write(self, platforms: Platforms) -> None:
        def entries(unit: str) -> list[dict[str, object]]:
            return account_files.registry_entries(unit, lambda source: platforms.of(source).url, self.folder)

        told = registry(self.sites, hosts(self.port), entries)
        self.registry_path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
        known = truth(
            self.sites,
            self.links,
            self._articles,
            self._intrusions,
            self._policies,
            self._dialogue,
            account_files.truth(),
            ipv6=self.has_ipv6,
        )
        known["rows"] += night_rows(self.sites, self._arrivals, self.night)
        known["rows"] += rows_of_texts(self._texts, self.sites)
        (self.folder / "roots.pem").write_bytes(self._authority.pem)
        self.truth_path.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")


def _site_host(press: Press, *, pauses: bool) -> Host:
    missing = press.missing()

    def fallback(path: str, query: str) -> Answer:
        searched = path == press.make.search_path and press.site.search is not SearchState.ABSENT
        return press.search(query) if searched else missing

    ready = press.answers()
    for path, page in press.pages.items():
        if page.walled:
            ready[path] = wall()
    ignored = "sessionid" if press.make.name == "aspnet" else ""
    return Host(ready, fallback, ignored_field=ignored, pause=press.site.pause if pauses else 0.0)


def _partner(path: str, query: str) -> Answer | None:
    if path == "/" or path.startswith(_REGISTERS):
        return Answer(200, rendered("errors/register.html").encode(), HTML)
    return None


def _nothing(path: str, query: str) -> Answer | None:
    return None


def _addresses() -> Iterable[str]:
    """Every address of the city, also those on which nothing must answer."""
    around = hosts(0)
    yield from (site.get("ways", [site["host"]])[0] for site in table("city")["sites"])
    yield from (around.partner, around.refused, *_resolved(around.mall), *around.canaries)
    if _is_free("::1", 0):
        yield "::1"


def _resolved(name: str) -> list[str]:
    """The loopback addresses of a name, in IPv4 and where the machine has it in IPv6."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise OSError(f"本机无法解析 {name}，请检查 /etc/hosts（{error}）") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _usable_port(wanted: int) -> int:
    """The wanted port if it is free on every address, else one that is."""
    for attempt in range(_ATTEMPTS):
        port = wanted if wanted and attempt == 0 else _any_port()
        if all(_is_free(address, port + more) for address in _addresses() for more in (0, 1)):
            return port
    raise OSError(f"尝试 {_ATTEMPTS} 次，没有找到在演示城市全部地址上都空闲的端口")


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_free(address: str, port: int) -> bool:
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except (OSError, OverflowError):  # also where a machine knows no IPv6 at all, or a port is none
        return False
    return True
