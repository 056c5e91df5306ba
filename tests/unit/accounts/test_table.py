from __future__ import annotations

import asyncio
import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from crawler.accounts.errors import AccountSettingsError, AccountTableError
from crawler.accounts.table import TableSource
from crawler.facts import BEIJING, Account, AccountFetch, AccountOutcome, AccountSourceSpec

UNTIL = datetime(2026, 11, 20, 17, 0, tzinfo=BEIJING)
SINCE = UNTIL - timedelta(days=100)
COLUMNS = ("platform", "account_name", "platform_id", "title", "url", "published_at", "note")
ROW = ("wechat", "砚江水务", "gh_shuiwu", "停水通知", "https://mp.weixin.example/s/1", "2026-11-18 09:30", "")


def rows_with(**cells: object) -> tuple[object, ...]:
    return tuple(cells.get(column, value) for column, value in zip(COLUMNS, ROW, strict=True))


def write_csv(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    workbook.save(path)
    return path


def fetch(path: Path, settings: Mapping[str, str] | None = None, platform_id: str = "gh_shuiwu") -> AccountFetch:
    spec = AccountSourceSpec("table", {"path": path.name, **(settings or {})})
    account = Account("u", "wechat", "砚江水务", platform_id, source=spec)
    return asyncio.run(TableSource(path.parent, lambda: UNTIL).fetch(account, SINCE, UNTIL))


def error(path: Path) -> AccountTableError:
    with pytest.raises(AccountTableError) as caught:
        fetch(path)
    return caught.value


@pytest.mark.parametrize("encoding", ("utf-8", "utf-8-sig", "gb18030"))
def test_csv_in_the_encodings_of_units(tmp_path: Path, encoding: str) -> None:
    found = fetch(write_csv(tmp_path / "t.csv", [COLUMNS, ROW], encoding))
    assert found.outcome is AccountOutcome.FETCHED
    (post,) = found.posts
    assert (post.title, post.url) == ("停水通知", "https://mp.weixin.example/s/1")
    assert post.published_at == datetime(2026, 11, 18, 9, 30, tzinfo=BEIJING)
    assert found.reason.startswith("单位填报")
    assert len(found.payload_sha256) == 64


def test_xlsx_with_the_cells_of_a_spreadsheet(tmp_path: Path) -> None:
    rows = [
        rows_with(published_at=datetime(2026, 11, 17, 8, 0), url="", title="甲"),  # noqa: DTZ001 (as a cell holds it)
        rows_with(published_at=date(2026, 11, 16), url="", title="乙"),
        rows_with(published_at="2026/11/5 7:05", url="", title="丙"),
        rows_with(published_at="2026年11月4日", url="", title="丁"),
        rows_with(platform="微信公众号", url="", title="戊"),
        (None,) * 7,
        rows_with(platform="weibo", platform_id=5500000001, title="别的账号"),
    ]
    found = fetch(write_xlsx(tmp_path / "t.xlsx", [COLUMNS, *rows]))
    assert [(post.title, f"{post.published_at:%m-%d %H:%M:%S}") for post in found.posts] == [
        ("戊", "11-18 09:30:00"),
        ("甲", "11-17 08:00:00"),
        ("乙", "11-16 23:59:59"),
        ("丙", "11-05 07:05:00"),
        ("丁", "11-04 23:59:59"),
    ]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [COLUMNS[::-1], ROW[::-1]])
    assert fetch(path).posts == fetch(write_csv(tmp_path / "u.csv", [COLUMNS, ROW])).posts


