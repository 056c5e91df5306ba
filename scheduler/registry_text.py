"""The characters of a text file: UTF-8 (with or without its mark) or GB18030, and nothing else."""

from __future__ import annotations

import unicodedata

from scheduler.registry_values import Unfit

LIKELY_CHINESE = 0.7
"""The least share of GB 2312 characters among the non-ASCII ones of a text believed to be GB18030.

Chinese names and addresses lie near 1; Big5 or Shift JIS read as GB18030 gives rare characters and stays below."""

_OTHER_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}


def decoded(data: bytes) -> str:
    """The text of a registry file. Raises Unfit for another encoding, for binary data and for an empty file."""
    if not data.strip():
        raise Unfit("文件没有内容")
    for mark, name in _OTHER_MARKS.items():
        if data.startswith(mark):
            raise Unfit(f"编码为 {name}，只接受 UTF-8 和 GB18030，请另存后再试")
    if b"\x00" in data:
        raise Unfit("不是文本文件，或编码不是 UTF-8、GB18030")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unfit(f"编码不是 UTF-8 或 GB18030（第 {line} 行起无法识别），请另存后再试") from None
    if not _reads_as_chinese(text):
        raise Unfit("编码不像 UTF-8 或 GB18030（读出的多为生僻字），请另存为 UTF-8 后再试")
    return text


def _reads_as_chinese(text: str) -> bool:
    foreign = [sign for sign in text if sign > "\x7f"]
    usual = sum(1 for sign in foreign if _is_usual(sign))
    return usual >= LIKELY_CHINESE * len(foreign)


def _is_usual(sign: str) -> bool:
    """A simplified Chinese character or a mark of punctuation that stands in GB 2312."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return (
        unicodedata.category(sign) in ("Lo", "Po", "Ps", "Pe", "Pi", "Pf", "Pd", "Zs")
        and not "\u3040" <= sign <= "\u30ff"
    )
