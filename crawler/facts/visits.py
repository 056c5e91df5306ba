"""What visiting an address came to: the one outcome class, the visit, and the wire that proves it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """How one request ended (outcomes.md §13). `label` is what an official reads.

    TOO_LARGE and UNREAD are answers that we could not or would not read to their end (too many bytes or elements, too
    slow, no valid HTTP, an encoding nobody asked for): they are gaps of ours and support nothing.
    """

    OWN_NETWORK = "own_network"
    BLOCKED = "blocked"
    LOGIN_REQUIRED = "login_required"
    DNS_FAILED = "dns_failed"
    TLS_FAILED = "tls_failed"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    RESET = "reset"
    SERVER_ERROR = "server_error"
    GONE = "gone"
    SOFT_404 = "soft_404"
    REDIRECT_LOOP = "redirect_loop"
    CLIENT_ERROR = "client_error"
    TOO_LARGE = "too_large"
    UNREAD = "unread"
    EMPTY_SHELL = "empty_shell"
    REDIRECTED = "redirected"
    OK = "ok"
    NOT_VISITED = "not_visited"

    @property
    def label(self) -> str:
        """The class in Chinese."""
        return _OUTCOME_LABELS[self]

    @property
    def is_failure(self) -> bool:
        """The class may support "broken" once it is confirmed; blocked and the like never do."""
        return self in FAILURES

    @property
    def is_seen(self) -> bool:
        """A page was received whose content may be judged."""
        return self in (Outcome.OK, Outcome.REDIRECTED)


FAILURES = frozenset(
    {
        Outcome.DNS_FAILED,
        Outcome.TLS_FAILED,
        Outcome.REFUSED,
        Outcome.TIMEOUT,
        Outcome.RESET,
        Outcome.SERVER_ERROR,
        Outcome.GONE,
        Outcome.SOFT_404,
        Outcome.REDIRECT_LOOP,
    }
)

_OUTCOME_LABELS = {
    Outcome.OWN_NETWORK: "本机网络故障",
    Outcome.BLOCKED: "被拦截",
    Outcome.LOGIN_REQUIRED: "需登录",
    Outcome.DNS_FAILED: "域名无法解析",
    Outcome.TLS_FAILED: "证书或加密连接失败",
    Outcome.REFUSED: "拒绝连接",
    Outcome.TIMEOUT: "访问超时",
    Outcome.RESET: "连接中断",
    Outcome.SERVER_ERROR: "服务器错误",
    Outcome.GONE: "页面不存在",
    Outcome.SOFT_404: "页面不存在（返回200）",
    Outcome.REDIRECT_LOOP: "循环跳转",
    Outcome.CLIENT_ERROR: "请求未被接受",
    Outcome.TOO_LARGE: "内容过大未读",
    Outcome.UNREAD: "应答未能读取",
    Outcome.EMPTY_SHELL: "脚本页面未渲染",
    Outcome.REDIRECTED: "跳转",
    Outcome.OK: "正常",
    Outcome.NOT_VISITED: "未访问",
}


class Resource(StrEnum):
    """What kind of thing an address is, told from the link that names it."""

    PAGE = "page"
    ATTACHMENT = "attachment"
    IMAGE = "image"
    SCRIPT = "script"
    STYLE = "style"
    FRAME = "frame"
    MEDIA = "media"


class FetchOutcome(Struct, frozen=True):
    """One visit of one address. `attempt` counts visits of the same address within a run, from 1.

    `title` is the title of a page of another host, for what it has become since it was linked.
    """

    requested_url: str
    final_url: str
    at: datetime
    outcome: Outcome
    status: int | None = None
    reason: str = ""
    attempt: int = 1
    method: str = "GET"
    elapsed_ms: int = 0
    content_type: str = ""
    redirects: tuple[str, ...] = ()
    resource: Resource = Resource.PAGE
    title: str = ""


Header = tuple[str, str]
"""A header's name and value, as it was sent or received."""


class Hop(Struct, frozen=True):
    """One answer that led on: a redirect by status and `location`, or a page that refreshed itself (`location` "").

    `at` is when it came, `address` the IP address it came from ("" where not known).
    """

    url: str
    at: datetime
    status: int
    location: str = ""
    method: str = "GET"
    sent: tuple[Header, ...] = ()
    headers: tuple[Header, ...] = ()
    address: str = ""


class Exchange(Struct, frozen=True):
    """What went over the wire beside an answer's headers and body; "" and () where it is not known.

    `url` is the address of the last request of the chain and `sent` its headers; `hops` are the answers before it.
    `address` is the IP address that was connected to, or that the name resolved to where there was no connection.
    `encoding` is the Content-Encoding that was taken off the body, `length` the body's bytes on the wire. `is_cut`
    says that only the beginning of the body is kept. Without an answer, `error` is the exception's kind and `words`
    its text. `note` says in Chinese what else must be known to read it, such as what the canaries answered.
    """

    url: str = ""
    method: str = "GET"
    sent: tuple[Header, ...] = ()
    sent_body: str = ""
    address: str = ""
    protocol: str = ""
    hops: tuple[Hop, ...] = ()
    encoding: str = ""
    length: int | None = None
    is_cut: bool = False
    error: str = ""
    words: str = ""
    note: str = ""
