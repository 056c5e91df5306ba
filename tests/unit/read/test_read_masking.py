"""Numbers and names of citizens are masked; days stay."""

from __future__ import annotations

import pytest

from crawler.read.masking import masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三先生，电话13912345678", "张**先生，电话139****78"),
        ("我叫李小明，住在城关镇", "我叫李**，住在城关镇"),
        ("联系人：王五，0915-5550100", "联系人：王**，091****00"),
        ("身份证61240119800101123X", "身份证612****3X"),
        ("发到 wang.wu@mail.example.cn", "发到 ***@***"),
        ("2026-10-12 09:30 来信，20261012", "2026-10-12 09:30 来信，20261012"),
        ("尊敬的网友：您好", "尊敬的网友：您好"),
        ("各位同志，补贴 3000 元", "各位同志，补贴 3000 元"),
    ],
)
def test_masked(text: str, expected: str) -> None:
    assert masked(text) == expected
