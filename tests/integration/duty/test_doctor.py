"""What doctor says of the store, the clock and the channels, as the command line gives it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from msgspec.structs import replace

from crawler.facts import BEIJING
from storage import schema
from storage.database import Database
from storage.postings import Sent
from storage.rounds import Round
from storage.store import Store
from tests.integration.duty.nights import FIRST, POSTS, YUNXI, Night, found
from tests.integration.duty.servers import Hook, Mailbox, mail_server, webhook
from tests.integration.inspecting.conftest import Xuncha

CHIEF = "chief@office.example"


@contextmanager
def canary(*, ahead: float = 0.0, age: int = 0, date: str | None = None) -> Iterator[str]:
    """A host whose clock is so many seconds ahead; a store on the way may have kept its answer for `age`."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            told = format_datetime(datetime.now(BEIJING) + timedelta(seconds=ahead - age))
            self.send_response_only(200)
            if date != "":
                self.send_header("Date", date or told)
            if age:
                self.send_header("Age", str(age))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(xuncha: Xuncha, **config: object) -> dict[str, Any]:
    lines = [f"{key} = {json.dumps(value)}" for key, value in config.items()]
    (xuncha.folder / "xuncha.toml").write_text("\n".join(lines), "utf-8")
    said = json.loads(xuncha("doctor", "--json", code=None).stdout)
    return {one["name"]: one for one in said["symptoms"]}


@pytest.mark.parametrize(
    ("ahead", "age", "date", "ok"),
    [
        (0, 0, None, True),
        (0, 3600, None, True),
        (120, 0, None, False),
        (-120, 0, None, False),
        (0, 0, "", None),
        (0, 0, "yesterday", None),
    ],
)
def test_the_clock_against_the_canaries(
    ahead: float, age: int, date: str | None, ok: bool | None, store: Store, xuncha: Xuncha
) -> None:
    with canary(ahead=ahead, age=age, date=date) as address:
        symptoms = told(xuncha, canaries=[address])
    assert symptoms["时钟"]["ok"] is ok
    assert symptoms["本机网络"]["ok"] is True


def test_a_fresh_store(store: Store, xuncha: Xuncha) -> None:
    with canary() as address:
        symptoms = told(xuncha, canaries=[address])
    expected = {
        "数据库": True,
        "证据存储": True,
        "待查队列": True,
        "夜间巡查": None,
        "最近的发送": None,
        "发送渠道": None,
    }
    assert {name: symptoms[name]["ok"] for name in expected} == expected
    assert "数据文件夹、网页暂存、证据、结果文件夹可用" in symptoms["磁盘"]["words"]
    kept = [path for path in (store.folder / "evidence").rglob("*") if path.is_file()]
    assert kept == []


def test_evidence_that_cannot_be_written_is_amiss(store: Store, xuncha: Xuncha) -> None:
    (store.folder / "evidence").write_text("in the way", "utf-8")
    with canary() as address:
        symptom = told(xuncha, canaries=[address])["证据存储"]
    assert symptom["ok"] is False
    assert "无法写入" in symptom["words"]


def test_a_stuck_queue_and_a_missed_night(store: Store, xuncha: Xuncha) -> None:
    ago = (datetime.now(BEIJING) - FIRST).days - 3
    record = Night(store, ago).do(YUNXI, found(YUNXI, "甲")).do(POSTS, found(POSTS)).end()
    for channel, outcome in ((f"mail:{CHIEF}", Sent.FAILED), ("mail:gone@office.example", Sent.UNSURE)):
        store.postings.claim("night", "n", channel, datetime.now(BEIJING), digest="", told=())
        store.postings.settle("night", "n", channel, outcome, datetime.now(BEIJING), reason="连接被拒绝")
    store.inspections.create(replace(record, id="stuck", ended=None), [(YUNXI, "云溪县人民政府网")])
    mail = {"mail_host": "127.0.0.1", "mail_port": 1, "mail_from": CHIEF, "mail_to": [CHIEF]}
    with canary() as address:
        symptoms = told(xuncha, canaries=[address], **mail)
        store.inspections.finish("stuck", datetime.now(BEIJING), "完成")
        after = told(xuncha, canaries=[address], **mail)
    assert symptoms["待查队列"]["ok"] is False
    assert "未结束的检查 1 个：每晚巡查（stuck" in symptoms["待查队列"]["words"]
    assert symptoms["夜间巡查"]["ok"] is False
    assert symptoms["最近的发送"]["ok"] is False
    assert symptoms["最近的发送"]["words"].startswith(f"日报（邮件 {CHIEF}）")
    assert symptoms["最近的发送"]["words"].endswith("发送失败：连接被拒绝")  # nobody writes to the other any more
    assert (after["待查队列"]["ok"], after["夜间巡查"]["ok"]) == (True, False)


def test_a_quarter_of_several_nights_is_not_stuck(store: Store, xuncha: Xuncha) -> None:
    now = datetime.now(BEIJING)
    begun = now - timedelta(days=3)
    night = Night(store, (begun - FIRST).days, kind="quarterly").do(YUNXI, found(YUNXI, "甲"))
    store.inspections.complete(night.id, 1, state="done", exit_reason="完成", stats={}, now=now - timedelta(hours=9))
    closes = now + timedelta(days=1)
    store.rounds.claim(Round("quarterly", "s", "2026Q4", begun, closes, begun, now, "h", inspection=night.id))
    with canary() as address:
        symptoms = told(xuncha, canaries=[address])
    assert (symptoms["待查队列"]["ok"], symptoms["夜间巡查"]["ok"]) == (True, True)


