"""One cell's worth of text or number in, one typed value out; whatever does not fit raises Unfit with the reason.

Nothing is guessed and nothing repaired beyond what cannot change the meaning: blanks around a value, the case of a
host, the slash after it. A number where text was meant is taken only where no digit can have been lost.
"""

from __future__ import annotations

import ipaddress
import math
import re
from datetime import date, datetime, time

import ada_url

from crawler.facts import BEIJING

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SITE_CODE = re.compile(r"\d{10}|bm\d{8}")
EXACT_DIGITS = 15
"""Digits that a spreadsheet keeps of a number; any beyond were replaced by zeros when it was typed."""
LONGEST_TEXT = 200
LONGEST_URL = 2000

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE][+-]?\d+")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_DATES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"),
    re.compile(r"(\d{4})\.(\d{1,2})\.(\d{1,2})"),
    re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
_CLOCK = re.compile(r"(?:[T\s]+)(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?\s*(Z|[+-]\d{2}:?\d{2})?$")
_PARTIAL_DATE = re.compile(r"\d{4}([-/.年]\s*\d{1,2}\s*月?|年)?|\d{6}")

Raw = str | int | float | bool | date | datetime | time | None


class Unfit(Exception):
    """The value does not fit; the text says why, in Chinese, without repeating the value."""


def text_of(raw: Raw) -> str:
    """The text meant by a cell, "" where it is blank.

    Raises Unfit for a logical value, a date, a number that is not whole or may have lost digits, text with control
    characters and text over LONGEST_URL characters.
    """
    if raw is None:
        return ""
    if isinstance(raw, bool):
        raise Unfit("是逻辑值（TRUE 或 FALSE），此处应为文字")
    if isinstance(raw, date | time):
        raise Unfit("是日期或时间，此处应为文字：请把单元格设为文本格式后重新填写")
    if isinstance(raw, int | float):
        return digits_of(raw)
    text = raw.strip().strip("\ufeff\u200b").strip()
    if not text.isprintable():
        raise Unfit("含有换行、制表符或其他看不见的字符")
    if len(text) > LONGEST_URL:
        raise Unfit(f"超过 {LONGEST_URL} 个字符")
    return text


def digits_of(number: int | float) -> str:
    """The digits of a number that stands where text was meant, if it surely still has all of them."""
    if not math.isfinite(number) or number != int(number):
        raise Unfit("是带小数的数字，此处应为文字：请把单元格设为文本格式后重新填写")
    if number < 0 or abs(number) >= 10**EXACT_DIGITS:
        raise Unfit(f"是超过 {EXACT_DIGITS} 位的数字，末尾几位已被表格软件改为 0：请把单元格设为文本格式后重新填写")
    return str(int(number))


def name_of(raw: Raw) -> str:
    """A name or other free words of at most LONGEST_TEXT characters."""
    text = text_of(raw)
    if len(text) > LONGEST_TEXT:
        raise Unfit(f"超过 {LONGEST_TEXT} 个字符")
    return text


def code_of(raw: Raw) -> str:
    """A unit's code (单位代码)."""
    text = identifier_of(raw)
    if text and not CODE.fullmatch(text):
        raise Unfit("不是有效代码：只能用字母、数字、点、下划线和短横线，以字母或数字开头，不超过 64 个字符")
    return text


def site_code_of(raw: Raw) -> str:
    """A 网站标识码: ten digits, or bm and eight."""
    was_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    text = identifier_of(raw)
    if not text or SITE_CODE.fullmatch(text):
        return text
    if was_number and len(text) < 10:
        raise Unfit("单元格是数字，前导零已丢失：请把单元格设为文本格式后重新填写 10 位标识码")
    if re.fullmatch(r"\d{7,9}", text):
        raise Unfit(f"不是有效标识码，只有 {len(text)} 位数字，前导零可能已丢失：应为 10 位数字，或 bm 加 8 位数字")
    raise Unfit("不是有效标识码：应为 10 位数字，或 bm 加 8 位数字")


