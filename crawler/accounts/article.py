"""A page that an account leads to: its address in normal form, and whether it shows its content. Pure reading."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import yaml
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from crawler.accounts.answer import Answer
from crawler.accounts.failures import of_status
from crawler.facts import AccountOutcome

TEXT = 20_000
"""Characters of an article's text that are kept."""


class Look(Struct, frozen=True):
    """What one look showed: good, gone, faulty, blocked or unread, why in Chinese, and an article's text."""

    outcome: str
    reason: str = ""
    status: int = 0
    text: str = ""


def normal(url: str) -> str:
    """An address without what changes from share to share.

    https://mp.weixin.qq.com/s?__biz=B&mid=1&idx=1&sn=S&chksm=…#rd → …/s?__biz=B&mid=1&idx=1&sn=S; /s/ID?from=… → /s/ID.
    """
    bare = url.strip().partition("#")[0]
    try:
        parts = urlsplit(bare)
    except ValueError:  # no address at all (http://[…); whoever opens it will say so
        return bare
    if parts.hostname != _marks()["article_host"] or is_temporary(bare):
        return bare
    if parts.path.startswith("/s/"):
        return parts._replace(query="").geturl()
    if parts.path == "/s":
        told = dict(parse_qsl(parts.query))
        kept = [(name, told[name]) for name in _marks()["kept_parameters"] if name in told]
        return parts._replace(query=urlencode(kept, safe="=")).geturl()
    return bare


def is_temporary(url: str) -> bool:
    """Whether an article's address expires by itself (…/s?src=11&timestamp=…&signature=…)."""
    parts = urlsplit(url)
    names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    wanted = set(_marks()["temporary_parameters"])
    return parts.hostname == _marks()["article_host"] and {"signature", "timestamp"} <= names & wanted


def needs_login(url: str) -> bool:
    """Whether an address shows its content to whoever is logged in alone."""
    return urlsplit(url).hostname in _marks()["login_hosts"]


def read_page(answer: Answer) -> Look:
    """What an answer that is no redirect shows. A refusal is no fault of the account, whatever its status."""
    for outcome, statuses in _marks()["statuses"].items():
        if answer.status in statuses:
            return Look(outcome, f"返回 {answer.status}", answer.status)
    failure = of_status(answer.status)
    if failure is not None:
        return Look(_OF_FAILURE.get(failure.outcome, "unread"), failure.reason, answer.status)
    if not answer.is_html:
        return Look("good", status=answer.status)
    return _of_html(answer)


_OF_FAILURE = {
    AccountOutcome.BLOCKED: "blocked",
    AccountOutcome.RATE_LIMITED: "blocked",
    AccountOutcome.LOGIN_EXPIRED: "blocked",
    AccountOutcome.NETWORK: "faulty",
}
"""What a failing status comes to; only the server's own error (5xx) is held against a page."""


def _of_html(answer: Answer) -> Look:
    tree = LexborHTMLParser(answer.body)
    for selector in _marks()["article_elements"]:
        article = tree.css_first(selector)
        if article is not None and (text := " ".join(article.text(separator=" ").split())):
            return Look("good", status=answer.status, text=text[:TEXT])
    said = " ".join(node.text() for selector in _marks()["notice_elements"] for node in tree.css(selector))
    for notice in _marks()["notices"]:
        if notice["words"] in said:
            return Look(notice["outcome"], f"页面提示“{notice['words']}”", answer.status)
    return Look("good", status=answer.status)


@cache
def _marks() -> dict[str, Any]:
    text = files("crawler.accounts.data").joinpath("articles.yaml").read_text(encoding="utf-8")
    marks: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return marks
