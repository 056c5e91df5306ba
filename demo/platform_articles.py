"""The fake mp.weixin.qq.com: pages of articles, and of articles that are no longer there; all with HTTP 200."""

from __future__ import annotations

from html import escape

from demo.platform_http import Reply

NOTICES = {
    "deleted": "该内容已被发布者删除",
    "violation": "此内容因违规无法查看",
    "unavailable": "该内容暂时无法查看",
    "challenge": "环境异常",
}
"""What stands in an article's place, by its state."""


def article(title: str, state: str = "ok", text: str = "") -> Reply:
    """The page of an article in a state: ok, one of NOTICES, captcha (led to a test of humanity) or missing (404)."""
    if state == "captcha":
        return Reply(b"", 302, headers=(("Location", "/mp/wappoc_appmsgcaptcha?poc_token=x"),))
    if state == "missing":
        return Reply(b"", 404, "text/html; charset=utf-8")
    if state in NOTICES:
        body = f'<div class="weui-msg"><h2 class="weui-msg__title">{NOTICES[state]}</h2></div>'
    else:
        body = (
            f'<div id="js_article"><h1 id="activity-name">{escape(title)}</h1>'
            f'<div id="js_content" style="visibility: hidden"><p>{escape(text or f"{title}的正文。")}</p></div></div>'
        )
    page = f'<!DOCTYPE html><html lang="zh-CN"><head><title>{escape(title)}</title></head><body>{body}</body></html>'
    return Reply(page.encode(), content_type="text/html; charset=utf-8")
