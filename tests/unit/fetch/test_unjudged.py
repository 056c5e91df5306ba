"""Which foreign hosts are left unjudged, and that every one of them says why."""

import pytest

from crawler.fetch.unjudged import why_unjudged


@pytest.mark.parametrize(
    "host",
    [
        "mp.weixin.qq.com",
        "MP.WEIXIN.QQ.COM:443",
        "www.weibo.com",
        "m.weibo.cn",
        "srv01.local",
        "oa.yunxi.gov.cn",
        "webvpn.a.cn",
    ],
)
def test_left_unjudged_with_a_reason(host: str) -> None:
    assert any("一" <= char <= "鿿" for char in why_unjudged(host))


@pytest.mark.parametrize(
    "host", ["www.gov.cn", "www.qq.com", "notweibo.com", "oa.cn", "local.gov.cn", "www.oa-gov.cn", "127.0.0.1:80", ""]
)
def test_others_are_judged(host: str) -> None:
    assert why_unjudged(host) == ""


def test_the_office_names_hosts_of_its_own() -> None:
    assert why_unjudged("zw.partner.cn:8080", ("partner.cn",)) == "本单位已列为无法从外部判断的主机"
    assert why_unjudged("mypartner.cn", ("partner.cn",)) == ""
