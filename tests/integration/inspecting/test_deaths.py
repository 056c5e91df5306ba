"""A page on which processes die takes nobody with it, and its site is given up in the end."""

from __future__ import annotations

import json

import docx
import openpyxl
import pytest
import yaml

from checks.model import Subject
from scheduler.deaths import DEATHS_AT_ONCE, MOST_DEATHS
from storage.store import Store
from tests.integration.hostile.server import Exchange, HostileServer, Scene
from tests.integration.inspecting.conftest import Xuncha, lines


async def kill_the_visitor(exchange: Exchange) -> None:
    """Ends the process that asks, as a page would that makes a parser overrun its memory."""
    exchange.visitor().kill()


@pytest.mark.timeout(600)
def test_a_site_that_kills_is_given_up_and_the_others_are_read_whole(xuncha: Xuncha) -> None:
    with HostileServer() as killer, HostileServer() as healthy:
        killer.play(Scene((("/art/deadly.html", "要闻"),), {"/art/deadly": kill_the_visitor}))
        units = [
            {
                "code": code,
                "name": name,
                "kind": "county",
                "sites": [{"name": f"{name}网", "home_url": server.home_url, "pace": {"interval": 0}}],
            }
            for code, name, server in (("a", "云汐县人民政府", killer), ("b", "松泉县人民政府", healthy))
        ]
        registry = {"as_of": "2026-08-01T09:00:00+08:00", "units": units}
        (xuncha.folder / "registry.yaml").write_text(yaml.safe_dump(registry, allow_unicode=True), "utf-8")
        words = ["inspect", "--registry", "registry.yaml", "--allow-private", "--no-render", "--out", "out"]
        said = xuncha(*words, code=3).stdout
        deaths = killer.asked["/art/deadly.html"]
    with Store(f"sqlite:///{xuncha.folder / 'xuncha-data/xuncha.sqlite3'}", xuncha.folder / "xuncha-data") as store:
        rows = store.inspections.targets(store.inspections.all()[0].id)
        killed, whole = (row for row in rows if row.target.kind is Subject.SITE)
        assert (whole.state, whole.exit_reason) == ("done", "完成")
        assert killed.state == "failed"
        assert killed.exit_reason.startswith("出错：工作进程异常结束（代码 -9），连续"), killed.exit_reason
        assert not [row for row in store.results.findings(rows[0].inspection) if row.stamped.target == killed.target]
    assert MOST_DEATHS <= deaths <= DEATHS_AT_ONCE + 2  # two may have got further with other pages
    reason = killed.exit_reason.removeprefix("出错：")
    assert f"1 个对象因本系统出错未能检查，不计为任何单位的问题：\n  云汐县人民政府网：{reason}" in said
    assert "云汐县人民政府网：0 页" not in said
    states = {row["state"] for row in lines(xuncha.folder / "out/results.jsonl") if row["target"] == killer.home_url}
    assert states == {"error"}
    cards = json.loads((xuncha.folder / "out/scores.json").read_text("utf-8"))
    verdicts = {card["target"]: card["verdict"] for card in cards if card["ruleset"] == "cn-2019-website"}
    assert verdicts == {killer.home_url: "未能判定", healthy.home_url: "不合格"}
    book = openpyxl.load_workbook(xuncha.folder / "out/problems/云汐县人民政府.xlsx")
    untold = [row[4] for row in book["未能判定"].iter_rows(values_only=True) if row[1] == "云汐县人民政府网"]
    assert len(untold) > 60
    assert set(untold) == {f"检查程序出错，未作判断：{reason}"}
    circular = "\n".join(part.text for part in docx.Document(str(xuncha.folder / "out/circular.docx")).paragraphs)
    assert "合格 0 个、不合格 1 个、未能判定 1 个" in circular
    assert "没有一项得到判定，问题数未计入的：云汐县人民政府网。" in circular
