"""The options that several commands share, each said once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.facts import BEIJING


def parsed_as_of(text: str | datetime) -> datetime:
    """A monitoring time point in Beijing time from `2026-11-20` (end of the day) or `2026-11-20 17:00`."""
    if isinstance(text, datetime):
        return text
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=BEIJING)
        except ValueError:
            continue
        return moment if "H" in form else moment.replace(hour=23, minute=59)
    raise typer.BadParameter(f"“{text}”不是有效的时间，应为 2026-11-20 或 “2026-11-20 17:00”")


def parsed_day(text: str | date) -> date:
    """A day from `2026-11-27`."""
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}”不是有效的日期，应为 2026-11-27") from None


AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", parser=parsed_as_of, metavar="时间", help="监测时间点，默认现在"),
]
Issued = Annotated[
    date | None,
    typer.Option("--issued", parser=parsed_day, metavar="日期", help="公文的成文日期，没有则留空待填"),
]
Rulesets = Annotated[list[str] | None, typer.Option("--ruleset", help="指标体系，可多次给出")]
MaxPages = Annotated[int, typer.Option("--max-pages", min=0, help="每个网站最多访问多少页")]
NoRender = Annotated[bool, typer.Option("--no-render", help="不用浏览器渲染脚本页面")]
Out = Annotated[Path | None, typer.Option("--out", help="结果写到哪个文件夹")]
Private = Annotated[bool, typer.Option("--allow-private", help="允许访问内网和本机地址")]
FailOn = Annotated[str | None, typer.Option("--fail-on", metavar="veto|finding", help="有否决项或有问题时以 1 退出")]
JsonOutput = Annotated[bool, typer.Option("--json", help="只输出 JSON")]
Workers = Annotated[int, typer.Option("--workers", min=0, help="工作进程数，默认每核一个")]
Database = Annotated[str, typer.Option("--db", metavar="URL", help="数据库，默认内置 SQLite")]
Inspection = Annotated[str, typer.Option("--inspection", help="检查批次编号，latest 为最近一次")]
OneTarget = Annotated[str, typer.Option("--target", help="只看这个对象：网址、账号或名称")]
Reason = Annotated[str, typer.Option("--reason", help="理由")]
Expires = Annotated[
    date | None,
    typer.Option("--expires", parser=parsed_day, metavar="日期", help="到哪一天为止，默认长期有效"),
]
Deadline = Annotated[
    date | None,
    typer.Option("--deadline", parser=parsed_day, metavar="日期", help="整改期限，默认按工作日推算"),
]
By = Annotated[str, typer.Option("--by", help="谁作的决定")]
