"""Texts that citizens wrote, without what would tell who they are: numbers and names of persons are masked."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\d年])(?:\d[\s-]?){6,18}[\dXx](?!\d)")
_DAY = re.compile(r"(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|(?:19|20)\d{6}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SPOKEN = re.compile(
    r"((?:我叫|我是|本人叫|本人|姓名|来信人|留言人|联系人|署名|网友)[:：是叫]?\s*)(?![您你各])([\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}"
    r"(?=[，,。；;、：:\s（(]|$)"
)
_TITLED = re.compile(
    r"(?<![\u4e00-\u9fff])(?P<name>[\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}(?P<title>先生|女士|同志|同学|网友)"
)
_PRONOUNS = re.compile(r"(?:位|名|个|各|尊敬|亲爱|这|那|某|您|你|来信)")


def masked(text: str) -> str:
    """The text with numbers of seven digits and more, mail addresses and persons' names masked; days stay.

    张三先生，电话13912345678 → 张**先生，电话139****78.
    """
    text = _MAIL.sub("***@***", text)
    text = _NUMBER.sub(_masked_number, text)
    text = _SPOKEN.sub(lambda found: f"{found[1]}{found[2]}**", text)
    return _TITLED.sub(
        lambda found: found[0] if _PRONOUNS.match(found[0]) else f"{found['name']}**{found['title']}", text
    )


def _masked_number(found: re.Match[str]) -> str:
    """The first three and last two digits of a number; a day is no number of a person."""
    if _DAY.match(found[0]):
        return found[0]
    return f"{found[0][:3]}****{found[0][-2:]}"
