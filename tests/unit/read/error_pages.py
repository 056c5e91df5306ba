"""Error pages as servers and builders write them under a status of 200, and healthy pages that speak of them."""

from __future__ import annotations

from tests.unit.read.makes import LEFT, PLACE, whole
from tests.unit.read.pages import PROSE

_ART = '<meta name="ArticleTitle" content="{0}"><meta name="PubDate" content="2026-08-03 10:00">'


def _bare(title: str, body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


ERRORS: dict[str, str] = {
    "plain": _bare("404", "<h1>404</h1><p>抱歉，您访问的页面不存在！</p><a href='/'>返回首页</a>"),
    "nginx": _bare("404 Not Found", "<center><h1>404 Not Found</h1></center><hr><center>nginx/1.20.1</center>"),
    "tomcat": _bare("HTTP状态 404 - 未找到", "<h1>HTTP状态 404 - 未找到</h1><p><b>类型</b> 状态报告</p><p><b>消息</b> 请求的资源[/art/1.html]不可用</p><p><b>描述</b> 源服务器未能找到目标资源的表示或者是不愿公开一个已经存在的资源表示。</p><h3>Apache Tomcat/8.5.61</h3>"),
    "tomcat, english": _bare("Apache Tomcat/7.0.55 - Error report", "<h1>HTTP Status 404 - /zwgk/1.html</h1><p><b>type</b> Status report</p><p><b>message</b> <u>/zwgk/1.html</u></p><p><b>description</b> <u>The requested resource is not available.</u></p>"),
    "iis": _bare("无法找到资源。", "<h1>“/”应用程序中的服务器错误。</h1><h2><i>无法找到资源。</i></h2><b>说明: </b>HTTP 404。您正在查找的资源(或者它的一个依赖项)可能已被移除，或其名称已更改，或暂时不可用。请检查以下 URL 并确保其拼写正确。<br><b>请求的 URL: </b>/news/3.aspx"),
    "iis file": _bare("404 - 找不到文件或目录。", "<div id='header'><h1>服务器错误</h1></div><div id='content'><h2>404 - 找不到文件或目录。</h2><h3>您要查找的资源可能已被删除，已更改名称或者暂时不可用。</h3></div>"),
    "weblogic": _bare("Error 404--Not Found", "<h2>Error 404--Not Found</h2><h3>From RFC 2068 <i>Hypertext Transfer Protocol -- HTTP/1.1</i>:</h3><h4>10.4.5 404 Not Found</h4><p>The server has not found anything matching the Request-URI.</p>"),
    "in the site's frame": whole("<div class='err'><h2>很抱歉，您要查看的内容不存在或者已经删除</h2><p><span>5</span>秒后自动返回首页</p></div>", title="页面不存在-云溪县人民政府"),
    "in the frame, site's title": whole("<div class='err'><p>对不起，您所请求的页面不存在、或已被删除、或暂时不可用！</p></div>", title="云溪县人民政府"),
    "alert": "<script>alert('该信息不存在！');history.back();</script>",
    "alert in a page": _bare("", "<script type='text/javascript'>alert('您访问的页面不存在');window.close();</script>"),
    "腾讯公益": _bare("404", "<script type='text/javascript' src='//qzonestyle.gtimg.cn/qzone/hybrid/app/404/search_children.js' charset='utf-8'></script>"),
    "traditional": _bare("找不到網頁", "<p>您好，找不到檔案或網頁，稍後將為您轉往首頁</p>"),
    "builder's": _bare("提示信息", "<div class='tip'><p>该文章不存在或已被删除</p><p><a href='/'>[返回首页]</a></p></div>"),
    "link dead": _bare("温馨提示", "<div>您访问的链接已失效，请返回<a href='/'>首页</a></div>"),
}  # fmt: skip
"""Pages that a reader takes for "this page does not exist"."""

HEALTHY: dict[str, str] = {
    "article about 404": whole(
        f"{PLACE}<h1>关于网站“404页面不存在”问题整改情况的通报</h1><p>发布时间：2026-08-03　来源：县政府办公室</p>"
        f'<div class="TRS_Editor">{PROSE}<p>部分栏目点击后提示“您访问的页面不存在”。</p>{PROSE}</div>',
        title="关于网站“404页面不存在”问题整改情况的通报-云溪县人民政府",
    ),
    "short article about dead links": whole(
        f"{PLACE}<h1>关于清理失效链接的公告</h1><p>发布时间：2026-08-03 来源：县大数据中心</p>"
        '<div class="zw"><p>我县网站部分专题链接已失效，现予以清理，给您带来的不便敬请谅解。</p></div>',
        title="关于清理失效链接的公告",
    ),
    "short labelled article": whole(
        '<h1>404错误页面整改说明</h1><div class="con"><p>页面不存在的问题已整改到位。</p></div>',
        title="404错误页面整改说明", head=_ART.format("404错误页面整改说明"),
    ),
    "list with such an entry": whole(
        f'{PLACE}{LEFT}<ul><li><a href="1.html">网站出现“页面不存在”怎么办</a><span>2026-08-03</span></li>'
        '<li><a href="2.html">关于文件不存在、链接失效问题的答复</a><span>2026-07-30</span></li></ul>',
        title="常见问题",
    ),
    "form 404 of a committee": whole(f"{PLACE}<h1>404路公交线路调整公告</h1><p>2026-08-03</p><div>{PROSE}</div>", title="404路公交线路调整公告"),
    "empty column": whole(f"{PLACE}<div class='list'>暂无信息</div>", title="通知公告"),
    "under maintenance": _bare("系统维护", "<p>系统升级维护中，暂停服务，敬请谅解。</p>"),
    "access denied": _bare("Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p>"),
    "home": whole(f'<div><ul><li><a href="/1.html">全县秋粮收购工作会议召开</a><span>08-03</span></li><li><a href="/2.html">县政府召开常务会议</a><span>08-01</span></li></ul></div>{PROSE}', title="云溪县人民政府"),
    "guide with a broken sentence": whole(f"{PLACE}<h1>网站使用帮助</h1><div><p>如提示“找不到页面”，请检查网址是否正确。</p>{PROSE}{PROSE}</div>", title="使用帮助"),
}  # fmt: skip
"""Pages that speak of missing pages, or hold little, and exist."""
