"""JSON replies as lists: their shapes, their days, how they go on, and what is no list."""

import json
from datetime import datetime
from typing import Any

import pytest

from crawler.facts import BEIJING, PageFact, PageKind
from crawler.read.page import PageReader
from crawler.read.replies import further_replies, reply_of

HOME = "http://www.yunxi.example/"
AS_OF = datetime(2026, 8, 10, 9, tzinfo=BEIJING)
UCAP = f"{HOME}common/search/5b04?_isJson=true&_pageSize=2&_channelName=&page=1"


def entries(count: int = 2, **fields: Any) -> list[dict[str, Any]]:
    return [
        {
            "title": f"关于第{n}号事项的通知",
            "url": f"/a/{n}.html",
            "publishedTimeStr": f"2026-08-0{n} 09:00:00",
            **fields,
        }
        for n in range(1, count + 1)
    ]


def read(reply: object, url: str = UCAP) -> PageFact:
    body = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
    reader = PageReader(HOME, frozenset({"www.yunxi.example"}), AS_OF)
    return reader.read(body.encode(), url, fetched_at=AS_OF, content_type="application/json").fact


def told(fact: PageFact) -> list[tuple[str, str, str, str]]:
    return [
        (item.title, item.url, str(item.date.value) if item.date else "", item.date.clock if item.date else "")
        for item in fact.items
    ]


READ = [
    ("关于第1号事项的通知", f"{HOME}a/1.html", "2026-08-01", "09:00:00"),
    ("关于第2号事项的通知", f"{HOME}a/2.html", "2026-08-02", "09:00:00"),
]


@pytest.mark.parametrize(
    "reply",
    [
        {"data": {"page": 1, "rows": 2, "total": 2, "results": entries(publishedTime=1234567890000)}},
        entries(),
        {"code": 0, "msg": "ok", "rows": entries(), "total": 2},
        {"result": [{"name": "通知公告", "list": entries()}]},
        "\ufeff" + json.dumps(entries()),
        f"jsonp_1({json.dumps({'list': entries()})});",
    ],
    ids=["ucap", "bare", "rows", "nested", "byte order mark", "callback"],
)
def test_shapes(reply: object) -> None:
    fact = read(reply)
    assert told(fact) == READ
    assert (fact.kind, fact.reply) == (PageKind.COLUMN, True)


def test_names_of_other_systems() -> None:
    trs = {
        "list": [
            {"DOCTITLE": "甲县防汛应急预案的通知", "DOCPUBURL": f"{HOME}t1.html", "DOCRELTIME": "2026-08-03 09:30"}
        ]
    }
    gkmlpt = {
        "classify": {"post_count": 1},
        "articles": [
            {"title": "甲县防汛应急预案的通知", "url": f"{HOME}post_1.html", "display_publish_time": 1785720600}
        ],
    }
    assert told(read(trs)) == [("甲县防汛应急预案的通知", f"{HOME}t1.html", "2026-08-03", "09:30")]
    assert told(read(gkmlpt)) == [("甲县防汛应急预案的通知", f"{HOME}post_1.html", "2026-08-03", "09:30")]


def test_words_are_a_readers() -> None:
    (item, other) = read([{**entries()[0], "title": "<em>关于</em>“三夏”生产&amp;防汛的通知"}, entries()[1]]).items
    assert (item.title, other.title) == ("关于“三夏”生产&防汛的通知", "关于第2号事项的通知")
    (hostile,) = read([{**entries()[0], "title": '关于<script>alert(1)</script>"事项"的 < 通知'}]).items
    assert hostile.title == '关于alert(1)"事项"的 < 通知'


def test_pinned_entries() -> None:
    assert [item.pinned for item in read([entries(isTop=1)[0], entries(isTop=0)[1]]).items] == [True, False]


def test_an_address_that_only_the_script_knows_leads_nowhere() -> None:
    fact = read([{**entry, "url": entry["url"].lstrip("/")} for entry in entries()])
    assert [(item.title, item.url) for item in fact.items] == [(title, "") for title, _, _, _ in READ]
    assert not [link for link in fact.links if link.tag == "a"]


