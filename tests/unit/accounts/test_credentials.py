"""The file of logins: read strictly, never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.accounts.credentials import CredentialsUnusable, logins


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "logins.toml"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return file


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, 'XUNCHA_A = "file"\nXUNCHA_B = "b"\n')
    assert logins({"XUNCHA_A": "env", "HOME": "/"}, file) == {"XUNCHA_A": "env", "XUNCHA_B": "b"}
    assert logins({"HOME": "/"}, None) == {}


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    (
        ('XUNCHA_A = "s3cr3t"', 0o644, "他人"),
        ('OTHER = "s3cr3t"', 0o600, "XUNCHA_"),
        ("XUNCHA_A = 5", 0o600, "字符串"),
        ("XUNCHA_A = s3cr3t", 0o600, "TOML"),
    ),
)
def test_an_unfit_file_is_refused_without_repeating_it(text: str, mode: int, reason: str, tmp_path: Path) -> None:
    with pytest.raises(CredentialsUnusable, match=reason) as caught:
        logins({}, written(tmp_path, text, mode))
    assert "s3cr3t" not in str(caught.value)


def test_a_file_in_a_repository_or_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deep").mkdir()
    with pytest.raises(CredentialsUnusable, match="仓库"):
        logins({}, written(tmp_path / "deep", ""))
    with pytest.raises(CredentialsUnusable, match="无法读取"):
        logins({}, tmp_path / "absent.toml")
