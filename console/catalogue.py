"""The catalogues: checks, rulesets and registries as the program knows them."""

from __future__ import annotations

from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from checks.model import Check
from checks.registry import CHECKS, AnyCheck, get
from console.cautions import cautions
from console.output import say_json


def list_checks(*, json_output: bool) -> None:
    """Every check: id, 名称, mode, clause."""
    if json_output:
        say_json([_described(check) for check in CHECKS.values()])
        return
    table = Table(title=f"检查项（{len(CHECKS)} 项）", title_justify="left")
    for heading in ("检查项", "名称", "对象", "方式", "依据"):
        table.add_column(heading, overflow="fold")
    for check in CHECKS.values():
        table.add_row(check.id, check.title, _subject(check), check.mode.label, check.clause)
    Console().print(table)


def show_check(check_id: str, *, json_output: bool) -> None:
    """One check in full."""
    check = get(check_id)
    if json_output:
        say_json(_described(check))
        return
    console = Console(highlight=False)
    console.print(f"[bold]{check.title}[/bold]  {check.id}（{_subject(check)}，{check.mode.label}）")
    for heading, text in (
        ("为什么查", check.why),
        ("怎样测量", check.measured),
        ("怎样整改", check.rectify),
        ("已知局限", check.limits),
        ("依据", check.clause),
    ):
        console.print(f"[bold]{heading}[/bold]  {text}")
    for key, value in check.thresholds.items():
        console.print(f"[bold]阈值[/bold]  {key} = {value}")
    console.print(f"[bold]需要的事实[/bold]  {'、'.join(check.needs) or '无'}")
    console.print(f"[bold]说明[/bold]  docs/checks.md（{check.id}）")


def list_rulesets(*, json_output: bool) -> None:
    """Every ruleset: id, version, title, what it applies to."""
    from scoring.ruleset import available

    infos = available()
    if json_output:
        say_json(msgspec.to_builtins([_info(info) for info in infos]))
        return
    table = Table(title=f"指标体系（{len(infos)} 个）", title_justify="left")
    for heading in ("编号", "版本", "名称", "对象", "施行"):
        table.add_column(heading, overflow="fold")
    for info in infos:
        subject = {"site": "网站", "account": "账号", "unit": "单位"}[info.subject]
        table.add_row(
            info.id, info.version, info.title, subject, f"{info.since} 起" + (f"至 {info.until}" if info.until else "")
        )
    Console().print(table)


def show_ruleset(ruleset_id: str, *, json_output: bool) -> None:
    """One ruleset's indicators with points, kind, checks, clause and provenance."""
    from scoring.model import Kind
    from scoring.ruleset import load

    ruleset = load(ruleset_id, frozenset(CHECKS))
    if json_output:
        say_json(ruleset.model_dump(mode="json"))
        return
    console = Console(highlight=False)
    console.print(f"[bold]{ruleset.title}[/bold]  {ruleset.id} {ruleset.version}")
    console.print(f"来源：{ruleset.source}")
    console.print(f"满分 {ruleset.maximum.value}，其中 {ruleset.assumed_points} 分依据本系统暂定的数值")
    if ruleset.extends:
        console.print(f"在 {ruleset.extends} 的基础上改动：")
        for change in ruleset.changes:
            console.print(f"  {change}", markup=False)
    table = Table()
    for heading in ("一级指标", "二级指标", "方式", "分值", "检查项", "依据", "分值来源"):
        table.add_column(heading, overflow="fold")
    for section, indicator in ruleset.indicators():
        points = getattr(getattr(indicator, "points", None), "value", "")
        table.add_row(
            section,
            indicator.name,
            Kind(indicator.kind).label,
            str(points),
            "\n".join(indicator.checks),
            indicator.clause,
            indicator.sureness.label,
        )
    console.print(table)


def compare_rulesets(old: str, new: str, *, json_output: bool) -> None:
    """What the second ruleset has otherwise than the first; each is an id or a file."""
    from scoring.difference import differences
    from scoring.ruleset import load

    first, second = (load(each, frozenset(CHECKS)) for each in (old, new))
    found = differences(first, second)
    if json_output:
        say_json({"old": first.id, "new": second.id, "differences": found})
        return
    console = Console(highlight=False)
    console.print(
        f"{first.title}（{first.id} {first.version}）与 {second.title}（{second.id} {second.version}）", markup=False
    )
    for one in found:
        console.print(f"{one.how}　{one.where}", markup=False)
        for key, before, after in one.keys:
            console.print(f"　　{key}：{before} → {after}", markup=False, soft_wrap=True)
    console.print(f"共 {len(found)} 处不同。" if found else "两者相同。")


def validate_ruleset(file: Path) -> None:
    """Says that a file is a ruleset that holds; a refusal is raised by the loader."""
    from scheduler.rejudging import thresholds_of
    from scoring.ruleset import load

    ruleset = load(file, frozenset(CHECKS))
    thresholds_of(ruleset)
    Console().print(f"“{ruleset.title}”（{ruleset.id} {ruleset.version}）可以使用。")


def validate_registry(file: Path) -> None:
    """Says what a registry holds; a refusal is raised by the reader."""
    from scheduler.registry import load

    registry = load(file)
    sites = sum(len(unit.sites) for unit in registry.units)
    accounts = sum(len(unit.accounts) for unit in registry.units)
    console = Console()
    console.print(f"台账可以使用：{len(registry.units)} 个单位，{sites} 个网站，{accounts} 个账号。")
    for line in cautions(registry.units):
        console.print(line, soft_wrap=True)


def _subject(check: AnyCheck) -> str:
    return {"site": "网站", "account": "账号", "unit": "单位"}[check.subject.value]


def _described(check: AnyCheck) -> dict[str, object]:
    fields = [name for name in Check.__struct_fields__ if name != "judge"]
    described: dict[str, object] = {name: getattr(check, name) for name in fields}
    described["docs"] = f"docs/checks.md#{check.id.replace('.', '')}"
    return described


def _info(info: object) -> dict[str, object]:
    return {name: getattr(info, name) for name in ("id", "version", "title", "system", "subject", "since", "until")}
