"""What doctor says of account sources: whether their logins are there, never what they are."""

from __future__ import annotations

from pathlib import Path

from console.doctor import sources
from console.settings import Settings
from crawler.facts import Account, AccountSourceSpec, Unit


def unit(kind: str, settings: dict[str, str], platform: str = "weibo") -> Unit:
    account = Account("u", platform, "示例", "1", source=AccountSourceSpec(kind, settings))
    return Unit("u", "示例办公室", accounts=(account,))


def test_a_login_is_told_to_be_there_missing_or_dead() -> None:
    on = Settings().model_copy(update={"weibo_web": True})
    units = (
        unit("weibo-web", {"cookie_env": "XUNCHA_C"}),
        unit("wechat-official", {"secret_env": "XUNCHA_S"}, "wechat"),
    )
    told = {s.name: s for s in sources(on, {"XUNCHA_C": "ALF=1700000000", "XUNCHA_S": "s3cr3t"}, units)}
    assert (told["数据来源 weibo-web"].ok, "凭据已到期" in told["数据来源 weibo-web"].words) == (False, True)
    assert (told["数据来源 wechat-official"].ok, "凭据已就位" in told["数据来源 wechat-official"].words) == (True, True)
    assert told["数据来源 wechat-backend"].words == "未启用"
    assert "s3cr3t" not in repr(told)
    (missing,) = [s for s in sources(on, {}, units) if s.name == "数据来源 wechat-official"]
    assert (missing.ok, "XUNCHA_S 没有凭据（1 个账号）" in missing.words) == (False, True)


def test_a_file_that_others_can_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "logins.toml"
    file.write_text('XUNCHA_S = "s3cr3t"', "utf-8")
    file.chmod(0o644)
    (told,) = sources(Settings().model_copy(update={"credentials_file": file}), {}, ())
    assert told.ok is False
    assert "s3cr3t" not in told.words