@pytest.mark.parametrize(
    ("rows", "row", "column", "reason"),
    (
        ([], 0, "", "文件为空"),
        ([COLUMNS[:-1], ROW[:-1]], 1, "note", "缺少这一列"),
        ([(*COLUMNS, "reads"), (*ROW, "9")], 1, "reads", "不认识的列"),
        ([(*COLUMNS, "note"), (*ROW, "")], 1, "note", "多次"),
        ([COLUMNS, ROW, ROW[:-2]], 3, "", "应有 7 列，实有 5 列"),
        ([COLUMNS, (*ROW, "extra")], 2, "", "应有 7 列，实有 8 列"),
        ([COLUMNS, rows_with(platform="")], 2, "platform", "不能为空"),
        ([COLUMNS, rows_with(platform="wechatt")], 2, "platform", "不认识的平台"),
        ([COLUMNS, rows_with(platform_id=" ")], 2, "platform_id", "不能为空"),
        ([COLUMNS, rows_with(title="")], 2, "title", "不能为空"),
        ([COLUMNS, rows_with(url="mp.weixin.example/s/1")], 2, "url", "不是有效网址"),
        ([COLUMNS, ROW, rows_with(published_at="11月6日")], 3, "published_at", "应为"),
        ([COLUMNS, rows_with(published_at="2026-02-30")], 2, "published_at", "应为"),
        ([COLUMNS, rows_with(published_at="2026-11-21")], 2, "published_at", "晚于当前时间"),
        ([COLUMNS, rows_with(published_at="2026-11-20 17:01")], 2, "published_at", "晚于当前时间"),
    ),
)
def test_a_wrong_table_is_refused_with_its_place(
    tmp_path: Path, rows: Sequence[Sequence[object]], row: int, column: str, reason: str
) -> None:
    for path in (write_csv(tmp_path / "t.csv", rows), write_xlsx(tmp_path / "t.xlsx", rows)):
        if path.suffix == ".xlsx" and "实有 5 列" in reason:
            continue  # a sheet's rows are padded to its width: the absent cell is named in its place
        caught = error(path)
        assert (caught.row, caught.column) == (row, column)
        assert reason in caught.reason
        assert path.name in str(caught)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    (
        ("t.csv", b"\xff\xfe\xff\xff\x00", "编码"),
        ("t.csv", b'platform,"account', "引号"),
        ("t.csv", b"plat\0form", "空字符"),
        ("t.xlsx", b"not a workbook", "不是有效的 XLSX"),
        ("t.xls", b"\xd0\xcf\x11\xe0", "只支持"),
        ("absent.csv", None, "无法读取"),
    ),
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes | None, reason: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert reason in error(path).reason


def test_a_filing_proves_presence_alone(tmp_path: Path) -> None:
    old = rows_with(published_at="2026-09-01")
    path = write_csv(tmp_path / "t.csv", [COLUMNS, old])
    found = fetch(path)
    assert found.outcome is AccountOutcome.FETCHED
    assert found.covered_since is None
    assert "未声明" in found.reason


def test_a_statement_that_it_is_whole_is_believed_from_end_to_end(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [COLUMNS, rows_with(published_at="2026-09-01")])
    whole = {"covered_since": "2026-08-01", "covered_until": "2026-11-20"}
    found = fetch(path, whole)
    assert found.covered_since == datetime(2026, 8, 1, tzinfo=BEIJING)
    assert found.spans(UNTIL - timedelta(days=92))
    early = fetch(path, {**whole, "covered_until": "2026-11-19"})
    assert early.covered_since is None
    assert "截止时间早于" in early.reason
    for wrong in ({"covered_since": "2026-08-01"}, {"covered_since": "八月", "covered_until": "2026-11-20"},
                  {"covered_since": "2026-11-20", "covered_until": "2026-08-01"}):  # fmt: skip
        with pytest.raises(AccountSettingsError):
            fetch(path, wrong)


def test_a_table_without_the_account_proves_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [COLUMNS, ROW])
    found = fetch(path, {"covered_since": "2026-01-01", "covered_until": "2026-11-20"}, platform_id="gh_other")
    assert found.outcome is AccountOutcome.EMPTY
    assert found.covered_since is None


def test_a_post_filed_twice_counts_once(tmp_path: Path) -> None:
    assert len(fetch(write_csv(tmp_path / "t.csv", [COLUMNS, ROW, ROW])).posts) == 1
