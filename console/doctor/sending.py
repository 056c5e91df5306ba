"""Mail and webhook: whether they are configured and can be reached. Nothing is sent, and nobody logs in."""

from __future__ import annotations

from collections.abc import Iterator

from console.channels import channels_of
from console.doctor.symptom import Symptom
from console.errors import BadUsage
from console.settings import Settings

_NAMES = {"mail": "邮件", "webhook": "群消息（webhook）"}


def look(configured: Settings) -> Iterator[Symptom]:
    """Every channel that is configured."""
    try:
        channels = channels_of(configured)
    except BadUsage as error:
        yield Symptom("发送渠道", False, str(error))
        return
    if not channels:
        yield Symptom("发送渠道", None, "未配置 mail_host 或 webhook，日报和提醒不会发出")
    for channel in channels:
        fault = channel.reach()
        yield Symptom(_NAMES.get(channel.name, channel.name), not fault, fault or "可以连接")