def test_channels_are_reached_and_nothing_is_sent(store: Store, xuncha: Xuncha) -> None:
    hook, box = Hook(), Mailbox()
    mail = {
        "mail_host": "127.0.0.1",
        "mail_security": "none",
        "mail_from": "x@office.example",
        "mail_to": ["a@b.example"],
    }
    with canary() as address, webhook(hook) as url, mail_server(box) as port:
        half = told(xuncha, canaries=[address], mail_host="127.0.0.1")
        assert "mail_to" in half["发送渠道"]["words"]
        logins = xuncha.folder / "logins.toml"
        logins.write_text(f'XUNCHA_WEBHOOK_URL = "{url}"\n', "utf-8")
        logins.chmod(0o600)
        config = {**mail, "canaries": [address], "webhook": "json", "credentials_file": str(logins)}
        symptoms = told(xuncha, **config, mail_port=port)
        assert (symptoms["邮件"]["ok"], symptoms["群消息（webhook）"]["ok"]) == (True, True)
        broken = told(xuncha, **config, mail_port=1)
    assert broken["邮件"]["ok"] is False
    assert (box.envelopes, hook.bodies) == ([], [])
    assert "s3cr3t" not in json.dumps([symptoms, broken])


def test_a_database_that_does_not_open_leaves_the_rest_untold(xuncha: Xuncha) -> None:
    with canary() as address:
        symptoms = told(xuncha, canaries=[address], database="postgresql+psycopg://x:pa55@127.0.0.1:1/none")
    assert symptoms["数据库"]["ok"] is False
    assert {symptoms[name]["ok"] for name in ("待查队列", "夜间巡查", "最近的发送")} == {None}
    assert symptoms["证据存储"]["ok"] is True
    said = xuncha("doctor", code=3).stdout
    assert "127.0.0.1:1/none" in said
    assert "pa55" not in said + json.dumps(symptoms)


def test_an_older_database_is_told_and_left_as_it_is(xuncha: Xuncha) -> None:
    """An older program may be at work on it."""
    (xuncha.folder / "xuncha-data").mkdir()
    database = Database(f"sqlite:///{xuncha.folder / 'xuncha-data' / 'xuncha.sqlite3'}")
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
    with canary() as address:
        symptoms = told(xuncha, canaries=[address])
    assert symptoms["数据库"]["ok"] is False
    assert "xuncha db upgrade" in symptoms["数据库"]["words"]
    assert (symptoms["待查队列"]["ok"], schema.check(database)) == (None, "0005")
    database.close()


def test_a_new_machine_is_looked_at_and_given_no_database(xuncha: Xuncha) -> None:
    with canary() as address:
        symptoms = told(xuncha, canaries=[address])
    assert (symptoms["数据库"]["ok"], symptoms["证据存储"]["ok"]) == (None, True)
    assert not list(xuncha.folder.rglob("*.sqlite3"))


def test_a_file_that_is_no_database(xuncha: Xuncha) -> None:
    (data := xuncha.folder / "xuncha-data").mkdir()
    (data / "xuncha.sqlite3").write_bytes(b"no database at all" * 300)
    with canary() as address:
        symptoms = told(xuncha, canaries=[address])
    assert symptoms["数据库"]["ok"] is False
    assert "无法打开数据库" in symptoms["数据库"]["words"]


def test_an_address_that_cannot_be_read_is_not_shown(xuncha: Xuncha) -> None:
    with canary() as address:
        symptoms = told(xuncha, canaries=[address], database="postgresql+psycopg:/x:pa55@127.0.0.1/none")
    assert symptoms["数据库"]["ok"] is False
    said = xuncha("doctor", code=3)
    assert "pa55" not in said.stdout + said.stderr + xuncha("doctor", "--json", code=3).stdout + json.dumps(symptoms)


def test_what_is_amiss_in_one_place_hides_no_other(store: Store, xuncha: Xuncha) -> None:
    mail = {"mail_host": "127.0.0.1", "mail_from": CHIEF, "mail_to": ["Wang, Min <a@b.example>"]}
    away = "postgresql+psycopg://x:pa55@127.0.0.1:1/none"
    with canary() as address:
        roots = told(xuncha, canaries=[address], trusted_roots="missing.pem", **{**mail, "mail_to": [CHIEF]})
        whom = told(xuncha, canaries=[address], **mail)
        queue = told(xuncha, canaries=[address], queue=True, database=away)
        local = told(xuncha, canaries=[address], queue=True)
    assert "missing.pem" in roots["发送渠道"]["words"]
    assert "不是一个邮箱地址" in whom["发送渠道"]["words"]
    assert {one["数据库"]["ok"] for one in (roots, whom)} == {True}
    assert (queue["分布式队列"]["ok"], queue["数据库"]["ok"], queue["本机网络"]["ok"]) == (None, False, True)
    assert (local["分布式队列"]["ok"], local["本机网络"]["ok"]) == (False, True)


@pytest.mark.browser
def test_a_browser_is_started_not_only_found(store: Store, xuncha: Xuncha) -> None:
    assert told(xuncha)["浏览器"]["ok"] is True
    broken = told(Xuncha(xuncha.folder, PLAYWRIGHT_NODEJS_PATH="/bin/false"))["浏览器"]
    assert broken["ok"] is False
    assert "驱动不能运行" in broken["words"]
    (bin := xuncha.folder / "bin").mkdir()
    (bin / "chromium").write_text("#!/bin/sh\nexit 1\n")
    (bin / "chromium").chmod(0o755)
    false = told(Xuncha(xuncha.folder, PATH=f"{bin}:{os.environ['PATH']}"))["浏览器"]
    assert (false["ok"], false["words"].partition("，")[0]) == (False, f"{bin / 'chromium'} 不能启动")