@pytest.mark.parametrize(
    "reply",
    [
        {"code": 0, "data": "6f2c9a"},
        {"data": {"total": 0, "results": []}},
        {"menu": [{"title": "政务公开", "url": "/zwgk/"}, {"title": "通知公告", "url": "/tzgg/"}]},
        {"hits": [{"id": 1, "date": "2026-08-01"}]},
        {"list": [{"title": "甲", "publishDate": "2026-08-01"}]},
        [[], {}, None],
        "{",
        "[" * 5000,
        '{"list":',
        "var a = {};",
        "<html><body>{}</body></html>",
        "",
    ],
)
def test_what_is_no_list(reply: object) -> None:
    body = reply if isinstance(reply, str) else json.dumps(reply)
    assert reply_of(body) is None
    assert not read(body).reply


@pytest.mark.parametrize(
    ("query", "records", "total", "further"),
    [
        ("_pageSize=10&page=1", 10, 35, ["_pageSize=10&page=2", "_pageSize=10&page=3", "_pageSize=10&page=4"]),
        ("page=3&_pageSize=10&k=%E4%BA%91", 10, 35, ["page=4&_pageSize=10&k=%E4%BA%91"]),
        ("page=4&_pageSize=10", 5, 35, []),
        ("pageNo=1", 15, 31, ["pageNo=2", "pageNo=3"]),
        ("pageNo=2", 15, 31, None),  # how many a page has is not told
        (
            "pageNum=1&pageSize=100",
            20,
            50,
            ["pageNum=2&pageSize=100", "pageNum=3&pageSize=100"],
        ),  # sent less than asked
        ("page=0&size=10", 10, 35, None),  # pages counted from 0 or from none: not known
        ("page=1&size=10", 10, 0, ["page=2&size=10"]),
        ("page=2&size=10", 7, 0, []),
        ("id=7", 10, 35, None),
    ],
)
def test_how_a_reply_goes_on(query: str, records: int, total: int, further: list[str] | None) -> None:
    asked = further_replies(f"{HOME}api?{query}", records, total)
    assert asked == (None if further is None else tuple(f"{HOME}api?{fields}" for fields in further))


def test_a_reply_whose_further_pages_nobody_can_ask_for_says_so() -> None:
    fact = read({"total": 86, "rows": entries()}, f"{HOME}api/list?id=7")
    assert (fact.next_pages, fact.unfollowed) == ((), "共86条")


def test_the_next_page_is_followed_until_the_window_is_covered() -> None:
    fresh = read({"total": 9, "rows": entries()})
    old = read({"total": 9, "rows": [{**entries()[0], "publishedTimeStr": f"20{year}-01-01"} for year in (26, 21)]})
    assert [link.url for link in fresh.links if link.tag == "pager"] == [UCAP.replace("page=1", "page=2")]
    assert [link.url for link in old.links if link.tag == "pager"] == []


def test_the_last_page_of_a_reply_is_the_end() -> None:
    fact = read({"total": 4, "rows": entries()}, UCAP.replace("page=1", "page=2"))
    assert (fact.next_pages, fact.unfollowed) == ((), "")


def test_the_last_records_of_a_data_store_are_the_end() -> None:
    records = "".join(
        f"<record><![CDATA[<li><a href='/a/{n}.html'>关于第{n}号事项的通知</a><b>2026-08-0{n}</b></li>]]></record>"
        for n in (1, 2)
    )
    body = f"<datastore><totalrecord>12</totalrecord><recordset>{records}</recordset></datastore>"
    fact = read(
        body, f"{HOME}module/web/jpage/dataproxy.jsp?startrecord=11&endrecord=12&perpage=10&columnid=1&unitid=2"
    )
    assert (len(fact.items), fact.next_pages, fact.unfollowed, fact.reply) == (2, (), "", True)
