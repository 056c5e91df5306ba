"""The commands of what people do: reviews of findings, scores entered by hand, notices and rechecks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.options import (
    AsOf,
    By,
    Database,
    Deadline,
    Expires,
    Inspection,
    JsonOutput,
    NoRender,
    OneTarget,
    Private,
    Reason,
    Workers,
)

review_app = typer.Typer(help="复核：确认、误报、豁免。", no_args_is_help=True)
rectify_app = typer.Typer(help="整改：通知、回复、销号。", no_args_is_help=True)
manual_app = typer.Typer(help="人工录入：只有人能评的指标。", no_args_is_help=True)


@review_app.command("queue")
def review_queue(
    inspection: Inspection = "latest",
    sheet: Annotated[Path | None, typer.Option("--sheet", help="写成一份可以填写的复核表（.xlsx）")] = None,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """列出待人工复核的问题，同样的问题归在一起。"""
    from console.reviewing import show_queue

    raise typer.Exit(show_queue(inspection, sheet=sheet, database=database, json_output=json_output))


@review_app.command("add")
def review_add(
    finding: Annotated[str, typer.Argument(metavar="问题编号", help="指纹的前 8 位以上")],
    decision: Annotated[str, typer.Option("--decision", metavar="confirm|false-alarm|exempt", help="确认、误报或豁免")],
    reason: Reason,
    by: By,
    scope: Annotated[
        str, typer.Option("--scope", metavar="element|page|site|everywhere", help="本条、本页、本对象或全部对象")
    ] = "element",
    expires: Expires = None,
    inspection: Inspection = "latest",
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """对一个问题作出决定，得分随即重算。"""
    from console.reviewing import add

    raise typer.Exit(
        add(
            finding,
            inspection=inspection,
            decision=decision,
            scope=scope,
            reason=reason,
            by=by,
            expires=expires,
            database=database,
            json_output=json_output,
        )
    )


@review_app.command("import")
def review_import(
    file: Annotated[Path, typer.Argument(metavar="复核表.xlsx")],
    inspection: Inspection = "latest",
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """收回填好的复核表；有一处不对就整份不收，逐条指出行、列和原因。"""
    from console.reviewing import bring_in

    raise typer.Exit(bring_in(file, inspection=inspection, database=database, json_output=json_output))


@review_app.command("withdraw")
def review_withdraw(
    number: Annotated[int, typer.Argument(metavar="复核编号")],
    reason: Reason,
    by: By,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """撤销一条复核，得分随即重算。"""
    from console.reviewing import take_back

    raise typer.Exit(take_back(number, reason=reason, by=by, database=database, json_output=json_output))


@review_app.command("list")
def review_list(database: Database = "", json_output: JsonOutput = False) -> None:
    """列出全部复核记录，包括已撤销和已到期的。"""
    from console.reviewing import show_history

    raise typer.Exit(show_history(database=database, json_output=json_output))


@manual_app.command("sheet")
def manual_sheet(
    file: Annotated[Path, typer.Argument(metavar="文件.xlsx")],
    inspection: Inspection = "latest",
    target: OneTarget = "",
    database: Database = "",
) -> None:
    """生成录入表：每个待人工评分的指标一行。"""
    from console.entering import make_sheet

    raise typer.Exit(make_sheet(file, inspection=inspection, target=target, database=database))


@manual_app.command("import")
def manual_import(
    file: Annotated[Path, typer.Argument(metavar="录入表.xlsx")],
    inspection: Inspection = "latest",
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """收回填好的录入表；有一处不对就整份不收，逐条指出行、列和原因。"""
    from console.entering import bring_in

    raise typer.Exit(bring_in(file, inspection=inspection, database=database, json_output=json_output))


@manual_app.command("set")
def manual_set(
    indicator: Annotated[str, typer.Argument(metavar="指标编号")],
    target: OneTarget,
    ruleset: Annotated[str, typer.Option("--ruleset", help="指标体系")],
    value: Annotated[str, typer.Option("--value", help="分值；否决项和情形为 是 或 否")],
    reason: Reason,
    by: By,
    evidence: Annotated[Path | None, typer.Option("--evidence", help="证据文件")] = None,
    inspection: Inspection = "latest",
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """录入一个指标（或一级指标）的分值，得分随即重算。"""
    from console.entering import enter

    raise typer.Exit(
        enter(
            indicator,
            inspection=inspection,
            target=target,
            ruleset=ruleset,
            value=value,
            reason=reason,
            by=by,
            evidence=evidence,
            database=database,
            json_output=json_output,
        )
    )


@manual_app.command("withdraw")
def manual_withdraw(
    indicator: Annotated[str, typer.Argument(metavar="指标编号")],
    target: OneTarget,
    ruleset: Annotated[str, typer.Option("--ruleset", help="指标体系")],
    reason: Reason,
    by: By,
    inspection: Inspection = "latest",
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """撤销一项人工录入，得分随即重算。"""
    from console.entering import take_back

    raise typer.Exit(
        take_back(
            indicator,
            inspection=inspection,
            target=target,
            ruleset=ruleset,
            reason=reason,
            by=by,
            database=database,
            json_output=json_output,
        )
    )


@manual_app.command("list")
def manual_list(inspection: Inspection = "latest", database: Database = "", json_output: JsonOutput = False) -> None:
    """列出一次检查的全部人工录入，包括被替换和已撤销的。"""
    from console.entering import show

    raise typer.Exit(show(inspection=inspection, database=database, json_output=json_output))


Notice = Annotated[int, typer.Argument(metavar="通知编号")]
Items = Annotated[list[str] | None, typer.Option("--item", metavar="问题编号", help="只对这个问题，可多次给出")]


@rectify_app.command("issue")
def rectify_issue(
    by: By,
    inspection: Inspection = "latest",
    units: Annotated[str, typer.Option("--units", help="只发给这些单位（单位代码，逗号分隔）")] = "",
    number: Annotated[str, typer.Option("--number", metavar="文号", help="发文字号")] = "",
    deadline: Deadline = None,
    days: Annotated[int, typer.Option("--days", min=1, help="期限为多少个工作日")] = 15,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """对已确认、尚未通知的问题发出整改通知，每个单位一份。"""
    from console.rectifying import issue_notices

    raise typer.Exit(
        issue_notices(
            inspection=inspection,
            units=units,
            by=by,
            document_number=number,
            deadline=deadline,
            working_days=days,
            database=database,
            json_output=json_output,
        )
    )


@rectify_app.command("list")
def rectify_list(
    unit: Annotated[str, typer.Option("--unit", help="只看这个单位（代码或名称）")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只看超期未销号的")] = False,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """列出整改通知及其进展。"""
    from console.rectifying import show_all

    raise typer.Exit(show_all(unit=unit, overdue=overdue, database=database, json_output=json_output))


@rectify_app.command("show")
def rectify_show(notice: Notice, database: Database = "", json_output: JsonOutput = False) -> None:
    """显示一份通知的全部问题及其每一步。"""
    from console.rectifying import show_one

    raise typer.Exit(show_one(notice, database=database, json_output=json_output))


@rectify_app.command("reply")
def rectify_reply(
    notice: Notice,
    text: Annotated[str, typer.Option("--text", help="回复内容")],
    by: By,
    item: Items = None,
    objects: Annotated[bool, typer.Option("--objects", help="单位对问题有异议，而不是已整改")] = False,
    url: Annotated[str, typer.Option("--url", help="在哪个网址可以看到整改结果")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="佐证文件")] = None,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """登记单位的回复；不指明问题即对全部未销号的问题。"""
    from console.rectifying import take_reply

    raise typer.Exit(
        take_reply(
            notice,
            items=item or (),
            objects=objects,
            text=text,
            by=by,
            url=url,
            file=file,
            database=database,
            json_output=json_output,
        )
    )


@rectify_app.command("paper")
def rectify_paper(
    notice: Notice, file: Annotated[Path, typer.Argument(metavar="文件.docx")], database: Database = ""
) -> None:
    """生成一份已发出通知的整改通知书（Word），文号、期限和问题与登记的一致。"""
    from console.rectifying import make_paper

    raise typer.Exit(make_paper(notice, file, database=database))


@rectify_app.command("sheet")
def rectify_sheet(
    notice: Notice, file: Annotated[Path, typer.Argument(metavar="文件.xlsx")], database: Database = ""
) -> None:
    """生成整改情况反馈表，由单位填写。"""
    from console.rectifying import make_sheet

    raise typer.Exit(make_sheet(notice, file, database=database))


@rectify_app.command("import")
def rectify_import(
    notice: Notice,
    file: Annotated[Path, typer.Argument(metavar="反馈表.xlsx")],
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """收回单位填好的反馈表；有一处不对就整份不收，逐条指出行、列和原因。"""
    from console.rectifying import bring_in

    raise typer.Exit(bring_in(notice, file, database=database, json_output=json_output))


@rectify_app.command("close")
def rectify_close(
    notice: Notice,
    reason: Reason,
    by: By,
    item: Items = None,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """人工销号：程序无法判定、由人核实已整改的问题。"""
    from console.rectifying import close_items

    raise typer.Exit(
        close_items(notice, items=item or (), reason=reason, by=by, database=database, json_output=json_output)
    )


def recheck(
    notices: Annotated[list[int] | None, typer.Argument(metavar="通知编号…", help="不给出时为全部通知")] = None,
    every: Annotated[bool, typer.Option("--all", help="复查全部未销号的问题，而不只是已回复的")] = False,
    registry: Annotated[Path | None, typer.Option("--registry", help="现行台账：复查单位登记情况时要用")] = None,
    as_of: AsOf = None,
    no_render: NoRender = False,
    allow_private: Private = False,
    workers: Workers = 0,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """复查整改通知中的问题：只访问有关的页面，逐项说明已整改、仍存在或未能判定。"""
    from console.rectifying import recheck as look_again

    raise typer.Exit(
        look_again(
            notices or (),
            every=every,
            registry=registry,
            as_of=as_of,
            rendering=not no_render,
            allow_private=allow_private,
            workers=workers,
            database=database,
            json_output=json_output,
        )
    )


def calendar(
    year: Annotated[int, typer.Option("--year", min=0, help="哪一年，默认监测时间点所在的年份")] = 0,
    inspection: Inspection = "latest",
    ruleset: Annotated[str, typer.Option("--ruleset", help="按这个指标体系规定的期限")] = "",
    late: Annotated[bool, typer.Option("--late", help="只列逾期和未发布的")] = False,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """履职日历：年报、年度报表、季度自查各在哪一天到期，哪些单位逾期或未发布。"""
    from console.calendar import show

    raise typer.Exit(
        show(year, inspection=inspection, ruleset=ruleset, late=late, database=database, json_output=json_output)
    )
