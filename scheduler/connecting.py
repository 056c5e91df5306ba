"""Connecting (连接) to servers of the office: which certificates are trusted, and in plain words why it failed."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator

import certifi

_UNTRUSTED = "证书的签发机构不受信任（单位自建的机构可用 trusted_roots 指定）"
_VERIFIED = {  # OpenSSL's X509_V_ERR_ numbers
    9: "证书尚未生效，请核对本机时钟",
    10: "证书已过期",
    18: "证书为自签名，不受信任",
    19: _UNTRUSTED,
    20: _UNTRUSTED,
    21: _UNTRUSTED,
    23: "证书已吊销",
    62: "证书不是颁发给这个主机名的",
    64: "证书不是颁发给这个 IP 地址的",
    66: "证书的密钥太短",
    67: "签发机构的密钥太短",
    68: "证书的签名算法太弱（如 SHA-1）",
}
_OLD = "对方只支持过旧的加密协议，至少需要 TLS 1.2"
_NOT_AGREED = "双方没有共同的加密算法，对方的加密算法可能过旧"
_REFUSED = {
    "TLSV1_ALERT_PROTOCOL_VERSION": _OLD,
    "UNSUPPORTED_PROTOCOL": _OLD,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": _NOT_AGREED,
    "DH_KEY_TOO_SMALL": _NOT_AGREED,
}
"""By OpenSSL's reason."""
_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "UNEXPECTED_MESSAGE"})


def trusting(roots: str) -> ssl.SSLContext:
    """TLS that verifies name and chain, by Mozilla's list and by the file `roots` where there is one."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # some builds of Python leave it to the machine
    if roots:
        context.load_verify_locations(roots)
    return context


def why(error: BaseException) -> str:
    """Why a connection failed, in Chinese; what a library raised is looked through to what lies under it."""
    return next(filter(None, map(_plain, _under(error))), str(error) or type(error).__name__)


def _under(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from, the innermost first."""
    if error is not None:
        yield from _under(error.__cause__ or error.__context__)
        yield error


def _plain(error: BaseException) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            told = _VERIFIED.get(error.verify_code, f"证书未通过校验（{error.verify_message}）")
            return f"证书不可信：{told}"
        case ssl.SSLEOFError() | ConnectionResetError() | BrokenPipeError():
            return "连接被对方中断"
        case smtplib.SMTPServerDisconnected():  # where it hung and did not hang up a timeout lies under it
            return "连接被对方中断"
        case ssl.SSLError():
            if error.reason in _NOT_TLS:
                return "对方没有以 TLS 应答，请核对端口和加密方式"
            return _REFUSED.get(error.reason, f"加密连接失败（{error.reason}）")
        case TimeoutError():
            return "超时没有应答"
        case ConnectionRefusedError():
            return "连接被拒绝"
        case socket.gaierror():
            return "域名无法解析"
    return ""
