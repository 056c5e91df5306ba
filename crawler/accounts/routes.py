"""The routes to platforms that are off by default: undocumented interfaces read with the operator's own login."""

from __future__ import annotations

from msgspec import Struct


class Routes(Struct, frozen=True):
    """Which of them the operator has switched on, answering for the platform's terms. Loopback stand-ins need none."""

    weibo_mobile: bool = False
    weibo_web: bool = False
    wechat_backend: bool = False


NO_ROUTES = Routes()
"""All of them off."""


def kinds_on(routes: Routes) -> frozenset[str]:
    """The kinds of account sources that are switched on, of those that have a switch."""
    return frozenset(name.replace("_", "-") for name in routes.__struct_fields__ if getattr(routes, name))
