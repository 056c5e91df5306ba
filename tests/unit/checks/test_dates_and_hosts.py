"""Forms of dates, whose a host is, what names share, what a title speaks of."""

from __future__ import annotations

import pytest

from checks import hosts, lexicon
from checks.behaviour import improper
from checks.dating import form_of
from checks.labelling import promises, shares


@pytest.mark.parametrize(
    ("quote", "form"),
    [
        ("2026-11-18", ""),
        ("[2026-11-18]", ""),
        ("发布时间：2026-11-18 09:30", ""),
        ("发布时间：2026-11-18 09:30:15", ""),
        ("2026/11/18", "以斜线分隔"),
        ("2026.11.18", "以点分隔"),
        ("发布日期：2026年11月18日", "写作年月日"),
        ("2026-1-5", "月或日未补足两位"),
        ("2026-11-5 09:30", "月或日未补足两位"),
        ("26-11-18", "年份只有两位"),
        ("11-18", "没有年份"),
        ("(11/18)", "没有年份"),
        ("２０２６-１１-１８", "使用全角数字或符号"),
        ("18 2026-11", ""),
        ("", ""),
    ],
)
def test_forms_of_dates_in_lists(quote: str, form: str) -> None:
    assert form_of(quote, "list") == form


def test_a_day_without_a_year_is_no_form_of_an_article() -> None:
    assert form_of("发布时间：11-18", "article") == ""


@pytest.mark.parametrize(
    ("host", "nongovernment", "commercial"),
    [
        ("www.yunxi.gov.cn", False, False),
        ("yunxi.gov.cn.shop.example", True, True),
        ("fakegov.cn", True, True),
        ("203.0.113.9", False, False),
        ("2001:db8::1", False, False),
        ("www.people.com.cn", True, False),
        ("www.yunxi.edu.cn", True, False),
        ("", False, False),
    ],
)
def test_whose_a_host_is(host: str, nongovernment: bool, commercial: bool) -> None:
    assert hosts.is_nongovernment(host) is nongovernment
    assert hosts.is_commercial(host) is commercial


def test_the_blocklist_is_the_office_s() -> None:
    assert lexicon.words("blocklist", "hosts") == ()
    assert not hosts.is_blocked("www.example.com")


@pytest.mark.parametrize(
    "text", ["更多政务公开动态要闻", "查看全部通知公告内容", "English", "G20", "通知公告", "2026年"]
)
def test_words_that_promise_nothing(text: str) -> None:
    assert not promises(text)


def test_what_names_share() -> None:
    assert promises("关于开展消防检查的通知")
    assert shares("召开秋季农业生产推进会", "县委召开会议")
    assert shares("G20峰会筹备情况", "筹备 g20")
    assert not shares("关于消防检查的通告", "茶文化节开幕")
    assert not shares("云溪县开展消防检查", "茶文化节开幕_云溪县人民政府", frozenset({"云溪", "溪县"}))


@pytest.mark.parametrize(
    ("title", "hit"),
    [
        ("澳门葡京娱乐城官网", True),
        ("365bet体育在线投注", True),
        ("警方捣毁一网络赌博窝点：起底百家乐骗局", False),
        ("云溪县体育彩票管理中心", False),
        ("云溪县棋牌协会举办象棋比赛", False),
        ("成人高考报名通知", False),
        ("国家级非遗“皇冠制作技艺”展出", False),
        ("", False),
    ],
)
def test_what_a_title_is(title: str, hit: bool) -> None:
    assert bool(improper(title)) is hit
