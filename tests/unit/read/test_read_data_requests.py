"""What a page's scripts ask for its list, read from the scripts as they stand."""

import pytest

from crawler.read.data_requests import data_requests
from crawler.read.walk import outline

HOME = "http://www.yunxi.example/"
LIST = f"{HOME}tzgg/list.shtml"


def asked(script: str, *, before: str = "", **labels: str) -> list[str]:
    page = outline(f"<html><body>{before}<ul id='list'></ul><script>{script}</script></body></html>")
    return [address.removeprefix(HOME) for address in data_requests(page, LIST, labels)]


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("$.get('/api/list?page=1', show)", "api/list?page=1"),
        ("$.getJSON('/data/tzgg.json', show)", "data/tzgg.json"),
        ("fetch('list.json').then(r => r.json()).then(show)", "tzgg/list.json"),
        ("var x = new XMLHttpRequest(); x.open('GET', '/api/list', true); x.send();", "api/list"),
        ("axios.get('/api/list', {params: {type: 'tzgg', pageNo: this.pageNo}})", "api/list?type=tzgg&pageNo=1"),
        ("$.getJSON('/api/list?s=1', {name: '公告', page: 1}, show)", "api/list?s=1&name=%E5%85%AC%E5%91%8A&page=1"),
        (
            "$.ajax({type:'get', url:'/api/list', data:{id: 7, page: page}, success: function(d){}})",
            "api/list?id=7&page=1",
        ),
        ("$.ajax({data:{id: 7}, url:'/api/list', success: show})", "api/list?id=7"),
        ("var id = 'c10'; var size = 15; $.get('/s/' + id + '?n=' + size + '&page=' + p, show)", "s/c10?n=15&page=1"),
        ('let id = "c10"; fetch(`/s/${id}?page=${pageNum}`)', "s/c10?page=1"),
        ("var page = 2; $.get('/s?page=' + page)", "s?page=2"),
        ("$.get('/s?page=1&t=' + Math.random())", "s?page=1&t=1"),
        ("$.get('/s?t=' + new Date().getTime() + '&page=1')", "s?t=1&page=1"),
        ("$('#list').load('/inner/list.html #part')", "inner/list.html"),
        ("var o = {channelId: 'c10'}; $.get('/s/' + o.channelId)", "s/c10"),
        ("$.get('\\/api\\/list')", "api/list"),
    ],
)
def test_addresses_as_the_script_writes_them(script: str, address: str) -> None:
    assert asked(script) == [address]


def test_names_that_labels_tell() -> None:
    assert asked("$.get('/searchList/' + channelid + '?page=1')", channelid="a1a0") == ["searchList/a1a0?page=1"]
    script = "var id = $('meta[name=\"channelid\"]').attr('content'); $.get('/searchList/' + id + '?page=1')"
    assert asked(script, channelid="a1a0") == ["searchList/a1a0?page=1"]


@pytest.mark.parametrize(
    "script",
    [
        "$.post('/api/list', {page: 1}, show)",
        "$.ajax({type: 'POST', url: '/api/list', success: show})",
        "$.ajax({url: '/api/list', method: \"post\", success: show})",
        "fetch('/api/list', {method: 'POST', body: '{}'})",
        "x = new XMLHttpRequest(); x.open('POST', '/api/list')",
        "$.get('/s/' + unknown + '?page=1')",
        "$.get('/s', {id: unknown})",
        "$.ajax({url: '/s', data: $('#form').serialize(), success: show})",
        "$.get(address, show)",
        "var id = 'a' + b; $.get('/s/' + id)",
        "$.get('/visit/count?id=1')",
        "$.get('/js/list.js')",
        "var u = '/api/list';",
    ],
)
def test_what_is_left_alone(script: str) -> None:
    assert asked(script) == []


def test_scripts_of_the_frame_are_not_the_lists() -> None:
    before = "<div class='footer'><script>$.get('/api/links?page=1')</script></div>"
    assert asked("$.get('/api/list?page=1')", before=before) == ["api/list?page=1"]


def test_what_a_script_puts_beside_the_list_is_not_the_list() -> None:
    beside = "<div class='side'><ul id='mostRead'></ul></div>"
    assert asked("$.get('/api/a?page=1', function(d){ $('#mostRead').html(d) })", before=beside) == []
    assert asked("$.get('/api/a?page=1', function(d){ $('#list').html(d) })", before=beside) == ["api/a?page=1"]
    assert asked("$.get('/api/hot?page=1', show)") == asked("$.get('/api/tuijian.json', show)") == []
    assert asked("$.get('/api/photo?page=1', show)") == ["api/photo?page=1"]


def test_few_are_asked() -> None:
    assert len(asked("".join(f"$.get('/api/{n}?page=1');" for n in range(20)))) == 3


def test_a_long_script_is_read_in_time() -> None:
    hostile = "$.get('" + "/a'+" * 4000 + "b"
    assert asked(hostile) == []
    assert asked("url:" * 5000 + "$.get('/api/list')" + "a.b." * 2000) in ([], ["api/list"])