def identifier_of(raw: Raw) -> str:
    """A machine's name for something: no spaces, no full-width characters, no number mangled by a spreadsheet."""
    text = name_of(raw)
    if _SCIENTIFIC.fullmatch(text):
        raise Unfit("已被表格软件改成科学计数法，原有数字已丢失：请设为文本格式后重新填写")
    if re.fullmatch(r"\d+\.0+", text):
        raise Unfit("数字后多出小数：请设为文本格式后重新填写")
    if " " in text:
        raise Unfit("含有空格")
    if any("\uff01" <= sign <= "\uff5e" for sign in text):
        raise Unfit("含有全角字符，请改为半角")
    return text


def url_of(raw: Raw) -> str:
    """An absolute http(s) address in its normal form, without fragment; private and loopback hosts are let through.

    They are refused when an inspection starts without --allow-private, not here: a registry may be checked anywhere.
    """
    text = text_of(raw)
    if not text:
        return ""
    _refuse_unwritable(text)
    if not re.match(r"https?://[^/\\]", text, re.IGNORECASE):
        scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)
        if scheme and scheme[0].lower() not in ("http:", "https:") and "//" in text:
            raise Unfit("不是有效网址，只支持 http:// 和 https://")
        raise Unfit("不是有效网址，应以 http:// 或 https:// 开头")
    try:
        parsed = ada_url.URL(text)
    except ValueError:
        raise Unfit("不是有效网址") from None
    if parsed.username or parsed.password:
        raise Unfit("网址中不得含有用户名和密码")
    if not is_host(parsed.hostname, text):
        raise Unfit("不是有效网址，主机名不完整或不正确")
    return parsed.href.partition("#")[0]


def host_of(raw: Raw) -> str:
    """A host, or host:port, in lower case, as Site.aliases holds it."""
    text = text_of(raw)
    if not text:
        return ""
    _refuse_unwritable(text)
    if "/" in text or "\\" in text or "?" in text or "#" in text:
        raise Unfit("应只写主机名（可带端口），不写 http:// 和路径")
    host, colon, port = text.rpartition(":") if re.search(r":\d*$", text) else (text, "", "")
    try:
        parsed = ada_url.URL(f"http://{host}/")
    except ValueError:
        raise Unfit("不是有效主机名") from None
    if parsed.username or not is_host(parsed.hostname, host) or (colon and not 0 < int(port or 0) < 65536):
        raise Unfit("不是有效主机名")
    return parsed.hostname + (f":{int(port)}" if colon else "")


def led_host_of(raw: Raw) -> str:
    """`name=address`: a host's name and an IP address at which it is reached, in the form of the program's own."""
    text = text_of(raw)
    if not text:
        return ""
    name, sign, address = text.partition("=")
    if not sign:
        raise Unfit("应写成 域名=IP地址，如 www.yunxi.example=10.20.0.5")
    host = host_of(name.strip())
    if not host or ":" in host or "." not in host or host.replace(".", "").isdigit():
        raise Unfit("等号前应为域名，不带端口")
    try:
        return f"{host}={ipaddress.ip_address(address.strip().strip('[]'))}"
    except ValueError:
        raise Unfit("等号后应为 IP 地址，不带端口") from None


def is_host(hostname: str, written: str) -> bool:
    """A name with a dot, localhost, or an address; never an address that was not written as one (`http://1.2/`)."""
    try:
        address = ipaddress.ip_address(hostname.strip("[]"))
    except ValueError:
        return len(hostname) <= 253 and bool(_HOST.fullmatch(hostname)) and ("." in hostname or hostname == "localhost")
    return address.version == 6 or hostname in written


def is_loopback(hostname: str) -> bool:
    """The host is this machine itself: localhost, 127.0.0.0/8 or ::1."""
    try:
        return ipaddress.ip_address(hostname.strip("[]")).is_loopback
    except ValueError:
        return hostname == "localhost"


def hostname_of(url: str) -> str:
    """The host of an address that url_of gave."""
    return ada_url.URL(url).hostname


