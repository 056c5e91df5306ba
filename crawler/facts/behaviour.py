"""What pages do beside showing text: what they hide, whom they lead to and how, what they let a reader share."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Sign(StrEnum):
    """What in a page's own markup a person should look at."""

    HIDDEN_LINK = "hidden-link"
    ZERO_FRAME = "zero-frame"
    SCRIPT = "script"


class Suspect(Struct, frozen=True):
    """One sign as it stands in a page. `url` is the foreign address ("" for a script), `text` a link's words.

    `means` names what hides it or what the script does, as an id of `crawler/data/concealment.yaml`; `quote` is the
    markup that says so.
    """

    sign: Sign
    url: str
    text: str
    means: str
    quote: str


class ForeignLink(Struct, frozen=True):
    """A link of a looked-at page to another host. `guarded` says that a handler or an attribute may ask first."""

    url: str
    text: str
    guarded: bool


class Banner(Struct, frozen=True):
    """A picture that leads to another host; `place` says where it stands: floating, slot (an advertising slot)."""

    url: str
    picture: str
    text: str
    place: str
    quote: str


class PageLook(Struct, frozen=True):
    """A closer look at one of a few pages: the home page and the sampled ones.

    `sharing` quotes what lets a reader share it, `prompt` what asks before a reader leaves, `handles` an inline script
    that does something about links of other hosts; "" where there is none. `scripts` are the files of its behaviour (no
    public libraries); `unseen` says that scripts fill the page and no browser has shown it.
    """

    url: str
    kind: str
    sharing: str = ""
    prompt: str = ""
    handles: str = ""
    foreign: tuple[ForeignLink, ...] = ()
    banners: tuple[Banner, ...] = ()
    scripts: tuple[str, ...] = ()
    unseen: bool = False


class ScriptFact(Struct, frozen=True):
    """A script of the site that was read for what it does; `read` is False where it could not be had whole.

    `sharing` and `prompt` quote what stands in it; `handles` that it does something about links of other hosts.
    """

    url: str
    read: bool
    sharing: str = ""
    prompt: str = ""
    handles: str = ""


class ForeignPage(Struct, frozen=True):
    """A page of another host as the look at a link saw it: its own title and where the visit ended."""

    url: str
    final_url: str
    title: str
