"""The commands of whoever is on duty (值班): what the night brought, what falls due, how things stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from console.options import Database, JsonOutput, parsed_day

Missed = Annotated[
    list[date] | None,
    typer.Option("--missed", parser=parsed_day, metavar="日期", help="没有巡查的夜晚，可多次给出"),
]

Send = Annotated[bool, typer.Option("--send", help="发到配置的邮箱或群，没有变化则不发")]


def night(
    inspection: Annotated[str, typer.Option("--inspection", help="检查批次编号，默认最近一夜的检查")] = "",
    missed: Missed = None,
    out: Annotated[Path | None, typer.Option("--out", help="写成文件：.html、.txt 或 .json")] = None,
    send: Send = False,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """巡检日报：一夜巡查的完成情况、新增和已整改的问题、内容锐减的网站、本机故障和警报。"""
    from console.night import tell

    raise typer.Exit(
        tell(inspection, missed=tuple(missed or ()), out=out, send=send, database=database, json_output=json_output)
    )


def remind(
    as_of: Annotated[
        date | None, typer.Option("--as-of", parser=parsed_day, metavar="日期", help="以哪一天计，默认今天")
    ] = None,
    ruleset: Annotated[str, typer.Option("--ruleset", help="按这个指标体系的期限计算履职事项")] = "",
    send: Send = False,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """到期提醒：整改期限、履职日历、登录凭据和季度内尚未复核的问题；每天至多发一次，说过的不再说。"""
    from console.reminding import remind as remind_of

    raise typer.Exit(remind_of(as_of, ruleset=ruleset, send=send, database=database, json_output=json_output))


def metrics(
    once: Annotated[bool, typer.Option("--once", help="只输出一次，不提供服务")] = False,
    listen: Annotated[str, typer.Option("--listen", metavar="地址:端口", help="默认取配置 metrics")] = "",
    database: Database = "",
) -> None:
    """为 Prometheus 提供运行指标，直到被中止。"""
    from console.metrics import serve

    raise typer.Exit(serve(once=once, listen=listen, database=database))