def date_of(raw: Raw) -> date | None:
    """A day: `2017-03-01`, `2017/3/1`, `2017.3.1`, `2017年3月1日`, `20170301`, or a date cell; None where blank."""
    if isinstance(raw, datetime):
        return _within(raw.date())
    if isinstance(raw, date):
        return _within(raw)
    if isinstance(raw, int) and not isinstance(raw, bool) and 19000101 <= raw <= 21001231:
        raw = str(raw)
    if isinstance(raw, int | float | time):
        raise Unfit("不是日期：单元格是数字或时间，请设为日期格式，或写成 2017-03-01")
    text = text_of(raw)
    if not text:
        return None
    day = _CLOCK.sub("", text)
    for pattern in _DATES:
        if found := pattern.fullmatch(day):
            year, month, number = (int(part) for part in found.groups())
            try:
                return _within(date(year, month, number))
            except ValueError:
                raise Unfit("不是日期：没有这一天") from None
    if _PARTIAL_DATE.fullmatch(day):
        raise Unfit("日期不完整，应写明年月日，如 2017-03-01")
    raise Unfit("不是日期，应写成 2017-03-01")


def moment_of(raw: Raw) -> datetime | None:
    """A monitoring time point (监测时间点); Beijing time unless it has a zone; a day alone means its end."""
    if isinstance(raw, datetime) and raw.time() != time():
        _within(raw.date())
        return raw.replace(tzinfo=raw.tzinfo or BEIJING)
    day = date_of(raw)
    if day is None:
        return None
    found = _CLOCK.search(raw.strip()) if isinstance(raw, str) else None
    if found is None:
        return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=BEIJING)
    hour, minute, second, zone = found.groups()
    written = f"{day.isoformat()}T{int(hour):02}:{minute}:{second or '00'}{zone or ''}"
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Unfit("不是时间：没有这一时刻") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def opening_of(raw: Raw) -> datetime | None:
    """The moment at which something begins: as moment_of, but a day alone means its first second."""
    moment = moment_of(raw)
    if moment is None or _has_clock(raw):
        return moment
    return datetime.combine(moment.date(), time(), BEIJING)


def stamp_of(raw: Raw) -> str:
    """A day (`2026-11-06`) or a moment in Beijing time (`2026-11-06 09:30:00`) in that one form, "" where blank."""
    moment = moment_of(raw)
    if moment is None:
        return ""
    beijing = moment.astimezone(BEIJING)
    return f"{beijing:%Y-%m-%d %H:%M:%S}" if _has_clock(raw) else f"{beijing:%Y-%m-%d}"


def _has_clock(raw: Raw) -> bool:
    """Whether a moment was written with its hour; a date cell at midnight is a day."""
    if isinstance(raw, datetime):
        return raw.time() != time()
    return isinstance(raw, str) and _CLOCK.search(raw.strip()) is not None


def number_of(raw: Raw) -> float | None:
    """A number of zero or more; None where blank."""
    if isinstance(raw, bool | date | time):
        raise Unfit("不是数字")
    if isinstance(raw, str):
        text = text_of(raw)
        if not text:
            return None
        if not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII):
            raise Unfit("不是数字" if not text.startswith("-") else "不能小于 0")
        return float(text)
    if raw is None:
        return None
    if not math.isfinite(raw):
        raise Unfit("不是数字")
    if raw < 0:
        raise Unfit("不能小于 0")
    return float(raw)


def _refuse_unwritable(text: str) -> None:
    """Refuse what typing in Chinese leaves in addresses and a browser silently mends."""
    if re.search(r"\s", text):
        raise Unfit("网址含有空格")
    if any("\uff01" <= sign <= "\uff5e" or sign in "。、，；“”‘’" for sign in text):
        raise Unfit("网址含有全角字符，请改为半角")


def _within(day: date) -> date:
    """The day, if a site of ours can have been there on it."""
    if not 1990 <= day.year <= 2100:
        raise Unfit("年份不在 1990 至 2100 之间")
    return day
