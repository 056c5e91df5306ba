"""`xuncha lexicon` as an office has it: a wrong file is refused whole, a good one is in force at once, texts are tried."""

import json

from tests.integration.inspecting.conftest import Xuncha

GOOD = "类型,错误写法,正确写法,例外\n错别字,云西县,云溪县,云西县城路\n放行,大布署村,,\n"


def test_a_file_comes_in_and_is_in_force(xuncha: Xuncha) -> None:
    (xuncha.folder / "词库.csv").write_text(GOOD, "utf-8")
    assert "2 条（错别字 1、放行 1）" in xuncha("lexicon", "validate", "词库.csv").stdout
    assert "本单位词库文件：无" in xuncha("lexicon", "validate").stdout
    assert "已导入词库“词库.csv”" in xuncha("lexicon", "import", "词库.csv").stdout
    assert "词库.csv" in xuncha("lexicon", "validate").stdout
    told = xuncha("lexicon", "test", "云西县、云西县城路、大布署村和工作布署").stdout
    for words in (
        "命中 [错别字] 云西县 → 云溪县",
        "放行 云西县：例外“云西县城路”",
        "放行 布署：放行的词语",
        "命中 [错别字] 布署 → 部署",
    ):
        assert words in told, told
    assert "工作【布署】" in told


def test_a_wrong_file_is_refused_whole(xuncha: Xuncha) -> None:
    (xuncha.folder / "词库.csv").write_text(GOOD + "错别字,甲乙,甲乙,\n错字,丙丁,丙丁丁,\n", "utf-8")
    refused = xuncha("lexicon", "import", "词库.csv", code=2)
    assert refused.stderr.splitlines() == [
        "文件 词库.csv，第 4 行，“正确写法”列：与错误写法相同（甲乙）",
        "文件 词库.csv，第 5 行，“类型”列：只能是错别字、表述、放行（错字）",
    ]
    assert refused.stdout == ""
    assert not (xuncha.folder / "xuncha-data/lexicons/词库.csv").exists()
    (xuncha.folder / "词库.csv").write_text(GOOD, "utf-8")
    xuncha("lexicon", "import", "词库.csv")
    assert "加 --replace" in xuncha("lexicon", "import", "词库.csv", code=2).stderr
    xuncha("lexicon", "import", "--replace", "词库.csv")


def test_a_broken_lexicon_is_told_before_an_inspection_begins(xuncha: Xuncha) -> None:
    folder = xuncha.folder / "xuncha-data/lexicons"
    folder.mkdir(parents=True)
    (folder / "词库.csv").write_text("类型\n", "utf-8")
    refused = xuncha("check", "http://127.0.0.1:9/", "--allow-private", code=2)
    assert refused.stderr.splitlines() == ["文件 词库.csv，第 1 行，“错误写法”列：缺少此列"]
    assert [path.name for path in (xuncha.folder / "xuncha-data").iterdir()] == ["lexicons"]


def test_a_text_is_tried_as_json_and_from_a_file(xuncha: Xuncha) -> None:
    told = json.loads(xuncha("lexicon", "test", "--json", "作了布署，姓名：李青禾，电话19900010002").stdout)
    assert [(hit["kind"], hit["entry"]) for hit in told["hits"]] == [("typo", "布署"), ("privacy", "mobile")]
    assert "19900010002" not in json.dumps(told)
    (xuncha.folder / "稿件.txt").write_bytes("会议作了布署。".encode("gb18030"))
    (xuncha.folder / "词库.csv").write_text(GOOD, "utf-8")
    assert "布署 → 部署" in xuncha("lexicon", "test", "--file", "稿件.txt").stdout
    assert xuncha("lexicon", "test", "--file", "稿件.txt", "--lexicon", "词库.csv").stdout.splitlines()[0] == "未命中。"
    assert "二者择一" in xuncha("lexicon", "test", code=2).stderr
