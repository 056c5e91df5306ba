"""Mail through real SMTP servers on loopback: who is trusted, what arrives, and what a failure says."""

from __future__ import annotations

import base64
import logging
import re
import socket
import ssl
import time
import warnings
from collections.abc import Callable
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32
from email.utils import parseaddr
from pathlib import Path

import pytest
from msgspec.structs import replace

from scheduler.mail import Mail
from scheduler.posting import Attachment, Message
from storage.postings import Sent
from storage.store import Store
from tests.integration.duty.nights import LANSHAN, POSTS, YUNXI, Night, found
from tests.integration.duty.servers import HANGS_UP, ROOT, Mailbox, Speaker, context_for, mail_server, talking
from tests.integration.inspecting.conftest import Xuncha
from tests.integration.probing.authority import DAY, NOW, Issued, issued

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it is there already
MESSAGE = Message("night", "n1", "巡检日报 2026-11-20", "新增问题 3 处", "新增问题 3 处\n" * 40, {"new": 3})
SENDER, CHIEF = "xuncha@office.example", "chief@office.example"
PASSWORD = "pa55-w0rd"


def plain(port: int, recipient: str = CHIEF, sender: str = SENDER, **more: float) -> Mail:
    return Mail("127.0.0.1", sender, recipient, "none", port, **more)  # type: ignore[arg-type]


def over_tls(security: str, port: int, roots: Path | None, password: str = PASSWORD, host: str = "127.0.0.1") -> Mail:
    return Mail(host, SENDER, CHIEF, security, port, "office", password, str(roots or ""), 3, 6)  # type: ignore[arg-type]


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_mail_arrives_whole_over_tls_with_a_login(tmp_path: Path, security: str) -> None:
    box, tls = Mailbox(), context_for(tmp_path)
    with mail_server(box, tls=tls, implicit=security == "ssl", password=PASSWORD) as port:
        mail = over_tls(security, port, tmp_path / "roots.pem")
        assert (mail.reach(), box.logins) == ("", 0)
        delivery = mail.deliver(MESSAGE)
    assert (delivery.outcome, delivery.reason, mail.name) == (Sent.SENT, "", f"mail:{CHIEF}")
    (envelope,), (received,) = box.envelopes, box.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [CHIEF])
    assert received["Subject"] == MESSAGE.title
    body = received.get_body()
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").rstrip() == MESSAGE.text.rstrip()


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_wrong_password_is_told_once_and_not_repeated(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, security: str
) -> None:
    box, tls = Mailbox(), context_for(tmp_path)
    with caplog.at_level(logging.DEBUG), mail_server(box, tls=tls, implicit=security == "ssl", password="pa55") as port:
        mail = over_tls(security, port, tmp_path / "roots.pem", password="wr0ng")
        delivery = mail.deliver(MESSAGE)
    assert delivery.outcome is Sent.FAILED
    assert delivery.reason.startswith("127.0.0.1：登录被拒：535")
    assert box.logins == 1  # PLAIN and LOGIN were offered: each more would bring the account nearer to being locked
    assert "wr0ng" not in delivery.reason + repr(mail)


ELSEWHERE = issued("Another Root", authority=True)
FAULTY = [
    (issued("127.0.0.1", ELSEWHERE), "证书的签发机构不受信任（单位自建的机构可用 trusted_roots 指定）"),
    (issued("127.0.0.1"), "证书为自签名，不受信任"),
    (issued("mail", ROOT, hosts=("127.0.0.9",)), "证书不是颁发给这个 IP 地址的"),
    (issued("127.0.0.1", ROOT, start=NOW - 9 * DAY, end=NOW - DAY), "证书已过期"),
    (issued("127.0.0.1", ROOT, start=NOW + DAY, end=NOW + 9 * DAY), "证书尚未生效，请核对本机时钟"),
]


