"""A real crawl over a site of each make: its lists are read as a person sees them, and no further than they can be."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.integration.vendors.conftest import Inspected
from tests.integration.vendors.makes import MAKES
from tests.integration.vendors.served import COUNT

READ = ("trs", "jpage", "vsb", "vsb_counted_down", "ucap", "ucap_files", "interface", "turned", "framed")
FRESH = (*READ, "jpage_by_post", "aspnet")


@pytest.mark.parametrize("name", MAKES)
def test_entries_are_those_that_a_person_sees(name: str, inspected: Mapping[str, Inspected]) -> None:
    one = inspected[name]
    assert one.items == [(row.title, one.site.at(row.path), str(row.day)) for row in one.make.listed[: one.make.seen]]


@pytest.mark.parametrize("name", MAKES)
def test_the_list_is_one_column_named_as_it_is(name: str, inspected: Mapping[str, Inspected]) -> None:
    one = inspected[name]
    assert [(column.name, column.type, column.level) for column in one.facts.columns] == [("通知公告", "notice", 1)]


@pytest.mark.parametrize("name", READ)
def test_the_window_is_covered(name: str, inspected: Mapping[str, Inspected]) -> None:
    one = inspected[name]
    assert (one.column.complete, one.column.unread, one.column.embedded) == (True, "", ())


@pytest.mark.parametrize("name", FRESH)
def test_a_fresh_list_is_neither_stale_nor_empty(name: str, inspected: Mapping[str, Inspected]) -> None:
    states = {
        check: inspected[name].results[check]["state"] for check in ("update.column-stale", "update.column-empty")
    }
    assert states == {"update.column-stale": "pass", "update.column-empty": "pass"}


@pytest.mark.parametrize("name", MAKES)
def test_nothing_is_held_against_the_unit_that_is_not_its_fault(name: str, inspected: Mapping[str, Inspected]) -> None:
    found = {finding["check"]: finding["message"] for finding in inspected[name].findings}
    found.pop("update.date-irregular", None)  # two makes print 2026/11/18, and that is told of them
    assert {check: words for check, words in found.items() if check.startswith(("update.", "link."))} == {}


@pytest.mark.parametrize("name", MAKES)
def test_every_request_is_a_visitors(name: str, inspected: Mapping[str, Inspected]) -> None:
    """Nothing is sent, nothing is asked twice, and what nobody needs is not asked for."""
    requests = [request for request in inspected[name].site.requests if request[0] != "HEAD"]
    assert {method for method, _ in requests} == {"GET"}
    lists = [path for _, path in requests if "xuncha-" not in path and path not in ("/", "/robots.txt")]
    assert len(lists) == len(set(lists))


@pytest.mark.parametrize("name", ("trs", "jpage", "ucap", "ucap_files", "interface", "turned"))
def test_pages_beyond_the_window_are_not_asked_for(name: str, inspected: Mapping[str, Inspected]) -> None:
    one = inspected[name]
    assert len(one.items) == one.make.seen < COUNT
    assert len(one.column.pages) == 3 + (name in ("ucap", "interface", "turned"))


def test_a_list_turned_by_postbacks_says_that_it_goes_on(inspected: Mapping[str, Inspected]) -> None:
    column = inspected["aspnet"].column
    assert not column.complete
    assert "没有独立网址" in column.unread and "__doPostBack" in column.unread


def test_a_list_whose_records_are_not_given_says_that_it_goes_on(inspected: Mapping[str, Inspected]) -> None:
    column = inspected["jpage_by_post"].column
    assert (column.complete, column.unread) == (False, "共读取 1 页，后续页面未读取")


def test_what_is_new_behind_a_postback_is_not_told(inspected: Mapping[str, Inspected]) -> None:
    one = inspected["aspnet_oldest_first"]
    result = one.results["update.column-stale"]
    assert result["state"] == "undetermined"
    assert "不是由新到旧" in result["summary"] and "没有独立网址" in result["summary"]


@pytest.mark.parametrize(
    ("name", "address", "is_asked"),
    [("sealed", "/api/sealed?page=1", True), ("fenced", "/api/article/list?channel=tzgg&pageNo=1&pageSize=10", False)],
)
def test_a_list_that_nobody_can_read_stays_unknown(
    name: str, address: str, is_asked: bool, inspected: Mapping[str, Inspected]
) -> None:
    one = inspected[name]
    assert (("GET", address) in one.site.requests) is is_asked
    assert one.column.embedded == (one.site.at(address),)
    assert "脚本" in one.column.unread and not one.column.complete
    states = {check: one.results[check]["state"] for check in ("update.column-stale", "update.column-empty")}
    assert states == {"update.column-stale": "undetermined", "update.column-empty": "undetermined"}


@pytest.mark.parametrize("name", MAKES)
def test_the_second_night_reads_the_same(
    name: str, inspected: Mapping[str, Inspected], inspected_again: Mapping[str, Inspected]
) -> None:
    one, other = inspected[name], inspected_again[name]
    assert other.items == one.items
    assert [(column.url, column.pages, column.unread) for column in other.facts.columns] == [
        (column.url, column.pages, column.unread) for column in one.facts.columns
    ]
