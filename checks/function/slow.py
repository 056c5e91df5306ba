"""function.slow: how long the site's pages take to answer, by the median of sampled first looks."""

from __future__ import annotations

import statistics
from decimal import Decimal

from checks import lexicon
from checks.model import JSON, Check, Finding, Measurement, Mode, State, Subject, Thresholds, Verdict
from checks.settings import integer, number
from checks.settling import undetermined
from crawler.facts import SiteFacts

_LISTED = 5


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """Fail where the median is over the line, all that may be ours taken off: no page loads before it answers."""
    timings = facts.timings
    if len(timings) < integer(thresholds, "samples_min"):
        return undetermined(f"可计时的页面只有 {len(timings)} 个，不足以判断")
    median = Decimal(int(statistics.median(timing.elapsed_ms for timing in timings)))
    seconds = (median / 1000).quantize(Decimal("0.01"))
    measured = (Measurement("页面应答时间中位数", seconds, unit="秒"),)
    told = f"抽取 {len(timings)} 个页面，从发出请求到开始应答的时间中位数为 {seconds} 秒"
    line = number(thresholds, "slow_seconds")
    within = f"未超过 {line} 秒（不含图片、样式的载入）"
    if median <= line * 1000:  # whatever lengthened the times, they were not too long
        return Verdict(State.PASS, f"{told}，{within}", measurements=measured)
    yardstick = facts.yardstick
    if yardstick is None or yardstick.way_ms is None:
        return undetermined(f"页面应答时间中位数 {seconds} 秒，但未能测得到该网站的网络时延", measured)
    if yardstick.way_ms > number(thresholds, "way_ms"):
        return undetermined(f"本机到该网站的网络时延为 {yardstick.way_ms} 毫秒，所测时间不作数", measured)
    # a connection takes one way there and back before the request, and the request one more; a busy machine is late
    # when it sends and when it receives
    ours = 2 * (yardstick.way_ms + yardstick.lag_ms)
    if median - ours <= line * 1000:
        parts = f"网络时延 {yardstick.way_ms} 毫秒、本机延迟 {yardstick.lag_ms} 毫秒"
        return undetermined(f"{told}，但其中可能有{parts}，不能认定超过 {line} 秒", measured)
    slowest = sorted(timings, key=lambda timing: (-timing.elapsed_ms, timing.url))[:_LISTED]
    listed: list[JSON] = [{"url": timing.url, "seconds": timing.elapsed_ms / 1000} for timing in slowest]
    message = f"{told}，扣除网络和本机的延迟（{ours} 毫秒）后仍超过 {line} 秒（从单一网络测得）"
    finding = Finding(
        url=facts.site.home_url,
        message=message,
        location="全站页面（抽样）",
        quote="页面应答慢",
        observed={
            "median_seconds": str(seconds),
            "pages": len(timings),
            "way_ms": yardstick.way_ms,
            "own_lag_ms": yardstick.lag_ms,
            "slowest": listed,
        },
        evidence_urls=tuple(timing.url for timing in slowest),
    )
    return Verdict(State.FAIL, message, (finding,), measured)


CHECK = Check(
    id="function.slow",
    title="页面加载慢",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="页面迟迟不出现，访问者会以为网站打不开；网页设计规范要求主流环境下 3 秒内载入。",
    rectify="检查服务器、数据库和动态程序的处理时间，启用缓存或静态化，必要时扩容。",
    measured="抽取至多 30 个页面的第一次访问，取从发出请求到收到应答头的时间的中位数，"
    "扣除到该主机的网络时延和本机的延迟；采集的访问间隔、重试和跳转不计入。页面完全载入的时间只会更长，所以超过即成立。",
    limits="只测应答，不含图片、样式和脚本的载入，未超过不等于载入一定快；从单一网络测得；"
    "可计时的页面太少、扣除延迟后不足以认定、到该网站的网络本身很慢时为未能判定。",
    clause="国办发〔2017〕47号 附件《网页设计规范》（页面加载不超过 3 秒，待核）",
    judge=judge,
    thresholds=lexicon.thresholds("function.slow"),
)
