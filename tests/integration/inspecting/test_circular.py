"""`xuncha circular check` as an office has it: lines for a person, one object for a program, refusals with exit code 2."""

import json

from tests.integration.inspecting.conftest import Xuncha
from tests.unit.circulars.samples import FICTIONAL, HEAD, as_sheet, as_text, as_word, golden


def test_a_circular_without_a_fault_ends_with_0(xuncha: Xuncha) -> None:
    (xuncha.folder / "通报.txt").write_bytes(as_text([HEAD, *FICTIONAL]))
    done = xuncha("circular", "check", "通报.txt")
    assert done.stdout == "通报.txt：核对 1 张表、8 行。没有发现不符之处。\n"


def test_rounding_alone_is_told_and_ends_with_0(xuncha: Xuncha) -> None:
    (xuncha.folder / "通报.docx").write_bytes(as_word(golden("2019-website-county")))
    done = xuncha("circular", "check", "通报.docx")
    assert done.stdout.endswith("通报.docx：核对 1 张表、13 行。四舍五入差异 3 处。\n")
    assert "总得分：29.69+8.10+16.12+14.06+9.05=77.02，通报为 77.03，相差 +0.01" in done.stdout


def test_a_fault_is_told_and_ends_with_1(xuncha: Xuncha) -> None:
    rows = [HEAD, *(list(row) for row in FICTIONAL)]
    rows[2][6], rows[5][0], rows[7][1] = "88.25", "9", "南浦区政府网"
    (xuncha.folder / "通报.xlsx").write_bytes(as_sheet(rows))
    told = xuncha("circular", "check", "通报.xlsx", code=1).stdout
    for words in (
        "砚江市2025年政府网站绩效评估结果\n",
        "合计不符 第 2 行（文件第 4 行） 青岩区政府网：总得分：36.00+16.00+26.25+9.00=87.25，通报为 88.25，相差 +1.00",
        "名次不符 第 5 行（文件第 7 行） 松坪县政府网：名次应为 5，通报为 9",
        "名称重复 第 7 行（文件第 9 行） 南浦区政府网：与第 6 行名称相同",
        "合计不符 1 处、名次不符 1 处、名称重复 1 处。\n",
    ):
        assert words in told, told
    done = json.loads(xuncha("circular", "check", "通报.xlsx", "--json", code=1).stdout)
    assert done["discrepancies"][0] == {
        "table": "砚江市2025年政府网站绩效评估结果",
        "row": 2,
        "unit": "青岩区政府网",
        "kind": "sum",
        "printed": "88.25",
        "computed": "87.25",
    }
    assert [one["kind"] for one in done["discrepancies"]] == ["sum", "rank", "duplicate"]


def test_what_cannot_be_checked_is_refused(xuncha: Xuncha) -> None:
    (xuncha.folder / "通报.pdf").write_bytes(b"%PDF-1.7")
    (xuncha.folder / "讲话.txt").write_text("各县区人民政府：\n现将情况通报如下。\n", "utf-8")
    for name, reason in (("通报.pdf", "不支持 PDF"), ("讲话.txt", "没有找到表格"), ("无.csv", "不存在")):
        refused = xuncha("circular", "check", name, "--json", code=2)
        assert refused.stdout == ""
        assert refused.stderr.startswith(f"文件 {name}：") and reason in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


def test_a_table_that_is_not_recognised_is_no_fault(xuncha: Xuncha) -> None:
    (xuncha.folder / "表.csv").write_text("指标,权重,说明\n信息公开,0.4,含年报\n", "utf-8")
    assert "说明：未能识别的表格，未核对：第 1 行起" in xuncha("circular", "check", "表.csv").stdout
