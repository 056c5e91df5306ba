"""How the visit of a site ends, in the words that its target bears beside those of an Outcome."""

from __future__ import annotations

DONE = "完成"
UNREACHABLE = "首页无法打开"
STOPPED = "用户中断"
OWN_FAULT = "本系统出错"
"""A fault of ours kept some answers from being read."""