@pytest.mark.parametrize("security", ["starttls", "ssl"])
@pytest.mark.parametrize(("own", "words"), FAULTY)
def test_a_server_that_cannot_prove_itself_is_given_nothing(
    tmp_path: Path, security: str, own: Issued, words: str
) -> None:
    box, tls = Mailbox(), context_for(tmp_path, own)
    with mail_server(box, tls=tls, implicit=security == "ssl", password=PASSWORD) as port:
        mail = over_tls(security, port, tmp_path / "roots.pem")
        delivery, reached = mail.deliver(MESSAGE), mail.reach()
    assert (delivery.outcome, box.envelopes, box.logins) == (Sent.FAILED, [], 0)
    assert delivery.reason == reached == f"127.0.0.1：证书不可信：{words}"


@pytest.mark.parametrize(
    ("newest", "ciphers", "words"),
    [
        (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", "对方只支持过旧的加密协议，至少需要 TLS 1.2"),
        (ssl.TLSVersion.TLSv1_2, "AES256-GCM-SHA384", "双方没有共同的加密算法，对方的加密算法可能过旧"),
    ],
)
def test_an_old_server_is_said_to_be_one(tmp_path: Path, newest: ssl.TLSVersion, ciphers: str, words: str) -> None:
    tls = context_for(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it is old
        tls.minimum_version, tls.maximum_version = ssl.TLSVersion.TLSv1, newest
    tls.set_ciphers(ciphers)
    with talking(lambda one: tls.wrap_socket(one, server_side=True).close()) as port:
        assert over_tls("ssl", port, tmp_path / "roots.pem").reach() == f"127.0.0.1：{words}"


def test_the_name_is_held_against_the_certificate(tmp_path: Path) -> None:
    tls = context_for(tmp_path, issued("mail", ROOT, hosts=("mail.office.example",)))
    with mail_server(Mailbox(), tls=tls, implicit=True) as port:
        assert "证书不是颁发给这个主机名的" in over_tls("ssl", port, tmp_path / "roots.pem", host="localhost").reach()


def _spoken(password: str) -> list[bytes]:
    return [
        password.encode(),
        base64.b64encode(password.encode()),
        base64.b64encode(f"\0office\0{password}".encode()),
    ]


@pytest.mark.parametrize(
    ("security", "offers", "words"),
    [
        ("starttls", "AUTH PLAIN LOGIN", "服务器没有提供 STARTTLS，不会以明文发送"),
        ("starttls", "STARTTLS", "对方没有以 TLS 应答，请核对端口和加密方式"),  # says 250 and goes on in the clear
        ("ssl", "AUTH PLAIN LOGIN", "对方没有以 TLS 应答，请核对端口和加密方式"),
    ],
)
def test_a_password_never_goes_in_the_clear(security: str, offers: str, words: str) -> None:
    speaker = Speaker({b"STARTTLS": b"220 now\r\n250 what?\r\n"}, offers=offers)
    with talking(speaker) as port:
        delivery = over_tls(security, port, None).deliver(MESSAGE)
    assert (delivery.outcome, delivery.reason) == (Sent.FAILED, f"127.0.0.1：{words}")
    assert not [form for form in _spoken(PASSWORD) if form in speaker.heard]
    assert MESSAGE.title.encode() not in speaker.heard
    with pytest.raises(ValueError, match="starttls"):
        Mail("127.0.0.1", SENDER, CHIEF, "none", 25, "office", PASSWORD)


def test_a_server_that_offers_no_login_is_told_before_a_night_is_to_be_sent(tmp_path: Path) -> None:
    tls, speaker = context_for(tmp_path), Speaker({}, offers="SIZE 10240000")

    def talk(one: socket.socket) -> None:
        with tls.wrap_socket(one, server_side=True) as covered:
            speaker(covered)

    with talking(talk) as port:
        anonymous = Mail("127.0.0.1", SENDER, CHIEF, "ssl", port, roots=str(tmp_path / "roots.pem"))
        mail = over_tls("ssl", port, tmp_path / "roots.pem")
        told = (mail.reach(), mail.deliver(MESSAGE).reason, anonymous.reach())
    words = "127.0.0.1：服务器没有提供可用的登录方式"
    assert told == (words, words, "")
    assert b"MAIL" not in speaker.heard


def test_a_port_of_the_other_kind_is_no_riddle(tmp_path: Path) -> None:
    """The port 465 with the usual `starttls`: each waits for the other to speak first."""
    with mail_server(Mailbox(), tls=context_for(tmp_path), implicit=True) as port:
        mail = Mail("127.0.0.1", SENDER, CHIEF, "starttls", port, roots=str(tmp_path / "roots.pem"), step_seconds=1)
        told, reached = mail.deliver(MESSAGE).reason, mail.reach()
    assert told == reached
    assert told.startswith("127.0.0.1：连接后没有收到问候（")
    assert told.endswith("），请核对端口：465 一般应配 mail_security = ssl")


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (Speaker({b".": b""}), "邮件服务器 127.0.0.1 在 2 秒内没有完成"),
        (Speaker({b"MAIL": b""}), "127.0.0.1：超时没有应答"),
        (Speaker({b".": HANGS_UP}), "127.0.0.1：连接被对方中断"),
        (Speaker({b"MAIL": HANGS_UP}), "127.0.0.1：连接被对方中断"),
    ],
)
def test_one_that_hangs_is_not_said_to_hang_up(talk: Speaker, words: str) -> None:
    with talking(talk) as port:
        assert plain(port, step_seconds=0.5, total_seconds=2).deliver(MESSAGE).reason == words


