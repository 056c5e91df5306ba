"""Alarms (警报): when a night as a whole is not to be trusted, or was none.

A night that found nothing at all is no good news: so quiet a city means that we are broken.
"""

from __future__ import annotations

from collections.abc import Iterator

from crawler.facts.endings import OWN_FAULT
from reports.night_figures import gigabytes
from reports.night_model import Alarm, AlarmKind, Limits, Night, NightReport
from reports.wording import clock


def alarms(night: Night, report: NightReport, limits: Limits) -> Iterator[Alarm]:
    """The alarms of a night, whose figures `report` has already."""
    if night.at and night.worked and (night.at - night.worked).total_seconds() > limits.idle_hours * 3600:
        words = f"夜间巡查没有进行：最近一次查完对象是在 {clock(night.worked)}，下面是那次的情况，请检查本机和调度程序"
        yield Alarm(AlarmKind.NOT_RUN, words)
    if not report.done and not report.unfinished:
        why = f"应查 {report.due} 个对象，一个也没有查成" if report.due else "本次检查没有任何对象，请核对台账"
        yield Alarm(AlarmKind.NOTHING_DONE, why)
    elif report.ended is not None and not night.found:
        words = f"查了 {report.done} 个对象，一处问题也没有发现：多半是巡查程序或本机网络出了问题"
        yield Alarm(AlarmKind.NO_FINDINGS, f"{words}，不能据此认为全部合格或已整改")
    if report.done and len(report.undetermined) > limits.undetermined_targets * report.done:
        many = f"{report.done} 个对象中有 {len(report.undetermined)} 个大部分项目未能判定"
        yield Alarm(AlarmKind.MOSTLY_UNDETERMINED, f"{many}，请先查本机网络、出口地址是否被拦截和登录凭据")
    if report.ended is None and night.sits_until is None:
        yield Alarm(AlarmKind.UNFINISHED, f"检查尚未结束，还有 {report.unfinished} 个对象没有查完")
    if broken := [row.name for row in night.rows if row.exit_reason == OWN_FAULT]:
        words = f"采集 {len(broken)} 个网站时本系统出错，有的页面没有读到：{'、'.join(broken)}"
        yield Alarm(AlarmKind.OWN_FAULT, f"{words}；没有看到的一律未作判定，请把日志交给维护人员")
    if report.disk.free < limits.free_bytes_min:
        words = f"磁盘仅余 {gigabytes(report.disk.free)}，少于 {gigabytes(limits.free_bytes_min)}"
        yield Alarm(AlarmKind.DISK, words)
