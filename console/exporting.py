"""The commands about what is handed over: export, verify."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rich.console import Console

from console.errors import BadUsage
from console.output import say_json
from console.recorded import inspection_of, open_store, site_of
from console.settings import settings
from reports import outbox
from reports.manifest import NAME, NotSealed, Verification, verify
from reports.outbox import WHOLE, Part
from reports.papers import Papers
from scheduler import adoption_form
from scheduler.archiving import FORMAT as WARC
from scheduler.archiving import Archived, Archives, write_archives
from scheduler.telling import write_outbox
from storage.exports import Exports
from storage.inspections import InspectionRecord

FORMATS = (*(part.value for part in Part), WARC)
SHOWN = 50
"""Files of one kind that are named on the terminal; --json names all."""


def export(
    inspection: str,
    *,
    formats: tuple[str, ...],
    target: str,
    database: str,
    out: Path | None,
    papers: Papers,
    json_output: bool,
) -> int:
    """Writes a recorded inspection again, as documents or as web archives; nothing is visited or judged."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise BadUsage(f"未知的导出格式“{'、'.join(unknown)}”，可用：{'、'.join(FORMATS)}")
    parts = frozenset(Part(name) for name in formats if name != WARC) if formats else WHOLE
    if target and parts:
        raise BadUsage("--target 只用于 --format warc；问题清单和报告按检查批次整体导出")
    outbox.check(parts, papers)
    console = Console(stderr=json_output)
    with open_store(database) as store:
        record = inspection_of(store, inspection)
        address = site_of(store, record, target)
        out = out or Path("outbox") / record.id
        answer: dict[str, object] = {"inspection": record.id, "out": str(out)}
        if record.ended is None:
            console.print("[yellow]该检查批次尚未结束，导出的是目前已有的内容。[/yellow]")
        if record.cleared is not None:
            since = f"{record.cleared:%Y-%m-%d}"
            console.print(f"[yellow]采集记录已按保存期限于 {since} 清除，已了结问题的证据不在其中。[/yellow]")
        if parts:
            written = write_outbox(store, record, out, parts, papers, asked=True)
            answer |= {"files": [str(path) for path in written.paths], "manifest_sha256": written.digest}
            if not json_output:
                _tell_paths(console, written.paths)
        if WARC in formats:
            archives = write_archives(
                store, record, out, target=address, told=lambda done: None if json_output else _tell(console, done)
            )
            answer |= _described(archives)
            if not json_output:
                _tell_missing(console, record, archives)
    if json_output:
        say_json(answer)
    else:
        tell_seal(console, str(answer["manifest_sha256"]))
    return 0


def papers_of(
    *,
    issuer: str = "",
    number: str = "",
    notice_number: str = "",
    addressees: str = "",
    issued: date | None = None,
    days: int | None = None,
    adoption_file: Path | None = None,
) -> Papers:
    """The particulars of papers: what the command gives, over the settings. Raises BadUsage and what is refused."""
    configured = settings()
    if configured.templates is not None and not configured.templates.is_dir():
        raise BadUsage(f"模板文件夹不存在：{configured.templates}（由 XUNCHA_TEMPLATES 指定）")
    return Papers(
        issuer=issuer or configured.issuer,
        number=number,
        notice_number=notice_number,
        addressees=addressees,
        issued=issued,
        days=configured.rectify_days if days is None else days,
        templates=configured.templates,
        adoptions=adoption_form.read(adoption_file) if adoption_file else None,
    )


