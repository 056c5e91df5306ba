"""Addresses: one normal form (WHATWG), the host, and what kind of thing an address names."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from urllib.parse import quote_from_bytes, unquote_to_bytes

import ada_url

from crawler.facts import Resource
from crawler.read.lexicon import words

_PLAIN_PATH = re.compile(r"/[A-Za-z0-9_\-./]*\Z")
_ORIGIN = re.compile(r"https?://[^/?#\\]+", re.IGNORECASE)
_PLAIN_ORIGIN = re.compile(r"https?://[a-z][a-z0-9\-]*(?:\.[a-z0-9\-]+)*\.[a-z]{2,}\Z")
_HTTP = ("http://", "https://")
_TAGS = {
    "img": Resource.IMAGE,
    "script": Resource.SCRIPT,
    "link": Resource.STYLE,
    "iframe": Resource.FRAME,
    "frame": Resource.FRAME,
    "video": Resource.MEDIA,
    "audio": Resource.MEDIA,
    "source": Resource.MEDIA,
    "embed": Resource.MEDIA,
}


def normalise(url: str) -> str:
    """The address in WHATWG form without fragment; "" where it is no http(s) address or cannot be parsed."""
    try:
        normal = ada_url.normalize_url(url)
    except ValueError:
        return ""
    return _settled(normal) if normal.startswith(_HTTP) else ""


def host_of(url: str) -> str:
    """Lower-case host, with the port only where it is not the scheme's own; "" for anything but http(s)."""
    origin = _ORIGIN.match(url)
    return (_host_at(origin[0]) if origin else "") or _host_in(url)


@lru_cache(maxsize=4096)
def _host_at(origin: str) -> str:
    """The host of scheme and authority; remembered, for a site's addresses share a few of them."""
    return origin.split("//", 1)[1] if _PLAIN_ORIGIN.match(origin) else _host_in(origin)


def _host_in(url: str) -> str:
    normal = normalise(url)
    return normal.split("/", 3)[2].rpartition("@")[2] if normal else ""


def join(base: str, href: str, charset: str = "utf-8") -> str:
    """The normal form of `href` as found on a page at `base`; "" where it leads to no http(s) address.

    In a page that is not UTF-8 a browser writes the query in the page's own charset (WHATWG URL, "query state").
    """
    if _PLAIN_PATH.match(href) and "/." not in href and "//" not in href:
        origin = _ORIGIN.match(base)
        if origin:
            return origin[0] + href
    if charset != "utf-8" and "?" in href and not href.isascii():
        href = _query_in(href, charset)
    try:
        joined = ada_url.join_url(base, href)
    except ValueError:
        return ""
    return _settled(joined) if joined.startswith(_HTTP) else ""


def resource_of(url: str, tag: str) -> Resource:
    """What the address names, told from the element that bears it and, for a plain link, from its extension."""
    by_tag = _TAGS.get(tag)
    if by_tag is not None:
        return by_tag
    extensions = _extensions()
    path, _, query = url.partition("?")
    name = path.rpartition("/")[2]
    if "." in name and url.count("/") > 2:
        found = extensions.get(name.rpartition(".")[2].lower())
        if found is not None:
            return found
    if query and "." in query:
        # 大汉 and others hand attachments out as downfile.jsp?…&filename=x.doc
        found = extensions.get(query.rpartition(".")[2].partition("&")[0].lower())
        if found is not None and "=" in query:
            return found
    return Resource.PAGE


def extension_of(url: str) -> str:
    """The lower-case extension of the address' last path segment, without dot; "" where it has none."""
    path = url.partition("?")[0]
    if path.count("/") < 3:
        return ""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def directory_of(url: str) -> str:
    """The address up to and including the last slash of its path."""
    path = url.partition("?")[0]
    return path[: path.rindex("/") + 1] if "/" in path else path


def place_of(url: str, base: str = "") -> tuple[str, str]:
    """The origin and the directory that relative addresses on a page are read from; `base` is its base element's."""
    address = (join(url, base) or url) if base else url
    cut = address.find("/", 8)
    return (address if cut < 0 else address[:cut]), directory_of(address)


def readable(url: str) -> str:
    """The address with its percent-encoded names as a reader would write them: UTF-8 where it is that, else GBK.

    Old file servers encode names in GBK, which read as UTF-8 would be question marks. What neither reads stays.
    """
    return _ENCODED.sub(_spoken, url) if "%" in url else url


def _spoken(found: re.Match[str]) -> str:
    raw = unquote_to_bytes(found[0])
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return found[0]


_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2}[\w.\-~]*)+")


def _settled(url: str) -> str:
    """Without fragment, and without a session id, which would make a new address of one page at every visit."""
    cut = url.find("#")
    url = url if cut < 0 else url[:cut]
    if "?" not in url and ";" not in url and "/(" not in url:
        return url
    path, mark, query = url.partition("?")
    if "/(" in path:
        path = _session_segment().sub("", path)
    path = _session_in_path().sub("", path)
    if not mark:
        return path
    kept = [field for field in query.split("&") if not _session_field().fullmatch(field)]
    return f"{path}?{'&'.join(kept)}" if kept else path


@cache
def _session_field() -> re.Pattern[str]:
    names = "|".join(words("sessions", "names"))
    return re.compile(rf"(?:{names})=[0-9A-Za-z\-_.!]{{16,}}", re.IGNORECASE)


@cache
def _session_segment() -> re.Pattern[str]:
    return re.compile(rf"/(?:{'|'.join(words('sessions', 'segments'))})(?=/|\Z)")


@cache
def _session_in_path() -> re.Pattern[str]:
    names = "|".join(words("sessions", "names"))
    return re.compile(rf";(?:{names})=[^/?;]*", re.IGNORECASE)


def _query_in(href: str, charset: str) -> str:
    path, _, query = href.partition("?")
    query, mark, fragment = query.partition("#")
    raw = query.encode(charset, errors="replace")
    return f"{path}?{quote_from_bytes(raw, safe=_QUERY_SAFE)}{mark}{fragment}"


_QUERY_SAFE = "!$%&()*+,-./:;=?@[]^_`{|}~"


@cache
def _extensions() -> dict[str, Resource]:
    known: dict[str, Resource] = {}
    for kind in (Resource.ATTACHMENT, Resource.IMAGE, Resource.MEDIA, Resource.SCRIPT, Resource.STYLE):
        known.update(dict.fromkeys(words("extensions", kind.value), kind))
    return known
