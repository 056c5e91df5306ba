"""Mail (邮件) as a channel: SMTP over TLS, the server's certificate verified, a whole delivery bounded in time."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

import certifi

from crawler.clock import now
from scheduler.posting import Delivery, Message, limits, without
from storage.postings import Sent

Security = Literal["starttls", "ssl", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "ssl": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server and whom it is to reach. `roots` is a file of certificates that the office trusts beside Mozilla's.

    A password is sent over TLS alone. Raises ValueError where one would go in the clear.
    """

    host: str
    sender: str
    recipients: tuple[str, ...]
    security: Security = "starttls"
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    roots: str = ""
    step_seconds: float = field(default_factory=lambda: limits().mail_seconds)
    total_seconds: float = field(default_factory=lambda: limits().total_seconds)

    def __post_init__(self) -> None:
        if self.user and self.security == "none":
            raise ValueError("mail_security 为 none 时不发送密码，请改用 starttls 或 ssl")

    @property
    def name(self) -> str:
        """The channel's name."""
        return "mail"

    def deliver(self, message: Message) -> Delivery:
        """Hands a mail over. Recipients that are refused while others are taken are named in the reason."""
        return self._within(lambda attempt: self._deliver(message, attempt))

    def reach(self) -> str:
        """Connects and agrees on TLS; neither logs in, for a wrong password may lock an account, nor sends."""

        def knock(attempt: _Attempt) -> Delivery:
            with self._connected():
                return Delivery(Sent.SENT)

        return self._within(knock).reason

    def _deliver(self, message: Message, attempt: _Attempt) -> Delivery:
        data = self._written(message).as_bytes(policy=SMTP.clone(cte_type="7bit"))
        with self._connected() as server:
            if self.user:
                server.login(self.user, self.password)
            code, said = server.mail(self.sender)
            if code != 250:
                return Delivery(Sent.FAILED, f"发件人 {self.sender} 被拒：{code} {self._words(said)}")
            answers = {one: server.rcpt(one) for one in self.recipients}
            refused = [f"{one}（{code} {self._words(said)}）" for one, (code, said) in answers.items() if code >= 300]
            if len(refused) == len(self.recipients):
                return Delivery(Sent.FAILED, f"收件人全部被拒：{'、'.join(refused)}")
            attempt.hand_over()
            code, said = server.data(data)
            if code != 250:
                return Delivery(Sent.FAILED, f"邮件被拒：{code} {self._words(said)}")
            # From here on it is theirs: what goes wrong while we say goodbye is no matter.
            attempt.delivery = Delivery(Sent.SENT, f"部分收件人被拒：{'、'.join(refused)}" if refused else "")
        return attempt.delivery

    def _connected(self) -> smtplib.SMTP:
        """A connection that is encrypted as is configured, and greeted."""
        context = ssl.create_default_context(cafile=certifi.where())
        if self.roots:
            context.load_verify_locations(self.roots)
        port = self.port or PORTS[self.security]
        if self.security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, port, timeout=self.step_seconds, context=context)
        else:
            server = smtplib.SMTP(self.host, port, timeout=self.step_seconds)
        try:
            if self.security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    def _within(self, work: Callable[[_Attempt], Delivery]) -> Delivery:
        """Does it in a thread of its own: neither a name server nor one that drips its answers may hold us."""
        attempt = _Attempt()

        def run() -> None:
            try:
                attempt.delivery = work(attempt)
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

    def _written(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = " ".join(message.title.split())
        mail["From"] = self.sender
        mail["To"] = ", ".join(self.recipients)
        mail["Date"] = format_datetime(now())
        # The same message has the same id, so that a mailbox that got it twice after all may show it once.
        id = hashlib.sha256(f"{message.kind}\n{message.key}".encode()).hexdigest()[:32]
        mail["Message-ID"] = f"<{id}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text, cte="base64")
        for file in message.attachments:
            main, _, sub = file.mime.partition("/")
            charset = {"charset": "utf-8"} if main == "text" else None
            mail.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name, params=charset)
        return mail

    def _words(self, said: bytes | Exception) -> str:
        """An answer of the server or an error in words, without the password."""
        if isinstance(said, bytes):
            return without((self.password,), said.decode(errors="replace"))
        if isinstance(said, smtplib.SMTPResponseException):
            told = said.smtp_error.decode(errors="replace") if isinstance(said.smtp_error, bytes) else said.smtp_error
            told = f"{said.smtp_code} {told}"
        elif isinstance(said, ssl.SSLCertVerificationError):
            told = f"证书不可信：{said.verify_message}"
        else:
            told = "超时没有应答" if isinstance(said, TimeoutError) else str(said) or type(said).__name__
        return without((self.password,), f"{self.host}：{told}")


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
