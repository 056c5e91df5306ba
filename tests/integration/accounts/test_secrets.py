"""Logins and tokens stand in no log, no result and no evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import platform_wechat_api, platform_wechat_backend, platform_weibo_web
from tests.integration.accounts.stage import SILENT_20, account_of
from tests.integration.accounts.test_budgets import SETTINGS, ask, opened

SCENARIOS = {
    "wechat-official": platform_wechat_api.SCENARIOS,
    "wechat-backend": platform_wechat_backend.SCENARIOS,
    "weibo-web": platform_weibo_web.SCENARIOS,
    "weibo-api": platform_weibo_web.API_SCENARIOS,
}


@pytest.mark.parametrize("source", SETTINGS)
def test_no_secret_is_shown(source: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    for number, scenario in enumerate(SCENARIOS[source]):
        if scenario == "slow":
            continue
        kept: list[bytes] = []
        folder = tmp_path / str(number)
        folder.mkdir()
        with opened(folder) as store:
            fetch, asked, _ = ask(account_of(source, scenario, SILENT_20), store, kept=kept)
        assert asked
        shown = repr(fetch) + caplog.text + "".join(repr(record.args) for record in caplog.records)
        files = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()) + b"".join(kept)
        for secret in ("s3cr3t", "token-of-7000000001"):
            assert secret not in shown, scenario
            assert secret.encode() not in files, scenario
