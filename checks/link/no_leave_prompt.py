"""link.no-leave-prompt: links to hosts of no government that are followed without a word."""

from __future__ import annotations

from checks import derived, hosts
from checks.behaviour import Signs
from checks.model import JSON, Check, Finding, Mode, Severity, State, Subject, Thresholds, Verdict
from checks.settling import settle, undetermined
from crawler.facts import SiteFacts
from crawler.facts.behaviour import PageLook, Sign

_LISTED = 200


def judge(facts: SiteFacts, thresholds: Thresholds) -> Verdict:
    """One finding for the site, its pages and addresses counted, for the prompt is a matter of the template.

    A link that nobody sees is a matter of content.hidden-link; one through a page of the site's own leads to no other
    host. What a script does to links cannot be told from its text alone: a script with the words of a prompt passes,
    any that was not read is a doubt.
    """
    looks = [look for look in facts.looks if look.foreign or not look.unseen]
    if not looks:
        return undetermined("首页和抽查页面的内容没有留存，无法查看站外链接")
    hidden = {borne.suspect.url for borne in derived.gathered(facts, Signs).of(Sign.HIDDEN_LINK)}
    bare: dict[str, str] = {}
    pages: list[PageLook] = []
    guarded = numbered = 0
    for look in looks:
        found = False
        for link in look.foreign:
            name = derived.host(link.url)
            if not hosts.is_name(name):
                numbered += 1
            elif hosts.is_nongovernment(name) and link.url not in hidden:
                guarded += link.guarded
                if not link.guarded:
                    bare.setdefault(link.url, link.text)
                    found = True
        if found:
            pages.append(look)
    prompt = next((look.prompt for look in looks if look.prompt), "") or _prompt_of_scripts(facts)
    if not bare:
        if guarded and not prompt:
            return undetermined(f"{guarded} 处非政府网站链接由脚本处理，点击后是否提示无法从网页判断")
        if numbered:
            return undetermined(f"{numbered} 处站外链接是 IP 地址，无法判断是否政府网站")
        return Verdict(State.PASS, f"首页和抽查的 {len(looks) - 1} 个内页没有直接指向非政府网站的链接" + _says(prompt))
    if prompt:
        return Verdict(State.PASS, f"站内设有离开提示（“{prompt}”）")
    doubt = _doubt(facts)
    if doubt:
        return undetermined(f"{len(bare)} 个非政府网站链接未见离开提示，但{doubt}")
    return settle(
        findings=[_finding(bare, pages)],
        doubts=[],
        failed=f"查看首页和 {len(looks) - 1} 个内页，{len(pages)} 个页面上有 {len(bare)} 个非政府网站链接没有离开提示",
        passed="",
    )


def _prompt_of_scripts(facts: SiteFacts) -> str:
    return next((script.prompt for script in facts.scripts or () if script.prompt), "")


def _doubt(facts: SiteFacts) -> str:
    """Why a script may yet ask before a reader leaves; "" where all were read and none can."""
    if facts.scripts is None:
        return "本站脚本没有读取"
    unread = [script for script in facts.scripts if not script.read]
    if unread:
        return f"有 {len(unread)} 个脚本没有读取（如 {unread[0].url}）"
    handling = next((script.url for script in facts.scripts if script.handles), "")
    inline = next((look.url for look in facts.looks if look.handles), "")
    return f"脚本（{handling or inline}）对站外链接另有处理" if handling or inline else ""


def _says(prompt: str) -> str:
    return f"，并设有离开提示（“{prompt}”）" if prompt else ""


def _finding(bare: dict[str, str], pages: list[PageLook]) -> Finding:
    url, text = min(bare.items(), key=lambda pair: (len(pair[0]), pair[0]))
    bearer = next(look for look in pages if any(link.url in bare for link in look.foreign))
    addresses: list[JSON] = [*list(bare)[:_LISTED]]
    bearers: list[JSON] = [look.url for look in pages]
    return Finding(
        url=bearer.url,
        message=f"首页和抽查页面中有 {len(pages)} 个页面、共 {len(bare)} 个非政府网站链接点击后没有离开提示，"
        f"如“{text}”（{url}）",
        location="站外链接",
        observed={
            "links": addresses,
            "link_count": len(bare),
            "pages": bearers,
            "page_count": len(pages),
            "example": url,
        },
        severity=Severity.MINOR,
        evidence_urls=(bearer.url,),
    )


CHECK = Check(
    id="link.no-leave-prompt",
    title="外链无提示",
    subject=Subject.SITE,
    mode=Mode.AUTOMATIC,
    why="公众由政府网站点入商业或其他网站时，应当知道已经离开，内容不再由政府网站负责。",
    rectify="在模板中统一加入离开提示：点击指向非政府网站的链接时，弹出“您即将离开本网站”或经中间页提示后再打开。",
    measured="查看首页和抽查内页中直接指向其他主机的链接：主机有名称且不属于政府网站域名的，看链接本身有无脚本动作、"
    "页面和本站脚本中有无离开提示用语；都没有的，合并为一条，注明页面数和地址数。经站内中间页跳转的视为有提示。",
    limits="本站脚本有一个未能读取、或对站外链接另有处理而看不出用语的为未能判定；IP 地址无法判断归属，不计；"
    "未实际点击，脚本中写有用语而实际不起作用的不会列出。",
    clause="国办发〔2017〕47号 附件“网页设计规范”（非政府网站链接应有离开提示）",
    judge=judge,
    needs=("home",),
)
