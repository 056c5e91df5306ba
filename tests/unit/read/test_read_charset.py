"""Bytes to text: declarations are believed only where the bytes agree."""

from __future__ import annotations

import pytest

from crawler.read.charset import decode

TEXT = "云溪县人民政府关于做好二〇二六年度秋粮收购工作的通知，各乡镇人民政府、县政府各部门。"


@pytest.mark.parametrize(
    ("codec", "declared", "used"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("gb2312", "gb2312", "gb18030"),
        ("gbk", "gbk", "gb18030"),
        ("gb18030", "gb18030", "gb18030"),
        ("utf-8", "gb2312", "utf-8"),
        ("gbk", "utf-8", "gb18030"),
        ("gbk", "iso-8859-1", "gb18030"),
        ("gbk", "", "gb18030"),
        ("utf-8", "", "utf-8"),
        ("utf-8", "no-such-charset", "utf-8"),
    ],
)
def test_a_page_is_read_by_its_bytes(codec: str, declared: str, used: str) -> None:
    text = TEXT.replace("〇", "○") if codec == "gb2312" else TEXT
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    decoded = decode(f"{head}<p>{text}</p>".encode(codec), "")
    assert text in decoded.text
    assert (decoded.declared, decoded.used) == (declared, used)


def test_the_header_goes_before_the_meta() -> None:
    decoded = decode(f"<meta charset=utf-8>{TEXT}".encode("gbk"), "text/html;charset=GBK")
    assert (decoded.declared, decoded.used) == ("gbk", "gb18030")
    assert TEXT in decoded.text


def test_a_byte_order_mark_settles_it() -> None:
    assert decode("\ufeff".encode("utf-16-le") + TEXT.encode("utf-16-le"), "").text == TEXT
    decoded = decode(b"\xef\xbb\xbf" + f"<meta charset=gb2312>{TEXT}".encode(), "")
    assert (decoded.declared, decoded.used) == ("gb2312", "utf-8")
    assert decoded.text.endswith(TEXT)


def test_big5_is_told_from_gbk_without_a_declaration() -> None:
    text = "這是一個關於縣政府工作的說明，我們在這裡為大家介紹有關的規定和辦法。" * 3
    assert decode(text.encode("big5"), "").used == "big5"
    assert decode(f"<meta charset=big5>{text}".encode("big5"), "").text.endswith(text)


def test_a_body_cut_within_a_character_stays_utf8() -> None:
    decoded = decode(TEXT.encode()[:-1], "")
    assert decoded.used == "utf-8"
    assert decoded.text.startswith(TEXT[:-1])


def test_one_bad_byte_does_not_turn_the_page() -> None:
    assert decode(f"<meta charset=utf-8>{TEXT}".encode() + b"\xff" + TEXT.encode(), "").used == "utf-8"
    assert decode(f"<meta charset=gb2312>{TEXT}".encode("gbk") + b"\xff" + TEXT.encode("gbk"), "").used == "gb18030"


def test_utf16_without_a_mark() -> None:
    assert decode(f"<html><p>{TEXT}</p></html>".encode("utf-16-le"), "").used == "utf-16-le"
    assert decode(f"<html><p>{TEXT}</p></html>".encode("utf-16-be"), "").used == "utf-16-be"


def test_a_declaration_in_a_comment_is_none() -> None:
    assert decode(f"<!-- <meta charset=big5> -->{TEXT}".encode(), "").declared == ""


def test_empty_bytes_are_empty_text() -> None:
    decoded = decode(b"", "")
    assert (decoded.text, decoded.declared) == ("", "")


SCRIPTS = "<script>var a = 1;</script>" * 1500


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "big5", "utf-8", ""])
def test_a_gbk_page_whose_head_is_all_script(declared: str) -> None:
    body = f"<meta charset={declared}>{SCRIPTS}<p>{TEXT}</p>".encode("gbk")
    assert decode(body, "").used == "gb18030"


def test_a_page_in_latin_stays_latin() -> None:
    body = "<meta charset=iso-8859-1><p>Données d’été: l'économie, la société, où, déjà</p>".replace("’", "'").encode(
        "latin-1"
    )
    assert "économie" in decode(body, "").text


def test_a_footer_in_another_charset_does_not_turn_the_page() -> None:
    footer = "<p>主办单位：云溪县人民政府办公室</p>"
    assert decode(f"<meta charset=utf-8>{TEXT * 3}".encode() + footer.encode("gbk"), "").used == "utf-8"
    assert decode(f"<meta charset=gbk>{TEXT * 3}".encode("gbk") + footer.encode(), "").used == "gb18030"
