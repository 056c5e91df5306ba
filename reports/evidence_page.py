"""The page that shows what was seen of one address (证据页): every look, the wire, the bytes and how to check them.

It runs no script and loads nothing but the copies and pictures that lie beside it; a captured page is shown in a
frame without any right.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup
from msgspec import Struct

from crawler.facts import BEIJING, FetchOutcome
from reports.templating import environment
from reports.wording import clock, shortened, web_address
from storage.statements import Statement

LONGEST_TEXT = 20_000
"""Characters of a body that is no page (an answer of an interface, a plain text) that are shown."""


class Claim(Struct, frozen=True):
    """A problem that rests on an address: whose it is, what it is called and how it is told.

    `pictures` are its screenshots, the marked one first: the names they are kept under, on a page their files.
    `marked` bounds what the problem is about within the quote, its end exclusive; (0, 0) is all of it.
    """

    unit: str
    target: str
    title: str
    message: str
    location: str = ""
    quote: str = ""
    pictures: tuple[str, ...] = ()
    marked: tuple[int, int] = (0, 0)

    @property
    def sentence(self) -> tuple[str, str, str] | None:
        """The quote before, at and behind what is marked in it; None where nothing is."""
        first, last = self.marked
        if not 0 <= first < last <= len(self.quote):
            return None
        return self.quote[:first], self.quote[first:last], self.quote[last:]


class Proof(Struct, frozen=True):
    """The bytes of one look as they lie in the folder. `original` holds them unchanged, `view` is their readable copy.

    `picture` is a screenshot's file, `text` what a body that is no page says; all are "" where there is none.
    """

    sha256: str
    size: int
    original: str
    view: str = ""
    picture: str = ""
    text: str = ""


class Look(Struct, frozen=True):
    """One capture of an address. `statement` is None where only bytes were kept, as of an account's data source.

    `statement_file` and `statement_sha256` name the record of it; `visit` is how the visit was judged to have ended.
    `proof` is None where there was no body; `gone` says that there was one which is no longer kept. `same_as` is the
    number of an earlier look that has the same bytes, 0 where there is none.
    """

    kind: str
    at: datetime
    client: str
    statement: Statement | None = None
    statement_file: str = ""
    statement_sha256: str = ""
    visit: FetchOutcome | None = None
    proof: Proof | None = None
    gone: bool = False
    same_as: int = 0

    @property
    def label(self) -> str:
        """What kind of capture it is, in Chinese."""
        return "跳转没有到达终点" if self.is_endless else _KINDS.get(self.kind, self.kind)

    @property
    def is_endless(self) -> bool:
        """Whether every request was answered, the last one by a redirect that was not followed any more."""
        if self.kind != "failure" or self.statement is None:
            return False
        wire = self.statement.exchange
        return bool(wire.hops) and wire.hops[-1].url == wire.url


class AddressEvidence(Struct, frozen=True):
    """All that is kept of one address, looks in the order of time; `related` are (address, file) of its neighbours."""

    url: str
    number: str
    looks: tuple[Look, ...]
    claims: tuple[Claim, ...]
    related: tuple[tuple[str, str], ...] = ()


_KINDS = {
    "response": "服务器应答",
    "failure": "没有得到完整应答",
    "rendered": "浏览器运行脚本后显示的页面",
    "png": "页面截图",
    "screenshot": "页面截图",
    "other": "数据来源返回的内容",
    "html": "保存的内容",
}


def render(evidence: AddressEvidence) -> bytes:
    """The page in UTF-8; equal evidence gives equal bytes."""
    css = Markup((files("reports") / "templates" / "evidence.css").read_text("utf-8"))  # our own file
    page = _environment().get_template("evidence.html.j2").render(evidence=evidence, css=css)
    return page.encode("utf-8", "replace")


def moment(at: datetime) -> str:
    """A time to the second with its offset, in Beijing: `2026-11-20 01:14:07 +08:00`."""
    return at.astimezone(BEIJING).isoformat(sep=" ", timespec="seconds").replace("+08:00", " +08:00")


@cache
def _environment() -> Environment:
    return environment(clock=clock, moment=moment, short=shortened, web=web_address, thousands=_thousands)


def _thousands(number: int) -> str:
    return f"{number:,}"
