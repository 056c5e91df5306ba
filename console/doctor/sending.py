"""Mail and webhook: whether they are configured and can be reached. Nothing is sent, and nobody logs in."""

from __future__ import annotations

from collections.abc import Iterator

from console.channels import channels_of
from console.doctor.symptom import Symptom
from console.errors import BadUsage
from console.settings import BadConfiguration, Settings
from scheduler.posting import channel_label, medium_of


def look(configured: Settings) -> Iterator[Symptom]:
    """Every medium that is configured: all mailboxes have one server."""
    try:
        channels = channels_of(configured)
    except (BadUsage, BadConfiguration) as error:
        yield Symptom("发送渠道", False, str(error))
        return
    if not channels:
        yield Symptom("发送渠道", None, "未配置 mail_host 或 webhook，日报和提醒不会发出")
    for medium, channel in {medium_of(channel.name): channel for channel in channels}.items():
        fault = channel.reach()
        yield Symptom(channel_label(medium), not fault, fault or "可以连接")
