"""What doctor says of account sources: whether their logins are there, never what they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.doctor.network import clock
from console.doctor.sources import look
from console.settings import Settings
from crawler.facts import BEIJING, Account, AccountSourceSpec, Unit


def unit(kind: str, settings: dict[str, str], platform: str = "weibo") -> Unit:
    account = Account("u", platform, "示例", "1", source=AccountSourceSpec(kind, settings))
    return Unit("u", "示例办公室", accounts=(account,))


def test_a_login_is_told_to_be_there_missing_or_dead() -> None:
    on = Settings().model_copy(update={"weibo_web": True})
    units = (
        unit("weibo-web", {"cookie_env": "XUNCHA_C"}),
        unit("wechat-official", {"secret_env": "XUNCHA_S"}, "wechat"),
    )
    told = {s.name: s for s in look(on, {"XUNCHA_C": "ALF=1700000000", "XUNCHA_S": "s3cr3t"}, units)}
    assert (told["数据来源 weibo-web"].ok, "凭据已到期" in told["数据来源 weibo-web"].words) == (False, True)
    assert (told["数据来源 wechat-official"].ok, "凭据已就位" in told["数据来源 wechat-official"].words) == (True, True)
    assert told["数据来源 wechat-backend"].words == "未启用"
    assert "s3cr3t" not in repr(told)
    (missing,) = [s for s in look(on, {}, units) if s.name == "数据来源 wechat-official"]
    assert (missing.ok, "XUNCHA_S 没有凭据（1 个账号）" in missing.words) == (False, True)


def test_a_file_that_others_can_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "logins.toml"
    file.write_text('XUNCHA_S = "s3cr3t"', "utf-8")
    file.chmod(0o644)
    (told,) = look(Settings().model_copy(update={"credentials_file": file}), {}, ())
    assert told.ok is False
    assert "s3cr3t" not in told.words


def test_days_that_a_login_still_holds_are_told() -> None:
    on = Settings().model_copy(update={"weibo_web": True, "weibo_mobile": True})
    ends = int((datetime.now(BEIJING) + timedelta(days=3, hours=1)).timestamp())
    units = (unit("weibo-web", {"cookie_env": "XUNCHA_C"}), unit("weibo-mobile", {"cookie_env": "XUNCHA_M"}))
    told = {s.name: s for s in look(on, {"XUNCHA_C": f"ALF={ends}", "XUNCHA_M": f"ALF={ends + 86400 * 30}"}, units)}
    assert told["数据来源 weibo-web"].ok is True
    assert "还有 3 天到期，请尽快更新" in told["数据来源 weibo-web"].words
    assert told["数据来源 weibo-mobile"].words == "XUNCHA_M 凭据已就位，还有 33 天到期（1 个账号）"


@pytest.mark.parametrize(
    ("offsets", "ok", "words"),
    [
        ([], None, "无法核对"),
        ([0.4, -0.3, 2.0], True, "与 3 个探测点相差 0 秒"),
        ([0.4, 900.0, 901.0], False, "慢 900 秒"),
        ([-45.0], False, "快 45 秒"),
        ([0.1, 0.2, -86400.0], True, "相差 0 秒"),
    ],
)
def test_the_clock_is_what_most_canaries_say(offsets: list[float], ok: bool | None, words: str) -> None:
    told = clock(offsets)
    assert (told.ok, words in told.words) == (ok, True)
