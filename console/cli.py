"""`xuncha`: the command line's face. Each command imports what it needs when it runs, so that `--help` starts at once.

Exit codes: 0 done, 1 `--fail-on` was met or a check of files found something, 2 bad usage or input, 3 part of the
targets could not be inspected, 4 none.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from console.duty import metrics, night, remind
from console.office import calendar, manual_app, recheck, rectify_app, review_app
from console.options import (
    AsOf,
    Database,
    FailOn,
    Issued,
    JsonOutput,
    MaxPages,
    NoRender,
    Out,
    Private,
    Rulesets,
    Workers,
)
from console.upkeep import checks_app, db_app, lexicon_app, registry_app, rulesets_app

app = typer.Typer(
    name="xuncha",
    help="巡查：政府网站与政务新媒体检查。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_FORMATS = "xlsx|docx|html|json|csv|pdf|warc"
accounts_app = typer.Typer(help="政务新媒体。", no_args_is_help=True)
plan_app = typer.Typer(help="计划：何时检查什么。", no_args_is_help=True)
circular_app = typer.Typer(help="通报。", no_args_is_help=True)
INSPECTING, OFFICE, UPKEEP = "检查", "评分、复核与整改", "维护"
"""The panels of `--help`."""


@app.command(rich_help_panel=INSPECTING)
def demo(
    out: Annotated[Path, typer.Option("--out", help="结果写到哪个文件夹")] = Path("outbox/demo"),
    workers: Workers = 0,
    json_output: JsonOutput = False,
) -> None:
    """在本机起一座虚构的城市，巡查其全部单位，写出结果并显示排名。"""
    from console.inspecting import run_demo

    raise typer.Exit(run_demo(out, workers=workers, json_output=json_output))


@app.command(rich_help_panel=INSPECTING)
def check(
    url: Annotated[str, typer.Argument(help="网站首页网址")],
    ruleset: Rulesets = None,
    as_of: AsOf = None,
    max_pages: MaxPages = 500,
    no_render: NoRender = False,
    out: Out = None,
    allow_private: Private = False,
    fail_on: FailOn = None,
    json_output: JsonOutput = False,
) -> None:
    """立即检查一个网站：显示进度、得分、否决项、最要紧的问题和报告位置。"""
    from console.inspecting import check_site

    raise typer.Exit(
        check_site(
            url,
            rulesets=tuple(ruleset or ()),
            as_of=as_of,
            max_pages=max_pages,
            rendering=not no_render,
            out=out,
            allow_private=allow_private,
            fail_on=fail_on,
            json_output=json_output,
        )
    )


@app.command(rich_help_panel=INSPECTING)
def inspect(
    registry: Annotated[Path, typer.Option("--registry", help="台账文件（YAML、XLSX 或 CSV）")],
    ruleset: Rulesets = None,
    as_of: AsOf = None,
    kind: Annotated[str, typer.Option("--kind", help="检查类型：nightly、quarterly 或 on-demand")] = "quarterly",
    units: Annotated[str, typer.Option("--units", help="只查这些单位（单位代码，逗号分隔）")] = "",
    workers: Workers = 0,
    database: Database = "",
    out: Out = None,
    max_pages: MaxPages = 0,
    resume: Annotated[bool, typer.Option("--resume", help="接着上次中断的检查继续，已完成的页面不再访问")] = False,
    no_render: NoRender = False,
    queue: Annotated[bool, typer.Option("--queue", help="交给分布式队列的工作机检查（需要 PostgreSQL）")] = False,
    allow_private: Private = False,
    fail_on: FailOn = None,
    json_output: JsonOutput = False,
) -> None:
    """按台账检查全部单位，写出问题清单、评分和报告。"""
    from console.inspecting import inspect_registry

    raise typer.Exit(
        inspect_registry(
            registry,
            rulesets=tuple(ruleset or ()),
            as_of=as_of,
            kind=kind,
            units=units,
            workers=workers,
            database=database,
            out=out,
            max_pages=max_pages,
            resume=resume,
            rendering=not no_render,
            allow_private=allow_private,
            fail_on=fail_on,
            json_output=json_output,
            queued=queue,
        )
    )


@accounts_app.command("check")
def accounts_check(
    registry: Annotated[Path, typer.Option("--registry", help="台账文件（YAML、XLSX 或 CSV）")],
    ruleset: Rulesets = None,
    as_of: AsOf = None,
    units: Annotated[str, typer.Option("--units", help="只查这些单位（单位代码，逗号分隔）")] = "",
    database: Database = "",
    out: Out = None,
    allow_private: Private = False,
    fail_on: FailOn = None,
    json_output: JsonOutput = False,
) -> None:
    """只检查台账中的政务新媒体账号。"""
    from checks.model import Subject
    from console.inspecting import inspect_registry

    raise typer.Exit(
        inspect_registry(
            registry,
            rulesets=tuple(ruleset or ()),
            as_of=as_of,
            kind="on-demand",
            units=units,
            workers=1,
            database=database,
            out=out,
            max_pages=0,
            resume=False,
            rendering=False,
            allow_private=allow_private,
            fail_on=fail_on,
            json_output=json_output,
            subjects=frozenset({Subject.ACCOUNT, Subject.UNIT}),
        )
    )


@app.command(rich_help_panel=INSPECTING)
def facts(
    sources: Annotated[list[str], typer.Argument(help="网址或文件", metavar="网址|文件…")],
    base: Annotated[str, typer.Option("--base", help="文件对应的网址")] = "",
    json_output: JsonOutput = False,
    as_of: AsOf = None,
    no_render: NoRender = False,
    allow_private: Private = False,
) -> None:
    """显示采集程序从页面中读到的事实，每页一个 JSON 对象。"""
    from console.facts import show_facts

    raise typer.Exit(
        show_facts(
            sources, base=base, as_of=as_of, rendering=not no_render, allow_private=allow_private, compact=json_output
        )
    )


@circular_app.command("check")
def circular_check(
    file: Annotated[Path, typer.Argument(metavar="文件")],
    json_output: JsonOutput = False,
) -> None:
    """核对一份通报（txt、md、csv、xlsx、docx）：合计、名次、满分、重复、缺漏和正文所说的数量。

    只有四舍五入差异以 0 退出，有不符之处以 1 退出。
    """
    from console.circular import check_file

    raise typer.Exit(check_file(file, json_output=json_output))


@app.command(rich_help_panel=OFFICE)
def export(
    inspection: Annotated[str, typer.Option("--inspection", help="检查批次编号，latest 为最近一次")],
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", metavar=_FORMATS, help="格式，可多次给出，默认 xlsx、docx、html 和 json"),
    ] = None,
    target: Annotated[str, typer.Option("--target", help="只导出这个网站（仅用于 warc）")] = "",
    issuer: Annotated[str, typer.Option("--issuer", help="公文的发文机关，默认取配置 issuer，没有则留空待填")] = "",
    number: Annotated[str, typer.Option("--number", help="通报的发文字号，没有则留空待填")] = "",
    notice_number: Annotated[
        str, typer.Option("--notice-number", help="整改通知书的发文字号，其中 {n} 为从 1 起的顺序号")
    ] = "",
    addressees: Annotated[str, typer.Option("--addressees", help="通报的主送机关")] = "",
    issued: Issued = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=0, max=250, help="整改期限，成文日期起几个工作日，默认取配置 rectify_days"),
    ] = None,
    adoptions: Annotated[
        Path | None, typer.Option("--adoptions", help="信息采用量表（CSV 或 XLSX，列：单位名称、采用量，可有类别）")
    ] = None,
    database: Database = "",
    out: Out = None,
    json_output: JsonOutput = False,
) -> None:
    """导出一次已完成的检查：问题清单、公文、报告、数据，或网站存档（WARC）。不再访问任何网站。"""
    from console.exporting import export as export_inspection
    from console.exporting import papers_of

    raise typer.Exit(
        export_inspection(
            inspection,
            formats=tuple(formats or ()),
            target=target,
            database=database,
            out=out,
            papers=papers_of(
                issuer=issuer,
                number=number,
                notice_number=notice_number,
                addressees=addressees,
                issued=issued,
                days=days,
                adoption_file=adoptions,
            ),
            json_output=json_output,
        )
    )


@app.command(rich_help_panel=OFFICE)
def score(
    inspection: Annotated[str, typer.Option("--inspection", help="检查批次编号，latest 为最近一次")] = "latest",
    ruleset: Rulesets = None,
    target: Annotated[str, typer.Option("--target", help="只看这个对象：网址、账号或名称")] = "",
    explain: Annotated[str, typer.Option("--explain", metavar="指标", help="用文字说明这个指标怎样得分")] = "",
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """按已保存的检查结果评分并显示，可用任何指标体系；不再访问网站，也不改动已保存的评分。"""
    from console.scoring import score as score_recorded

    raise typer.Exit(
        score_recorded(
            inspection,
            rulesets=tuple(ruleset or ()),
            target=target,
            indicator=explain,
            database=database,
            json_output=json_output,
        )
    )


@app.command(rich_help_panel=OFFICE)
def rescore(
    inspection: Annotated[str, typer.Option("--inspection", help="检查批次编号，latest 为最近一次")] = "latest",
    ruleset: Rulesets = None,
    diff: Annotated[bool, typer.Option("--diff", help="说明哪些得分变了、为什么")] = False,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """按已保存的检查结果重新评分并保存，可加用其他指标体系；不再访问网站。"""
    from console.scoring import rescore as rescore_recorded

    raise typer.Exit(
        rescore_recorded(
            inspection, rulesets=tuple(ruleset or ()), diff=diff, database=database, json_output=json_output
        )
    )


@app.command(rich_help_panel=OFFICE)
def verify(
    folder: Annotated[Path, typer.Argument(metavar="文件夹")],
    expected: Annotated[str, typer.Option("--sha256", help="导出时记下的清单校验值")] = "",
    json_output: JsonOutput = False,
) -> None:
    """核验导出的文件夹：任何文件被改动、缺失或多出都会指出。完好以 0 退出，否则以 1 退出。"""
    from console.exporting import verify_folder

    raise typer.Exit(verify_folder(folder, expected=expected, json_output=json_output))


@app.command(rich_help_panel=UPKEEP)
def doctor(
    registry: Annotated[Path | None, typer.Option("--registry", help="台账文件：检查其中各数据来源的凭据")] = None,
    json_output: JsonOutput = False,
) -> None:
    """检查本机环境和数据来源的凭据，显示正在生效的配置及其来源。"""
    from console.doctor import examine

    raise typer.Exit(examine(registry, json_output=json_output))


@app.command(rich_help_panel=INSPECTING)
def scheduler(
    registry: Annotated[Path, typer.Option("--registry", help="台账文件")],
    ruleset: Rulesets = None,
    database: Database = "",
    allow_private: Private = False,
) -> None:
    """按计划执行：夜间巡查、季度检查、新媒体检查、可用性探测、日报、提醒和清理，直到被中止。"""
    from console.scheduling import run_scheduler

    raise typer.Exit(
        run_scheduler(registry, rulesets=tuple(ruleset or ()), database=database, allow_private=allow_private)
    )


@plan_app.command("show")
def plan_show(
    days: Annotated[int, typer.Option("--days", help="今后和以往各看几天")] = 7,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """列出今后的计划和以往的执行情况，错过的以红色标出。"""
    from console.scheduling import show_plan

    raise typer.Exit(show_plan(days=days, database=database, json_output=json_output))


@app.command(rich_help_panel=INSPECTING)
def worker(
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=256, help="同时检查几个对象")] = 16,
    processes: Annotated[int, typer.Option("--processes", min=0, help="工作进程数，0 为每个 CPU 核一个")] = 0,
    database: Database = "",
) -> None:
    """在本机运行分布式队列的工作机，直到被中止；中止时把进行中的检查交还队列。"""
    from console.working import serve_queue

    raise typer.Exit(serve_queue(concurrency=concurrency, processes=processes, database=database))


@app.command(rich_help_panel=INSPECTING)
def probe(
    registry: Annotated[Path, typer.Option("--registry", help="台账文件（YAML、XLSX 或 CSV）")],
    once: Annotated[bool, typer.Option("--once", help="各访问一次就结束，供定时任务使用")] = False,
    every: Annotated[
        float | None, typer.Option("--every", metavar="分钟", help="大约每隔几分钟访问一次，默认 45，不超过 60")
    ] = None,
    units: Annotated[str, typer.Option("--units", help="只看这些单位（单位代码，逗号分隔）")] = "",
    database: Database = "",
    allow_private: Private = False,
    json_output: JsonOutput = False,
) -> None:
    """间隔访问台账中每个网站的首页并记录，直到被中止；检查“站点无法访问”以此为准。"""
    from console.probing import probe_registry

    raise typer.Exit(
        probe_registry(
            registry,
            once=once,
            every=every,
            units=units,
            database=database,
            allow_private=allow_private,
            json_output=json_output,
        )
    )


app.command("night", rich_help_panel=INSPECTING)(night)
app.command("metrics", rich_help_panel=UPKEEP)(metrics)
app.command("recheck", rich_help_panel=OFFICE)(recheck)
app.command("calendar", rich_help_panel=OFFICE)(calendar)
app.command("remind", rich_help_panel=OFFICE)(remind)
for name, group, panel in (
    ("accounts", accounts_app, INSPECTING),
    ("plan", plan_app, INSPECTING),
    ("review", review_app, OFFICE),
    ("manual", manual_app, OFFICE),
    ("rectify", rectify_app, OFFICE),
    ("circular", circular_app, OFFICE),
    ("checks", checks_app, UPKEEP),
    ("rulesets", rulesets_app, UPKEEP),
    ("registry", registry_app, UPKEEP),
    ("lexicon", lexicon_app, UPKEEP),
    ("db", db_app, UPKEEP),
):
    app.add_typer(group, name=name, rich_help_panel=panel)


def main() -> None:
    """Runs the command line; whatever is refused ends in one message and exit code 2."""
    try:
        app(standalone_mode=True)
    except Exception as error:
        if not _is_refusal(error):
            raise
        print(str(error), file=sys.stderr)  # noqa: T201 (the one place where a refusal is told)
        raise SystemExit(2) from None


def _is_refusal(error: Exception) -> bool:
    """Errors that speak to the user, by the rooms' own trees."""
    return any(kind.__module__.split(".")[-1] in ("errors", "settings") for kind in type(error).__mro__)


if __name__ == "__main__":
    main()
