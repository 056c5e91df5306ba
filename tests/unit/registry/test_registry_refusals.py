"""What every format refuses alike, with its exact place; nothing of a refused registry is used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from scheduler.registry import RegistryErrors, load
from tests.unit.registry.offices import SHEETS, Table, edited, lines_of, problems_of, write_csv, write_xlsx

CELLS = [
    ("单位", 2, "单位名称", " ", "必填，不能为空"),
    ("单位", 2, "单位名称", "云溪\n县", "含有换行、制表符或其他看不见的字符（云溪\\n县）"),
    ("单位", 3, "单位名称", "云" * 201, f"超过 200 个字符（{'云' * 80}…）"),
    ("单位", 2, "单位类别", "县城", "不是可填的值，是否应为“县”；可填 县区、功能区、部门、事业单位（县城）"),
    ("单位", 2, "上级单位", "yunxi-county", "上级单位不能是本单位（yunxi-county）"),
    ("单位", 2, "应开设", "网站、微信、微信", "重复（微信）"),
    ("单位", 2, "应开设", "网站、电视", "不是可填的值；可填 网站、微信、微博（电视）"),
    ("网站", 3, "单位代码", "nobody", "单位代码未在“单位”表中登记（nobody）"),
    ("网站", 2, "网站名称", "", "必填，不能为空"),
    (
        "网站",
        2,
        "网站标识码",
        "61099900",
        "不是有效标识码，只有 8 位数字，前导零可能已丢失：应为 10 位数字，或 bm 加 8 位数字（61099900）",
    ),
    ("网站", 2, "网站标识码", "BM12", "不是有效标识码：应为 10 位数字，或 bm 加 8 位数字（BM12）"),
    (
        "网站",
        2,
        "网站标识码",
        "6.10999E+09",
        "已被表格软件改成科学计数法，原有数字已丢失：请设为文本格式后重新填写（6.10999E+09）",
    ),
    ("网站", 2, "网站标识码", "6109990001.0", "数字后多出小数：请设为文本格式后重新填写（6109990001.0）"),
    ("网站", 2, "网站标识码", "６１０９９９０００１", "含有全角字符，请改为半角（６１０９９９０００１）"),
    ("网站", 3, "网站标识码", "6109990001", "标识码与第 2 行重复（6109990001）"),
    ("网站", 2, "网站类别", "门", "不是可填的值，是否应为“门户”；可填 门户网站、部门网站（门）"),
    ("网站", 2, "网站状态", "open", "不是可填的值；可填 运行中、临时下线、整合迁移、关停（open）"),
    (
        "网站",
        2,
        "其他域名",
        "a.yunxi.example、http://b.example/",
        "应只写主机名（可带端口），不写 http:// 和路径（http://b.example/）",
    ),
    ("网站", 2, "其他域名", "b.example:70000", "不是有效主机名（b.example:70000）"),
    ("网站", 2, "开通日期", "2016年5月", "日期不完整，应写明年月日，如 2017-03-01（2016年5月）"),
    ("网站", 2, "开通日期", "2016-02-30", "不是日期：没有这一天（2016-02-30）"),
    ("网站", 2, "开通日期", "16-5-1", "不是日期，应写成 2017-03-01（16-5-1）"),
    ("网站", 2, "开通日期", "1816-05-01", "年份不在 1990 至 2100 之间（1816-05-01）"),
    ("网站", 2, "不受 robots 限制", "或许", "不是可填的值；可填 是、否（或许）"),
    ("网站", 2, "访问间隔（秒）", "快", "不是数字（快）"),
    ("网站", 2, "访问间隔（秒）", "-1", "不能小于 0（-1）"),
    ("网站", 2, "访问间隔（秒）", "4000", "间隔不能超过 3600 秒（4000）"),
    ("网站", 3, "访问间隔（秒）", "0.5", "间隔小于 1 秒只允许用于本机回环地址（0.5）"),
    ("网站", 3, "并发连接数", "3", "并发连接数大于 2 只允许用于本机回环地址（3）"),
    ("网站", 2, "并发连接数", "1.5", "并发连接数应为 1 至 64 的整数（1.5）"),
    ("网站", 2, "并发连接数", "0", "并发连接数应为 1 至 64 的整数（0）"),
    ("账号", 2, "单位代码", "nobody", "单位代码未在“单位”表中登记（nobody）"),
    (
        "账号",
        2,
        "平台",
        "wecaht",
        "不是可填的值，是否应为“wechat”；可填 微信、微博、移动客户端、小程序、抖音、快手、今日头条（wecaht）",
    ),
    ("账号", 2, "平台账号", "", "必填，不能为空"),
    ("账号", 2, "平台账号", "gh 01", "含有空格（gh 01）"),
    ("账号", 4, "平台账号", "5500000001", "同一平台的账号与第 3 行重复（5500000001）"),
    ("账号", 2, "账号状态", "睡着", "不是可填的值；可填 运行中、临时下线、整合迁移、关停（睡着）"),
    (
        "账号",
        5,
        "数据来源",
        "广播",
        "不是可填的值；可填 订阅源、表格、微博移动端、微博网页端、微博商业接口、微信官方接口、微信公众号后台（广播）",
    ),
    ("账号", 2, "来源文件", "a.csv", "数据来源“订阅源”不用此项，请留空（a.csv）"),
    ("账号", 2, "来源网址", "feed.json", "不是有效网址，应以 http:// 或 https:// 开头（feed.json）"),
    ("账号", 3, "平台账号", "yunxi", "数据来源为“微博移动端”时应为数字 UID（yunxi）"),
    ("栏目", 2, "首页网址", "http://nobody.example/", "首页网址未在“网站”表中登记（http://nobody.example/）"),
    (
        "栏目",
        2,
        "栏目网址",
        "//elsewhere/a",
        "不是有效网址，应写从网站根起的路径（如 /xxgk/），或完整网址（//elsewhere/a）",
    ),
    ("栏目", 3, "栏目网址", "/xxgk/zcwj/", "栏目网址与第 2 行重复（/xxgk/zcwj/）"),
    ("栏目", 3, "栏目名称", "", "必填，不能为空"),
    ("维护", 2, "首页网址", "http://nobody.example/", "首页网址未在“网站”表中登记（http://nobody.example/）"),
    ("维护", 2, "开始时间", "", "必填，不能为空"),
    ("维护", 2, "开始时间", "10月30日", "不是日期，应写成 2017-03-01（10月30日）"),
    ("维护", 2, "结束时间", "2026-10-29", "结束时间应晚于开始时间（2026-10-29）"),
    (
        "维护",
        2,
        "结束时间",
        "2027-10-31",
        "一个维护时段不能超过 30 天；停机更久的，请把网站状态登记为“临时下线”（2027-10-31）",
    ),
    ("设置", 2, "项目", "其他", "不是可填的值；可填 对照网址、域名指向、监测时间点（其他）"),
    ("设置", 3, "值", "http://canary.example/", "对照网址与第 2 行重复（http://canary.example/）"),
    ("设置", 4, "值", "2026-11-01 25:00", "不是时间：没有这一时刻（2026-11-01 25:00）"),
]
URLS = [
    ("htp://yunxi.example/", "不是有效网址，只支持 http:// 和 https://"),
    ("ftp://yunxi.example/", "不是有效网址，只支持 http:// 和 https://"),
    ("yunxi.example", "不是有效网址，应以 http:// 或 https:// 开头"),
    ("http:/yunxi.example", "不是有效网址，应以 http:// 或 https:// 开头"),
    ("http://", "不是有效网址，应以 http:// 或 https:// 开头"),
    ("http:///a", "不是有效网址，应以 http:// 或 https:// 开头"),
    ("http://yunxi .example/", "网址含有空格"),
    ("http://yunxi\u3000.example/", "含有换行、制表符或其他看不见的字符"),
    ("http：//yunxi.example/", "网址含有全角字符，请改为半角"),
    ("http://yunxi。example/", "网址含有全角字符，请改为半角"),
    ("http://yunxi.example:99999/", "不是有效网址"),
    ("http://256.1.1.1/", "不是有效网址"),
    ("http://1.2/", "不是有效网址，主机名不完整或不正确"),
    ("http://yunxi/", "不是有效网址，主机名不完整或不正确"),
    ("http://a..example/", "不是有效网址，主机名不完整或不正确"),
    ("http://me:secret@yunxi.example/", "网址中不得含有用户名和密码"),
    ("http://yunxi.example/" + "a" * 2000, "超过 2000 个字符"),
]


LED = [
    ("www.yunxi.example", "应写成 域名=IP地址，如 www.yunxi.example=10.20.0.5"),
    ("www.yunxi.example:80=10.20.0.5", "等号前应为域名，不带端口"),
    ("10.0.0.1=10.20.0.5", "等号前应为域名，不带端口"),
    ("www.yunxi.example=gateway", "等号后应为 IP 地址，不带端口"),
]


def sheets_with(sheet: str, table: Table) -> Mapping[str, Table]:
    return {**SHEETS, sheet: table}


@pytest.mark.parametrize(("sheet", "row", "column", "value", "reason"), CELLS)
def test_a_wrong_cell_is_named_by_sheet_row_and_column(
    tmp_path: Path, sheet: str, row: int, column: str, value: str, reason: str
) -> None:
    sheets = sheets_with(sheet, edited(SHEETS[sheet], row, column, value))
    assert lines_of(write_csv(tmp_path, sheets)) == [f"文件 {sheet}.csv，第 {row} 行，“{column}”列：{reason}"]
    assert lines_of(write_xlsx(tmp_path, sheets)) == [
        f"文件 台账.xlsx，工作表“{sheet}”，第 {row} 行，“{column}”列：{reason}"
    ]


@pytest.mark.parametrize(("url", "reason"), URLS)
def test_a_wrong_address_is_refused_with_its_reason(tmp_path: Path, url: str, reason: str) -> None:
    sheets = sheets_with("网站", edited(SHEETS["网站"], 3, "首页网址", url))
    (problem,) = problems_of(write_xlsx(tmp_path, sheets))
    assert (problem.file, problem.sheet, problem.row, problem.column) == ("台账.xlsx", "网站", 3, "首页网址")
    assert (problem.reason, problem.value) == (reason, url)


@pytest.mark.parametrize("url", ["http://127.0.0.11:8100", "HTTPS://127.0.0.11:8100/"])
def test_a_site_registered_twice_is_refused_whatever_the_spelling(tmp_path: Path, url: str) -> None:
    sheets = sheets_with("网站", edited(edited(SHEETS["网站"], 3, "首页网址", url), 3, "网站标识码", ""))
    assert lines_of(write_xlsx(tmp_path, sheets)) == [
        f"文件 台账.xlsx，工作表“网站”，第 3 行，“首页网址”列：首页网址与第 2 行重复（{url}）"
    ]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "必填，不能为空"),
        ("云溪", "不是有效代码：只能用字母、数字、点、下划线和短横线，以字母或数字开头，不超过 64 个字符（云溪）"),
        ("-a", "不是有效代码：只能用字母、数字、点、下划线和短横线，以字母或数字开头，不超过 64 个字符（-a）"),
        ("a b", "含有空格（a b）"),
        (
            "a" * 65,
            f"不是有效代码：只能用字母、数字、点、下划线和短横线，以字母或数字开头，不超过 64 个字符（{'a' * 65}）",
        ),
    ],
)
def test_a_wrong_unit_code_is_refused_and_so_are_the_rows_that_name_the_right_one(
    tmp_path: Path, code: str, reason: str
) -> None:
    lines = lines_of(write_csv(tmp_path, sheets_with("单位", edited(SHEETS["单位"], 2, "单位代码", code))))
    unknown = "“单位代码”列：单位代码未在“单位”表中登记（yunxi-county）"
    assert lines == [
        f"文件 单位.csv，第 2 行，“单位代码”列：{reason}",
        f"文件 网站.csv，第 2 行，{unknown}",
        f"文件 账号.csv，第 2 行，{unknown}",
        f"文件 账号.csv，第 3 行，{unknown}",
    ]


def test_a_unit_code_that_stands_twice_is_refused(tmp_path: Path) -> None:
    table = [*SHEETS["单位"], ["YUNXI-county", "另一单位", "", "", "", ""]]
    assert lines_of(write_csv(tmp_path, sheets_with("单位", table))) == [
        "文件 单位.csv，第 4 行，“单位代码”列：单位代码与第 2 行重复（YUNXI-county）"
    ]


def test_a_source_without_what_it_needs_is_refused(tmp_path: Path) -> None:
    table = edited(edited(SHEETS["账号"], 2, "来源网址", ""), 5, "数据来源", "表格")
    assert lines_of(write_csv(tmp_path, sheets_with("账号", table))) == [
        "文件 账号.csv，第 2 行，“来源网址”列：数据来源为“订阅源”时必填",
        "文件 账号.csv，第 5 行，“来源文件”列：数据来源为“表格”时必填",
    ]


def test_settings_of_a_source_without_its_kind_are_refused(tmp_path: Path) -> None:
    table = edited(SHEETS["账号"], 5, "来源文件", "a.csv")
    assert lines_of(write_csv(tmp_path, sheets_with("账号", table))) == [
        "文件 账号.csv，第 5 行，“数据来源”列：必填，因为填了来源的其他项"
    ]


def test_a_source_of_another_platform_is_refused(tmp_path: Path) -> None:
    table = edited(edited(SHEETS["账号"], 2, "来源网址", ""), 2, "数据来源", "微博移动端")
    assert lines_of(write_csv(tmp_path, sheets_with("账号", table))) == [
        "文件 账号.csv，第 2 行，“数据来源”列：数据来源“微博移动端”不能用于这一平台（微博移动端）"
    ]


def test_all_problems_are_named_at_once_in_the_order_of_the_file_and_nothing_is_used(tmp_path: Path) -> None:
    sheets = {
        **SHEETS,
        "单位": edited(SHEETS["单位"], 3, "单位名称", ""),
        "网站": edited(edited(SHEETS["网站"], 3, "首页网址", "htp://…"), 2, "单位代码", "x"),
        "账号": edited(SHEETS["账号"], 5, "平台", "电台"),
    }
    path = write_xlsx(tmp_path, sheets)
    with pytest.raises(RegistryErrors) as refusal:
        load(path)
    places = [(problem.sheet, problem.row, problem.column) for problem in refusal.value.problems]
    assert places == [
        ("单位", 3, "单位名称"),
        ("网站", 2, "单位代码"),
        ("网站", 3, "首页网址"),
        ("账号", 5, "平台"),
    ]
    assert str(refusal.value).splitlines() == [str(problem) for problem in refusal.value.problems]
    assert (
        "文件 台账.xlsx，工作表“网站”，第 3 行，“首页网址”列：不是有效网址，只支持 http:// 和 https://（htp://…）"
        in str(refusal.value)
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("台账.yaml", None, "文件不存在"),
        ("台账.xlsx", b"", "文件没有内容"),
        ("台账.yaml", b" \n", "文件没有内容"),
        ("台账.xlsx", b"PK\x03\x04 not a package", "不是有效的 XLSX 工作簿"),
        ("台账.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "是旧版 .xls 工作簿，或加了密码：请另存为不加密码的 .xlsx"),
        ("台账.xls", b"\xd0\xcf\x11\xe0", "不支持旧版 .xls，请另存为 .xlsx"),
        ("台账.docx", b"PK", "不支持的文件类型，台账应为 .yaml、.xlsx 或 .csv"),
        (
            "名单.csv",
            b"a,b",
            "CSV 台账应为 单位.csv、网站.csv、账号.csv（或 units.csv 等）三个文件，请给出其中之一或所在文件夹",
        ),
    ],
)
def test_a_file_that_cannot_be_a_registry_is_refused(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert lines_of(path) == [f"文件 {name}：{reason}"]


def test_a_missing_file_suggests_the_one_that_is_there(tmp_path: Path) -> None:
    write_xlsx(tmp_path, SHEETS, "单位台账.xlsx")
    assert lines_of(tmp_path / "单位台帐.xlsx") == ["文件 单位台帐.xlsx：文件不存在，是否应为 单位台账.xlsx？"]


@pytest.mark.parametrize(("written", "reason"), LED)
def test_a_name_is_led_to_an_ip_address_or_nowhere(tmp_path: Path, written: str, reason: str) -> None:
    sheets = sheets_with("设置", (*SHEETS["设置"], ("域名指向", written)))
    assert lines_of(write_csv(tmp_path, sheets)) == [f"文件 设置.csv，第 5 行，“值”列：{reason}（{written}）"]
