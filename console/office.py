"""The commands of what people decide: reviews of findings, and scores entered by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.options import By, Database, Inspection, JsonOutput, OneTarget, Reason

review_app = typer.Typer(help="复核：确认、误报、豁免。", no_args_is_help=True)
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
    expires: Annotated[str, typer.Option("--expires", metavar="日期", help="到哪一天为止，默认长期有效")] = "",
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
