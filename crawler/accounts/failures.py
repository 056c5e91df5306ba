"""Error statuses, sentences and addresses turned into outcomes; the rules are data (data/failures.yaml)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from crawler.accounts.attempt import SourceFailure
from crawler.accounts.budget import Rest
from crawler.facts import AccountOutcome

QUOTE = 60
"""Characters of a foreign error message that a reason repeats."""


def of_status(status: int, message: str = "") -> SourceFailure | None:
    """The failure an HTTP status and its message stand for; None for a success. 3xx is judged by its target."""
    if 200 <= status < 300:
        return None
    said = of_message(message)
    if said is not None:
        return SourceFailure(said.outcome, f"返回 {status}，{said.reason}")
    for outcome, statuses in _rules()["statuses"].items():
        if status in statuses:
            return SourceFailure(AccountOutcome(outcome), f"返回 {status}{_quoted(message)}")
    if status >= 500:
        return SourceFailure(AccountOutcome.NETWORK, f"服务器返回 {status}{_quoted(message)}")
    return SourceFailure(AccountOutcome.CHANGED, f"返回 {status}{_quoted(message)}")


def of_message(message: str) -> SourceFailure | None:
    """The failure that an error message states; None where no rule knows it."""
    for rule in _rules()["phrases"]:
        for word in rule["words"]:
            if word.lower() in message.lower():
                return SourceFailure(AccountOutcome(rule["outcome"]), f"对方提示{_quoted(message)}")
    return None


def of_code(family: str, code: Any, message: str = "") -> SourceFailure:
    """The failure that a service's own code stands for; `family` names its table. An unknown one is 接口变更."""
    told = f"返回代码 {code!s:.20}{_quoted(message)}"
    for rule in _rules()["codes"][family]:
        if code in rule["codes"]:
            return SourceFailure(
                AccountOutcome(rule["outcome"]), f"{rule['words']}（{told}）", Rest(rule.get("rest", "backoff")), code
            )
    return SourceFailure(AccountOutcome.CHANGED, f"未知的失败（{told}）")


def of_address(address: str) -> SourceFailure | None:
    """The failure that being sent to this address means; None where it is neither a login nor a captcha."""
    lowered = address.lower()
    if any(mark in lowered for mark in _rules()["captcha_addresses"]):
        return SourceFailure(AccountOutcome.BLOCKED, "要求人机验证")
    if any(mark in lowered for mark in _rules()["login_addresses"]):
        return SourceFailure(AccountOutcome.LOGIN_EXPIRED, "被转到登录页")
    return None


def is_no_text(text: str) -> bool:
    """Whether a body of an article is only the notice that it could not be had."""
    return any(text.strip().startswith(notice) for notice in _rules()["no_text"])


def is_partial(parameters: list[tuple[str, str]]) -> str:
    """The first parameter of a feed's address that leaves items out; "" where there is none.

    `page` 1 and `offset` 0 leave nothing out.
    """
    known = _rules()["partial_parameters"]
    return next((name for name, value in parameters if name in known and (name, value) not in _WHOLE), "")


_WHOLE = {("page", "1"), ("page", "0"), ("offset", "0")}


def _quoted(message: str) -> str:
    words = " ".join(message.split())
    return f"“{words[:QUOTE]}{'…' if len(words) > QUOTE else ''}”" if words else ""


@cache
def _rules() -> dict[str, Any]:
    text = files("crawler.accounts.data").joinpath("failures.yaml").read_text(encoding="utf-8")
    rules: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return rules
