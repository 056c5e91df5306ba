"""Dates as written, and which of a page's dates is its day of publication."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.facts import DateSource, PageFact
from crawler.read.dates import DateText, cell_date, find_date, is_only_date, settle
from tests.unit.read.pages import PROSE, page, read

D = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2026-08-03", ""),
        ("2026/8/3", ""),
        ("2026.08.03", ""),
        ("2026年8月3日", ""),
        ("2026 年 8 月 3 日", ""),
        ("２０２６－０８－０３", ""),
        ("2026-08-03 10:08", "10:08"),
        ("2026-08-03 10∶08", "10:08"),
        ("2026-08-03 9：05：07", "09:05:07"),
        ("2026年08月03日10时08分", "10:08"),
        ("2026-08-03T10:08:00+08:00", "10:08:00"),
        ("[2026-08-03]", ""),
    ],
)
def test_full_forms(text: str, clock: str) -> None:
    read_ = find_date(text)
    assert read_ is not None
    assert (read_.value, read_.clock) == (D, clock)


@pytest.mark.parametrize(
    "text",
    ["2026-13-03", "2026-02-30", "2023-0040295", "10.2026.8.3.4", "云政发〔2026〕8号", "0915-2026", "12026-08-03"],
)
def test_what_is_no_date(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    "pieces",
    [
        ("03", "2026-08"),
        ("2026-08", "03"),
        ("08-03", "2026"),
        ("2026年8月", "3日"),
        ("3", "8月", "2026"),
        ("26-08-03",),
        ("标题", "（2026-08-03）"),
    ],
)
def test_split_and_short_forms(pieces: tuple[str, ...]) -> None:
    read_ = cell_date(pieces)
    assert read_ is not None
    assert read_.value == D


def test_only_a_date() -> None:
    assert is_only_date("发布时间：[2026-08-03 10:00]")
    assert is_only_date("(08-03)")
    assert not is_only_date("2026年8月3日召开会议")


def md(*days: str) -> list[DateText]:
    return [DateText(None, int(day[:2]), int(day[3:]), day) for day in days]


def test_a_list_without_years_counts_back_over_new_year() -> None:
    assert settle(md("08-03", "01-05", "12-28", "11-02"), date(2026, 8, 10)) == [
        date(2026, 8, 3),
        date(2026, 1, 5),
        date(2025, 12, 28),
        date(2025, 11, 2),
    ]


def test_a_day_later_in_the_year_than_today_is_last_year() -> None:
    assert settle(md("09-30", "09-01"), date(2026, 8, 10)) == [date(2025, 9, 30), date(2025, 9, 1)]


def test_an_entry_out_of_order_stays_undated_and_moves_nothing() -> None:
    assert settle(md("08-02", "08-03", "08-01"), date(2026, 8, 10)) == [date(2026, 8, 2), None, date(2026, 8, 1)]


def test_a_list_oldest_first_is_read_from_its_end() -> None:
    assert settle(md("05-01", "06-02", "07-03", "08-04"), date(2026, 8, 10)) == [
        date(2026, 5, 1),
        date(2026, 6, 2),
        date(2026, 7, 3),
        date(2026, 8, 4),
    ]


def test_full_dates_pass_as_they_are() -> None:
    given = [DateText(2026, 8, 3, ""), None, DateText(2027, 1, 1, "")]
    assert settle(given, date(2026, 8, 10)) == [D, None, date(2027, 1, 1)]


def article(inner: str, *, head: str = "", path: str = "/a/1.html") -> PageFact:
    return read(
        page(
            f'<div class="main"><h1>云溪县召开防汛会议</h1>{inner}{PROSE}</div>',
            head=head,
            title="云溪县召开防汛会议_云溪县",
        ),
        path,
    )


def test_the_label_is_strongest_and_all_sources_are_kept() -> None:
    fact = article(
        '<div class="info">发布时间：2026-08-02 来源：县水利局</div>',
        head='<meta name="PubDate" content="2026-08-03 10:08">',
        path="/a/202608/t20260801_12.html",
    )
    assert fact.published is not None
    assert (fact.published.value, fact.published.source, fact.published.clock) == (D, DateSource.LABEL, "10:08")
    assert [(found.source, found.value.day) for found in fact.dates][:3] == [
        (DateSource.LABEL, 3),
        (DateSource.LABELLED_TEXT, 2),
        (DateSource.URL, 1),
    ]
    assert fact.source == "县水利局"


@pytest.mark.parametrize(
    "inner",
    [
        "<p>发布时间：2026-08-03 10:08 浏览次数：12</p>",
        "<p>发布日期： 2026年8月3日</p>",
        "<p><span>时间：</span><span>2026-08-03</span></p>",
        "<p>来源：本站　日期:2026/8/3　字体：大 中 小</p>",
        "<table><tr><td>发布日期</td><td>：</td></tr><tr><td>发布日期：</td><td>2026-08-03</td></tr></table>",
        "<p>发稿时间：２０２６－０８－０３　10∶08</p>",
    ],
)
def test_labelled_text(inner: str) -> None:
    fact = article(inner)
    assert fact.published is not None
    assert (fact.published.value, fact.published.source) == (D, DateSource.LABELLED_TEXT)


def test_the_words_before_the_date_are_weighed() -> None:
    fact = article("<p>成文日期：2026-07-01</p><p>更新时间：2026-08-09</p><p>发布时间：2026-08-03</p>")
    assert fact.published is not None
    assert fact.published.value == D


@pytest.mark.parametrize(
    ("inner", "head"),
    [
        ('<time datetime="2026-08-02T20:00:00Z">8月3日</time>', ""),
        ("", '<script type="application/ld+json">{"@graph":[{"datePublished":"2026-08-03T08:00:00+08:00"}]}</script>'),
        ("", '<meta property="article:published_time" content="2026-08-03T08:00:00+08:00">'),
    ],
)
def test_structured_dates(inner: str, head: str) -> None:
    fact = article(inner, head=head)
    assert fact.published is not None
    assert (fact.published.value, fact.published.source) == (D, DateSource.STRUCTURED)


@pytest.mark.parametrize(
    "path",
    [
        "/a/202608/t20260803_12.html",
        "/art/2026/8/3/art_12_3456.html",
        "/2026-08/03/content_9.htm",
        "/a/20260803/abc.html",
    ],
)
def test_dates_in_the_address(path: str) -> None:
    fact = article("", path=path)
    assert fact.published is not None
    assert (fact.published.value, fact.published.source) == (D, DateSource.URL)


@pytest.mark.parametrize(
    "inner",
    [
        "<p>2026-08-03 10:08 云溪融媒 阅读 12</p>",
        "<div>2026年8月3日</div>",
        '<div class="d">03</div><div class="ym">2026-08</div>',
    ],
)
def test_a_date_line_under_the_heading(inner: str) -> None:
    fact = article(inner)
    assert fact.published is not None
    assert (fact.published.value, fact.published.source) == (D, DateSource.TEXT)


@pytest.mark.parametrize(
    "inner",
    [
        "<p>今天是2026年8月3日 星期一</p>",
        "<p>成文日期：2026-08-03</p>",
        "<p>有效期至2026-08-03</p>",
        f"<p>2026年8月3日上午，全县防汛会议在县政府召开，{'各乡镇负责同志参加会议，' * 8}</p>",
    ],
)
def test_what_is_no_day_of_publication(inner: str) -> None:
    assert article(inner).published is None


def test_a_banner_clock_and_the_footer_are_not_believed() -> None:
    fact = read(
        page(
            f'<div class="header">2026年8月10日 星期一</div><h1>机构职能</h1>{PROSE}',
            footer='<div class="footer">版权所有 2026-01-01 备案日期：2020-01-01</div>',
        ),
        "/jgzn.html",
    )
    assert fact.published is None


def test_a_future_date_is_kept_but_does_not_hold() -> None:
    fact = article("<p>发布时间：2026-08-03</p>", head='<meta name="PubDate" content="2027-08-03">')
    assert fact.published is not None
    assert fact.published.value == D
    assert fact.dates[0].value == date(2027, 8, 3)
    same_day = article("", head='<meta name="PubDate" content="2026-08-10 23:59">')
    assert same_day.published is not None


def test_an_empty_label_is_no_date() -> None:
    fact = article("<p>发布时间：2026-08-03</p>", head='<meta name="PubDate" content="">')
    assert fact.published is not None
    assert fact.published.source is DateSource.LABELLED_TEXT
