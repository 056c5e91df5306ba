"""The routes to platforms that are off by default: undocumented interfaces read with the operator's own login."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Routes:
    """Which of them the operator has switched on, answering for the platform's terms. Loopback stand-ins need none."""

    weibo_mobile: bool = False
    weibo_web: bool = False
    wechat_backend: bool = False


NO_ROUTES = Routes()
"""All of them off."""
