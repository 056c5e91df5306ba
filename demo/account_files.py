"""The accounts' side of the city's files: registry entries, the tables of units that file their posts, ground truth."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from demo.account_model import DemoAccount, DemoPost, Expectation
from demo.accounts import ACCOUNTS, REQUIRES

LOGINS = {"XUNCHA_DEMO_COOKIE": "slave_sid=of-nobody", "XUNCHA_DEMO_TOKEN": "900000001"}
"""The logins that the registry names, of platforms that are stand-ins on loopback: they open nothing anywhere else."""
TABLE_COLUMNS = ("platform", "account_name", "platform_id", "title", "url", "published_at", "note")


def registry_entries(unit_code: str, url_of: Callable[[str], str], folder: Path) -> list[dict[str, object]]:
    """The unit's accounts in the registry's YAML shape; `url_of` tells where a kind of source is served.

    Writes the table of a table-sourced account into `folder`.
    """
    entries: list[dict[str, object]] = []
    for account in ACCOUNTS:
        if account.unit != unit_code:
            continue
        entry: dict[str, object] = {
            "platform": account.platform,
            "name": account.name,
            "platform_id": account.platform_id,
            "subject": account.subject,
            "status": account.status,
        }
        if account.source == "feed":
            entry["source"] = {"kind": "feed", "url": f"{url_of('feed')}{account.feed_path}"}
        elif account.source == "table":
            entry["source"] = {"kind": "table", "path": str(write_table(account, folder))}
        else:
            address = {"base_url": url_of(account.source)}
            entry["source"] = {"kind": account.source, **address, **_own(account)}
        entries.append(entry)
    return entries


def _own(account: DemoAccount) -> dict[str, object]:
    """What its kind of source needs beside the address."""
    cookie, token = LOGINS
    match account.source:
        case "wechat-official":
            return {"app_id": account.platform_id}
        case "wechat-backend":
            return {"fakeid": account.platform_id, "cookie_env": cookie, "token_env": token}
        case "weibo-api":
            return {"token_env": token}
    return {}


def write_table(account: DemoAccount, folder: Path) -> Path:
    """Writes the account's posts as a unit files them (CSV, GB18030 as Excel saves it); the file's absolute path."""
    path = folder.resolve() / f"{account.unit}-{account.platform}.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TABLE_COLUMNS)
        writer.writerows(table_rows(account.posts, account))
    return path


def table_rows(posts: Sequence[DemoPost], account: DemoAccount) -> Iterable[tuple[str, ...]]:
    """The rows of a filing, one a post."""
    for number, post in enumerate(posts, start=1):
        yield (
            account.platform,
            account.name,
            account.platform_id,
            post.title,
            f"https://weibo.example/{account.platform_id}/{number}",
            f"{post.at:%Y-%m-%d %H:%M}",
            "",
        )


def _profile(account: DemoAccount) -> tuple[Expectation, ...]:
    """What name, introduction, picture and verified subject must be made of; a closed account is left alone."""
    checks = ("account.naming", "account.subject-not-government", "account.unverified")
    if account.status != "running":
        return ()
    if not account.source.startswith("weibo") or account.scenario == "login-expired":
        return tuple(Expectation(check, "undetermined", "来源不提供账号资料") for check in checks)
    named, company = bool(account.shown_name), "公司" in account.verified_as
    subject, shown = ("fail" if company else "pass"), ("pass" if account.verified else "fail")
    if not account.verified:
        subject = "undetermined"
    if account.statuses_count:
        shown = "undetermined"  # a list that is empty against its own count is believed in nothing
    return (
        Expectation(checks[0], "fail" if named else "pass", f"平台显示的名称为“{account.shown_name or account.name}”"),
        Expectation(checks[1], subject, f"认证主体为{account.verified_as or account.subject}"),
        Expectation(checks[2], shown, "平台显示" + ("已认证" if account.verified else "未认证")),
    )


def truth() -> list[dict[str, str]]:
    """The ground truth: one row per account (or unit, whose platform_id is "") and check."""
    rows = [
        {
            "unit": account.unit,
            "platform": account.platform,
            "platform_id": account.platform_id,
            "check": expectation.check,
            "expect": expectation.expect,
            "why": expectation.why,
        }
        for account in ACCOUNTS
        for expectation in (*account.expectations, *_profile(account))
    ]
    rows += [_of_platforms(unit) for unit in REQUIRES]
    for unit, required in REQUIRES.items():
        opened = {account.platform for account in ACCOUNTS if account.unit == unit}
        for platform in required:
            if platform != "site":
                missing = platform not in opened
                why = "要求开设而未登记任何账号" if missing else "已登记账号"
                rows.append(
                    {
                        "unit": unit,
                        "platform": platform,
                        "platform_id": "",
                        "check": "account.missing",
                        "expect": "fail" if missing else "pass",
                        "why": why,
                    }
                )
    return rows


def _of_platforms(unit: str) -> dict[str, str]:
    """Whether a unit has more than one account in service on a platform; on Weibo or on WeChat, never on both here."""
    running = Counter(account.platform for account in ACCOUNTS if account.unit == unit and account.status == "running")
    platform, most = running.most_common(1)[0]
    return {
        "unit": unit,
        "platform": platform,
        "platform_id": "",
        "check": "account.duplicate-platform",
        "expect": "fail" if most > 1 else "pass",
        "why": f"同一平台登记有 {most} 个在用账号" if most > 1 else "每个平台只有一个在用账号，注销的不计",
    }
