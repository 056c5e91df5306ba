"""Logins and tokens stand in no log, no result and no evidence."""

from __future__ import annotations

import asyncio
import os
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
import zstandard
from msgspec.structs import replace

from demo import platform_wechat_api, platform_wechat_backend, platform_weibo_web
from demo.model import AS_OF
from demo.platforms import Platforms
from tests.integration.accounts.stage import FRESH, SILENT_20, account_of
from tests.integration.accounts.test_budgets import SETTINGS, ask, opened

ROOT = Path(__file__).parents[3]

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


def test_an_inspection_leaves_no_secret_in_its_outbox_database_or_output(tmp_path: Path) -> None:
    staged = [
        replace(account_of("wechat-official", "ok", FRESH), name="示例政务", platform_id="wx1"),
        replace(account_of("weibo-web", "cookie-required", FRESH), name="示例政务"),
        replace(account_of("wechat-backend", "session", FRESH), name="示例后台", platform_id="gh1"),
    ]
    logins = {"XUNCHA_SECRET": "s3cr3t-app", "XUNCHA_COOKIE": "SUB=s3cr3t-cookie", "XUNCHA_TOKEN": "s3cr3t-token"}
    settings: dict[str, dict[str, str]] = {
        "wechat-official": {"app_id": "wx1", "secret_env": "XUNCHA_SECRET"},
        "weibo-web": {"cookie_env": "XUNCHA_COOKIE"},
        "wechat-backend": {"cookie_env": "XUNCHA_COOKIE", "token_env": "XUNCHA_TOKEN", "fakeid": "gh1"},
    }

    async def play() -> tuple[bytes, int, int | None]:
        platforms = Platforms(staged, AS_OF)
        await platforms.start()
        accounts = [
            {
                "platform": one.platform,
                "name": one.name,
                "platform_id": one.platform_id,
                "source": {"kind": one.source, "base_url": platforms.of(one.source).url, **settings[one.source]},
            }
            for one in staged
        ]
        unit = {"code": "u", "name": "示例办公室", "kind": "department", "accounts": accounts}
        registry = tmp_path / "registry.yaml"
        registry.write_text(yaml.safe_dump({"units": [unit]}, allow_unicode=True), "utf-8")
        command = [
            "-c",
            "from console.cli import main; main()",
            "accounts",
            "check",
            "--registry",
            str(registry),
            "--out",
            str(tmp_path / "out"),
        ]
        environ = {**os.environ, **logins, "PYTHONPATH": str(ROOT), "XUNCHA_FOLDER": str(tmp_path / "data")}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            "--allow-private",
            "--as-of",
            "2026-11-20",
            cwd=tmp_path,
            env=environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        asked = len(platforms.wechat_api.requests) * len(platforms.weibo_web.requests)
        await platforms.stop()
        return output, asked * len(platforms.wechat_backend.requests), process.returncode

    output, asked, code = asyncio.run(play())
    assert code == 0, output.decode()
    assert asked, "every platform was asked"
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    for secret in (b"s3cr3t", b"token-of-wx1"):
        assert secret not in output
        assert not [path for path in files if secret in _plain(path)]


def _plain(path: Path) -> bytes:
    """A file's bytes, unfolded where it is an archive or compressed."""
    body = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    if body.startswith(b"\x28\xb5\x2f\xfd"):
        return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    return body
