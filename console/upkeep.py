"""The commands of what the office keeps: catalogue, indicator systems, registry, lexicons, database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from console.options import Database, JsonOutput

checks_app = typer.Typer(help="检查项目录。", no_args_is_help=True)
rulesets_app = typer.Typer(help="指标体系。", no_args_is_help=True)
registry_app = typer.Typer(help="台账。", no_args_is_help=True)
lexicon_app = typer.Typer(help="词库：错别字、表述和放行词语。", no_args_is_help=True)
db_app = typer.Typer(help="数据库。", no_args_is_help=True)


@checks_app.command("list")
def checks_list(json_output: JsonOutput = False) -> None:
    """列出全部检查项。"""
    from console.catalogue import list_checks

    list_checks(json_output=json_output)


@checks_app.command("show")
def checks_show(check_id: Annotated[str, typer.Argument(metavar="检查项")], json_output: JsonOutput = False) -> None:
    """说明一个检查项：依据、阈值、怎样整改。"""
    from console.catalogue import show_check

    show_check(check_id, json_output=json_output)


@rulesets_app.command("list")
def rulesets_list(json_output: JsonOutput = False) -> None:
    """列出全部指标体系。"""
    from console.catalogue import list_rulesets

    list_rulesets(json_output=json_output)


@rulesets_app.command("show")
def rulesets_show(
    ruleset_id: Annotated[str, typer.Argument(metavar="指标体系")], json_output: JsonOutput = False
) -> None:
    """列出一个指标体系的全部指标及其依据。"""
    from console.catalogue import show_ruleset

    show_ruleset(ruleset_id, json_output=json_output)


@rulesets_app.command("diff")
def rulesets_diff(
    old: Annotated[str, typer.Argument(metavar="指标体系或文件")],
    new: Annotated[str, typer.Argument(metavar="指标体系或文件")],
    json_output: JsonOutput = False,
) -> None:
    """逐项比较两个指标体系：增加、删除和修改了什么。"""
    from console.catalogue import compare_rulesets

    compare_rulesets(old, new, json_output=json_output)


@rulesets_app.command("validate")
def rulesets_validate(file: Annotated[Path, typer.Argument(metavar="文件")]) -> None:
    """检验一个指标体系文件。"""
    from console.catalogue import validate_ruleset

    validate_ruleset(file)


@registry_app.command("validate")
def registry_validate(file: Annotated[Path, typer.Argument(metavar="文件")]) -> None:
    """检验台账，逐条指出文件、行、列和原因。"""
    from console.catalogue import validate_registry

    validate_registry(file)


@registry_app.command("template")
def registry_template(file: Annotated[Path, typer.Argument(metavar="文件.xlsx")]) -> None:
    """生成一份可以填写的台账模板。"""
    from scheduler.registry import write_template

    write_template(file)
    typer.echo(f"已生成台账模板：{file}")


@lexicon_app.command("import")
def lexicon_import(
    file: Annotated[Path, typer.Argument(metavar="文件")],
    replace: Annotated[bool, typer.Option("--replace", help="替换词库文件夹中的同名文件")] = False,
) -> None:
    """导入一个词库文件（CSV 或 XLSX）；有错的文件整个不导入，逐条指出文件、行、列和原因。"""
    from console.lexicon import import_file

    import_file(file, replace=replace)


@lexicon_app.command("validate")
def lexicon_validate(file: Annotated[Path | None, typer.Argument(metavar="文件")] = None) -> None:
    """检验一个词库文件；不给文件时检验正在使用的全部词库。"""
    from console.lexicon import validate

    validate(file)


@lexicon_app.command("test")
def lexicon_test(
    text: Annotated[str, typer.Argument(metavar="句子")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="查一个文本文件")] = None,
    lexicon: Annotated[Path | None, typer.Option("--lexicon", help="只用这个词库文件")] = None,
    json_output: JsonOutput = False,
) -> None:
    """用词库查一句话或一个文件：显示命中的词语，也显示放行的词语及其理由。"""
    from console.lexicon import try_text

    try_text(text, file, lexicon, json_output=json_output)


@db_app.command("upgrade")
def db_upgrade(database: Database = "") -> None:
    """把数据库升级到本版本的结构。"""
    from console.settings import settings
    from storage.store import Store

    configured = settings()
    configured.folder.mkdir(parents=True, exist_ok=True)
    with Store(database or configured.database_url, configured.folder) as store:
        store.upgrade()
    typer.echo("数据库结构已是最新。")


@db_app.command("prune")
def db_prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出将清除和保留什么，不作改动")] = False,
    database: Database = "",
    json_output: JsonOutput = False,
) -> None:
    """按保存期限清除过期的采集记录、原文和证据；未了结、已导出的问题的证据不清除。"""
    from console.keeping import prune_database

    raise typer.Exit(prune_database(database=database, trial=dry_run, json_output=json_output))


@db_app.command("backup")
def db_backup(
    folder: Annotated[Path, typer.Argument(metavar="文件夹")], database: Database = "", json_output: JsonOutput = False
) -> None:
    """备份数据库、证据、采集原文和登记到一个文件夹，检查进行中也可以；再次备份只写入新的内容。"""
    from console.backing import back_up_database

    raise typer.Exit(back_up_database(folder, database=database, json_output=json_output))


@db_app.command("restore")
def db_restore(folder: Annotated[Path, typer.Argument(metavar="文件夹")], database: Database = "") -> None:
    """把备份恢复到配置所指的、空的数据文件夹和数据库；备份有任何损坏都不恢复。"""
    from console.backing import restore_database

    raise typer.Exit(restore_database(folder, database=database))
