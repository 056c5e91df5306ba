"""Mail (邮件) as a channel: SMTP over TLS, the server's certificate verified, a whole delivery bounded in time.

One mailbox is one channel: of several people one may be refused or away while the others have it already, and what is
tried again must reach him alone.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import smtplib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from typing import Literal

from crawler.clock import now
from scheduler.connecting import trusting, why
from scheduler.posting import MAIL, Delivery, Message, limits, without
from storage.postings import Sent

Security = Literal["starttls", "ssl", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "ssl": 465, "none": 25}
LOGINS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""Ways to log in. One is tried, the first that is offered: a wrong password tried three times locks an account."""


def mailbox(words: str) -> Address:
    """The one mailbox of `a@b.example` or `王敏 <a@b.example>`. Raises ValueError where it is none or several."""
    fault = ValueError(f"“{' '.join(words.split())}”不是一个邮箱地址，应为 a@b.cn 或 姓名 <a@b.cn>，含逗号的姓名加引号")
    try:
        header = default.header_factory("To", words)
        found: tuple[Address, ...] = header.addresses
    except (ValueError, IndexError, MessageError):
        raise fault from None
    is_sound = words.isprintable() and not header.defects and len(found) == 1
    if not is_sound or not (found[0].username and found[0].domain and found[0].addr_spec.isascii()):
        raise fault
    return found[0]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server and whom it is to reach. `roots` is a file of certificates that the office trusts beside Mozilla's.

    A password is sent over TLS alone. Raises ValueError where one would go in the clear or cannot be sent, and for
    what is no mailbox.
    """

    host: str
    sender: str
    recipient: str
    security: Security = "starttls"
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    roots: str = ""
    step_seconds: float = field(default_factory=lambda: limits().mail_seconds)
    total_seconds: float = field(default_factory=lambda: limits().total_seconds)

    def __post_init__(self) -> None:
        mailbox(self.sender), mailbox(self.recipient)
        if self.user and self.security == "none":
            raise ValueError("mail_security 为 none 时不发送密码，请改用 starttls 或 ssl")
        if not (self.user + self.password).isascii():
            raise ValueError("邮箱的用户名和密码只能由英文字母、数字和半角符号组成")

    @property
    def name(self) -> str:
        """The channel's name."""
        return f"{MAIL}:{mailbox(self.recipient).addr_spec}"

    def deliver(self, message: Message) -> Delivery:
        """Hands a mail over."""
        return self._within(lambda attempt: self._deliver(message, attempt))

    def reach(self) -> str:
        """Connects, agrees on TLS and looks whether a login is offered where one is needed; neither logs in, for a
        wrong password may lock an account, nor sends.
        """

        def knock(attempt: _Attempt) -> None:
            with self._connected() as server:
                if self.user:
                    _login_way(server)
                attempt.delivery = Delivery(Sent.SENT)

        return self._within(knock).reason

    def _deliver(self, message: Message, attempt: _Attempt) -> None:
        data = self._written(message)
        with self._connected() as server:
            if self.user:
                self._log_in(server)
            for whose, (code, said) in self._envelope(server):
                if code // 100 != 2:
                    attempt.delivery = Delivery(Sent.FAILED, f"{whose}被拒：{code} {self._hidden(said)}")
                    return
            attempt.hand_over()
            if server.sock is not None:  # a scanner reads the text before it is answered for: all the time that is left
                server.sock.settimeout(self.total_seconds)
            code, said = server.data(data)
            if code // 100 == 2:
                attempt.delivery = Delivery(Sent.SENT)
            elif code > 0:
                attempt.delivery = Delivery(Sent.FAILED, f"邮件被拒：{code} {self._hidden(said)}")
            else:
                attempt.delivery = Delivery(Sent.UNSURE, f"{self.host}：应答无法识别")

    def _envelope(self, server: smtplib.SMTP) -> Iterator[tuple[str, tuple[int, bytes]]]:
        sender, recipient = mailbox(self.sender).addr_spec, mailbox(self.recipient).addr_spec
        yield f"发件人 {sender} ", server.mail(sender)
        yield f"收件人 {recipient} ", server.rcpt(recipient)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that is encrypted as is configured, and greeted; how its goodbye goes is no matter."""
        context, port = trusting(self.roots), self.port or PORTS[self.security]
        if self.security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, port, timeout=self.step_seconds, context=context)
        else:
            try:
                server = smtplib.SMTP(self.host, port, timeout=self.step_seconds)
            except smtplib.SMTPServerDisconnected as error:  # it took the connection and said nothing
                raise _NotGreeted from error
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                if not server.has_extn("starttls"):
                    raise smtplib.SMTPNotSupportedError("服务器没有提供 STARTTLS，不会以明文发送")
                server.starttls(context=context)
                server.ehlo_or_helo_if_needed()
            yield server
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()
        finally:
            server.close()

    def _log_in(self, server: smtplib.SMTP) -> None:
        server.user, server.password = self.user, self.password
        way = _login_way(server)
        server.auth(way, getattr(server, f"auth_{way.lower().replace('-', '_')}"))

    def _within(self, work: Callable[[_Attempt], None]) -> Delivery:
        """Does it in a thread of its own: neither a name server nor one that drips its answers may hold us."""
        attempt = _Attempt()

        def run() -> None:
            try:
                work(attempt)
            except smtplib.SMTPDataError as error:  # told before the text was sent
                attempt.delivery = Delivery(Sent.FAILED, self._words(error))
            except (OSError, smtplib.SMTPException, ValueError) as error:
                outcome = Sent.UNSURE if attempt.was_handed_over else Sent.FAILED
                attempt.delivery = attempt.delivery or Delivery(outcome, self._words(error))

        thread = threading.Thread(target=run, name="mail", daemon=True)
        thread.start()
        thread.join(self.total_seconds)
        if attempt.delivery is not None:
            return attempt.delivery
        outcome = Sent.UNSURE if attempt.give_up() else Sent.FAILED
        return Delivery(outcome, f"邮件服务器 {self.host} 在 {self.total_seconds:g} 秒内没有完成")

    def _written(self, message: Message) -> bytes:
        sender = mailbox(self.sender)
        mail = EmailMessage()
        mail["Date"] = format_datetime(now())
        # The same message has the same id, so that a mailbox that got it twice after all may show it once; another
        # city's of the same day has another, or servers that drop what they know by its id would drop it.
        told = (message.kind, message.key, message.title, message.text)
        id = hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]
        mail["Message-ID"] = f"<{id}@{sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text, cte="base64")
        for file in message.attachments:
            main, _, sub = file.mime.partition("/")
            charset = {"charset": "utf-8"} if main == "text" else None
            mail.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name, params=charset)
        head = (
            f"Subject: {_encoded('Subject', ' '.join(message.title.split()))}",
            f"From: {_named('From', sender)}",
            f"To: {_named('To', mailbox(self.recipient))}",
        )
        return "\r\n".join((*head, "")).encode() + mail.as_bytes(policy=SMTP.clone(cte_type="7bit"))

    def _words(self, error: Exception) -> str:
        """An error in words."""
        match error:
            case smtplib.SMTPResponseException():
                said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
                refused = "登录被拒：" if isinstance(error, smtplib.SMTPAuthenticationError) else ""
                return f"{self.host}：{refused}{error.smtp_code} {self._hidden(said)}"
            case _NotGreeted():
                return f"{self.host}：连接后没有收到问候（{why(error)}），请核对端口：465 一般应配 mail_security = ssl"
        return f"{self.host}：{without(self._secrets, why(error))}"

    def _hidden(self, said: bytes) -> str:
        """An answer of the server without the password, which it may repeat."""
        return without(self._secrets, said.decode(errors="replace"))

    @property
    def _secrets(self) -> tuple[str, ...]:
        """The password as it is, and as it goes over the line."""
        sent = (self.password, f"\0{self.user}\0{self.password}")
        return (self.password, *(base64.b64encode(one.encode()).decode() for one in sent)) if self.password else ()


def _login_way(server: smtplib.SMTP) -> str:
    """The first of our ways to log in that the server offers. Raises SMTPNotSupportedError."""
    offered = server.esmtp_features.get("auth", "").upper().split()
    way = next((one for one in LOGINS if one in offered), None)
    if way is None:
        raise smtplib.SMTPNotSupportedError("服务器没有提供可用的登录方式")
    return way


def _encoded(header: str, words: str) -> str:
    """Words as a header bears them (RFC 2047).

    An EmailMessage loses a space at a fold (Python 3.11, gh-92081) or writes what servers refuse (3.13, gh-144156).
    """
    return Header(words, header_name=header, maxlinelen=75).encode(linesep="\r\n")


def _named(header: str, box: Address) -> str:
    """A mailbox as a header bears it."""
    name = box.display_name
    return str(box) if name.isascii() else f"{_encoded(header, name)} <{box.addr_spec}>"


class _NotGreeted(smtplib.SMTPException):
    """A server that waits for us to speak first, as one does that wants TLS from the first byte."""


class _Attempt:
    """How far a delivery came, told between the thread that makes it and the one that waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._given_up = False
        self.was_handed_over = False
        self.delivery: Delivery | None = None

    def hand_over(self) -> None:
        """Before the text is sent. Raises TimeoutError where nobody waits any more: then it must not be sent."""
        with self._lock:
            if self._given_up:
                raise TimeoutError
            self.was_handed_over = True

    def give_up(self) -> bool:
        """Whether the text was on its way already; from now on it will not be sent."""
        with self._lock:
            self._given_up = True
            return self.was_handed_over