def test_a_text_that_is_scanned_before_it_is_taken_is_waited_for() -> None:
    """Seen at a real Postfix whose filter took longer than a step: the mail arrived and was told as 未能确认."""
    with talking(Speaker({}, waits={b".": 1.5})) as port:
        assert plain(port, step_seconds=0.5, total_seconds=10).deliver(MESSAGE).outcome is Sent.SENT
    with talking(Speaker({}, waits={b"RCPT": 1.5})) as port:
        assert plain(port, step_seconds=0.5, total_seconds=10).deliver(MESSAGE).outcome is Sent.FAILED


def test_a_password_that_no_login_can_carry_is_said_at_once() -> None:
    with pytest.raises(ValueError, match="半角符号") as told:
        Mail("127.0.0.1", SENDER, CHIEF, "ssl", 465, "office", "密码")
    assert "密码x" not in str(told.value)


@pytest.mark.parametrize("form", _spoken(PASSWORD))
def test_a_server_that_repeats_the_password_is_not_repeated(tmp_path: Path, form: bytes) -> None:
    mail = over_tls("ssl", 465, None)
    assert "***" in mail._hidden(b"501 syntax: AUTH PLAIN " + form)
    assert form.decode() not in mail._hidden(b"501 syntax: AUTH PLAIN " + form)


def test_the_command_sends_over_tls_to_a_server_of_the_offices_own_authority(
    tmp_path: Path, store: Store, xuncha: Xuncha
) -> None:
    Night(store).do(YUNXI, found(YUNXI, "甲")).do(LANSHAN, found(LANSHAN)).do(POSTS, found(POSTS)).end()
    box, tls = Mailbox(), context_for(tmp_path)
    logins, config = tmp_path / "logins.toml", tmp_path / "xuncha.toml"
    logins.write_text(f'XUNCHA_MAIL_PASSWORD = "{PASSWORD}"\n', "utf-8")
    logins.chmod(0o600)
    with mail_server(box, tls=tls, implicit=True, password=PASSWORD) as port:
        settings = (
            f'credentials_file = "{logins}"\nmail_host = "127.0.0.1"\nmail_port = {port}\nmail_security = "ssl"\n'
            f'mail_user = "office"\nmail_from = "{SENDER}"\nmail_to = ["王敏 <{CHIEF}>"]\n'
        )
        config.write_text(settings, "utf-8")
        told = xuncha("night", "--send", code=3)
        assert "发送失败（127.0.0.1：证书不可信：证书的签发机构不受信任" in told.stdout
        assert (box.envelopes, box.logins) == ([], 0)
        config.write_text(f'{settings}trusted_roots = "{tmp_path / "roots.pem"}"\n', "utf-8")
        assert xuncha("night", "--send").stdout == f"邮件 {CHIEF}：已发送\n"
    assert PASSWORD not in told.stdout + told.stderr
    assert [one.rcpt_tos for one in box.envelopes] == [[CHIEF]]