def verify_folder(folder: Path, *, expected: str, json_output: bool) -> int:
    """Compares an exported folder with its manifest. 0 where nothing was changed, missing or added, else 1."""
    if not folder.is_dir():
        raise BadUsage(f"没有这个文件夹：{folder}")
    wanted = expected.strip().lower()
    if wanted and (len(wanted) != 64 or set(wanted) - set("0123456789abcdef")):
        raise BadUsage("--sha256 应为 64 位十六进制的清单校验值")
    try:
        found = verify(folder)
    except NotSealed as error:
        if json_output:
            say_json({"folder": str(folder), "intact": False, "reason": str(error)})
        else:
            Console().print(f"[red]未通过：{error}[/red]", highlight=False, soft_wrap=True)
        return 1
    other = bool(wanted) and wanted != found.digest
    noted = Exports(settings().folder).of(found.digest)
    if json_output:
        say_json(
            {
                "folder": str(folder),
                "intact": found.is_intact and not other,
                "manifest_sha256": found.digest,
                "manifest_as_expected": None if not wanted else not other,
                "noted": noted,
                "files": found.intact,
                "changed": found.changed,
                "missing": found.missing,
                "added": found.added,
            }
        )
    else:
        console = Console()
        _tell_verification(console, found)
        if other:
            console.print(f"[red]清单本身与给出的校验值不符：应为 {wanted}[/red]", highlight=False, soft_wrap=True)
        console.print(f"清单校验值（SHA-256）：{found.digest}", highlight=False, soft_wrap=True)
        if noted:
            words = f"本机导出登记：{noted.at:%Y-%m-%d %H:%M} 导出，检查批次 {noted.inspection}，{noted.files} 个文件。"
            console.print(words, highlight=False, soft_wrap=True)
        elif not wanted:
            console.print("本机没有该清单的导出登记；请与导出时记下的校验值核对，或用 --sha256 给出。")
    return 0 if found.is_intact and not other else 1


def tell_seal(console: Console, digest: str) -> None:
    """The manifest's own hash, and what it is for."""
    console.print(f"清单 {NAME} 的校验值（SHA-256）：{digest}", highlight=False, soft_wrap=True)
    console.print("请另行记下此值；日后用 xuncha verify 文件夹 可查出任何改动。", highlight=False)


def _tell_paths(console: Console, paths: tuple[Path, ...]) -> None:
    console.print("结果已写入：")
    for path in paths:
        console.print(f"  {path}", highlight=False, soft_wrap=True)


def _tell(console: Console, done: Archived) -> None:
    figures = done.figures
    console.print(f"{done.name}　{done.path}", highlight=False, soft_wrap=True)
    parts = [
        f"应答 {figures.responses}",
        f"重复内容 {figures.revisits}",
        f"跳转 {figures.redirects}",
        f"无应答 {figures.failures}",
        f"浏览器所见 {figures.documents}",
        f"截图 {figures.pictures}",
    ]
    console.print(f"  访问 {figures.visits} 次；存入：{'，'.join(parts)}", highlight=False, soft_wrap=True)
    gaps = []
    if figures.without_bytes:
        gaps.append(f"{figures.without_bytes} 条访问记录没有内容（只核对状态的附件、图片和站外链接，或按规定未访问）")
    if figures.truncated:
        gaps.append(f"{figures.truncated} 个应答只保存了开头")
    if figures.lost:
        gaps.append(f"{figures.lost} 份原文已不在库中")
    if gaps:
        console.print(f"  不含：{'；'.join(gaps)}", highlight=False, soft_wrap=True)
    if done.from_evidence:
        console.print("  [yellow]采集原文已按保存期限清除，只存入问题所依据的内容。[/yellow]")


def _tell_missing(console: Console, record: InspectionRecord, archives: Archives) -> None:
    for address in archives.unvisited:
        console.print(f"[yellow]{address} 尚未采集，没有可导出的内容。[/yellow]", highlight=False)
    if any(unit.accounts for unit in record.units):
        console.print("WARC 只含网站；政务新媒体账号的数据见问题清单的证据页。")


def _described(archives: Archives) -> dict[str, object]:
    return {
        "archives": [
            {
                "target": done.target,
                "file": str(done.path),
                "from_evidence": done.from_evidence,
                "figures": done.figures,
            }
            for done in archives.archived
        ],
        "unvisited": archives.unvisited,
        "manifest_sha256": archives.digest,
    }


def _tell_verification(console: Console, found: Verification) -> None:
    if found.is_intact:
        console.print(f"[green]完好：{found.intact} 个文件均与清单一致。[/green]", highlight=False)
        return
    console.print(f"[red]未通过：{found.intact} 个文件一致，另有不符：[/red]", highlight=False)
    for label, names in (("已改动", found.changed), ("缺失", found.missing), ("多出", found.added)):
        for name in names[:SHOWN]:
            console.print(f"  {label}　{name}", highlight=False, soft_wrap=True, markup=False)
        if len(names) > SHOWN:
            console.print(f"  {label}　……另有 {len(names) - SHOWN} 个", highlight=False)
