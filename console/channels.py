"""The channels that are configured: where reports and reminders go. Secrets come from the environment or the file."""

from __future__ import annotations

import os

from console.errors import BadUsage
from console.settings import Settings
from crawler.accounts.credentials import CredentialsUnusable, logins
from scheduler.mail import Mail
from scheduler.posting import Channel
from scheduler.webhook import Webhook

PASSWORD, URL, SECRET = "XUNCHA_MAIL_PASSWORD", "XUNCHA_WEBHOOK_URL", "XUNCHA_WEBHOOK_SECRET"


def channels_of(configured: Settings) -> tuple[Channel, ...]:
    """Mail and webhook as far as they are configured. Raises BadUsage for what is configured by half."""
    if not configured.mail_host and not configured.webhook:
        return ()
    try:
        known = logins(os.environ, configured.credentials_file)
        found: list[Channel] = []
        if configured.mail_host:
            found += _mails(configured, known.get(PASSWORD, ""))
        if configured.webhook:
            if not known.get(URL):
                raise BadUsage(f"配置了 webhook，但没有网址：请放在环境变量或凭据文件的 {URL} 中")
            found.append(Webhook(known[URL], configured.webhook, known.get(SECRET, ""), configured.roots_path))
    except (CredentialsUnusable, ValueError) as error:
        raise BadUsage(str(error)) from None
    return tuple(found)


def _mails(configured: Settings, password: str) -> list[Mail]:
    """A channel for each mailbox, one that is named twice once."""
    if not configured.mail_from or not configured.mail_to:
        raise BadUsage("配置了 mail_host，还需要 mail_from（发件人）和 mail_to（收件人）")
    if configured.mail_user and not password:
        raise BadUsage(f"配置了 mail_user，但没有密码：请放在环境变量或凭据文件的 {PASSWORD} 中")
    made = (
        Mail(
            configured.mail_host,
            configured.mail_from,
            recipient,
            configured.mail_security,
            configured.mail_port,
            configured.mail_user,
            password,
            configured.roots_path,
        )
        for recipient in configured.mail_to
    )
    return list({mail.name.lower(): mail for mail in made}.values())