# --------------------------------------------------------------------------- whom it goes to


@pytest.mark.parametrize(
    ("recipient", "name"),
    [
        (CHIEF, ""),
        (f"王敏 <{CHIEF}>", "王敏"),
        (f'"王敏, 市府办" <{CHIEF}>', "王敏, 市府办"),
        (f"王敏，市府办{'政务公开科' * 4} <{CHIEF}>", f"王敏，市府办{'政务公开科' * 4}"),
    ],
)
def test_a_mailbox_with_a_name(recipient: str, name: str) -> None:
    with mail_server(box := Mailbox()) as port:
        mail = plain(port, recipient, sender=f"巡查系统 <{SENDER}>")
        assert mail.deliver(MESSAGE).outcome is Sent.SENT
    (envelope,), (received,) = box.envelopes, box.mails
    assert (mail.name, envelope.rcpt_tos, envelope.mail_from) == (f"mail:{CHIEF}", [CHIEF], SENDER)
    raw = (envelope.original_content or b"").partition(b"\r\n\r\n")[0]
    told = message_from_bytes(raw, policy=compat32)["To"]  # the newer parser leaves spaces between encoded words
    shown, address = parseaddr(told)
    assert (str(make_header(decode_header(shown))), address) == (name, CHIEF)
    assert received["Message-ID"].endswith("@office.example>")
    assert max(map(len, (envelope.original_content or b"").split(b"\r\n"))) < 200


@pytest.mark.parametrize(
    "words",
    [
        "Wang, Min <a@b.example>",  # would go to "Wang"
        "a@b.example, c@d.example",
        "a@b.example\nBcc: spy@c.example",
        "a@b.example>\r\nRCPT TO:<spy@c.example",
        "=?utf-8?q?x=0D=0ABcc:_spy@c.example?= <a@b.example>",
        "王敏@b.example",
        "a@",
        "",
    ],
)
def test_what_is_no_mailbox_is_refused(words: str) -> None:
    for sender, recipient in ((SENDER, words), (words, CHIEF)):
        with pytest.raises(ValueError, match="不是一个邮箱地址"):
            plain(25, recipient, sender=sender)


@pytest.mark.parametrize("lead", range(24))
def test_no_space_is_lost_where_a_header_is_folded(lead: int) -> None:
    """Seen at a real Postfix: 新增问题 175处. A space at a fold stands between two encoded words, where none is read."""
    words = f"{'市' * lead} 巡检日报 2026-11-29：新增问题 175 处，新增待复核 31 处，首页无法打开 1 个".strip()
    with mail_server(box := Mailbox()) as port:
        mail = plain(port, f"{words} <{CHIEF}>", sender=f"{words} <{SENDER}>")
        assert mail.deliver(replace(MESSAGE, title=words)).outcome is Sent.SENT
    raw = (box.envelopes[0].original_content or b"").partition(b"\r\n\r\n")[0]
    read = message_from_bytes(raw, policy=compat32)
    shown = [read["Subject"], *(parseaddr(read[name])[0] for name in ("From", "To"))]
    assert [str(make_header(decode_header(one))) for one in shown] == [words] * 3
    assert max(map(len, raw.split(b"\r\n"))) <= 110
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", raw))


