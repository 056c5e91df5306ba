"""Sending through real mail servers and webhooks on loopback: what arrives, what is told, what is tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.facts import BEIJING
from scheduler.mail import Mail
from scheduler.night import report_of
from scheduler.night_post import post_night
from scheduler.posting import Channel, Message, Posted, post, shortened
from scheduler.webhook import Webhook
from storage.postings import Sent
from storage.store import Store
from tests.integration.duty.nights import LANSHAN, POSTS, YUNXI, Night, found, opened
from tests.integration.duty.servers import Hook, Mailbox, Speaker, context_for, mail_server, talking, webhook
from tests.integration.inspecting.conftest import Xuncha

MESSAGE = Message(
    "night", "n1", "巡检日报 2026-11-20", "新增问题 3 处", "新增问题 3 处\n" * 40, {"new": 3}, (), "d", ("a",)
)
CHIEF, CLERK = "chief@office.example", "clerk@office.example"


def clock() -> datetime:
    return datetime.now(BEIJING)


def plain(port: int, recipient: str = CHIEF, **more: float) -> Mail:
    return Mail("127.0.0.1", "xuncha@office.example", recipient, "none", port, **more)  # type: ignore[arg-type]


def test_a_closed_port_is_a_told_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    assert plain(port).deliver(MESSAGE).outcome is Sent.FAILED
    assert plain(port).reach().startswith("127.0.0.1：")
    hook = Webhook(f"http://127.0.0.1:{port}/")
    assert hook.deliver(MESSAGE).outcome is Sent.FAILED
    assert hook.reach() == "127.0.0.1：连接被拒绝"


def test_a_webhook_is_sent_json(tmp_path: Path) -> None:
    hook, tls = Hook(), context_for(tmp_path)
    with webhook(hook, tls=tls) as url:
        assert Webhook(url).deliver(MESSAGE).outcome is Sent.FAILED
        channel = Webhook(url, roots=str(tmp_path / "roots.pem"))
        assert channel.reach() == ""
        assert hook.bodies == []
        assert channel.deliver(MESSAGE).outcome is Sent.SENT
    assert hook.bodies == [
        {"kind": "night", "key": "n1", "title": MESSAGE.title, "text": MESSAGE.text, "data": {"new": 3}}
    ]


@pytest.mark.parametrize(
    ("status", "answer", "outcome"),
    [
        (200, {"errcode": 0, "errmsg": "ok"}, Sent.SENT),
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, Sent.FAILED),
        (200, "what?", Sent.UNSURE),
        (302, {}, Sent.FAILED),
        (503, {}, Sent.FAILED),
    ],
)
def test_a_robot_has_taken_what_it_says_it_took(status: int, answer: object, outcome: Sent) -> None:
    hook = Hook(status, answer)
    with webhook(hook) as url:
        delivery = Webhook(url, "wecom").deliver(MESSAGE)
    assert delivery.outcome is outcome
    assert "s3cr3t" not in delivery.reason
    assert hook.bodies == [{"msgtype": "text", "text": {"content": f"【巡查】{MESSAGE.title}\n新增问题 3 处"}}]


@pytest.mark.parametrize("path", ["/send?key=s3cr3t-key", "/hook/s3cr3t-key"])
def test_a_robot_that_repeats_its_key_is_not_repeated(path: str) -> None:
    hook = Hook(200, {"errcode": "s3cr3t-key", "errmsg": "no robot has the key s3cr3t-key " + "x" * 5000})
    with webhook(hook) as url:
        delivery = Webhook(url.replace("/send?key=s3cr3t-key", path), "wecom").deliver(MESSAGE)
    assert delivery.outcome is Sent.FAILED
    assert "no robot has the key ***" in delivery.reason
    assert "s3cr3t" not in delivery.reason
    assert len(delivery.reason) < 300


def test_a_webhook_that_cannot_prove_itself_is_told_in_plain_words(tmp_path: Path) -> None:
    with webhook(hook := Hook(), tls=context_for(tmp_path)) as url:
        for told in (Webhook(url).deliver(MESSAGE).reason, Webhook(url).reach()):
            assert told == "127.0.0.1：证书不可信：证书的签发机构不受信任（单位自建的机构可用 trusted_roots 指定）"
        assert Webhook(url.replace("127.0.0.1", "localhost"), roots=str(tmp_path / "roots.pem")).reach() == (
            "localhost：证书不可信：证书不是颁发给这个主机名的"
        )
    assert hook.bodies == []


def test_a_dingtalk_robot_gets_a_signature_that_holds() -> None:
    hook = Hook(200, {"errcode": 0})
    with webhook(hook) as url:
        assert Webhook(url, "dingtalk", "SECabc").deliver(MESSAGE).outcome is Sent.SENT
    asked = {key: value[0] for key, value in parse_qs(urlsplit(hook.paths[0]).query).items()}
    signed = hmac.new(b"SECabc", f"{asked['timestamp']}\nSECabc".encode(), hashlib.sha256).digest()
    assert (asked["key"], asked["sign"]) == ("s3cr3t-key", base64.b64encode(signed).decode())
    assert abs(int(asked["timestamp"]) / 1000 - time.time()) < 60


def _hang(one: socket.socket) -> None:
    one.recv(1)
    time.sleep(30)


def test_a_webhook_that_hangs_may_have_taken_it_and_says_nothing_of_its_key(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), talking(_hang) as port:
        channel = Webhook(f"http://127.0.0.1:{port}/send?key=s3cr3t-key", step_seconds=0.5, total_seconds=2)
        delivery = channel.deliver(MESSAGE)
    assert delivery.outcome is Sent.UNSURE
    assert "s3cr3t" not in delivery.reason + caplog.text + repr(channel)


@pytest.mark.parametrize("url", ["http://robots.example/", "", "ftp://127.0.0.1/", "https://", "http://["])
def test_an_address_in_the_clear_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Webhook(url)


def test_a_long_text_is_cut_at_a_line() -> None:
    cut = shortened("\n".join(["新增问题三处"] * 300), 2048)
    assert len(cut.encode()) <= 2048
    assert cut.splitlines()[-2:] == ["新增问题三处", "…（余下从略）"]
    assert shortened("短", 2048) == "短"


# --------------------------------------------------------------------------- once and once only


def test_a_message_is_sent_once_and_again_only_after_a_told_failure(store: Store) -> None:
    box = Mailbox(data_answer="451 try later")
    with mail_server(box) as port:
        assert post(store, MESSAGE, plain(port), clock).outcome is Sent.FAILED
        box.data_answer = "250 OK"
        assert post(store, MESSAGE, plain(port), clock).outcome is Sent.SENT
        again = post(store, MESSAGE, plain(port), clock)
    assert (again.outcome, again.words) == (None, "未发送（已发送，不重复发送）")
    assert len(box.envelopes) == 1
    kept = store.postings.get("night", "n1", f"mail:{CHIEF}")
    assert kept is not None
    assert (kept.outcome, kept.attempts, kept.digest, kept.told) == (Sent.SENT, 2, "d", ("a",))


def test_what_may_have_arrived_is_not_sent_again(store: Store) -> None:
    with talking(Speaker({b".": b""})) as port:
        assert post(store, MESSAGE, plain(port, step_seconds=0.5), clock).outcome is Sent.UNSURE
    box = Mailbox()
    with mail_server(box) as port:
        assert post(store, MESSAGE, plain(port), clock).outcome is None
    assert box.envelopes == []


def test_several_at_once_send_one(tmp_path: Path, store: Store) -> None:
    hook = Hook()

    def sending(_: int) -> Posted:
        with opened(tmp_path) as own:
            return post(own, MESSAGE, Webhook(url), clock)

    with webhook(hook) as url, ThreadPoolExecutor(4) as pool:
        posted = list(pool.map(sending, range(8)))
    assert [one.outcome for one in posted].count(Sent.SENT) == 1
    assert len(hook.bodies) == 1


def test_a_channel_that_breaks_breaks_nothing_else(store: Store) -> None:
    class Broken:
        name = "mail"

        def deliver(self, message: Message) -> object:
            raise RuntimeError("a fault of ours")

        def reach(self) -> str:
            return ""

    broken: Channel = Broken()  # type: ignore[assignment]  # what it delivers never comes to be
    assert post(store, MESSAGE, broken, clock).outcome is Sent.UNSURE


def test_only_a_night_with_news_is_sent(store: Store) -> None:
    hook = Hook()

    def night(number: int, *quotes: str, reason: str = "") -> None:
        made = Night(store, number).do(YUNXI, found(YUNXI, *quotes), pages=30)
        record = made.do(LANSHAN, found(LANSHAN, "旧"), pages=30, reason=reason).do(POSTS, found(POSTS)).end()
        posted.append(post_night(store, report_of(store, record), [Webhook(url)], clock)[0].outcome)

    posted: list[Sent | None] = []
    with webhook(hook) as url:
        night(0, "甲")
        night(1, "甲")
        night(2, "甲", "乙")
        night(3, "甲", "乙")
        night(4, "甲", "乙", reason="被拦截")
        night(5, "甲", "乙", reason="被拦截")
        hook.status = 500
        night(6, "甲")
        hook.status = 200
        night(7, "甲")
    assert posted == [Sent.SENT, None, Sent.SENT, None, Sent.SENT, None, Sent.FAILED, Sent.SENT]
    assert [body["data"]["inspection"][-1] for body in hook.bodies] == [
        "0",
        "2",
        "4",
        "6",
        "6",
    ]  # the seventh has no news, the sixth had


def test_the_command_sends_and_says_what_became_of_it(store: Store, xuncha: Xuncha) -> None:
    Night(store).do(YUNXI, found(YUNXI, "甲")).do(LANSHAN, found(LANSHAN)).do(POSTS, found(POSTS)).end()
    assert "没有配置发送渠道" in xuncha("night", "--send", code=2).stderr
    config = xuncha.folder / "xuncha.toml"
    config.write_text('webhook = "json"\n', "utf-8")
    assert "XUNCHA_WEBHOOK_URL" in xuncha("night", "--send", code=2).stderr
    logins = xuncha.folder / "logins.toml"
    hook, box = Hook(500), Mailbox(refuse=(CLERK,))
    with webhook(hook) as url, mail_server(box) as port:
        logins.write_text(f'XUNCHA_WEBHOOK_URL = "{url}"\n', "utf-8")
        logins.chmod(0o600)
        config.write_text(
            f'webhook = "json"\ncredentials_file = "{logins}"\nmail_host = "127.0.0.1"\nmail_port = {port}\n'
            f'mail_security = "none"\nmail_from = "xuncha@office.example"\nmail_to = {json.dumps([CHIEF, CLERK, CHIEF])}\n',
            "utf-8",
        )
        told = xuncha("night", "--send", code=3)
        assert told.stdout.splitlines() == [
            f"邮件 {CHIEF}：已发送",
            f"邮件 {CLERK}：发送失败（收件人 {CLERK} 被拒：450 busy, try again later）",
            "群消息（webhook）：发送失败（127.0.0.1 返回 500）",
        ]
        hook.status, box.refuse = 200, ()
        told = xuncha("night", "--send")
        assert [line.split("：")[1] for line in told.stdout.splitlines()] == [
            "未发送（已发送，不重复发送）",
            "已发送",
            "已发送",
        ]
        told = xuncha("night", "--send", "--json")
    assert [one["outcome"] for one in json.loads(told.stdout)["posted"]] == [None] * 3
    assert "s3cr3t" not in told.stdout + told.stderr
    assert [one["To"] for one in box.mails] == [CHIEF, CLERK]
    (page,) = box.mails[1].iter_attachments()
    assert page.get_filename() == "巡检日报-2026-11-19.html"
    assert "巡检日报" in page.get_content()
