"""The report of a night as the plain text of a mail, and in the few lines that a group chat takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.night_figures import gigabytes
from reports.night_model import Kind, Named, NightReport, limits
from reports.wording import clock, printable


def title(report: NightReport) -> str:
    """One line for a subject: the night, and what of it is most urgent; what there is none of is not named."""
    if report.alarms:
        return f"【警报】巡检日报 {report.night}：{'，'.join(alarm.kind.label for alarm in report.alarms)}"
    fallen = sum(not one.cause for one in report.emptied)
    counts = (
        (len(report.missed), "漏查 {} 夜"),
        (report.new, "新增问题 {} 处"),
        (report.new_candidates, "新增待复核 {} 处"),
        (report.fixed, "已整改 {} 处"),
        (fallen, "内容锐减 {} 个"),
        (len(report.failed), "出错 {} 个"),
        (len(report.unreachable), "首页无法打开 {} 个"),
        (len(report.blocked), "被拦截 {} 个"),
        (len(report.incidents), "本机网络故障 {} 起"),
    )
    words = "，".join(words.format(count) for count, words in counts if count)
    return f"巡检日报 {report.night}：{words or '没有新增问题'}"


def summary(report: NightReport) -> str:
    """A few lines: alarms, figures, the gravest of what is new."""
    lines = [f"警报：{alarm.words}" for alarm in report.alarms]
    if report.missed:
        lines.append(_missed(report))
    if report.sits_until:
        lines.append(_under_way(report))
    lines.append(f"应查 {report.due}，完成 {report.done}，出错 {len(report.failed)}，被拦截 {len(report.blocked)}")
    lines.append(_problems(report))
    lines += [f"新增：{kind.title} {kind.count} 处{_vetoes(kind, '，其中单项否决')}" for kind in report.new_kinds[:5]]
    lines += [f"待人工复核：{kind.title} {kind.count} 处" for kind in report.new_candidate_kinds[:3]]
    lines += [
        f"内容锐减：{one.target.name} {one.what} {one.before} → {one.now}"
        for one in report.emptied[:3]
        if not one.cause
    ]
    return printable("\n".join(lines))


def text(report: NightReport) -> str:
    """The whole report in plain text."""
    return printable("\n".join(_lines(report)) + "\n")


def _missed(report: NightReport) -> str:
    return f"{'、'.join(map(str, report.missed))} 夜间没有巡查"


def _under_way(report: NightReport) -> str:
    return f"检查按计划进行中，至迟 {clock(report.sits_until)} 结束，还有 {report.unfinished} 个对象待查。"


def _problems(report: NightReport) -> str:
    return (
        f"新增问题 {report.new} 处，持续 {report.standing} 处，已整改 {report.fixed} 处；"
        f"新增待人工复核 {report.new_candidates} 处，共 {report.candidates} 处"
    )


def _lines(report: NightReport) -> Iterator[str]:
    yield f"巡检日报　{report.night}"
    yield f"{report.name}（批次 {report.inspection}），{clock(report.started)} 开始，{_end(report)}"
    yield ""
    for alarm in report.alarms:
        yield f"【警报】{alarm.words}"
    if report.missed:
        yield f"【漏查】{_missed(report)}"
    if report.sits_until:
        yield _under_way(report)
    if report.alarms or report.missed or report.sits_until:
        yield ""
    yield (
        f"应查 {report.due} 个对象，完成 {report.done} 个，"
        f"出错 {len(report.failed)} 个，未查完 {report.unfinished} 个；"
        f"被拦截 {len(report.blocked)} 个，首页无法打开 {len(report.unreachable)} 个，"
        f"大部分未能判定 {len(report.undetermined)} 个"
    )
    yield _problems(report)
    yield from _section("新增问题（按类型）", map(_kind, report.new_kinds))
    yield from _section("新增待人工复核（按类型，未经确认，不计为问题）", map(_doubt, report.new_candidate_kinds))
    caution = "；本次有警报，核实后方可采信" if report.alarms else ""
    yield from _section(f"已整改（按类型{caution}）", map(_kind, report.fixed_kinds))
    yield from _section(
        "与上次相比内容锐减（采集完整，请人工查看）",
        (f"{_name(one.target)}：{one.what} {one.before} → {one.now}" for one in report.emptied if not one.cause),
    )
    yield from _section(
        "本次看到的比上次少很多，但采集不完整，不能说明网站有变化",
        (
            f"{_name(one.target)}：{one.what} {one.before} → {one.now}，{one.cause}"
            for one in report.emptied
            if one.cause
        ),
    )
    shut = (f"{_name(one)}：{one.address}" for one in report.unreachable)
    yield from _section("首页无法打开（一次打不开不等于站点无法访问，以间隔监测为准）", shut)
    yield from _section("出错（本系统自身出错，不计为任何单位的问题）", map(_said, report.failed))
    yield from _section("被拦截（对方防护拦截了本机的访问，网站是否有问题未能判定）", map(_said, report.blocked))
    yield from _section("大部分未能判定", map(_said, report.undetermined))
    yield from _section("账号数据未取到", (f"{reason} {many} 个账号" for reason, many in report.sources))
    yield from _section(
        "本机网络故障（不计为任何单位的问题）",
        (
            f"{clock(one.first)} 至 {clock(one.last)}，{one.times} 次，正在访问 {_name(one.target)}"
            for one in report.incidents
        ),
    )
    yield from _section(
        "用时最长", (f"{_name(one.target)}：{duration(one.seconds)}，{one.pages} 页" for one in report.slowest)
    )
    yield ""
    yield f"磁盘可用 {gigabytes(report.disk.free)}，本夜保存的网页内容 {gigabytes(report.disk.taken)}"


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    every = list(lines)
    shown = limits().shown
    if every:
        yield ""
        yield f"■ {heading}"
        yield from (f"  {' '.join(line.split())}" for line in every[:shown])
        if len(every) > shown:
            yield f"  …另有 {len(every) - shown} 项"


def _kind(kind: Kind) -> str:
    return f"{kind.title}：{kind.count} 处{_vetoes(kind, '，其中单项否决')}（{_where(kind)}）"


def _doubt(kind: Kind) -> str:
    return f"{kind.title}：{kind.count} 处{_vetoes(kind, '，如属实将单项否决')}（{_where(kind)}）"


def _vetoes(kind: Kind, words: str) -> str:
    return f"{words} {kind.vetoes} 处" if kind.vetoes else ""


def _where(kind: Kind) -> str:
    return "、".join(kind.targets[:5]) + (f" 等 {len(kind.targets)} 个对象" if len(kind.targets) > 5 else "")


def _name(one: Named) -> str:
    return f"{one.name}（{one.unit}，{one.what}）" if one.what else one.name


def _said(one: Named) -> str:
    return f"{_name(one)}：{one.words}"


def _end(report: NightReport) -> str:
    if report.ended is None:
        return "尚未结束"
    return f"{clock(report.ended)} 结束，用时 {duration((report.ended - report.started).total_seconds())}"


def duration(seconds: float) -> str:
    """Seconds as a person says them: 2 小时 5 分, 3 分 20 秒, 40 秒; 2 小时 where it is no more."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [(hours, "小时"), (minutes, "分")] if hours else [(minutes, "分"), (rest, "秒")]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 秒"