def test_only_what_is_the_same_has_the_same_id() -> None:
    """Of two cities one mail server may hold both reminders of a day, and drops what bears an id that it knows."""
    with mail_server(box := Mailbox()) as port:
        for message in (MESSAGE, MESSAGE, replace(MESSAGE, text="另一座城市")):
            assert plain(port).deliver(message).outcome is Sent.SENT
    first, again, other = (mail["Message-ID"] for mail in box.mails)
    assert first == again != other


def test_a_title_can_add_no_header_and_a_long_one_is_folded() -> None:
    title = "巡检日报\r\nBcc: spy@c.example\r\n\r\n" + "新增问题三处，" * 60
    with mail_server(box := Mailbox()) as port:
        page = Attachment("巡检日报-2026-11-20.html", "text/html", "<p>长行</p>".encode() * 2000)
        assert plain(port).deliver(replace(MESSAGE, title=title, attachments=(page,))).outcome is Sent.SENT
    (envelope,), (received,) = box.envelopes, box.mails
    assert (received["Bcc"], received["Subject"]) == (None, " ".join(title.split()))
    assert max(map(len, (envelope.original_content or b"").split(b"\r\n"))) < 200
    (attached,) = received.iter_attachments()
    assert attached.get_content() == page.data.decode()


# --------------------------------------------------------------------------- what may go wrong on the way


@pytest.mark.parametrize("refusal", ["450 busy", "550 no such user"])
def test_a_mailbox_that_is_refused_fails(refusal: str) -> None:
    with mail_server(box := Mailbox(refuse=(CHIEF,), refusal=refusal)) as port:
        delivery = plain(port).deliver(MESSAGE)
    assert (delivery.outcome, box.envelopes) == (Sent.FAILED, [])
    assert delivery.reason == f"收件人 {CHIEF} 被拒：{refusal}"


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({b".": b"554 spam\r\n"}, Sent.FAILED),
        ({b".": b"554 spam\r\n", b"QUIT": b""}, Sent.FAILED),  # told, whatever the goodbye is like
        ({b".": b"250 taken\r\n", b"QUIT": b""}, Sent.SENT),
        ({b".": b"250 taken\r\n", b"QUIT": b"500 what?\r\n"}, Sent.SENT),
        ({b".": b"251 taken, forwarded\r\n"}, Sent.SENT),
        ({b".": b""}, Sent.UNSURE),
        ({b".": b"what?\r\n"}, Sent.UNSURE),
        ({b"DATA": b"503 no\r\n"}, Sent.FAILED),
        ({b"DATA": b""}, Sent.UNSURE),
        ({b"RCPT": b"what?\r\n"}, Sent.FAILED),  # no answer that can be read is no consent
        ({b"MAIL": b"\r\n"}, Sent.FAILED),
        ({b"EHLO": b"", b"HELO": b""}, Sent.FAILED),
    ],
)
def test_only_a_yes_is_a_yes(answers: dict[bytes, bytes], outcome: Sent) -> None:
    with talking(Speaker(answers)) as port:
        assert plain(port, step_seconds=0.5, total_seconds=2).deliver(MESSAGE).outcome is outcome


def _hang(one: socket.socket) -> None:
    one.recv(1)
    time.sleep(30)


def _drip(one: socket.socket) -> None:
    for _ in range(300):
        one.sendall(b"220-wait\r\n")
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("talk", "outcome"), [(_hang, Sent.FAILED), (_drip, Sent.FAILED), (Speaker({b".": b""}), Sent.UNSURE)]
)
def test_a_server_that_hangs_is_left(talk: Callable[[socket.socket], None], outcome: Sent) -> None:
    began = time.monotonic()
    with talking(talk) as port:
        delivery = plain(port, step_seconds=1, total_seconds=2).deliver(MESSAGE)
    assert (delivery.outcome, time.monotonic() - began < 5) == (outcome, True)
